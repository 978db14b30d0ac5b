"""Draw payloads from a strategy, the same ones for the same seed, leaving nothing behind."""

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Generic, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, configuration, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import DrawFn, SearchStrategy

from .json_values import Json, json_key
from .text import Hidden

__all__ = ["draw", "simplest_first"]

T = TypeVar("T")

_ATTEMPTS: Final = 50
_ATTEMPTS_EACH: Final = 10


class _Enough(BaseException):
    """Ends a run of the engine from inside; not an Exception, which the engine would take for a failing test."""


class _Collector(Generic[T]):
    """Takes values until there are enough of them, or too many draws came to nothing."""

    def __init__(self, count: int) -> None:
        self.values: dict[tuple[str, object], T] = {}
        self.most_attempts: Final = _ATTEMPTS_EACH * count + _ATTEMPTS
        self._count = count
        self._failed = 0

    def fail(self) -> None:
        """Note that a draw was rejected."""
        self._failed += 1
        if self._failed > self.most_attempts:
            raise _Enough

    def take(self, value: T) -> None:
        """Keep the value if it is a new one."""
        self.values.setdefault(json_key(value), value)
        if len(self.values) >= self._count:
            raise _Enough


@st.composite
def _watched(draw: DrawFn, strategy: Hidden[SearchStrategy[T]], collector: Hidden[_Collector[T]]) -> T:
    drawn = False
    try:
        value = draw(strategy.value)
        drawn = True
    finally:
        if not drawn:
            collector.value.fail()
    return value


def draw(strategy: SearchStrategy[T], *, seed: int, count: int) -> list[T]:
    """Up to `count` distinct values, fewer where the strategy holds or yields fewer.

    The same seed gives the same values in the same version of Hypothesis, whatever modules are loaded, if the strategy
    is one of this package's.

    Args:
        strategy: Where the values come from.
        seed: What decides which ones.
        count: How many at most.
    """
    collector: _Collector[T] = _Collector(count)
    if count > 0 and not strategy.is_empty:
        with _own_storage(), contextlib.suppress(Unsatisfiable, _Enough):
            _run(strategy, seed, collector)
    return list(collector.values.values())


def simplest_first(payloads: Iterable[T]) -> list[T]:
    """The payloads by the length of their JSON text, then by the text: the first failing one is the smallest."""
    return sorted(payloads, key=lambda payload: (len(_json(payload)), _json(payload)))


def _json(value: Json) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=repr)


def _run(strategy: SearchStrategy[T], seed: int, collector: _Collector[T]) -> None:
    @seeded(seed)
    @settings(
        max_examples=collector.most_attempts,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        print_blob=False,
    )
    @given(_watched(Hidden(strategy), Hidden(collector)))
    def collect(value: T) -> None:
        collector.take(value)

    collect()


@contextlib.contextmanager
def _own_storage() -> Iterator[None]:
    """Hypothesis writes what it learns about loaded modules into the current folder; not for a certification."""
    before = configuration.storage_directory(intent_to_write=False).home_directory
    configuration.set_hypothesis_home_dir(_cache_directory() / "hypothesis")
    try:
        yield
    finally:
        configuration.set_hypothesis_home_dir(before)


def _cache_directory() -> Path:
    """The user's cache directory; where it cannot be written, Hypothesis does without."""
    named = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    if named:
        return Path(named) / "automate-connectors"
    try:
        home = Path.home()
    except RuntimeError:
        return Path(tempfile.gettempdir()) / "automate-connectors"
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "automate-connectors"
