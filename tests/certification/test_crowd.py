"""Many calls at once: all of them are under way before any goes on."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import Any

import pytest

from automate_connectors.certification import crowd
from automate_connectors.certification.crowd import Job, run_crowd

JOBS = [Job(0, "meet", {"n": n}) for n in range(8)]


class Meeting:
    """Each call waits until all eight are there."""

    def __init__(self) -> None:
        self.barrier = threading.Barrier(8)
        self.told: list[str] = []

    def connect(self) -> bool:
        """Note it."""
        self.told.append("connect")
        return True

    def execute(self, _action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Wait for the others."""
        self.barrier.wait(20)
        return {**payload, "interval": sys.getswitchinterval()}

    def close(self) -> None:
        """Note it."""
        self.told.append("close")


class AsyncMeeting:
    """The same with tasks."""

    def __init__(self) -> None:
        self.there = 0
        self.all_there = asyncio.Event()
        self.told: list[str] = []

    async def connect(self) -> bool:
        """Note it."""
        self.told.append("connect")
        return True

    async def execute(self, _action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Wait for the others."""
        self.there += 1
        if self.there == len(JOBS):
            self.all_there.set()
        await self.all_there.wait()
        if payload["n"] == 3:
            raise LookupError("three")
        return payload

    async def close(self) -> None:
        """Note it."""
        self.told.append("close")


def test_eight_threads_meet_on_one_instance() -> None:
    """With a short switch interval, which is put back."""
    adapter, before = Meeting(), sys.getswitchinterval()
    told = run_crowd([adapter], JOBS)
    assert [each["result"]["n"] for each in told] == list(range(8))
    assert all(each["result"]["interval"] < before for each in told)
    assert sys.getswitchinterval() == before
    assert adapter.told == ["connect", "close"]


def test_eight_tasks_meet_on_one_loop() -> None:
    """Errors are told like results."""
    adapter = AsyncMeeting()
    told = run_crowd([adapter], JOBS)
    assert told[3] == {"error": "LookupError: three"}
    assert [each["result"]["n"] for each in told if "result" in each] == [0, 1, 2, 4, 5, 6, 7]
    assert adapter.told == ["connect", "close"]


def test_a_thread_that_does_not_come_back_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others' results stand."""
    monkeypatch.setattr(crowd, "_PATIENCE", 0.05)
    release = threading.Event()

    class Stuck(Meeting):
        def execute(self, _action: str, payload: dict[str, Any]) -> dict[str, Any]:
            if payload["n"] == 1:
                release.wait(20)
            return payload

    told = run_crowd([Stuck()], JOBS[:3])
    release.set()
    assert told == [{"result": {"n": 0}}, {"error": "it did not come back"}, {"result": {"n": 2}}]


def test_whatever_leaves_a_thread_is_told() -> None:
    """Even what ends programs."""

    class Leaving(Meeting):
        def execute(self, _action: str, payload: dict[str, Any]) -> dict[str, Any]:
            raise SystemExit(payload["n"])

    assert run_crowd([Leaving()], JOBS[:1]) == [{"error": "SystemExit: 0"}]
