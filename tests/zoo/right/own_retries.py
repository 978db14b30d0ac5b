"""Acme with retries of the adapter's own, each polite: three attempts at most, never sooner than Retry-After asks."""

from __future__ import annotations

import threading
import time
from abc import abstractmethod
from time import sleep
from typing import ClassVar

import httpx
import tenacity

from automate_connectors import ConnectionProfile, ConnectorError
from automate_connectors.adapters.base import ConnectorAdapter
from zoo.members import Member, acme
from zoo.right.by_hand import FEW, AcmeByHand, Ask, Reply, refuse
from zoo.right.with_httpx import send

_ATTEMPTS = 3


class RetryingAcmeAdapter(AcmeByHand):
    """Tries again where that is safe; how it waits is its subclasses' business."""

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._client = httpx.Client(timeout=5)

    def once(self, request: Ask) -> Reply:
        """Send, and raise what a refusal means."""
        reply = send(self._client, request)
        refuse(reply)
        return reply

    @staticmethod
    def again(request: Ask, error: BaseException) -> bool:
        """Whether the request may be sent again: a read, or one with a key, after an error that passes."""
        safe = request.method == "GET" or "Idempotency-Key" in request.headers
        return safe and isinstance(error, ConnectorError) and error.retryable

    def close(self) -> None:
        """Close the client."""
        self._client.close()


class LoopingAcmeAdapter(RetryingAcmeAdapter):
    """A loop, and an interruptible or plain wait; a longer one than `patience` seconds is left to the host."""

    patience: ClassVar[float] = 20.0
    pause: ClassVar[float] = 0.25

    @abstractmethod
    def wait(self, seconds: float) -> None:
        """Wait."""

    def send(self, request: Ask) -> Reply:
        """Send three times at most."""
        for attempt in range(1, _ATTEMPTS):
            try:
                return self.once(request)
            except ConnectorError as error:
                if not self.again(request, error) or (error.retry_after or 0) > self.patience:
                    raise
                self.wait(max(error.retry_after or 0, self.pause * 2**attempt))
        return self.once(request)


class SleepingAcmeAdapter(LoopingAcmeAdapter):
    """Waits by `sleep`, taken by name."""

    name = "acme_sleeping"
    version = "1.0.0"

    def wait(self, seconds: float) -> None:
        """Sleep."""
        sleep(seconds)


class EventWaitingAcmeAdapter(LoopingAcmeAdapter):
    """Waits on an event, so that `close` can end the wait."""

    name = "acme_event_waiting"
    version = "1.0.0"
    patience, pause = 1.5, 0.01

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._closed = threading.Event()

    def wait(self, seconds: float) -> None:
        """Wait, unless it is closed."""
        self._closed.wait(seconds)

    def close(self) -> None:
        """End every wait."""
        self._closed.set()
        super().close()


class DeadlineAcmeAdapter(RetryingAcmeAdapter):
    """Goes on until a deadline on the monotonic clock."""

    name = "acme_deadline"
    version = "1.0.0"

    def send(self, request: Ask) -> Reply:
        """Send until ten seconds have passed, in steps of four at least."""
        deadline = time.monotonic() + 10
        while True:
            try:
                return self.once(request)
            except ConnectorError as error:
                pause = max(4.0, error.retry_after or 0)
                if not self.again(request, error) or time.monotonic() + pause > deadline:
                    raise
                time.sleep(pause)


class TenaciousAcmeAdapter(RetryingAcmeAdapter):
    """Leaves the loop to tenacity."""

    name = "acme_tenacious"
    version = "1.0.0"

    def send(self, request: Ask) -> Reply:
        """Send three times at most."""
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(_ATTEMPTS),
            wait=_wait,
            retry=tenacity.retry_if_exception(lambda error: self.again(request, error)),
            reraise=True,
        )
        return retrying(self.once, request)


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, ConnectorError) else None
    return max(asked or 0.0, tenacity.wait_random_exponential(multiplier=0.5, max=8)(state))


KINDS: tuple[type[ConnectorAdapter], ...] = (
    SleepingAcmeAdapter,
    EventWaitingAcmeAdapter,
    DeadlineAcmeAdapter,
    TenaciousAcmeAdapter,
)
MEMBERS = [Member(kind, record=acme(kind, actions=FEW)) for kind in KINDS]
