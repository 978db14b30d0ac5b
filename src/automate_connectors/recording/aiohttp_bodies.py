"""Bodies of aiohttp as they are sent: vcrpy keeps the arguments of the call, from which no bytes can be told.

A dict may be JSON or a form there, and a form with files has a boundary that nobody knows. So each body is rendered
before vcrpy sees it, as aiohttp itself renders it, and sent as bytes.

Source: aiohttp 3.10 to 3.14 (`aiohttp/client.py`, `aiohttp/formdata.py`, `aiohttp/payload.py`).
"""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unittest import mock

__all__ = ["readable_requests"]


@contextlib.contextmanager
def readable_requests() -> Iterator[None]:
    """Render bodies while the block runs, if aiohttp is there."""
    aiohttp = sys.modules.get("aiohttp")
    if aiohttp is None:
        yield
        return
    with mock.patch.object(aiohttp.ClientSession, "_request", _rendering(aiohttp.ClientSession._request, aiohttp)):  # noqa: SLF001 - as vcrpy does
        yield


def _rendering(send: Callable[..., Any], aiohttp: Any) -> Callable[..., Any]:
    @functools.wraps(send)
    async def request(session: Any, method: str, url: Any, **given: Any) -> Any:
        return await send(session, method, url, **await _rendered(session, given, aiohttp))

    return request


async def _rendered(session: Any, given: Mapping[str, Any], aiohttp: Any) -> dict[str, Any]:
    """The arguments with the body as bytes; those whose body stands as it is sent are left alone."""
    json, data = given.get("json"), given.get("data")
    if json is not None and data is None:
        text = session.json_serialize(json)
        body, kind = text if isinstance(text, bytes) else text.encode(), "application/json"
    elif isinstance(data, Mapping | list | tuple | aiohttp.FormData):
        payload = (data if isinstance(data, aiohttp.FormData) else aiohttp.FormData(data))()
        body, kind = await _sent_bytes(payload), str(payload.headers["Content-Type"])
    else:
        return dict(given)
    headers = session._prepare_headers(given.get("headers"))  # noqa: SLF001 - what the session adds decides about ours
    headers.setdefault("Content-Type", kind)
    return {**given, "json": None, "data": body, "headers": headers}


class _Sink:
    """Takes what a payload would send."""

    def __init__(self) -> None:
        self.sent = bytearray()

    async def write(self, chunk: bytes) -> None:
        """Take a piece."""
        self.sent += chunk

    def enable_compression(self, *_: Any) -> None:
        """Parts of a form are not compressed again here."""


async def _sent_bytes(payload: Any) -> bytes:
    sink = _Sink()
    await payload.write(sink)
    return bytes(sink.sent)
