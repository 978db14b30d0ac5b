"""Looks at a process from outside, through /proc (proc(5)): what it holds, what it started; and ends it all."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from automate_connectors.certification.leftovers import Held
from automate_connectors.certification.processes import running, started_and_opened, threads_of
from automate_connectors.wire import originals

_PROC: Final = Path("/proc")
_PATIENCE: Final = 5.0


def held_by(pid: int) -> Held:
    """What a process holds now: threads, descriptors, children."""
    children, opened = started_and_opened(pid)
    return Held(frozenset(threads_of(pid)), frozenset(opened), frozenset(children))


def left_over(pid: int, before: Held, connections: Callable[[], int]) -> list[str]:
    """What a process holds now and did not before; `connections` are those that the service still sees."""
    now = held_by(pid)
    found = [f"the thread {thread_name(pid, thread)!r}" for thread in now.threads - before.threads]
    found += [f"the child process {child}" for child in sorted(now.children - before.children)]
    if count := connections():
        return [*found, f"{count} open connections to the service"]
    return found + [f"the open file {target}" for _, target in sorted(now.descriptors - before.descriptors)]


def thread_name(pid: int, thread: int | None) -> str:
    """What a thread is called."""
    try:
        return (_PROC / str(pid) / "task" / str(thread) / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return str(thread)


def end_tree(process: subprocess.Popen[bytes], pid: int) -> None:
    """End a child, its session and every descendant: its process namespace, where it has one, ends with ``pid``."""
    if pid != process.pid:
        # With its first process the namespace ends, and its parent after it: quicker than the other way round.
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
    doomed = {pid, process.pid}
    deadline = originals.monotonic() + _PATIENCE
    while True:
        found = running()
        while more := {n for n, parent, session in found if parent in doomed or session in doomed} - doomed:
            doomed |= more
        alive = doomed & {number for number, _, _ in found}
        for number in alive:
            with contextlib.suppress(OSError):
                os.kill(number, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.poll()
        if not alive - {process.pid} or originals.monotonic() > deadline:
            break
        originals.sleep(0.002)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE)
