"""Many calls at once: threads released by a barrier, or tasks on one event loop (T01)."""

from __future__ import annotations

import asyncio
import inspect
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from automate_connectors.certification import facts
from automate_connectors.wire.clock import CLOCK

#: Seconds between switches of threads: short, so that what can interleave does.
_SWITCH: Final = 1e-5
_PATIENCE: Final = 50.0


@dataclass(frozen=True, slots=True)
class Job:
    """One call of a crowd: on which instance, of what, with what."""

    instance: int
    action: str
    payload: dict[str, Any]


def run_crowd(adapters: Sequence[Any], jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """Connect every instance, run all jobs at once, close; what each returned or raised, as plain data."""
    if inspect.iscoroutinefunction(adapters[0].execute):
        with asyncio.Runner() as runner:
            return runner.run(_tasks(adapters, jobs))
    for adapter in adapters:
        adapter.connect()
    try:
        return _threads(adapters, jobs)
    finally:
        for adapter in adapters:
            adapter.close()


def _threads(adapters: Sequence[Any], jobs: Sequence[Job]) -> list[dict[str, Any]]:
    barrier = threading.Barrier(len(jobs) + 1)
    told: list[dict[str, Any]] = [{"error": "it did not come back"} for _ in jobs]

    def work(number: int, job: Job, ready: threading.Event) -> None:
        CLOCK.join()
        ready.set()
        barrier.wait()
        try:
            told[number] = {"result": facts.plain(adapters[job.instance].execute(job.action, job.payload))[0]}
        except BaseException as error:  # noqa: BLE001 - whatever leaves an adapter is a fact to be judged
            told[number] = {"error": facts.error_facts(error).shown}

    threads = [_ready(work, number, job) for number, job in enumerate(jobs)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH)
    try:
        barrier.wait()
        for thread in threads:
            thread.join(_PATIENCE)
    finally:
        sys.setswitchinterval(before)
    return told


def _ready(work: Callable[..., None], number: int, job: Job) -> threading.Thread:
    """A thread that waits at the barrier: one starts after the other, for a user's coverage traces each."""
    ready = threading.Event()
    thread = threading.Thread(target=work, args=(number, job, ready), daemon=True)
    thread.start()
    ready.wait()
    return thread


async def _tasks(adapters: Sequence[Any], jobs: Sequence[Job]) -> list[dict[str, Any]]:
    for adapter in adapters:
        await adapter.connect()
    try:
        results = await asyncio.gather(
            *(adapters[job.instance].execute(job.action, job.payload) for job in jobs), return_exceptions=True
        )
    finally:
        for adapter in adapters:
            await adapter.close()
    return [
        {"error": facts.error_facts(one).shown} if isinstance(one, BaseException) else {"result": facts.plain(one)[0]}
        for one in results
    ]
