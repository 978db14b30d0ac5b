"""E07: requests without a timeout, all of them or one."""

from __future__ import annotations

import socket
from typing import Any

import aiohttp
import httpx

from zoo.acme import BASE
from zoo.broken.lean import LeanHttpx, LeanRequests, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.planting import planted


class RequestsWaits(LeanRequests):
    """Never says how long to wait: `requests` waits for ever."""

    name = "acme_requests_waits"
    timeout = None


class HttpxWaits(LeanHttpx):
    """Switches the timeout of `httpx` off."""

    name = "acme_httpx_waits"
    timeout = None


class UrllibWaits(LeanUrllib):
    """Leaves the timeout to the process, which has none."""

    name = "acme_urllib_waits"
    timeout = socket.getdefaulttimeout()


class AiohttpWaits(LeanAiohttp):
    """Bounds the connecting of `aiohttp` alone, five minutes for an answer being too short."""

    name = "acme_aiohttp_waits"

    def patience(self) -> aiohttp.ClientTimeout:
        """How long to wait."""
        return aiohttp.ClientTimeout(total=None, sock_connect=10)


class WritesWait(LeanRequests):
    """Gives its reads a timeout, and its writes all the time they need."""

    name = "acme_writes_wait"

    def sending(self, method: str) -> dict[str, Any]:
        """How requests are sent."""
        return super().sending(method) | ({"timeout": None} if method == "POST" else {})


class ConnectsInTime(LeanRequests):
    """Bounds the connecting alone."""

    name = "acme_connects_in_time"

    def sending(self, method: str) -> dict[str, Any]:
        """How requests are sent."""
        return super().sending(method) | {"timeout": (5, None)}


class HealthCheckWaits(LeanHttpx):
    """Forgets the timeout in one place: its health check."""

    name = "acme_health_check_waits"

    def connect(self) -> bool:
        """Ask who we are."""
        try:
            response = httpx.get(f"{BASE}/me", headers=self.headers(), timeout=None)  # noqa: S113 - the planted defect
        except httpx.TransportError as error:
            raise self.failure(error, "GET") from error
        return response.status_code == 200


MEMBERS = planted(
    "E07",
    RequestsWaits,
    HttpxWaits,
    UrllibWaits,
    AiohttpWaits,
    WritesWait,
    ConnectsInTime,
    HealthCheckWaits,
)
