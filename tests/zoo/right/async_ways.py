"""Asynchronous adapters of other kinds: threads behind awaits, tasks side by side, retries of their own."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import httpx

from automate_connectors import ConnectorError, Idempotency, NetworkError, ServiceTimeoutError, action
from zoo.members import Member, acme
from zoo.right.by_hand import FEW, Ask, AsyncAcmeByHand, Reply, lower, refuse
from zoo.right.several_requests import SIDE_BY_SIDE, Users
from zoo.right.tape import record
from zoo.right.with_async_httpx import AsyncHttpxAcmeAdapter
from zoo.right.with_httpx import send


class ToThreadAcmeAdapter(AsyncAcmeByHand):
    """Awaits a synchronous client in a thread."""

    name = "acme_to_thread"
    version = "1.0.0"

    async def send(self, request: Ask) -> Reply:
        """Send in a thread."""
        return await asyncio.to_thread(self._send, request)

    @staticmethod
    def _send(request: Ask) -> Reply:
        with httpx.Client(timeout=10) as client:
            return send(client, request)


class AsyncRetryingAcmeAdapter(AsyncHttpxAcmeAdapter):
    """Tries reads three times at most, and sleeps in between."""

    name = "acme_async_retrying"

    async def send(self, request: Ask) -> Reply:
        """Send; a read again."""
        for attempt in (1, 2):
            try:
                reply = await super().send(request)
                refuse(reply)
            except ConnectorError as error:
                if request.method != "GET" or not error.retryable:
                    raise
                await asyncio.sleep(max(error.retry_after or 0, attempt))
            else:
                return reply
        return await super().send(request)


class WaitForAcmeAdapter(AsyncAcmeByHand):
    """Bounds each request as a whole by `asyncio.wait_for`; the client itself has no timeout."""

    name = "acme_wait_for"
    version = "1.0.0"

    async def send(self, request: Ask) -> Reply:
        """Send, for 15 seconds at most."""
        try:
            return await asyncio.wait_for(self._send(request), timeout=15)
        except TimeoutError as error:
            raise ServiceTimeoutError("Acme did not answer in time") from error

    @staticmethod
    async def _send(request: Ask) -> Reply:
        unbounded = aiohttp.ClientTimeout(total=None)
        try:
            async with (
                aiohttp.ClientSession(timeout=unbounded) as session,
                session.request(
                    request.method, request.url, headers=request.headers, data=request.body, allow_redirects=False
                ) as answer,
            ):
                return Reply(answer.status, lower(answer.headers), await answer.read())
        except aiohttp.ClientError as error:
            raise NetworkError("the connection to Acme failed") from error


class GatheringAcmeAdapter(AsyncHttpxAcmeAdapter):
    """Looks several users up at once."""

    name = "acme_gathering"

    @action(idempotency=Idempotency.read_only(), examples=[{"user_ids": ["u_7", "u_8"]}])
    async def get_users(self, payload: Users) -> dict[str, Any]:
        """Look users up."""
        found = await asyncio.gather(*(self.call("GET", f"/users/{user}") for user in payload.user_ids))
        return {"users": found}


KINDS: tuple[type[AsyncAcmeByHand], ...] = (ToThreadAcmeAdapter, AsyncRetryingAcmeAdapter, WaitForAcmeAdapter)
MEMBERS = [Member(kind, record=acme(kind, actions=FEW)) for kind in KINDS]


def _gathering(folder: Any) -> None:
    acme(GatheringAcmeAdapter, actions=FEW)(folder)
    record(GatheringAcmeAdapter, {"get_users": SIDE_BY_SIDE["get_users"]})(folder)


MEMBERS += [Member(GatheringAcmeAdapter, record=_gathering)]
