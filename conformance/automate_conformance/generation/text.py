"""Text, and the drawing of it that needs no table of Unicode's characters.

`st.text()` builds such a table on first use in a fresh folder (measured: 1.3 s and 200 MiB), and even `st.text` over a
fixed alphabet reads it (0.1 s). Lists over `sampled_from` do not. No alphabet holds more than 100 characters: from
there on Hypothesis mixes in constants that it finds in the modules loaded, and a seed would no longer decide alone.
"""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = ["ALPHABET", "LARGEST_CHOICE", "UNIVERSE", "Hidden", "choice", "sieve", "text"]

T = TypeVar("T")

LARGEST_CHOICE: Final = 100

NASTY: Final = "ü漢\U0001f600\u200f\u2028"
"""Two bytes, three bytes, an astral character, the right-to-left mark, and the line separator."""

ALPHABET: Final = "abcxyz019ABZ -_.,:;'\"\\/%?#&+=<>{}[]()|$@!*~^`\n\t" + NASTY

UNIVERSE: Final = (
    "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" + NASTY
)
"""What a regular expression's classes choose from: printable ASCII first."""

_TRIES: Final = 10
_MOST_DRAWN: Final = 24
_LONGEST_EDGE: Final = 10_000


def choice(options: str) -> SearchStrategy[str]:
    """One of the characters, the first being the simplest."""
    return st.sampled_from(options[:LARGEST_CHOICE])


class Hidden(Generic[T]):
    """Holds an argument of a composite strategy.

    Hypothesis spells out a nested strategy's arguments, megabytes of them, when a draw is rejected; not this one.
    """

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "<hidden>"


@st.composite
def _sieved(draw: DrawFn, strategy: Hidden[SearchStrategy[T]], accept: Hidden[Callable[[T], bool]]) -> T:
    for _ in range(_TRIES):
        if accept.value(value := draw(strategy.value)):
            return value
    return reject()


def sieve(strategy: SearchStrategy[T], accept: Callable[[T], bool]) -> SearchStrategy[T]:
    """Values that `accept` lets through; unlike `filter`, which gives up after three, it tries ten times."""
    return st.nothing() if strategy.is_empty else _sieved(Hidden(strategy), Hidden(accept))


def text(shortest: int = 0, longest: int | None = None, alphabet: str = ALPHABET) -> SearchStrategy[str]:
    """Text of the given lengths (in code points), now and then exactly as long as it may be."""
    most = shortest + _MOST_DRAWN if longest is None else min(longest, shortest + _MOST_DRAWN)
    if most < shortest:
        return st.nothing()
    drawn = st.lists(choice(alphabet), min_size=min(shortest, _MOST_DRAWN), max_size=min(most, 2 * _MOST_DRAWN))
    usual = drawn.map("".join).map(lambda value: _padded(value, shortest, alphabet)[:most])
    if longest is None or not most < longest <= _LONGEST_EDGE:
        return usual
    return st.one_of(usual, usual, usual, usual.map(lambda value: _padded(value, longest, alphabet)))


def _padded(value: str, length: int, alphabet: str) -> str:
    missing = max(0, length - len(value))
    return value + (alphabet * (missing // len(alphabet) + 1))[:missing]
