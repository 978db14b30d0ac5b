"""Acme through `httpx.AsyncClient` on the asynchronous base."""

from __future__ import annotations

import httpx

from automate_connectors import ConnectionProfile
from zoo.members import Member, acme
from zoo.right.by_hand import FEW, Ask, AsyncAcmeByHand, Reply, lower
from zoo.right.with_httpx import transport_error


class AsyncHttpxAcmeAdapter(AsyncAcmeByHand):
    """One client an instance."""

    name = "acme_async_httpx"
    version = "1.0.0"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._client = httpx.AsyncClient(timeout=10)

    async def send(self, request: Ask) -> Reply:
        """Send by the client."""
        try:
            response = await self._client.request(
                request.method, request.url, headers=dict(request.headers), content=request.body
            )
        except httpx.HTTPError as error:
            raise transport_error(error) from error
        return Reply(response.status_code, lower(response.headers), response.content)

    async def close(self) -> None:
        """Close the client."""
        await self._client.aclose()


MEMBERS = [Member(AsyncHttpxAcmeAdapter, record=acme(AsyncHttpxAcmeAdapter, actions=FEW))]
