"""Ends calls that do not come back: by SIGALRM in the main thread, where Python runs signal handlers."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any, Final

from automate_connectors.wire import originals
from automate_connectors.wire.redirect import REDIRECT

#: Real seconds that a call may take (standard, "How an adapter is exercised").
LIMIT: Final = 60.0
_TICK: Final = 0.5


class CallHung(BaseException):
    """Raised into a call that did not come back in time."""


class CallStopped(BaseException):
    """Raised into a call that sent far more requests than any right adapter."""


class Watchdog:
    """Watches one call at a time."""

    def __init__(self) -> None:
        #: Whether the user interrupted the last call.
        self.interrupted = False
        self._stop = False
        self._deadline = 0.0

    @contextlib.contextmanager
    def watching(self, limit: float = LIMIT) -> Iterator[None]:
        """Raise `CallHung` into the block after ``limit`` real seconds; in another than the main thread, never."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        self._stop = False
        self._deadline = originals.monotonic() + limit
        self.interrupted = False
        before = signal.signal(signal.SIGALRM, self._tick)
        before_interrupt = signal.signal(signal.SIGINT, self._interrupt)
        signal.setitimer(signal.ITIMER_REAL, _TICK, _TICK)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            signal.signal(signal.SIGINT, before_interrupt)

    def stop(self) -> None:
        """End the watched call now; safe from any thread."""
        self._stop = True
        os.kill(os.getpid(), signal.SIGALRM)

    def _interrupt(self, _number: int, _frame: Any) -> None:
        """The user's own Ctrl-C, which is no exit of the adapter's."""
        self.interrupted = True
        raise KeyboardInterrupt

    def _tick(self, _number: int, _frame: Any) -> None:
        if self._stop:
            raise CallStopped
        if originals.monotonic() > self._deadline:
            raise CallHung
        router = REDIRECT.router
        if router is not None:
            # The calling thread itself waits on such a socket: nothing else would ever wake it.
            for port in REDIRECT.waits_without_timeout():
                router.stuck(port)
