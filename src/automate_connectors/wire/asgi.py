"""A service of the author's own: an ASGI 3 application that answers instead of cassettes.

Source: https://asgi.readthedocs.io/en/latest/specs/www.html. There are no lifespan events; state lives in the
application, and the case's ``reset()`` forgets it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import unquote, urlsplit

from automate_connectors.wire.messages import Answer, SentRequest

Message = MutableMapping[str, Any]
App = Callable[[Any, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]


class AsgiService:
    """Answers each request by one run of the application.

    Attributes:
        failures: what the application raised, in sentences.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self.failures: list[str] = []

    def answer(self, request: SentRequest) -> Answer:
        """The application's answer; 500 where it failed."""
        try:
            return asyncio.run(self._run(request))
        except Exception as error:  # noqa: BLE001 - the author's own application
            self.failures.append(f"the case's service raised {type(error).__name__}: {error}")
            return Answer(500, "Service Failed")

    async def _run(self, request: SentRequest) -> Answer:
        sent: list[Message] = []
        asked = iter([{"type": "http.request", "body": request.body, "more_body": False}])

        async def receive() -> Message:
            return next(asked, {"type": "http.disconnect"})

        async def send(message: Message) -> None:
            sent.append(message)

        await self._app(_scope(request), receive, send)
        return _answer(sent)


def _scope(request: SentRequest) -> dict[str, Any]:
    parts = urlsplit(request.url)
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": parts.scheme,
        "path": unquote(parts.path or "/"),
        "raw_path": (parts.path or "/").encode("ascii", "replace"),
        "query_string": parts.query.encode("ascii", "replace"),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 0),
        "server": (parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)),
    }


def _answer(sent: list[Message]) -> Answer:
    start = next((message for message in sent if message["type"] == "http.response.start"), None)
    if start is None:
        raise ValueError("it ended without http.response.start")
    body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    headers = tuple((bytes(n).decode("latin-1"), bytes(v).decode("latin-1")) for n, v in start.get("headers", ()))
    return Answer(int(start["status"]), "", headers, body)
