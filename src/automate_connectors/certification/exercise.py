"""Which statements of the file that defines an adapter a certification runs (T02), by coverage.py."""

from __future__ import annotations

import ast
import contextlib
import sys
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import coverage


@dataclass(frozen=True, slots=True)
class Exercised:
    """Statements of a file, and those that were run."""

    lines: int
    covered: int
    missing: tuple[int, ...]

    @property
    def percent(self) -> float:
        """How many of a hundred statements were run."""
        return 100.0 * self.covered / self.lines if self.lines else 100.0


class Exercise:
    """Measures one file while an adapter is driven.

    Where the user measures already, that measurement is read and not paused.
    """

    def __init__(self, file: str) -> None:
        self.file = str(Path(file).resolve())
        self._own: coverage.Coverage | None = None
        self._tracer: Any = None
        self._other_tracer: Any = None

    @contextlib.contextmanager
    def measuring(self) -> Iterator[None]:
        """Measure the `calls` in the block, and the threads that they start."""
        import coverage  # noqa: PLC0415 - slow, and only Gold measures

        if coverage.Coverage.current() is not None and self._own is None:
            yield
            return
        if self._own is None:
            self._own = coverage.Coverage(data_file=None, include=[self.file], config_file=False, messages=False)
            # An adapter may inherit everything it does from another file.
            self._own.set_option("run:disable_warnings", ["no-data-collected"])
        self._start()
        try:
            yield
        finally:
            self._stop()

    def _start(self) -> None:
        if self._own is not None:
            self._other_tracer = sys.gettrace()
            self._own.start()
            # A trace function slows down all that its thread runs: between the calls, that is the judge.
            self._tracer = sys.gettrace()
            sys.settrace(self._other_tracer)

    def _stop(self) -> None:
        if self._own is not None:
            sys.settrace(self._tracer)
            self._tracer = None
            self._own.stop()
            sys.settrace(self._other_tracer)

    @contextlib.contextmanager
    def calls(self) -> Iterator[None]:
        """A call of the adapter."""
        if self._tracer is None:
            yield
            return
        sys.settrace(self._tracer)
        try:
            yield
        finally:
            sys.settrace(self._other_tracer)

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Do not measure while the block runs: CPython 3.11 cannot install a trace function in two threads at once."""
        self._stop()
        try:
            yield
        finally:
            self._start()

    def lines_run(self) -> frozenset[int] | None:
        """The lines that were run; None where the user's measurement leaves the file out."""
        import coverage  # noqa: PLC0415 - slow, and only Gold measures

        active = self._own or coverage.Coverage.current()
        if active is None:
            return None
        run = active.get_data().lines(self.file)
        if run is None and self._own is None:
            return None
        return frozenset(run or ())

    def result(self, class_name: str, others: frozenset[str], also: frozenset[int] = frozenset()) -> Exercised | None:
        """What was run here and elsewhere, other adapter classes left out; None as `lines_run` says."""
        run = self.lines_run()
        return None if run is None else exercised(self.file, run | also, class_name, others)


def exercised(file: str, run: AbstractSet[int], class_name: str, others: frozenset[str]) -> Exercised:
    """Hold the lines that were run against the statements of a file, other adapter classes left out."""
    import coverage  # noqa: PLC0415 - slow, and only Gold measures

    reader = coverage.Coverage(data_file=None, config_file=False)
    # What an author marks as not to be covered is a statement like any other.
    reader.clear_exclude()
    _, statements, _, _, _ = reader.analysis2(file)
    inside, foreign = _functions(Path(file).read_text(encoding="utf-8"), others - {class_name})
    counted = [line for line in statements if line not in foreign]
    missing = tuple(line for line in counted if line in inside and line not in run)
    return Exercised(len(counted), len(counted) - len(missing), missing)


def _functions(source: str, others: frozenset[str]) -> tuple[set[int], set[int]]:
    """Lines of function bodies, and lines of classes that are not judged."""
    inside: set[int] = set()
    foreign: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inside.update(range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1))
        elif isinstance(node, ast.ClassDef) and node.name in others:
            foreign.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return inside, foreign
