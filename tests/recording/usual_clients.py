"""One adapter for each of the usual clients: it reads piece by piece, sends bytes and pieces, and follows redirects."""

from __future__ import annotations

import ssl
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import aiohttp
import httpx
import requests
import urllib3

from automate_connectors.adapters.base import AsyncConnectorAdapter, ConnectorAdapter

#: No text in any encoding that anybody would guess.
BINARY = bytes(range(256)) * 4
_PIECE = 1000


def pieces() -> Iterator[bytes]:
    """The same, bit by bit."""
    for start in range(0, len(BINARY), 100):
        yield BINARY[start : start + 100]


def _by_requests(url: str, body: Any, authority: str | None) -> bytes:
    with requests.request(
        "GET" if body is None else "POST", url, data=body, timeout=9, stream=True, verify=authority or True
    ) as answer:
        return b"".join(answer.iter_content(_PIECE))


def _by_httpx(url: str, body: Any, authority: str | None) -> bytes:
    with (
        httpx.Client(follow_redirects=True, verify=ssl.create_default_context(cafile=authority)) as client,
        client.stream("GET" if body is None else "POST", url, content=body) as answer,
    ):
        return b"".join(answer.iter_bytes(_PIECE))


def _by_urllib3(url: str, body: Any, authority: str | None) -> bytes:
    with urllib3.PoolManager(ca_certs=authority, retries=urllib3.Retry(2, connect=0, read=0)) as pool:
        answer = pool.request("GET" if body is None else "POST", url, body=body, preload_content=False, timeout=9)
        found = b"".join(answer.stream(_PIECE))
        answer.release_conn()
        return found


def _by_urllib(url: str, body: Any, authority: str | None) -> bytes:
    context = ssl.create_default_context(cafile=authority)
    with urllib.request.urlopen(url, body, timeout=9, context=context) as answer:  # noqa: S310 - loopback
        return b"".join(iter(lambda: answer.read(_PIECE), b""))


_SYNCHRONOUS: dict[str, Callable[[str, Any, str | None], bytes]] = {
    "requests": _by_requests,
    "httpx": _by_httpx,
    "urllib3": _by_urllib3,
    "urllib": _by_urllib,
}
CLIENTS = (*_SYNCHRONOUS, "async httpx", "aiohttp")


async def _by_aiohttp(url: str, body: Any, authority: str | None) -> bytes:
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=authority))
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.request("GET" if body is None else "POST", url, data=body) as answer,
    ):
        return b"".join([piece async for piece in answer.content.iter_chunked(_PIECE)])


async def _by_async_httpx(url: str, body: Any, authority: str | None) -> bytes:
    async with (
        httpx.AsyncClient(follow_redirects=True, verify=ssl.create_default_context(cafile=authority)) as client,
        client.stream("GET" if body is None else "POST", url, content=body) as answer,
    ):
        return b"".join([piece async for piece in answer.aiter_bytes(_PIECE)])


async def _slowly() -> AsyncIterator[bytes]:
    for piece in pieces():
        yield piece


class _Synchronous(ConnectorAdapter):
    """Gets what a path holds, or posts to it."""

    name = "acme"
    version = "1.0.0"
    send: Callable[[str, Any, str | None], bytes]

    def connect(self) -> bool:
        """Ask for anything."""
        return bool(self._sent("/me", None))

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Send bytes, pieces, or nothing."""
        body = {"post": BINARY, "pour": pieces()}.get(action)
        return {"size": len(self._sent(payload["path"], body))}

    def _sent(self, path: str, body: Any) -> bytes:
        return type(self).send(f"{self.profile.option('base_url')}{path}", body, self.profile.option("authority"))


class _Asynchronous(AsyncConnectorAdapter):
    """The same with awaits."""

    name = "acme"
    version = "1.0.0"
    send: Callable[[str, Any, str | None], Any]

    async def connect(self) -> bool:
        """Ask for anything."""
        return bool(await self._sent("/me", None))

    async def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Send bytes, pieces, or nothing."""
        body = {"post": BINARY, "pour": _slowly()}.get(action)
        return {"size": len(await self._sent(payload["path"], body))}

    async def _sent(self, path: str, body: Any) -> bytes:
        found = await type(self).send(
            f"{self.profile.option('base_url')}{path}", body, self.profile.option("authority")
        )
        return bytes(found)


def adapter_of(client: str) -> type[Any]:
    """The adapter by a client."""
    if client in _SYNCHRONOUS:
        return type("Sending", (_Synchronous,), {"send": staticmethod(_SYNCHRONOUS[client])})
    return type(
        "Awaiting", (_Asynchronous,), {"send": staticmethod({"aiohttp": _by_aiohttp}.get(client, _by_async_httpx))}
    )
