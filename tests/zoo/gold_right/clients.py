"""Acme through several clients, as Silver knows it already: read, natural, keyed and unsafe actions."""

from __future__ import annotations

from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.gold_broken.planting import NOTES
from zoo.members import Member, acme
from zoo.right.by_hand import FEW, AcmeByHand
from zoo.right.http_plain import HttpAcmeAdapter
from zoo.right.with_async_httpx import AsyncHttpxAcmeAdapter
from zoo.right.with_httpx import OverHttpx
from zoo.right.with_requests import RequestsAcmeAdapter


class RequestsGoldAdapter(RequestsAcmeAdapter):
    """By `requests`, a session for each request."""

    name = "acme_gold_requests"

    def close(self) -> None:
        """There is nothing to close."""


class HttpxGoldAdapter(OverHttpx, AcmeByHand):
    """By `httpx`, a client for each request."""

    name = "acme_gold_httpx"
    version = "1.0.0"

    def close(self) -> None:
        """There is nothing to close."""


class HttpGoldAdapter(HttpAcmeAdapter):
    """On our own base class."""

    name = "acme_gold_http"

    def connect(self) -> bool:
        """Ask who we are."""
        return super().connect()


class AsyncHttpxGoldAdapter(AsyncHttpxAcmeAdapter):
    """By `httpx.AsyncClient`, one an instance."""

    name = "acme_gold_async_httpx"

    async def connect(self) -> bool:
        """Ask who we are."""
        return await super().connect()


class AiohttpGoldAdapter(LeanAiohttp):
    """By `aiohttp`, a session for each request."""

    name = "acme_gold_aiohttp"

    async def connect(self) -> bool:
        """Ask who we are."""
        return await super().connect()


_FEW = {"get_user": "read-only", "send_message": "exactly-once", "post_note": "at-most-once"}
_ALL = _FEW | {"list_items": "read-only", "set_topic": "natural", "delete_message": "natural"}
MEMBERS = [
    Member(RequestsGoldAdapter, level="gold", record=acme(RequestsGoldAdapter), guarantees=_ALL),
    Member(HttpGoldAdapter, level="gold", record=acme(HttpGoldAdapter), guarantees=_ALL),
    Member(HttpxGoldAdapter, level="gold", record=acme(HttpxGoldAdapter, actions=FEW), guarantees=_FEW),
    Member(AsyncHttpxGoldAdapter, level="gold", record=acme(AsyncHttpxGoldAdapter, actions=FEW), guarantees=_FEW),
    Member(
        AiohttpGoldAdapter,
        level="gold",
        record=acme(AiohttpGoldAdapter, actions=("get_user", "send_message"), said=NOTES),
        guarantees={"get_user": "read-only", "send_message": "exactly-once"},
    ),
]
