"""What a process holds after an adapter's life and did not before."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from automate_connectors.certification import leftovers, processes
from automate_connectors.certification.leftovers import Held, held, left_over


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "PATIENCE", 0.0)


def nothing_open() -> int:
    """No connection to the service stands."""
    return 0


def test_who_leaves_nothing_leaves_nothing() -> None:
    """The same threads and files as before."""
    assert left_over(held(), nothing_open) == []


def test_an_open_file_is_named(tmp_path: Path) -> None:
    """By what it leads to."""
    path = tmp_path / "left.txt"
    before = held()
    with path.open("w"):
        assert left_over(before, nothing_open) == [f"the open file {path}"]
    assert left_over(before, nothing_open) == []


def test_a_thread_is_named() -> None:
    """While it runs."""
    release = threading.Event()
    before = held()
    thread = threading.Thread(target=release.wait, name="refresher")
    thread.start()
    assert left_over(before, nothing_open) == ["the thread 'refresher'"]
    release.set()
    thread.join()
    assert left_over(before, nothing_open) == []


def test_open_connections_are_counted_instead_of_their_descriptors(tmp_path: Path) -> None:
    """They are what a reader understands."""
    before = held()
    with (tmp_path / "left.txt").open("w"):
        assert left_over(before, lambda: 2) == ["2 open connections to the service"]


def test_what_ends_in_time_is_not_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads and connections get a moment."""
    monkeypatch.setattr(leftovers, "PATIENCE", 30.0)
    counts = iter([2, 1, 0])
    assert left_over(held(), lambda: next(counts)) == []


def test_without_a_process_file_system_threads_alone_are_held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As on other systems than Linux."""
    monkeypatch.setattr(processes, "_PROC", tmp_path / "nowhere")
    assert held() == Held(held().threads, frozenset())


def test_a_descriptor_that_closes_meanwhile_is_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It cannot be read any more; those that lead into /proc are ours."""
    folder = tmp_path / str(os.getpid()) / "fd"
    folder.mkdir(parents=True)
    (folder / "7").symlink_to("/proc/self/fd")
    (folder / "8").write_text("no link")
    (folder / "9").symlink_to("/nowhere/left.txt")
    monkeypatch.setattr(processes, "_PROC", tmp_path)
    assert held().descriptors == {(9, "/nowhere/left.txt")}


_LOCKS = """
import multiprocessing, os, subprocess, sys
from automate_connectors.certification.leftovers import held, left_over
from automate_connectors.certification.outside.looking import held_by
from automate_connectors.certification.outside.looking import left_over as left_over_by

before, outside = held(), held_by(os.getpid())
lock = multiprocessing.get_context("spawn").Lock()
print(left_over(before, lambda: 0), left_over_by(os.getpid(), outside, lambda: 0))
child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
found = left_over(before, lambda: 0)
print(found[0] == f"the child process {child.pid}", len(found))
child.communicate()
"""


def test_what_multiprocessing_keeps_is_nobodys_to_end() -> None:
    """Its resource tracker lives as long as the process, and so does the pipe to it; any other child is left over."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _LOCKS], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines() == ["[] []", "True 2"]
