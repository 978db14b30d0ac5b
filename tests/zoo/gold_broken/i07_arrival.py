"""I07: what was called retryable succeeds once the faults end."""

from __future__ import annotations

from typing import Any

from automate_connectors import ConflictError, ConnectionProfile, ConnectorError, ServiceUnavailableError
from zoo.broken.lean import LeanHttp, LeanRequests
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.lean_rules import Answer
from zoo.gold_broken.planting import planted


class OpenCircuitAdapter(LeanRequests):
    """A circuit breaker that never closes again."""

    name = "acme_i07_open_circuit"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self.broken = False

    def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send, unless something failed before."""
        if self.broken:
            raise ServiceUnavailableError("the circuit is open", effect="none")
        return super().transmit(method, url, body, headers)

    def failure(self, error: Exception, method: str) -> ConnectorError:
        """What a failure means, and that it is the last."""
        self.broken = True
        return super().failure(error, method)


class InFlightAdapter(LeanHttp):
    """Forgets to take a failed operation from those under way."""

    name = "acme_i07_in_flight"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self.failed: set[str] = set()

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Execute what is not under way."""
        given: object = payload  # whatever the caller thought of
        key = given.get("idempotency_key") if isinstance(given, dict) else None
        if isinstance(key, str) and key in self.failed:
            raise ConflictError("this operation is under way already")
        try:
            return super().execute(action, payload)
        except ConnectorError as error:
            self.failed |= {key} if isinstance(key, str) and error.retryable else set()
            raise


class ClosedForGoodAdapter(LeanAiohttp):
    """Throws its credentials away with the first failure."""

    name = "acme_i07_closed"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self.closed = False

    async def answer(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send while open."""
        if self.closed:
            raise ConnectorError("the session is closed", effect="none")
        try:
            return await super().answer(method, path, body, headers)
        except ConnectorError:
            self.closed = True
            raise


MEMBERS = planted("I07", OpenCircuitAdapter, InFlightAdapter, ClosedForGoodAdapter)
