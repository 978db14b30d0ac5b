"""Virtual time: waits are recorded and skipped, in the threads that take part, and on event loops."""

from __future__ import annotations

import asyncio
import contextlib
import selectors
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from automate_connectors.wire import originals
from automate_connectors.wire.clock import CLOCK, Clock, JumpingSelector, Sleep
from automate_connectors.wire.install import install

install()


@contextlib.contextmanager
def virtual_time(*, silent: bool = False) -> Iterator[Clock]:
    """Skip the sleeps of this thread while the block runs."""
    CLOCK.silent = lambda: silent
    CLOCK.start()
    try:
        yield CLOCK
    finally:
        CLOCK.stop()
        CLOCK.silent = lambda: False


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """The block takes less real time than this."""
    began = originals.monotonic()
    yield
    assert originals.monotonic() - began < seconds


def slept(clock: Clock) -> list[float]:
    """How long the recorded sleeps were."""
    return [sleep.seconds for sleep in clock.sleeps]


def test_a_sleep_is_recorded_and_skipped_and_the_monotonic_clocks_move_on() -> None:
    """An hour takes no time, and everybody who measures it sees an hour."""
    with virtual_time() as clock, within(5):
        before = time.monotonic(), time.perf_counter(), time.monotonic_ns(), time.perf_counter_ns()
        time.sleep(3600)
        time.sleep(1)
        after = time.monotonic(), time.perf_counter(), time.monotonic_ns(), time.perf_counter_ns()
    assert slept(clock) == [3600.0, 1.0]
    assert clock.sleeps[1].began - clock.sleeps[0].began >= 3600
    gone = [later - earlier for earlier, later in zip(before, after, strict=True)]
    assert all(3601 <= seconds < 3606 for seconds in (*gone[:2], gone[2] / 1e9, gone[3] / 1e9))


def test_the_time_of_day_stays_real() -> None:
    """Certificates, dates and cookies depend on it."""
    with virtual_time():
        before = time.time(), datetime.now(UTC)
        time.sleep(3600)
        assert time.time() - before[0] < 5
        assert (datetime.now(UTC) - before[1]).total_seconds() < 5


def test_only_threads_that_take_part_skip_their_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread of somebody else's really sleeps, one that talks to the service does not."""
    really: list[float] = []
    monkeypatch.setattr(originals, "sleep", really.append)

    def stranger() -> None:
        time.sleep(7)

    def member() -> None:
        CLOCK.join()
        time.sleep(8)

    with virtual_time() as clock:
        for work in (stranger, member):
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
        assert slept(clock) == [8.0]
    # What is skipped gives way to other threads all the same.
    assert really == [7, 0]


def test_outside_a_call_a_sleep_is_a_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock is inert until it is started, and after it was stopped."""
    really: list[float] = []
    monkeypatch.setattr(originals, "sleep", really.append)
    time.sleep(5)
    with virtual_time():
        pass
    time.sleep(6)
    assert really == [5, 6]


def test_a_negative_sleep_is_refused_as_ever() -> None:
    """By the function that was replaced."""
    with virtual_time() as clock, pytest.raises(ValueError, match="non-negative"):
        time.sleep(-1)
    assert not clock.sleeps


def test_a_new_call_forgets_the_sleeps_of_the_last() -> None:
    """The clocks never go back."""
    with virtual_time():
        time.sleep(10)
    offset = CLOCK.offset
    with virtual_time() as clock:
        assert not clock.sleeps
        assert clock.offset == offset


def test_sleeps_of_tasks_end_in_their_order() -> None:
    """A loop jumps from timer to timer, never over one."""
    ended: list[int] = []

    async def wait(seconds: int) -> str:
        result: str = await asyncio.sleep(seconds, f"after {seconds}")
        ended.append(seconds)
        return result

    async def run() -> list[str]:
        return list(await asyncio.gather(wait(30), wait(10), wait(20)))

    with virtual_time() as clock, within(5):
        began = clock.now()
        assert asyncio.run(run()) == ["after 30", "after 10", "after 20"]
        assert 30 <= clock.now() - began < 35
    assert ended == [10, 20, 30]
    assert sorted(slept(clock)) == [10, 20, 30]


def test_a_sleep_of_nothing_gives_way_to_other_tasks() -> None:
    """It is no wait, and not recorded."""
    with virtual_time() as clock:
        assert asyncio.run(asyncio.sleep(0, "at once")) == "at once"
        assert not clock.sleeps


def test_a_loop_outside_a_call_waits_in_real_time() -> None:
    """The clock is inert until it is started."""
    before = CLOCK.offset
    asyncio.run(asyncio.sleep(0.001))
    assert CLOCK.offset == before


@pytest.mark.parametrize("wait", ["wait_for", "timeout"])
def test_a_timeout_on_a_silent_service_fires_at_once(wait: str) -> None:
    """Nothing will come, so nobody waits it out; the loop's clock says 30 seconds went by."""

    async def run() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        never = loop.create_future()
        with pytest.raises(TimeoutError):
            await (asyncio.wait_for(never, 30) if wait == "wait_for" else bounded(never))
        return loop.time() - began

    async def bounded(never: asyncio.Future[None]) -> None:
        async with asyncio.timeout(30):
            await never

    with virtual_time(silent=True), within(5):
        assert 30 <= asyncio.run(run()) < 35


def test_a_timeout_of_a_service_that_speaks_is_waited_for() -> None:
    """It may still answer."""

    async def run() -> str:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str] = loop.create_future()
        threading.Thread(target=loop.call_soon_threadsafe, args=(answer.set_result, "answered")).start()
        return await asyncio.wait_for(answer, 30)

    with virtual_time() as clock:
        before = clock.offset
        assert asyncio.run(run()) == "answered"
        assert clock.offset == before


def test_a_loop_that_waits_for_ever_on_a_silent_service_is_told_of() -> None:
    """Without any timer nothing would ever wake it."""

    async def run() -> str:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str] = loop.create_future()

        def let_go() -> None:
            loop.call_soon_threadsafe(answer.set_result, "let go")

        CLOCK.stuck = let_go
        return await answer

    try:
        with virtual_time(silent=True):
            assert asyncio.run(run()) == "let go"
    finally:
        CLOCK.stuck = lambda: None


def test_a_loop_that_waits_on_a_service_that_speaks_goes_on_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second without news means nothing there."""
    rounds: list[float | None] = []

    def select(_self: object, timeout: float | None = None) -> list[str]:
        rounds.append(timeout)
        return ["ready"] if len(rounds) == 3 else []

    monkeypatch.setattr(selectors.DefaultSelector, "select", select)
    told: list[str] = []
    monkeypatch.setattr(CLOCK, "stuck", lambda: told.append("stuck"))
    with virtual_time():
        selector = JumpingSelector()
        ready: list[Any] = selector.select()
        selector.close()
    assert ready == ["ready"]
    assert len(rounds) == 3
    assert not told


def test_a_selector_that_is_given_is_left_alone() -> None:
    """A program may bring its own."""
    own = selectors.SelectSelector()
    loop = asyncio.SelectorEventLoop(own)
    try:
        assert loop.run_until_complete(asyncio.sleep(0, "done")) == "done"
        assert isinstance(own, selectors.SelectSelector)
        assert own.get_map() is not None
    finally:
        loop.close()
    assert own.get_map() is None


def test_a_fresh_clock_is_inert() -> None:
    """It skips nothing, is told of nothing, and knows no sleeper."""
    clock = Clock()
    assert not clock.skips()
    assert not clock.silent()
    clock.stuck()
    assert not clock.sleep_due_within(1000)
    assert clock.sleeps == []
    assert Sleep(1.0, 2.0) == Sleep(seconds=1.0, began=2.0)
