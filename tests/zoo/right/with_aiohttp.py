"""Acme through `aiohttp`: inside a synchronous adapter, and on the asynchronous base."""

from __future__ import annotations

import asyncio

import aiohttp

from automate_connectors import ConnectionProfile, ConnectorError, NetworkError, ServiceTimeoutError
from zoo.members import Member, acme
from zoo.right.by_hand import FEW, AcmeByHand, Ask, AsyncAcmeByHand, Reply, lower

TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=5)


async def send_by(session: aiohttp.ClientSession, request: Ask) -> Reply:
    """Send a request by a session."""
    try:
        async with session.request(
            request.method, request.url, headers=request.headers, data=request.body, allow_redirects=False
        ) as answer:
            return Reply(answer.status, lower(answer.headers), await answer.read())
    except (aiohttp.ClientError, TimeoutError) as error:
        raise _transport_error(error) from error


def _transport_error(error: Exception) -> ConnectorError:
    if isinstance(error, TimeoutError):
        return ServiceTimeoutError("Acme did not answer in time")
    return NetworkError("the connection to Acme failed")


class AiohttpRunAcmeAdapter(AcmeByHand):
    """A synchronous adapter that runs an event loop for each request."""

    name = "acme_aiohttp_run"
    version = "1.0.0"

    def send(self, request: Ask) -> Reply:
        """Run the request to its end."""
        return asyncio.run(self._alone(request))

    async def _alone(self, request: Ask) -> Reply:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            return await send_by(session, request)


class AiohttpAcmeAdapter(AsyncAcmeByHand):
    """One session an instance, made on the loop that first needs it."""

    name = "acme_aiohttp"
    version = "1.0.0"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._session: aiohttp.ClientSession | None = None

    async def send(self, request: Ask) -> Reply:
        """Send by the session."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        return await send_by(self._session, request)

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()


KINDS: tuple[type[AcmeByHand | AsyncAcmeByHand], ...] = (AiohttpRunAcmeAdapter, AiohttpAcmeAdapter)
MEMBERS = [Member(kind, record=acme(kind, actions=FEW)) for kind in KINDS]
