"""The live line, and how a run looks on odd terminals."""

import io
import os
import pty
import re
import select
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from plugin.authored import run

from automate_conformance.catalogue import requirement
from automate_connectors.plugin.live import LiveLine, live_line, tick

CONTROL = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[78])")


class Clock:
    """A clock that somebody sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def watched(*arguments: str, cwd: Path, **environment: str) -> tuple[int, str]:
    """Run pytest on a pseudo-terminal, and return its exit status and all that it wrote there."""
    judge, terminal = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV", "NO_COLOR"))}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=cwd, env={**kept, "TERM": "xterm", **environment}, stdout=terminal, stderr=terminal, stdin=terminal
    ) as process:
        os.close(terminal)
        seen = _all_of(lambda: os.read(judge, 65536))
    os.close(judge)
    return process.returncode, seen


def _all_of(read: Callable[[], bytes]) -> str:
    parts = []
    try:
        while part := read():
            parts.append(part)
    except OSError:  # Linux ends a pseudo-terminal so
        pass
    return b"".join(parts).decode()


def test_the_line_says_requirement_cases_and_seconds() -> None:
    """Ten times a second at most; the cursor ends where it was."""
    clock, told = Clock(), io.StringIO()
    line = LiveLine(lambda text: print(text, end="", file=told), clock)
    line.began("slack", requirement("E02"))
    line.counted("slack", requirement("E02"), 1)
    clock.now = 1.6
    line.counted("slack", requirement("E02"), 1)
    clock.now = 2.0
    line.counted("slack", requirement("E02"), 152)
    line.wipe()
    line.close()
    assert CONTROL.sub("", told.getvalue()).split("  ")[1:] == [
        "slack E02 status errors: 0 cases, 0 s",
        "slack E02 status errors: 1 case, 2 s",
        "slack E02 status errors: 152 cases, 2 s",
    ]
    assert told.getvalue().count("\x1b7") == told.getvalue().count("\x1b8") == 3
    assert told.getvalue().endswith("\x1b[K")


def test_the_seconds_go_on_while_a_case_is_slow() -> None:
    """Written where they differ from what stands there, and only while something is judged."""
    clock, told = Clock(), io.StringIO()
    line = LiveLine(lambda text: print(text, end="", file=told), clock)
    seconds = iter([0.2, 0.6, 1.1, 1.3, 2.0])

    def ended() -> bool:
        clock.now = next(seconds, clock.now)
        return clock.now == 2.0

    line.ticked()
    line.began("slack", requirement("E02"))
    line.counted("slack", requirement("E02"), 3)
    tick(line, ended)
    line.wipe()
    line.ticked()
    line.close()
    assert CONTROL.sub("", told.getvalue()).split("  ")[1:] == [
        "slack E02 status errors: 0 cases, 0 s",
        "slack E02 status errors: 3 cases, 0 s",
        "slack E02 status errors: 3 cases, 1 s",
    ]
    assert told.getvalue().endswith("\x1b[K")


def test_it_ticks_in_a_thread_that_nobody_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """T03 counts an adapter's threads: ours is none of them; a slow case is told of without a case."""
    monkeypatch.setenv("TERM", "xterm")
    before = set(threading.enumerate())
    judge, terminal = pty.openpty()
    clock = Clock()
    with open(terminal, "w", closefd=False) as stream:
        line = live_line(stream, clock, verbosity=0)
    assert line is not None
    tasks = len(list(Path("/proc/self/task").iterdir()))
    line.began("slack", requirement("E02"))
    assert len(list(Path("/proc/self/task").iterdir())) == tasks, "a process that may still fork has no second thread"
    line.counted("slack", requirement("E02"), 1)
    seen = os.read(judge, 65536)
    clock.now = 7.0
    while b"1 case, 7 s" not in seen:
        assert select.select([judge], [], [], 30)[0], "nobody ticks"
        seen += os.read(judge, 65536)
    assert set(threading.enumerate()) == before
    line.rest()
    clock.now = 9.0
    line.counted("slack", requirement("E02"), 2)
    assert b"2 cases, 9 s" in os.read(judge, 65536)
    line.close()
    os.close(terminal)
    os.close(judge)


def test_nobody_who_cannot_see_it_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file, no dumb terminal, no run whose lines say it already."""
    monkeypatch.setenv("TERM", "xterm")
    assert live_line(io.StringIO(), Clock(), verbosity=0) is None
    assert live_line(Terminal(), Clock(), verbosity=1) is None
    monkeypatch.setenv("TERM", "dumb")
    assert live_line(Terminal(), Clock(), verbosity=0) is None


def test_a_terminal_sees_what_is_judged(tmp_path: Path) -> None:
    """While it is judged; the ending comes coloured behind."""
    status, seen = watched("--connector=logging", "--connector-level=bronze", cwd=tmp_path)
    assert status == 0
    assert "logging C01 identity: 0 cases, 0 s" in seen
    assert re.search(r"logging C06 unknown action refused: \d+ cases?, \d+ s", seen)
    assert "\x1b[32mlogging 1.0.0: certified bronze" in seen


@pytest.mark.parametrize("quiet", [{"NO_COLOR": "1"}, {"PYTEST_ADDOPTS": "--color=no"}])
def test_colours_stay_away_where_they_are_not_wanted(tmp_path: Path, quiet: dict[str, str]) -> None:
    """By the environment's word, or the option's."""
    status, seen = watched("--connector=logging", "--connector-level=bronze", cwd=tmp_path, **quiet)
    assert status == 0
    assert not re.search(r"\x1b\[[0-9;]*m", seen)
    assert "logging 1.0.0: certified bronze" in seen


def test_a_pipe_gets_no_control_signs(pytester: pytest.Pytester) -> None:
    """What is written to a file stays readable."""
    result = run(pytester, "--connector=logging", "--connector-level=bronze")
    assert result.ret == 0
    assert "\x1b" not in result.stdout.str()


def test_forty_columns_and_the_locale_c_are_enough(tmp_path: Path) -> None:
    """Nothing breaks, and what ASCII lacks is written otherwise."""
    odd = {"COLUMNS": "40", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    status, seen = watched("--connector=slack", "--connector-level=bronze", "-k", "C01", cwd=tmp_path, **odd)
    assert status == 1
    assert seen.isascii()
    assert "slack 1.0.0: not certified bronze" in seen
    assert "Traceback" not in seen
