"""A service of the author's own: an ASGI application answers."""

from __future__ import annotations

from typing import Any

from automate_connectors.wire.asgi import App, AsgiService
from automate_connectors.wire.messages import Headers, SentRequest

REQUEST = SentRequest(
    "POST", "https://api.acme.test:8443/a%20b/c?x=1&y", Headers([("X-Token", "t"), ("Accept", "*/*")]), b"body"
)


def saying(*messages: dict[str, Any]) -> App:
    """An application that sends these messages."""

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    return app


def test_the_application_sees_the_whole_request() -> None:
    """Scope and body as the ASGI specification has them, and a disconnect after that."""
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.extend([scope, await receive(), await receive()])
        await send({"type": "http.response.start", "status": 204})

    AsgiService(app).answer(REQUEST)
    scope, body, end = seen
    assert (scope["type"], scope["method"], scope["scheme"]) == ("http", "POST", "https")
    assert (scope["path"], scope["raw_path"], scope["query_string"]) == ("/a b/c", b"/a%20b/c", b"x=1&y")
    assert scope["headers"] == [(b"x-token", b"t"), (b"accept", b"*/*")]
    assert scope["server"] == ("api.acme.test", 8443)
    assert body == {"type": "http.request", "body": b"body", "more_body": False}
    assert end == {"type": "http.disconnect"}


def test_the_standard_port_follows_from_the_scheme() -> None:
    """443 for https, 80 for http."""
    ports = []

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        ports.append(scope["server"][1])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    for url in ("https://api.acme.test", "http://api.acme.test"):
        assert AsgiService(app).answer(SentRequest("GET", url)).status == 200
    assert ports == [443, 80]


def test_its_answer_is_put_together() -> None:
    """Status, headers, and the body in parts."""
    service = AsgiService(
        saying(
            {"type": "http.response.start", "status": 201, "headers": [(b"content-type", b"text/plain")]},
            {"type": "http.response.body", "body": b"he", "more_body": True},
            {"type": "http.response.body", "body": b"llo"},
            {"type": "http.response.body"},
        )
    )
    answer = service.answer(REQUEST)
    assert (answer.status, answer.headers, answer.body) == (201, (("content-type", "text/plain"),), b"hello")
    assert not service.failures


def test_an_application_that_fails_answers_500_and_is_named() -> None:
    """The report says what the author's service raised."""

    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        raise LookupError("no such table")

    for broken, told in (
        (app, "the case's service raised LookupError: no such table"),
        (saying(), "the case's service raised ValueError: it ended without http.response.start"),
    ):
        service = AsgiService(broken)
        assert service.answer(REQUEST).status == 500
        assert service.failures == [told]
