"""What each fault makes of an answer, and whether the service acted."""

from __future__ import annotations

import json

import pytest
from wire.laying import HELLO, JSON, Says

from automate_connectors.wire.faults import BODY_KINDS, HTML_PAGE, BodyKind, Fault, NetworkKind
from automate_connectors.wire.http1 import Cut
from automate_connectors.wire.messages import Answer, SentRequest
from automate_connectors.wire.network import Exchange
from automate_connectors.wire.replies import reply_to, spoil
from automate_connectors.wire.server import Reply


def replied(fault: Fault | None, answer: Answer = HELLO) -> tuple[Reply, Exchange]:
    """The reply to one request that meets a fault."""
    exchange = Exchange(1, SentRequest("POST", "https://api.acme.test/"), fault, 0.0)
    return reply_to(exchange, Says(answer), close=False), exchange


@pytest.mark.parametrize("fault", [None, Fault.network("tls"), Fault.network("tls_name"), Fault.delivery("ok")])
def test_without_a_fault_the_service_answers(fault: Fault | None) -> None:
    """A client that accepts a wrong certificate is answered too: its request is the evidence."""
    reply, exchange = replied(fault)
    assert (reply.do, reply.answer, reply.cut) == ("say", HELLO, None)
    assert (exchange.acted, exchange.answer) == (1, HELLO)


@pytest.mark.parametrize("fault", [Fault.status(500, body="x"), Fault.redirect(302, "https://elsewhere.invalid/")])
def test_a_status_is_said_without_acting(fault: Fault) -> None:
    """Whatever the status, nothing happened at the service."""
    reply, exchange = replied(fault)
    assert reply.answer == Answer(fault.status_code, "", fault.headers, fault.content)
    assert exchange.acted == 0


@pytest.mark.parametrize("kind", BODY_KINDS)
def test_a_body_fault_strikes_what_was_a_success_with_a_body(kind: BodyKind) -> None:
    """The service acted; an error and an answer without a body stay what they are."""
    reply, exchange = replied(Fault.body(kind))
    assert exchange.acted == 1
    assert reply.answer != HELLO or reply.cut is not None
    for untouched in (Answer(404, body=b"no"), Answer(204)):
        reply, _ = replied(Fault.body(kind), untouched)
        assert (reply.answer, reply.cut) == (untouched, None)


@pytest.mark.parametrize(
    ("kind", "do", "acted"),
    [("read_timeout", "hold", 0), ("lost_response", "drop", 1), ("reset", "reset", 0), ("refused", "reset", 0)],
)
def test_a_network_fault_says_nothing(kind: NetworkKind, do: str, acted: int) -> None:
    """A lost response is the one of them before which the service acted."""
    reply, exchange = replied(Fault.network(kind))
    assert (reply.do, exchange.acted) == (do, acted)


@pytest.mark.parametrize(
    ("step", "do", "status", "acted"),
    [
        ("lost_request", "drop", None, 0),
        ("503_before", "say", 503, 0),
        ("429", "say", 429, 0),
        ("twice", "say", 200, 2),
        ("lost_response", "drop", None, 1),
        ("500_after", "say", 500, 1),
    ],
)
def test_a_step_of_a_schedule_acts_as_it_says(step: str, do: str, status: int | None, acted: int) -> None:
    """Before the effect, after it, or twice."""
    reply, exchange = replied(Fault.delivery(step))
    assert (reply.do, reply.answer.status if reply.answer else None, exchange.acted) == (do, status, acted)
    if status in (429, 500, 503):
        assert reply.answer is not None
        assert json.loads(reply.answer.body)["error"]["code"] == status
    if step == "429":
        assert reply.answer is not None
        assert ("Retry-After", "1") in reply.answer.headers


def test_a_spoiled_body_has_no_content_encoding() -> None:
    """It is sent as it stands; the page also says what it is."""
    packed = Answer(200, headers=(*JSON, ("Content-Encoding", "gzip")), body=b"\x1f\x8b")
    page, _ = spoil(packed, Fault.body("html"))
    assert page.headers == (("Content-Type", "text/html; charset=utf-8"),)
    assert page.body == HTML_PAGE
    kinds: tuple[BodyKind, ...] = ("invalid_json", "empty", "wrong_type")
    for kind in kinds:
        spoiled, cut = spoil(packed, Fault.body(kind))
        assert (spoiled.headers, cut) == (JSON, None)


@pytest.mark.parametrize(("kind", "chunked"), [("truncated", False), ("truncated_chunked", True)])
def test_a_truncated_body_is_the_right_one_cut_short(kind: BodyKind, chunked: bool) -> None:
    """By its length or by its chunk."""
    assert spoil(HELLO, Fault.body(kind)) == (HELLO, Cut(chunked=chunked))


@pytest.mark.parametrize(("body", "other"), [(b"[1]", dict), (b'{"a": 1}', list), (b"no json", list)])
def test_the_wrong_type_is_another_type(body: bytes, other: type) -> None:
    """An object for a list, a list for anything else."""
    spoiled, _ = spoil(Answer(200, body=body), Fault.body("wrong_type"))
    assert isinstance(json.loads(spoiled.body), other)
