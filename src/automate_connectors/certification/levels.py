"""Levels, outcomes and guarantees: what they are, how they are ordered, which level a set of outcomes reaches."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from automate_conformance.catalogue import Requirement

__all__ = [
    "Guarantee",
    "Level",
    "Outcome",
    "at_least",
    "guarantee_at_least",
    "guarantee_of",
    "level_reached",
    "lowest",
    "order",
]


class Level(StrEnum):
    """How much a connector was shown to do, lowest first."""

    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"
    PLATINUM = "platinum"


class Outcome(StrEnum):
    """What came of judging one requirement."""

    PASS = "pass"  # noqa: S105 - an outcome, no password
    FAIL = "fail"
    ERROR = "error"
    NOT_APPLICABLE = "not_applicable"
    WAIVED = "waived"
    NOT_RUN = "not_run"


class Guarantee(StrEnum):
    """How often an action takes effect when it is repeated under faults, weakest first."""

    UNDECLARED = "undeclared"
    AT_MOST_ONCE = "at-most-once"
    EXACTLY_ONCE = "exactly-once"
    NATURAL = "natural"
    READ_ONLY = "read-only"


_ORDER: Final[Mapping[Level | None, int]] = MappingProxyType(
    {None: 0, **{level: n for n, level in enumerate(Level, 1)}}
)

_STRENGTH: Final[Mapping[Guarantee, int]] = MappingProxyType(
    {
        Guarantee.UNDECLARED: 0,
        Guarantee.AT_MOST_ONCE: 1,
        Guarantee.EXACTLY_ONCE: 2,
        Guarantee.NATURAL: 2,
        Guarantee.READ_ONLY: 3,
    }
)

_PROMISED: Final[Mapping[str, Guarantee]] = MappingProxyType(
    {
        "read_only": Guarantee.READ_ONLY,
        "natural": Guarantee.NATURAL,
        "keyed": Guarantee.EXACTLY_ONCE,
        "unsafe": Guarantee.AT_MOST_ONCE,
    }
)

_SETTLED: Final = frozenset({Outcome.PASS, Outcome.NOT_APPLICABLE, Outcome.WAIVED})


def order(level: Level | None) -> int:
    """Return the rank of a level: 0 for none, 1 for Bronze, up to 4 for Platinum."""
    return _ORDER[level]


def at_least(reached: Level | None, asked: Level | None) -> bool:
    """Tell whether one level is no lower than another; None is below Bronze."""
    return order(reached) >= order(asked)


def lowest(levels: Iterable[Level | None]) -> Level | None:
    """Return the lowest of some levels, which is the level of a wheel with those connectors; None of none."""
    return min(levels, key=order, default=None)


def level_reached(outcomes: Mapping[str, str], catalogue: Iterable["Requirement"] | None = None) -> Level | None:
    """Return the highest level at which every requirement up to it is passed, not applicable or waived.

    Args:
        outcomes: An `Outcome`, or its string, for each requirement id. An id that is missing was not judged, and a
            string that is no outcome settles nothing.
        catalogue: The requirements; by default those of the installed suite.
    """
    records = _installed() if catalogue is None else tuple(catalogue)
    reached: Level | None = None
    for level in Level:
        if any(record.level == level and outcomes.get(record.id) not in _SETTLED for record in records):
            break
        reached = level
    return reached


def guarantee_of(kind: str) -> Guarantee:
    """Return what an action of this idempotency kind promises; undeclared for a kind that promises nothing."""
    return _PROMISED.get(kind, Guarantee.UNDECLARED)


def guarantee_at_least(held: Guarantee, asked: Guarantee) -> bool:
    """Tell whether one guarantee is no weaker than another; exactly-once and natural are equally strong."""
    return _STRENGTH[held] >= _STRENGTH[asked]


def _installed() -> tuple["Requirement", ...]:
    from automate_conformance.catalogue import CATALOGUE  # noqa: PLC0415 - the suite is loaded only when it is asked for

    return CATALOGUE
