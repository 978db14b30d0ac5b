"""Virtual time: a sleep is recorded and skipped, and the monotonic clocks move on by its length.

`time.time` and `datetime` stay real: certificates, dates and cookies depend on them. Event loops get a selector
that jumps to the next timer when that timer is a sleep, or when the service is silent on purpose.
"""

from __future__ import annotations

import asyncio
import selectors
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, SupportsIndex

from automate_connectors.wire import originals

#: Real seconds that an event loop waits for its sockets before it believes that only timers are left.
_GRACE = 0.004
#: The same where the service is silent on purpose: long enough for a TLS handshake on a busy machine.
_SILENCE = 0.05


@dataclass(frozen=True, slots=True)
class Sleep:
    """One wait that the adapter asked for: its length, and when it began on the virtual clock, in seconds."""

    seconds: float
    began: float


class Clock:
    """The one virtual clock of this process."""

    def __init__(self) -> None:
        self.sleeps: list[Sleep] = []
        self.skipping = False
        self._offset = 0.0
        self._lock = threading.Lock()
        self._threads: set[int] = set()
        self._sleepers: list[float] = []
        #: Asked by event loops: is the service silent on purpose?
        self.silent: Callable[[], bool] = lambda: False
        #: Told by event loops of the calling thread that wait with no timer at all on a silent service.
        self.stuck: Callable[[], None] = lambda: None
        #: Told of each move: where the adapter's process is not the judge's, the judge's clock moves along.
        self.moved: Callable[[float], None] = lambda _seconds: None

    def now(self) -> float:
        """Virtual monotonic seconds."""
        return originals.monotonic() + self._offset

    @property
    def offset(self) -> float:
        """How many seconds the virtual clock is ahead of the real one."""
        return self._offset

    def advance(self, seconds: float) -> None:
        """Move the monotonic clocks on."""
        with self._lock:
            self._offset += seconds
        self.moved(seconds)

    def catch_up(self, offset: float) -> None:
        """Be as far ahead of the real clock as the judge's clock is; the clocks never go back."""
        with self._lock:
            self._offset = max(self._offset, offset)

    def start(self) -> None:
        """Skip the sleeps of this thread, and of those that join, from here on."""
        self.sleeps = []
        self._threads = {threading.get_ident()}
        self.skipping = True

    def stop(self) -> None:
        """Let sleeps take real time again. The clocks never go back."""
        self.skipping = False

    def join(self) -> None:
        """Skip the sleeps of the current thread too: it talks to the service."""
        self._threads.add(threading.get_ident())

    def skips(self) -> bool:
        """Whether a sleep of the current thread is skipped."""
        return self.skipping and threading.get_ident() in self._threads

    def sleep(self, seconds: SupportsIndex | float) -> None:
        """`time.sleep`."""
        if not self.skips() or float(seconds) < 0:
            originals.sleep(seconds)
            return
        self.sleeps.append(Sleep(float(seconds), self.now()))
        self.advance(float(seconds))
        originals.sleep(0)

    async def async_sleep(self, delay: float, result: Any = None) -> Any:
        """`asyncio.sleep`: an ordinary timer of the loop that the selector may jump to."""
        if not self.skips() or delay <= 0:
            return await originals.async_sleep(delay, result)
        self.sleeps.append(Sleep(delay, self.now()))
        due = self.now() + delay
        self._sleepers.append(due)
        try:
            return await originals.async_sleep(delay, result)
        finally:
            self._sleepers.remove(due)

    def sleep_due_within(self, seconds: float) -> bool:
        """Whether the next timer of a loop, due in ``seconds``, is a sleep."""
        return bool(self._sleepers) and min(self._sleepers) - self.now() <= seconds + 0.001


CLOCK = Clock()


class JumpingSelector(selectors.DefaultSelector):
    """A selector that need not wait out a sleep, nor a timeout on a service that is silent on purpose."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """As `selectors.BaseSelector.select`; may come back early with the clock moved on instead."""
        if not CLOCK.skips() or (timeout is not None and timeout <= 0):
            return super().select(timeout)
        if timeout is None:
            return self._wait_for_ever()
        patience = _GRACE if CLOCK.sleep_due_within(timeout) else _SILENCE if CLOCK.silent() else None
        if patience is None or timeout <= patience:
            # Short slices: whether the service is silent may change while we wait.
            return super().select(min(timeout, _SILENCE))
        ready = super().select(patience)
        if not ready and (patience == _GRACE or CLOCK.silent()):
            CLOCK.advance(timeout - patience)
        return ready

    def _wait_for_ever(self) -> list[tuple[selectors.SelectorKey, int]]:
        while not (ready := super().select(0.5)):
            if CLOCK.silent():
                CLOCK.stuck()
        return ready


_loop_init = asyncio.selector_events.BaseSelectorEventLoop.__init__


def _jumping_loop_init(self: Any, selector: selectors.BaseSelector | None = None) -> None:
    _loop_init(self, JumpingSelector() if selector is None else selector)


def install() -> None:
    """Put the virtual clock in the place of the real ones; it is inert until `Clock.start`."""
    time.sleep = CLOCK.sleep
    time.monotonic = CLOCK.now
    time.monotonic_ns = lambda: originals.monotonic_ns() + int(CLOCK.offset * 1e9)
    time.perf_counter = lambda: originals.perf_counter() + CLOCK.offset
    time.perf_counter_ns = lambda: originals.perf_counter_ns() + int(CLOCK.offset * 1e9)
    asyncio.sleep = CLOCK.async_sleep
    asyncio.tasks.sleep = CLOCK.async_sleep
    asyncio.selector_events.BaseSelectorEventLoop.__init__ = _jumping_loop_init  # type: ignore[method-assign]
