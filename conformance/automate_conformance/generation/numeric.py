"""Numbers between bounds, on a grid, from draws below 100.

Hypothesis mixes constants of the loaded modules into larger draws (integers from 100 on, floats, bytes); composing
numbers from digits keeps a seed's payloads independent of what else is imported. Arithmetic is exact (fractions):
0.07 is a multiple of 0.01 here.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from .json_values import Json

__all__ = ["Bounds", "between", "integers", "numbers"]

_NOTABLE: Final = (0, 1, -1, 2, 7, 10, 42, 100, 255, 256, -128, 1_000, 65_535, 2**31 - 1, 2**31, -(2**31), 2**53 - 1)
"""Beyond 2**53 numbers do not survive every JSON parser (RFC 8259, section 6)."""

_REACH: Final = 1_000_000
_BASE: Final = 100


def between(low: int, high: int) -> SearchStrategy[int]:
    """Whole numbers from `low` to `high`, both included, evenly spread; `low` is the simplest."""
    span = high - low + 1
    if span <= _BASE:
        return st.integers(0, span - 1).map(lambda drawn: low + drawn)
    digits = math.ceil(math.log(span, _BASE)) + 1
    parts = st.tuples(*[st.integers(0, _BASE - 1)] * digits)
    return parts.map(lambda drawn: low + _number(drawn) * span // _BASE**digits)


def _number(digits: tuple[int, ...]) -> int:
    total = 0
    for digit in digits:
        total = total * _BASE + digit
    return total


@dataclass(frozen=True, slots=True)
class Bounds:
    """The numbers a schema allows: ends (None: open) and the grid they lie on."""

    low: Fraction | None
    high: Fraction | None
    open_low: bool
    open_high: bool
    step: Fraction | None

    @classmethod
    def of(cls, keywords: Mapping[str, Json]) -> "Bounds":
        """The bounds that `minimum`, `exclusiveMinimum`, …, `multipleOf` and a format's width draw."""
        low, open_low = _end(keywords, "minimum", "exclusiveMinimum", 1)
        high, open_high = _end(keywords, "maximum", "exclusiveMaximum", -1)
        step = _exact(keywords["multipleOf"]) if "multipleOf" in keywords else None
        return cls(low, high, open_low, open_high, step)

    def grid(self, step: Fraction) -> tuple[int, int] | None:
        """The first and last multiple of `step` inside, counted in steps; None when there is none."""
        low = None if self.low is None else _first(self.low / step, strict=self.open_low)
        high = None if self.high is None else -_first(-self.high / step, strict=self.open_high)
        if low is None:
            low = -_REACH if high is None else high - 2 * _REACH
        if high is None:
            high = low + 2 * _REACH
        return (low, high) if low <= high else None

    def holds(self, value: Fraction) -> bool:
        """Whether the ends allow the value."""
        above = self.low is None or value > self.low or (value == self.low and not self.open_low)
        return above and (self.high is None or value < self.high or (value == self.high and not self.open_high))


def _exact(value: float) -> Fraction:
    return Fraction(Decimal(repr(value)))


def _end(keywords: Mapping[str, Json], closed: str, opened: str, sign: int) -> tuple[Fraction | None, bool]:
    """The tightest of the ends on one side (`sign` 1: from below), and whether it is itself excluded."""
    ends = [(_exact(keywords[key]), key == opened) for key in (closed, opened) if key in keywords]
    if keywords.get("format") == "int32":
        ends.append((Fraction(-(2**31) if sign == 1 else 2**31 - 1), False))
    return max(ends, key=lambda end: (end[0] * sign, end[1]), default=(None, False))


def _first(value: Fraction, *, strict: bool) -> int:
    """The least whole number that is at least `value`, or above it."""
    return math.floor(value) + 1 if strict else math.ceil(value)


def integers(keywords: Mapping[str, Json]) -> SearchStrategy[int]:
    """Integers that the keywords allow."""
    bounds = Bounds.of(keywords)
    step = Fraction(1) if bounds.step is None else Fraction(bounds.step.numerator)
    return _on_grid(bounds, step).map(int)


def numbers(keywords: Mapping[str, Json]) -> SearchStrategy[float]:
    """Integers and short decimal fractions that the keywords allow."""
    bounds = Bounds.of(keywords)
    if bounds.step is not None:
        return _on_grid(bounds, bounds.step).map(_plain)
    steps = [Fraction(1), *(Fraction(1, 10**digits) for digits in (2, 4, 8, 16, 32))]
    usable = [step for step in steps if bounds.grid(step) is not None][:2]
    return st.one_of(*[_on_grid(bounds, step).map(_plain) for step in usable]) if usable else st.nothing()


def _plain(value: Fraction) -> float:
    return value.numerator if value.denominator == 1 else float(value)


def _on_grid(bounds: Bounds, step: Fraction) -> SearchStrategy[Fraction]:
    ends = bounds.grid(step)
    if ends is None:
        return st.nothing()
    low, high = ends
    edges = {low, low + 1, high - 1, high} | {round(number / step) for number in _NOTABLE}
    inside = sorted((edge for edge in edges if bounds.holds(edge * step)), key=lambda edge: (abs(edge), edge < 0))
    return st.one_of(st.sampled_from(inside), between(low, high)).map(lambda count: count * step)
