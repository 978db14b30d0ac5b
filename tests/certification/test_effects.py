"""Which requests have effects, and which repeats the service recognises."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from certification.judged import case_of, subject_of

from automate_connectors.certification import ahead
from automate_connectors.certification.case import Example
from automate_connectors.certification.delivery.driving import MOST_CALLS, drive
from automate_connectors.certification.delivery.effects import Rules, endpoint_of, rules_for
from automate_connectors.certification.delivery.violations import too_many_effects
from automate_connectors.certification.describing import ActionFacts
from automate_connectors.wire.ledger import Ledger, Reading
from automate_connectors.wire.messages import Headers, SentRequest

NOTES = ("POST", "https://api.acme.test", "/notes")


def request(method: str = "POST", path: str = "/notes", body: bytes = b"", **headers: str) -> SentRequest:
    """A request to Acme."""
    fields = Headers((name.replace("_", "-"), value) for name, value in headers.items())
    return SentRequest(method, f"https://api.acme.test{path}", fields, body)


def rules(kind: str = "unsafe", *, told: bool | None = None, segment: int | None = None, **key: Any) -> Rules:
    """The rules of one action; signing in is harmless."""
    harmless = frozenset({("POST", "https://api.acme.test", "/token")})
    return Rules(ActionFacts("send", kind=kind, **key), harmless, lambda _request: told, segment)


def test_a_writing_request_has_an_effect() -> None:
    """Safe methods, read-only actions and endpoints of `connect()` have none."""
    assert rules().has_effect(request())
    assert not rules().has_effect(request("GET"))
    assert not rules("read_only").has_effect(request())
    assert not rules().has_effect(request(path="/token?x=1"))
    assert rules().read(request("HEAD")) is None


def test_the_cases_own_word_outranks_every_rule() -> None:
    """GraphQL and JSON-RPC have one endpoint."""
    assert rules("read_only", told=True).has_effect(request("GET"))
    assert not rules(told=False).has_effect(request())


def test_rules_come_back_from_work_done_ahead(tmp_path: Path) -> None:
    """Also where the case's word is a lambda, which has no name to find it by."""
    case = case_of(tmp_path, is_effect=lambda _self, asked: asked.path == "/notes")
    with subject_of(case) as subject:
        made = rules_for(subject, ActionFacts("send", kind="unsafe"))
    back = ahead.unpickled(ahead.pickled(made, case.test_case), case.test_case)
    assert back.has_effect(request())
    assert not back.has_effect(request(path="/others"))


def test_unsafe_requests_are_never_recognised() -> None:
    """Each is an effect of its own."""
    assert rules().read(request()) == Reading(NOTES, None)
    assert rules("keyed", key_place="header", key_name="X-Key").read(request()) == Reading(NOTES, None)


def test_natural_requests_are_the_same_by_target_and_body() -> None:
    """However the body is written."""
    natural = rules("natural")
    one = natural.read(request("PUT", body=b'{"a": 1, "b": 2}'))
    assert one == natural.read(request("PUT", body=b'{"b":2,"a":1}'))
    assert one != natural.read(request("PUT", body=b'{"a": 2}'))
    assert one != natural.read(request("PUT", "/notes?x=1", b'{"a": 1, "b": 2}'))


@pytest.mark.parametrize(
    ("place", "name", "sent", "key"),
    [
        ("header", "X-Key", request(X_Key="k"), "k"),
        ("header", "X-Key", request(), None),
        ("query", "key", request(path="/notes?key=k&key=l"), "k"),
        ("query", "key", request(), None),
        ("body", "meta.key", request(body=b'{"meta": {"key": 7}}'), "7"),
        ("body", "meta.key", request(body=b'{"meta": 1}'), None),
        ("body", "key", request(body=b"key=k", Content_Type="application/x-www-form-urlencoded"), "k"),
        ("body", "key", request(body=b"x=k", Content_Type="application/x-www-form-urlencoded"), None),
    ],
)
def test_a_key_is_found_in_its_declared_place(place: str, name: str, sent: SentRequest, key: str | None) -> None:
    """Header, query, JSON or form."""
    keyed = rules("keyed", key_place=place, key_name=name)
    assert keyed.key_of(sent) == key
    reading = keyed.read(sent)
    assert reading is not None
    assert reading.identity == (None if key is None else ("send", NOTES, key))
    assert keyed.signature(sent)[0] == key


def test_a_key_in_the_path_is_the_segment_that_differs() -> None:
    """It is no part of the target then."""
    keyed = rules("keyed", key_place="path", segment=2)
    assert keyed.key_of(request(path="/notes/op-1")) == "op-1"
    assert keyed.key_of(request(path="/notes")) is None
    reading = keyed.read(request("PUT", "/notes/op-1"))
    assert reading is not None
    assert reading.member == ("PUT", "https://api.acme.test", "/notes/{key}")
    assert rules("keyed", key_place="path").key_of(request(path="/notes/op-1")) is None


def test_endpoints_that_reading_uses_are_harmless(tmp_path: Path) -> None:
    """Those of `connect()` and of read-only actions."""
    with subject_of(case_of(tmp_path)) as subject:
        found = rules_for(subject, subject.case.facts("post_note"))
    assert found.harmless == {
        ("GET", "https://api.acme.test", path) for path in ("/v1/me", "/v1/users/u_7", "/v1/items")
    }
    assert found.segment is None


def _always(requests: list[SentRequest]) -> Callable[[Example], list[SentRequest]]:
    return lambda _example: requests


def test_the_segment_of_a_key_is_found_by_running_under_another_id(tmp_path: Path) -> None:
    """Where one differs."""
    with subject_of(case_of(tmp_path)) as subject:
        action = ActionFacts("post_note", kind="keyed", key_place="path")
        for path, segment in {"/v1/other": 2, "/v1/notes": None, "/v1/notes/more": None}.items():
            other = [request(path=path)]
            assert rules_for(subject, action, _always(other)).segment == segment


def test_an_operation_is_driven_until_it_ends(tmp_path: Path) -> None:
    """By a result, by an error that is not retryable, or after six calls."""
    with subject_of(case_of(tmp_path)) as subject:
        payload = subject.case.examples_of("send_message")[0].payload
        action = subject.case.facts("send_message")
        keyed = rules_for(subject, action)
        library = subject.case.library

        def ledger() -> Ledger:
            return Ledger(lambda: library.play("send_message", payload, own="send_message"), keyed.read, "stored")

        calm = drive(subject, "send_message", payload, (), ledger)
        assert ([attempt.clean for attempt in calm.attempts], sum(calm.counts.values())) == ([True], 1)
        lost = drive(subject, "send_message", payload, ("lost_response", "429"), ledger)
        assert [attempt.clean for attempt in lost.attempts] == [False, False, True]
        assert [attempt.effects for attempt in lost.attempts] == [1, 0, 0]
        assert [attempt.before for attempt in lost.attempts] == [0, 1, 1]
        assert lost.last.returned
        assert too_many_effects(lost, calm.counts, recognises=True) is None
        never = drive(subject, "send_message", payload, ("lost_request",) * 10, ledger)
        assert len(never.attempts) == MOST_CALLS
        assert endpoint_of(lost.last.requests[0])[2] == "/v1/messages"
