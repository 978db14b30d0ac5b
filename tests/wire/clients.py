"""The clients of the study on cassettes, each as an author would write it, with a timeout of 30 seconds."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpx
import requests
import slack_sdk
import urllib3

from automate_connectors.wire.bypasses import close_bypasses

close_bypasses()

#: Method and URL in, the parsed JSON of a 2xx out.
Call = Callable[[str, str, float | None], Any]


@dataclass(frozen=True)
class Client:
    """One client library.

    Attributes:
        name: of the library.
        call: sends one request and reads its answer as JSON.
    """

    name: str
    call: Call


def by_requests(method: str, url: str, timeout: float | None = 30.0) -> Any:
    """By `requests`."""
    with requests.Session() as session:
        answer = session.request(method, url, json=_body(method), timeout=timeout)
        answer.raise_for_status()
        return answer.json()


def by_httpx(method: str, url: str, timeout: float | None = 30.0) -> Any:
    """By `httpx`."""
    with httpx.Client(timeout=timeout) as client:
        return client.request(method, url, json=_body(method)).raise_for_status().json()


def by_async_httpx(method: str, url: str, timeout: float | None = 30.0) -> Any:
    """By `httpx.AsyncClient`."""

    async def run() -> Any:
        async with httpx.AsyncClient(timeout=timeout) as client:
            return (await client.request(method, url, json=_body(method))).raise_for_status().json()

    return asyncio.run(run())


def by_aiohttp(method: str, url: str, timeout: float | None = 30.0) -> Any:
    """By `aiohttp`."""

    async def run() -> Any:
        limits = aiohttp.ClientTimeout(total=None, sock_connect=timeout, sock_read=timeout)
        async with (
            aiohttp.ClientSession(timeout=limits) as session,
            session.request(method, url, json=_body(method)) as answer,
        ):
            answer.raise_for_status()
            return await answer.json()

    return asyncio.run(run())


def by_urllib3(method: str, url: str, timeout: float | None = 30.0) -> Any:
    """By `urllib3`, without its own retries."""
    with urllib3.PoolManager() as pool:
        answer = pool.request(method, url, json=_body(method), timeout=timeout, retries=False)
        return answer.json()


def by_urllib3_as_it_comes(method: str, url: str, timeout: float | None = 30.0) -> Any:
    """By `urllib3` with its default retries."""
    with urllib3.PoolManager() as pool:
        return pool.request(method, url, json=_body(method), timeout=timeout).json()


def by_urllib(method: str, url: str, timeout: float | None = 30.0) -> Any:
    """By `urllib.request`."""
    body = _body(method)
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(url, data, method=method)  # noqa: S310 - the tests' own URLs
    with urllib.request.urlopen(asked, timeout=timeout) as answer:  # noqa: S310 - as above
        return json.loads(answer.read())


def by_slack_sdk(method: str, url: str, timeout: float | None = 30.0) -> Any:
    """By `slack_sdk`."""
    parts = urlsplit(url)
    limit: Any = timeout  # its annotation knows whole seconds alone
    client = slack_sdk.WebClient(
        token="xoxb-placeholder", base_url=f"{parts.scheme}://{parts.netloc}/api/", timeout=limit
    )
    return client.api_call("chat.postMessage", http_verb=method).data


def _body(method: str) -> Mapping[str, Any] | None:
    return {"text": "hello"} if method == "POST" else None


CLIENTS = tuple(
    Client(name, call)
    for name, call in (
        ("requests", by_requests),
        ("httpx", by_httpx),
        ("async httpx", by_async_httpx),
        ("aiohttp", by_aiohttp),
        ("urllib3", by_urllib3),
        ("urllib", by_urllib),
        ("slack_sdk", by_slack_sdk),
    )
)
