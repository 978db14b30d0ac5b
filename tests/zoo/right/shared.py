"""What instances share: a session, a TLS context, a throttle; and an `execute` that wraps the base's."""

from __future__ import annotations

import ssl
import threading
import time
from typing import Any, ClassVar

import httpx
import requests

from automate_connectors import ConnectorError, NetworkError, RateLimitedError, ServiceTimeoutError
from zoo.members import Member, acme
from zoo.right.by_hand import FEW, AcmeByHand, Ask, Reply, lower
from zoo.right.with_httpx import OverHttpx, send

_SESSION = requests.Session()
_TLS = ssl.create_default_context()


class QuotaError(RateLimitedError):
    """Acme's own kind of refusal, with its own parameters."""

    def __init__(self, quota: str, seconds: float | None) -> None:
        super().__init__(f"the quota {quota!r} is used up", retry_after=seconds, details={"quota": quota}, status=429)


class SharedSessionAcmeAdapter(AcmeByHand):
    """Every instance sends by the module's one session, which is never closed."""

    name = "acme_shared_session"
    version = "1.0.0"

    def send(self, request: Ask) -> Reply:
        """Send by the session."""
        try:
            answer = _SESSION.request(
                request.method,
                request.url,
                data=request.body,
                headers=dict(request.headers),
                timeout=10,
                allow_redirects=False,
            )
        except requests.Timeout as error:
            raise ServiceTimeoutError("Acme did not answer in time") from error
        except requests.RequestException as error:
            raise NetworkError("the connection to Acme failed") from error
        return Reply(answer.status_code, lower(answer.headers), answer.content)


class OwnContextAcmeAdapter(AcmeByHand):
    """Verifies by a context that was made when the module was imported."""

    name = "acme_own_context"
    version = "1.0.0"

    def send(self, request: Ask) -> Reply:
        """Send."""
        with httpx.Client(verify=_TLS, timeout=10) as client:
            return send(client, request)


class ThrottledAcmeAdapter(OverHttpx, AcmeByHand):
    """Sends two requests a second at most, whichever instance they come from."""

    name = "acme_throttled"
    version = "1.0.0"
    _lock: ClassVar[threading.Lock] = threading.Lock()
    _next: ClassVar[float] = 0.0

    def send(self, request: Ask) -> Reply:
        """Wait for one's turn, and send."""
        with self._lock:
            pause = type(self)._next - time.monotonic()  # noqa: SLF001 - its own
            if pause > 0:
                time.sleep(pause)
            type(self)._next = time.monotonic() + 0.5  # noqa: SLF001 - its own
        return super().send(request)


class WrappingAcmeAdapter(OverHttpx, AcmeByHand):
    """Counts in `execute`, and raises an error class of its own."""

    name = "acme_wrapping"
    version = "1.0.0"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Execute, and tell how long it took."""
        began = time.perf_counter()
        try:
            result = super().execute(action, payload)
        except RateLimitedError as error:
            raise QuotaError("requests", error.retry_after) from error
        except ConnectorError as error:
            error.details.setdefault("seconds", round(time.perf_counter() - began, 3))
            raise
        return {**result}


KINDS: tuple[type[AcmeByHand], ...] = (
    SharedSessionAcmeAdapter,
    OwnContextAcmeAdapter,
    ThrottledAcmeAdapter,
    WrappingAcmeAdapter,
)
MEMBERS = [Member(kind, record=acme(kind, actions=FEW)) for kind in KINDS]
