"""Acme through `httpx`: one client kept open, or a new one for each request."""

from __future__ import annotations

import httpx

from automate_connectors import ConnectionProfile, ConnectorError, NetworkError, ServiceTimeoutError
from zoo.members import Member, acme
from zoo.right.by_hand import FEW, AcmeByHand, Ask, ByHand, Reply, WholeAcmeByHand, lower


def transport_error(error: httpx.HTTPError) -> ConnectorError:
    """What a failure of httpx's transport means."""
    if isinstance(error, httpx.TimeoutException):
        return ServiceTimeoutError("Acme did not answer in time")
    return NetworkError("the connection to Acme failed")


def send(client: httpx.Client, request: Ask) -> Reply:
    """Send a request by a client."""
    try:
        response = client.request(
            request.method, request.url, headers=dict(request.headers), content=request.body, follow_redirects=False
        )
    except httpx.HTTPError as error:
        raise transport_error(error) from error
    return Reply(response.status_code, lower(response.headers), response.content)


class OverHttpx(ByHand):
    """Sends by a client of its own for each request."""

    def send(self, request: Ask) -> Reply:
        """Send."""
        with httpx.Client(timeout=10) as client:
            return send(client, request)


class HttpxAcmeAdapter(WholeAcmeByHand):
    """Keeps one client, and its connections, until it is closed."""

    name = "acme_httpx"
    version = "1.0.0"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._client = httpx.Client(timeout=10)

    def send(self, request: Ask) -> Reply:
        """Send by the kept client."""
        return send(self._client, request)

    def close(self) -> None:
        """Close the client."""
        self._client.close()


class HttpxOnceAcmeAdapter(AcmeByHand):
    """Makes a client for each request."""

    name = "acme_httpx_once"
    version = "1.0.0"

    def send(self, request: Ask) -> Reply:
        """Send by a client of its own."""
        with httpx.Client(timeout=httpx.Timeout(20, connect=5)) as client:
            return send(client, request)


MEMBERS = [
    Member(HttpxAcmeAdapter, record=acme(HttpxAcmeAdapter)),
    Member(HttpxOnceAcmeAdapter, record=acme(HttpxOnceAcmeAdapter, actions=FEW)),
]
