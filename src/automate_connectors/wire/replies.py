"""How each fault shows on the wire: what the service does with a request, and what comes back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from automate_connectors.wire.faults import HTML_PAGE, Fault
from automate_connectors.wire.http1 import Cut
from automate_connectors.wire.messages import Answer
from automate_connectors.wire.server import Reply

if TYPE_CHECKING:
    from automate_connectors.wire.network import Exchange, Service

_JSON_ERROR = b'{"error": {"code": 0, "message": "the service refused"}}'


def reply_to(exchange: Exchange, service: Service, *, close: bool) -> Reply:
    """Let the service act on a request as its fault allows; ``close`` ends the connection after an answer."""
    fault = exchange.fault
    if fault is None or fault.name in ("ok", "tls", "tls_name"):
        return Reply("say", _act(exchange, service), close=close)
    if fault.kind in ("status", "redirect"):
        return Reply("say", Answer(fault.status_code, "", fault.headers, fault.content), close=close)
    if fault.kind == "body":
        answer = _act(exchange, service)
        spoiled, cut = spoil(answer, fault) if answer.succeeded and answer.body else (answer, None)
        return Reply("say", spoiled, cut=cut, close=close)
    if fault.kind == "delivery":
        return _deliver(exchange, service, fault, close=close)
    return _break(exchange, service, fault)


def _break(exchange: Exchange, service: Service, fault: Fault) -> Reply:
    if fault.name == "read_timeout":
        return Reply("hold")
    if fault.name == "lost_response":
        _act(exchange, service)
        return Reply("drop")
    # A kept-alive connection on which a connection fault strikes is dropped, as any other of the service's.
    return Reply("reset")


def _deliver(exchange: Exchange, service: Service, fault: Fault, *, close: bool) -> Reply:
    if fault.name == "lost_request":
        return Reply("drop")
    if fault.name == "503_before":
        return Reply("say", _refusal(503), close=close)
    if fault.name == "429":
        return Reply("say", _refusal(429, ("Retry-After", "1")), close=close)
    answer = _act(exchange, service)
    if fault.name == "twice":
        answer = _act(exchange, service)
    if fault.name == "lost_response":
        return Reply("drop")
    if fault.name == "500_after":
        answer = _refusal(500)
    return Reply("say", answer, close=close)


def _act(exchange: Exchange, service: Service) -> Answer:
    assert exchange.request is not None
    exchange.answer = service.answer(exchange.request)
    exchange.acted += 1
    return exchange.answer


def _refusal(status: int, *fields: tuple[str, str]) -> Answer:
    body = _JSON_ERROR.replace(b'"code": 0', b'"code": %d' % status)
    return Answer(status, "", (("Content-Type", "application/json"), *fields), body)


def spoil(answer: Answer, fault: Fault) -> tuple[Answer, Cut | None]:
    """A recorded answer with its body made unusable in the way of the fault."""
    plain = tuple((name, value) for name, value in answer.headers if name.lower() != "content-encoding")
    if fault.name == "html":
        page = (
            *(field for field in plain if field[0].lower() != "content-type"),
            ("Content-Type", "text/html; charset=utf-8"),
        )
        return replace(answer, headers=page, body=HTML_PAGE), None
    if fault.name == "invalid_json":
        return replace(answer, headers=plain, body=b'{"ok": tru'), None
    if fault.name == "empty":
        return replace(answer, headers=plain, body=b""), None
    if fault.name == "wrong_type":
        return replace(answer, headers=plain, body=_other_type(answer.body)), None
    return answer, Cut(chunked=fault.name == "truncated_chunked")


def _other_type(body: bytes) -> bytes:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    return b'{"unexpected": true}' if isinstance(value, list) else b'["unexpected"]'
