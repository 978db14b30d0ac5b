r"""Text that a regular expression matches.

`st.from_regex` needs Hypothesis's table of characters (1.3 s in a fresh folder, see `text.py`) and reads Python's
dialect: there `\d` means 760 characters, for ECMA 262 it means ten. This reads ECMA 262, with Rust's and Python's
spellings of the same things, and draws from one small universe of characters.

Look-arounds and `\b` are skipped, a caller's final check sorts out what they refuse. Back-references, conditionals and
verbose mode are beyond it and raise UnsupportedPatternError.
"""

import string
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from .numeric import between
from .text import UNIVERSE, choice, text

__all__ = ["UnsupportedPatternError", "matching"]

_MORE: Final = 8
"""How often an open repetition goes beyond its least."""

_WORD: Final = frozenset(string.ascii_letters + string.digits + "_")
_SPACE: Final = frozenset(" \n\t\u2028")
_NON_ASCII: Final = frozenset(char for char in UNIVERSE if not char.isascii())
_EVERY: Final = frozenset(UNIVERSE + "\n")
_CLASSES: Final = {
    "d": frozenset(string.digits),
    "w": _WORD,
    "s": _SPACE,
    "D": _EVERY - frozenset(string.digits),
    "W": _EVERY - _WORD - _NON_ASCII,
    "S": _EVERY - _SPACE,
}
_DOT: Final = _EVERY - frozenset("\n\u2028")
_PROPERTIES: Final = {
    "L": frozenset(string.ascii_letters + "ü漢"),
    "Lu": frozenset(string.ascii_uppercase),
    "Ll": frozenset(string.ascii_lowercase),
    "N": frozenset(string.digits),
    "Nd": frozenset(string.digits),
    "P": frozenset("!\"#%&'()*,-./:;?@[\\]_{}"),
    "Z": frozenset(" \u2028"),
    "Zs": frozenset(" "),
}
_ALIASES: Final = {"Letter": "L", "Alphabetic": "L", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll", "Number": "N"}
_CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "0": "\0", "a": "\a", "e": "\x1b"}
_HEX_DIGITS: Final = {"x": 2, "u": 4, "U": 8}
_MOST_FROM_RANGE: Final = 200
_LAST: Final = 1_000  # where characters outside the universe are sorted

Strategy = SearchStrategy[str]


class UnsupportedPatternError(ValueError):
    """The pattern uses something that text cannot be drawn from."""


def matching(pattern: str, shortest: int = 0) -> Strategy:
    """Text in which the pattern is found (as JSON Schema means it: anywhere, unless anchored).

    Args:
        pattern: The regular expression.
        shortest: How long the text should be where the pattern leaves that open.

    Raises:
        UnsupportedPatternError: Nothing can be drawn from this pattern.
    """
    reader = _Reader(pattern, shortest + _MORE)
    found = reader.alternatives(outermost=True)
    if not reader.done:
        raise UnsupportedPatternError(f"an unmatched {pattern[reader.at]!r}")
    return found


def _joined(parts: list[Strategy]) -> Strategy:
    return st.tuples(*parts).map("".join)


class _Reader:
    """Recursive descent over one pattern; every method leaves `at` behind what it read."""

    def __init__(self, pattern: str, reach: int) -> None:
        self._pattern = pattern
        self._reach = reach
        self.at = 0

    @property
    def done(self) -> bool:
        return self.at >= len(self._pattern)

    def _sees(self, *heads: str) -> bool:
        return self._pattern.startswith(heads, self.at)

    def _take(self, length: int = 1) -> str:
        taken = self._pattern[self.at : self.at + length]
        if len(taken) < length:
            raise UnsupportedPatternError("it ends too early")
        self.at += length
        return taken

    def _until(self, end: str) -> str:
        start, stop = self.at, self._pattern.find(end, self.at)
        if stop < 0:
            raise UnsupportedPatternError(f"no {end!r} follows")
        self.at = stop + len(end)
        return self._pattern[start:stop]

    def alternatives(self, *, outermost: bool = False) -> Strategy:
        """`a|b|c`, up to a closing parenthesis or the end."""
        branches = [self._sequence(outermost=outermost)]
        while self._sees("|"):
            self._take()
            branches.append(self._sequence(outermost=outermost))
        return st.one_of(*branches)

    def _sequence(self, *, outermost: bool) -> Strategy:
        parts: list[Strategy] = []
        anchored_start = self._sees("^")
        anchored_end = False
        while not self.done and not self._sees("|", ")"):
            anchored_end = self._sees("$", r"\z", "(?![\\s\\S])")
            if (atom := self._atom()) is not None:
                parts.append(self._repeated(atom))
        if outermost and not anchored_start:
            parts.insert(0, text(0, 3))
        if outermost and not anchored_end:
            parts.append(text(0, 3))
        return _joined(parts)

    def _atom(self) -> Strategy | None:
        """One thing that a quantifier may follow; None for what matches no text of its own."""
        if self._sees("^", "$"):
            self._take()
            return None
        if self._sees("("):
            return self._group()
        if self._sees("["):
            self._take()
            return self._one_of(self._class())
        if self._sees("\\"):
            return self._escaped()
        if self._sees("."):
            self._take()
            return self._one_of(_DOT)
        if self._sees("*", "+", "?"):
            raise UnsupportedPatternError(f"nothing for {self._take()!r} to repeat")
        return st.just(self._take())

    @staticmethod
    def _one_of(chars: frozenset[str]) -> Strategy:
        ordered = sorted(chars, key=lambda char: (UNIVERSE.find(char) % _LAST, char))
        return choice("".join(ordered)) if chars else st.nothing()

    def _escaped(self) -> Strategy | None:
        self._take()
        if self._sees("b", "B", "z", "A", "G"):
            self._take()
            return None
        if self._sees("k", "P<", *"123456789"):
            raise UnsupportedPatternError("a back-reference")
        return self._one_of(self._escape())

    def _escape(self) -> frozenset[str]:
        """What the escape means whose backslash has been read."""
        letter = self._take()
        if letter in _CLASSES:
            return _CLASSES[letter]
        if letter in {"p", "P"}:
            return self._property(negated=letter == "P")
        if letter in _HEX_DIGITS:
            digits = self._braced() or self._take(_HEX_DIGITS[letter])
            return frozenset(self._character(digits))
        if letter == "c":
            return frozenset(chr(ord(self._take().upper()) % 32))
        return frozenset(_CONTROLS.get(letter, letter))

    def _braced(self) -> str | None:
        if not self._sees("{"):
            return None
        self._take()
        return self._until("}")

    @staticmethod
    def _character(digits: str) -> str:
        try:
            number = int(digits, 16)
        except ValueError:
            raise UnsupportedPatternError(f"{digits!r} is no hexadecimal number") from None
        if 0xD800 <= number <= 0xDFFF or number > 0x10FFFF:  # noqa: PLR2004 - Unicode's surrogates, and its end
            raise UnsupportedPatternError("a lone surrogate")
        return chr(number)

    def _property(self, *, negated: bool) -> frozenset[str]:
        name = (self._braced() or self._take()).rpartition("=")[2]
        members = _PROPERTIES.get(_ALIASES.get(name, name))
        if members is None:
            raise UnsupportedPatternError(f"the Unicode property {name!r}")
        return _EVERY - members - _NON_ASCII if negated else members

    def _class(self) -> frozenset[str]:
        """A bracketed class whose opening bracket has been read."""
        negated = self._sees("^") and bool(self._take())
        members: set[str] = set()
        first = True
        while first or not self._sees("]"):
            first = False
            members |= self._class_item()
        self._take()
        return _EVERY - members if negated else frozenset(members)

    def _class_item(self) -> frozenset[str]:
        low = self._class_character()
        if len(low) != 1 or not self._sees("-") or self._sees("-]"):
            return low
        self._take()
        high = self._class_character()
        return self._range(min(low), min(high)) if len(high) == 1 else low | high | {"-"}

    def _class_character(self) -> frozenset[str]:
        letter = self._take()
        return self._escape() if letter == "\\" else frozenset(letter)

    @staticmethod
    def _range(low: str, high: str) -> frozenset[str]:
        """The members worth drawing: those of the universe, else the first ones and the last."""
        known = frozenset(char for char in _EVERY if low <= char <= high)
        if known:
            return known
        codes = [*range(ord(low), min(ord(high) + 1, ord(low) + _MOST_FROM_RANGE)), ord(high)]
        return frozenset(chr(code) for code in codes if not 0xD800 <= code <= 0xDFFF)  # noqa: PLR2004 - surrogates

    def _group(self) -> Strategy | None:
        self._take()
        silent = self._sees("?=", "?!", "?<=", "?<!")
        if self._sees("?"):
            self._take()
            if not silent and self._introduction() == "flags":
                return None
            if silent:
                self._take(2 if self._sees("<") else 1)
        inside = self.alternatives()
        if self.done or self._take() != ")":
            raise UnsupportedPatternError("a parenthesis is not closed")
        return None if silent else inside

    def _introduction(self) -> str:
        """What stands between `(?` and the group's content."""
        if self._sees("P<", "<"):
            self._until(">")
        else:
            flags = ""
            while not self._sees(":", ")"):
                flags += self._take()
            if set(flags) - set("imsuU-aL"):
                raise UnsupportedPatternError(f"the flags {flags!r}")
            return "flags" if self._take() == ")" else "group"
        return "group"

    def _repeated(self, atom: Strategy) -> Strategy:
        """The atom as often as the quantifier behind it says."""
        least, most = self._quantifier()
        if self._sees("?") and (least, most) != (1, 1):
            self._take()
        if (least, most) == (1, 1):
            return atom
        reach = max(least + _MORE, self._reach)
        ceiling = reach if most is None else min(most, reach)
        return between(least, max(least, ceiling)).flatmap(
            lambda length: st.lists(atom, min_size=length, max_size=length).map("".join)
        )

    def _quantifier(self) -> tuple[int, int | None]:
        for sign, times in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._sees(sign):
                self._take()
                return times
        if not self._sees("{"):
            return 1, 1
        self._take()
        least, comma, most = self._until("}").partition(",")
        try:
            return int(least or 0), (int(most) if most else None) if comma else int(least)
        except ValueError:
            raise UnsupportedPatternError("a brace that is no repetition") from None
