"""A chat of our own, with state: it knows operation ids, and answers a repeat with 409."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

from automate_connectors.testing import ConnectorTestCase

CONFLICT = 409


class Chat:
    """The service: an ASGI application with state."""

    def __init__(self) -> None:
        self.messages: dict[str, dict[str, Any]] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        body = (await receive())["body"]
        status, said = self.answer(scope["method"], scope["path"], scope["query_string"].decode(), body)
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(said).encode()})

    def answer(self, method: str, path: str, query: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Status and body."""
        if path.endswith("/me"):
            return 200, {"id": "u_1"}
        if method == "GET":
            wanted = parse_qs(query)["client_id"][0]
            return 200, {"messages": [m for key, m in self.messages.items() if key == wanted]}
        asked = json.loads(body)
        if asked["client_id"] in self.messages:
            return CONFLICT, {"error": "there is such a message already"}
        made = {"id": f"m_{len(self.messages) + 1}", "text": asked["text"]}
        self.messages[asked["client_id"]] = made
        return 201, made


class SearchingCase(ConnectorTestCase):
    """The chat forgets between schedules."""

    service = Chat()  # type: ignore[assignment]  # mypy takes a callable ClassVar for a method

    def reset(self) -> None:
        """Forget every message."""
        self.service.messages.clear()
