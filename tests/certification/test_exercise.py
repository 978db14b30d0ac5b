"""Which statements of an adapter's file are run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import coverage
import pytest

from automate_connectors.certification.exercise import Exercise, Exercised

SOURCE = """\
class Adapter:
    limit = 1

    def run(self):
        if self.limit:
            return 1
        return 2

    async def later(self):
        return 3


class Other:
    def run(self):
        return 4


class Helper:
    def help(self):
        return 5
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An adapter's file."""
    path = tmp_path / "adapter.py"
    path.write_text(SOURCE)
    return path


@pytest.fixture
def _unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """As without a measurement of the user's."""
    monkeypatch.setattr(coverage.Coverage, "current", staticmethod(lambda: None))


class Told:
    """A measurement that knows which lines were run."""

    def __init__(self, lines: list[int] | None) -> None:
        self._lines = lines

    def get_data(self) -> Told:
        """Itself."""
        return self

    def lines(self, _file: str) -> list[int] | None:
        """Those it was told."""
        return self._lines


class Measurement(Told):
    """Stands in for coverage's own, which cannot run inside another one."""

    def __init__(self, **_options: Any) -> None:
        super().__init__([5, 6])
        self.events: list[str] = []

    def set_option(self, name: str, _value: object) -> None:
        """Note nothing."""
        assert name == "run:disable_warnings"

    def start(self) -> None:
        """Note it."""
        self.events.append("start")

    def stop(self) -> None:
        """Note it."""
        self.events.append("stop")


def test_statements_outside_functions_count_as_run(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing the file runs them; other registered classes in it do not count."""
    monkeypatch.setattr(coverage.Coverage, "current", staticmethod(lambda: Told([5, 6, 14])))
    exercise = Exercise(str(file))
    assert exercise.result("Adapter", frozenset({"Other", "Adapter"})) == Exercised(11, 8, (7, 10, 20))
    everything = exercise.result("Adapter", frozenset())
    assert everything is not None
    assert (everything.lines, everything.missing) == (14, (7, 10, 15, 20))


def test_the_users_measurement_is_read_and_not_paused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes on as if nothing was."""
    monkeypatch.setattr(coverage.Coverage, "current", staticmethod(lambda: Told([5])))
    exercise = Exercise(str(file))
    with exercise.measuring(), exercise.paused():
        pass
    found = exercise.result("Adapter", frozenset())
    assert found is not None
    assert 6 in found.missing


def test_a_users_measurement_that_leaves_the_file_out_tells_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report asks to add it."""
    monkeypatch.setattr(coverage.Coverage, "current", staticmethod(lambda: Told(None)))
    assert Exercise(str(file)).result("Adapter", frozenset()) is None


@pytest.mark.usefixtures("_unmeasured")
def test_nothing_measured_is_nothing_told(file: Path) -> None:
    """Before any measurement."""
    assert Exercise(str(file)).result("Adapter", frozenset()) is None


@pytest.mark.usefixtures("_unmeasured")
def test_a_measurement_of_our_own_is_started_stopped_and_paused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same one throughout, also when the block ends by an error."""
    made: list[Measurement] = []

    def make(**options: Any) -> Measurement:
        made.append(Measurement(**options))
        return made[-1]

    make.current = lambda: None  # type: ignore[attr-defined]  # stands in for the class
    monkeypatch.setattr(coverage, "Coverage", make)
    exercise = Exercise(str(file))
    for _ in range(2):
        with exercise.measuring(), exercise.paused():
            pass
    with pytest.raises(LookupError), exercise.measuring():
        raise LookupError
    assert len(made) == 1
    assert made[0].events == ["start", "stop", "start", "stop"] * 2 + ["start", "stop"]


def test_our_own_measurement_sees_the_file_alone_and_the_calls_alone(file: Path) -> None:
    """In a process without another measurement; what the judge runs between two calls counts for nothing."""
    code = (
        "import sys, runpy\n"
        "from automate_connectors.certification.exercise import Exercise\n"
        "exercise = Exercise(sys.argv[1])\n"
        "with exercise.measuring():\n"
        "    with exercise.calls():\n"
        "        names = runpy.run_path(sys.argv[1])\n"
        "        adapter = names['Adapter']()\n"
        "        adapter.run(); adapter.limit = 0; adapter.run()\n"
        "    names['Other']().run()\n"
        "found = exercise.result('Adapter', frozenset())\n"
        "print(found.lines, found.covered, found.missing)\n"
    )
    command = [sys.executable, "-c", code, str(file)]
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=unmeasured)  # noqa: S603 - our own interpreter
    assert done.stdout.strip() == "14 11 (10, 15, 20)"


def test_a_file_without_statements_is_wholly_run() -> None:
    """Nothing is missing of nothing."""
    assert Exercised(0, 0, ()).percent == 100.0
    assert Exercised(200, 170, ()).percent == 85.0
