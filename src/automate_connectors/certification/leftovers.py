"""What a process holds: threads and open descriptors, before and after an adapter's life (T03)."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from automate_connectors.certification.processes import started_and_opened
from automate_connectors.wire import originals

#: Real seconds that threads and closed connections get to end.
PATIENCE: Final = 2.0


@dataclass(frozen=True, slots=True)
class Held:
    """What is held at one moment."""

    threads: frozenset[int | None]
    descriptors: frozenset[tuple[int, str]]
    children: frozenset[int] = frozenset()


def held() -> Held:
    """What this process holds now; the loopback server's threads are none that `threading` knows."""
    threads = frozenset(t.ident for t in threading.enumerate())
    children, opened = started_and_opened(os.getpid())
    # What is looked at is open meanwhile.
    return Held(threads, frozenset(pair for pair in opened if not pair[1].startswith("/proc/")), frozenset(children))


def held_before() -> Held:
    """What this process holds before an adapter's life.

    What lives by now is left out of the collection that `left_over` makes: it is not the adapter's, and most of what
    there is to look through.
    """
    gc.freeze()
    return held()


def left_over(before: Held, connections: Callable[[], int]) -> list[str]:
    """What is held now and was not before, once everything had time to end."""
    deadline = originals.monotonic() + PATIENCE
    gc.collect()
    gc.unfreeze()
    while (found := _found(before, connections)) and originals.monotonic() < deadline:
        originals.sleep(0.01)
    return found


def _found(before: Held, connections: Callable[[], int]) -> list[str]:
    now = held()
    names = {t.ident: t.name for t in threading.enumerate()}
    found = [f"the thread {names.get(ident, ident)!r}" for ident in now.threads - before.threads]
    found += [f"the child process {child}" for child in sorted(now.children - before.children)]
    if count := connections():
        return [*found, f"{count} open connections to the service"]
    return found + [f"the open file {target}" for _, target in sorted(now.descriptors - before.descriptors)]
