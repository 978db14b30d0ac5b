"""Where a second core is free, a fork works ahead; the report is the same, and so it is if the fork dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from plugin.authored import ACME, acme_cassettes, report_of, run
from plugin.test_live import watched

_NOTED = """        with open(_NOTES, "a") as file:
            file.write(f"{_TOKEN}-{os.getpid()} ")
        if os.environ.get("ACME_DIES") and os.getpid() != _FIRST:
            os._exit(7)
        return self.json(self.request("POST","""

#: A process is known by what it imported and its number, which alone may stand for two in namespaces.
_HEAD = """
import os, pathlib, uuid
_FIRST, _TOKEN, _NOTES = os.getpid(), uuid.uuid4().hex, pathlib.Path(__file__).with_name("pids.txt")
"""


@pytest.fixture(autouse=True)
def _unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who measures coverage wants one process: the tests of this file start processes that nobody measures."""
    for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
        monkeypatch.delenv(name)


@contextmanager
def cores(count: int) -> Iterator[None]:
    """Let the processes that are started run on so many cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def certified(pytester: pytest.Pytester, *arguments: str) -> tuple[dict[str, Any], int]:
    """The report of Acme at Gold without what depends on time, and how many processes the adapter wrote from."""
    pids = pytester.path / "pids.txt"
    pids.unlink(missing_ok=True)
    run(pytester, "--connector=acme", "--connector-level=gold", *arguments)
    report = report_of(pytester, "acme")
    for when in ("started_at", "finished_at"):
        del report[when]
    for requirement in report["requirements"]:
        requirement.pop("seconds", None)
    return report, len(set(pids.read_text().split()))


@pytest.fixture
def acme(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder with the adapter, which notes the processes that it runs in."""
    acme_cassettes(pytester.path)
    noted = ACME.replace('        return self.json(self.request("POST",', _NOTED)
    pytester.makepyfile(test_acme=_HEAD + noted)
    return pytester


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2, reason="it needs a second core"
    ),
]


def test_two_cores_find_what_one_finds(acme: pytest.Pytester) -> None:
    """Case by case, with the coverage and the evidence of both."""
    alone, one = certified(acme)
    with cores(1):
        ahead, other = certified(acme)
    assert (one, other) == (2, 1)
    assert alone == ahead
    assert alone["level"] == "gold", [r for r in alone["requirements"] if r["outcome"] == "fail"]


def test_the_live_line_leaves_room_for_it(acme: pytest.Pytester) -> None:
    """A terminal sees the seconds go on, by a thread that is not there yet when the process forks."""
    status, seen = watched("--connector=acme", "--connector-level=gold", cwd=acme.path)
    assert status == 0, seen
    assert "acme E02 status errors: " in seen
    assert len(set((acme.path / "pids.txt").read_text().split())) == 2


def test_a_judge_outside_works_ahead_too(acme: pytest.Pytester) -> None:
    """With a child for each of the two, and nothing left of them."""
    outside = "--connector-host=process"
    alone, two = certified(acme, outside)
    with cores(1):
        ahead, one = certified(acme, outside)
    # C02 imports and constructs in a child of its own, which writes nothing.
    assert (two, one) == (2, 1)
    assert alone == ahead
    assert alone["host"] == "process"


def test_a_fork_that_dies_takes_nothing_with_it(acme: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it did not tell is done here."""
    alone, _ = certified(acme)
    monkeypatch.setenv("ACME_DIES", "1")
    bereft, two = certified(acme)
    assert two == 2
    assert bereft == alone


@pytest.mark.parametrize("arguments", [["--pdb"], ["-n2"], ["-k", "S04 or C05"]])
def test_nothing_is_forked_where_it_would_not_do(acme: pytest.Pytester, arguments: list[str]) -> None:
    """Under a debugger, in a worker, which has a core already, and for what no requirement asks for."""
    _, one = certified(acme, *arguments)
    assert one == 1
