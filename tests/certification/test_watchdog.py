"""Calls that do not come back are ended."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator

import pytest

from automate_connectors.certification import watchdog as watchdog_module
from automate_connectors.certification.watchdog import CallHung, CallStopped, Watchdog
from automate_connectors.wire import originals
from automate_connectors.wire.redirect import REDIRECT


class Router:
    """Only what a tick asks."""

    def __init__(self) -> None:
        self.told: list[int | None] = []

    def stuck(self, port: int | None) -> None:
        """Keep the port."""
        self.told.append(port)


@contextlib.contextmanager
def ticking(monkeypatch: pytest.MonkeyPatch, seconds: float = 0.01) -> Iterator[None]:
    """Let the watchdog look up more often."""
    monkeypatch.setattr(watchdog_module, "_TICK", seconds)
    yield


def spin(first: Callable[[], object] = lambda: None) -> None:
    """Work that never ends by itself."""
    first()
    while True:
        pass


def test_a_call_that_comes_back_is_left_alone() -> None:
    """Nothing stays behind: neither handler nor timer."""
    before = signal.getsignal(signal.SIGALRM), signal.getsignal(signal.SIGINT)
    dog = Watchdog()
    with dog.watching(10):
        result = sum(range(10))
    assert result == 45
    assert not dog.interrupted
    assert (signal.getsignal(signal.SIGALRM), signal.getsignal(signal.SIGINT)) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_call_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """By an exception that no `except Exception` stops."""
    with ticking(monkeypatch), pytest.raises(CallHung), Watchdog().watching(0.02), contextlib.suppress(Exception):
        spin()
    assert not issubclass(CallHung, Exception)
    assert not issubclass(CallStopped, Exception)


def test_a_call_can_be_stopped_from_another_thread() -> None:
    """When it sends far too much."""
    dog = Watchdog()
    thread = threading.Thread(target=dog.stop)
    with pytest.raises(CallStopped), dog.watching(10):
        spin(thread.start)
    thread.join()
    with dog.watching(10):
        assert signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL


def test_the_users_own_interrupt_is_told_apart() -> None:
    """Ctrl-C is no exit of the adapter's."""
    dog = Watchdog()
    with pytest.raises(KeyboardInterrupt), dog.watching(10):
        spin(lambda: os.kill(os.getpid(), signal.SIGINT))
    assert dog.interrupted


def test_an_adapters_own_interrupt_is_not_the_users() -> None:
    """It raised it itself."""
    dog = Watchdog()
    with pytest.raises(KeyboardInterrupt), dog.watching(10):
        raise KeyboardInterrupt
    assert not dog.interrupted


def test_outside_the_main_thread_nothing_is_watched() -> None:
    """Signals are the main thread's."""
    seen: list[object] = []

    def work() -> None:
        with Watchdog().watching(0.0):
            seen.append(signal.getsignal(signal.SIGALRM))

    before = signal.getsignal(signal.SIGALRM)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]


def test_sockets_that_wait_for_ever_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """At every look, and only while a replay is active."""
    router = Router()
    monkeypatch.setattr(REDIRECT, "router", router)
    monkeypatch.setattr(REDIRECT, "waits_without_timeout", lambda: [4711])
    deadline = originals.monotonic() + 10
    with ticking(monkeypatch), Watchdog().watching(10):
        while not router.told and originals.monotonic() < deadline:
            pass
        monkeypatch.setattr(REDIRECT, "router", None)
        known = len(router.told)
        until = originals.monotonic() + 0.05
        while originals.monotonic() < until:
            pass
    assert router.told == [4711] * known
