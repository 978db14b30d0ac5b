"""E03: failures of the network that become the wrong error, or none."""

from __future__ import annotations

from typing import Any, ClassVar

import aiohttp
import httpx
import requests

from automate_connectors import (
    ConnectorError,
    NetworkError,
    ServiceTimeoutError,
    ServiceUnavailableError,
    UnexpectedResponseError,
)
from zoo import payloads as p
from zoo.broken.lean import LeanHttp, LeanHttpx, LeanRequests, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.planting import planted
from zoo.members import Member, acme
from zoo.right.with_requests import RequestsAcmeAdapter


class TimeoutIsNetwork(LeanHttpx):
    """Knows no timeouts: all that the transport says is a failed connection."""

    name = "acme_timeout_is_network"

    def timed_out(self, error: Exception) -> bool:
        """Whether it is a timeout."""
        del error
        return False


class AllIsTimeout(LeanUrllib):
    """Calls every failure a timeout."""

    name = "acme_all_is_timeout"

    def timed_out(self, error: Exception) -> bool:
        """Whether it is a timeout."""
        del error
        return True


class NetworkIsServer(LeanRequests):
    """Says of a failed connection that the server failed."""

    name = "acme_network_is_server"

    def failure(self, error: Exception, method: str) -> ConnectorError:
        """The error that a failure of the client means."""
        if isinstance(error, requests.exceptions.Timeout):
            return super().failure(error, method)
        return ServiceUnavailableError("Acme is down")


class NetworkIsFinal(LeanHttp):
    """Says of a failed connection that no retry helps."""

    name = "acme_network_is_final"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        try:
            return super().execute(action, payload)
        except (NetworkError, ServiceTimeoutError) as error:
            error.retryable = False
            raise


class CutShort(LeanUrllib):
    """Forgets that `urllib` raises no OSError where an answer is cut short or never begins."""

    name = "acme_cut_short"
    failures: ClassVar[tuple[type[Exception], ...]] = (OSError,)


class OnlyConnectErrors(LeanHttpx):
    """Catches what happens while connecting, and timeouts; a reset comes out as it is."""

    name = "acme_only_connect_errors"
    failures: ClassVar[tuple[type[Exception], ...]] = (httpx.ConnectError, httpx.TimeoutException)


class OnlyClientErrors(LeanAiohttp):
    """Forgets that `aiohttp` raises a plain TimeoutError; its health check says no to everything."""

    name = "acme_only_client_errors"
    failures: ClassVar[tuple[type[Exception], ...]] = (aiohttp.ClientError,)

    async def connect(self) -> bool:
        """Ask who we are."""
        try:
            return await super().connect()
        except Exception:  # noqa: BLE001 - whatever it is, Acme cannot be used
            return False


class EmptyOnFailure(LeanRequests):
    """`except Exception: return {}`, where the network fails."""

    name = "acme_empty_on_failure"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        try:
            return super().execute(action, payload)
        except (NetworkError, ServiceTimeoutError):
            return {}


class GeneralTerms(LeanUrllib):
    """Calls a failure of the network an error of its own, in general terms."""

    name = "acme_general_terms"

    def failure(self, error: Exception, method: str) -> ConnectorError:
        """The error that a failure of the client means."""
        del error, method
        return ConnectorError("something went wrong with Acme", retryable=True)


class LaterPagesMayFail(RequestsAcmeAdapter):
    """Returns the pages that it has where the network fails at a later one."""

    name = "acme_later_pages_may_fail"

    def list_items(self, payload: p.ListItems) -> p.Items:
        """List every item."""
        del payload
        found: list[dict[str, str]] = []
        cursor: str | None = None
        while True:
            try:
                page = self._call("GET", "/items", params={"limit": "2"} | ({"cursor": cursor} if cursor else {}))
            except (NetworkError, ServiceTimeoutError):
                if cursor is None:
                    raise
                return p.Items(items=found)
            if not isinstance(page.get("items"), list):
                raise UnexpectedResponseError("Acme answered without items", effect="none")
            found, cursor = found + page["items"], page.get("next")
            if not cursor:
                return p.Items(items=found)


MEMBERS = [
    *planted(
        "E03",
        TimeoutIsNetwork,
        AllIsTimeout,
        NetworkIsServer,
        NetworkIsFinal,
        CutShort,
        OnlyConnectErrors,
        OnlyClientErrors,
        EmptyOnFailure,
        GeneralTerms,
    ),
    Member(LaterPagesMayFail, breaks="E03", record=acme(LaterPagesMayFail)),
]
