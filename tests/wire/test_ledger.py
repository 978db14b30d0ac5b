"""The service's state under delivery: effects that happened, and repeats that it recognised."""

from __future__ import annotations

from typing import Literal

import pytest
from wire.laying import Says

from automate_connectors.wire.ledger import Ledger, Reading
from automate_connectors.wire.messages import Answer, Headers, SentRequest

Repeats = Literal["stored", "anew", "asked"]


def post(key: str | None = None) -> SentRequest:
    """A writing request, with a key or without."""
    return SentRequest("POST", "https://api.acme.test/notes", Headers([("Key", key)] if key else []))


def read(request: SentRequest) -> Reading | None:
    """GET has no effect; a repeat is known by its key."""
    return None if request.method == "GET" else Reading("note", request.headers.get("Key"))


def counting() -> Says:
    """A service whose every answer is another one."""
    service = Says()
    service.answer_with = lambda _request: Answer(200, body=b"%d" % len(service.heard))
    return service


def ledger(repeats: Repeats, service: Says | None = None) -> Ledger:
    """A ledger in its first call."""
    chosen = service or counting()
    return Ledger(lambda: chosen, read, repeats).begin()


def test_a_request_without_effect_is_answered_and_forgotten() -> None:
    """Reads pass through."""
    state = ledger("stored")
    assert state.answer(SentRequest("GET", "https://api.acme.test/notes")).body == b"1"
    assert not state.effects


def test_a_stored_repeat_gets_the_first_answer_and_has_no_effect() -> None:
    """As a service with idempotency keys does, over several calls."""
    state = ledger("stored")
    first = state.answer(post("k"))
    assert state.begin().answer(post("k")) is first
    assert state.answer(post("other")).body == b"2"
    assert state.counts == {"note": 2}
    assert (state.caused_by(1), state.caused_by(2), state.caused_by(3)) == (1, 1, 0)


def test_without_an_identity_every_request_is_an_effect() -> None:
    """Unsafe and undeclared actions: nobody recognises a repeat."""
    state = ledger("stored")
    state.answer(post())
    state.answer(post())
    assert state.counts == {"note": 2}


def test_a_natural_repeat_is_answered_anew_without_a_further_effect() -> None:
    """PUT twice leaves the same state."""
    state = ledger("anew")
    assert [state.answer(post("k")).body for _ in range(2)] == [b"1", b"2"]
    assert state.counts == {"note": 1}


def test_a_service_of_the_authors_own_decides_about_repeats() -> None:
    """The first answer again is no effect, another success is one, a refusal never."""
    same, anew = ledger("asked", Says(Answer(201, body=b"a"))), ledger("asked", counting())
    for _ in range(2):
        same.answer(post("k"))
        anew.answer(post("k"))
    assert (same.counts, anew.counts) == ({"note": 1}, {"note": 2})
    refusing = ledger("asked", Says(Answer(409)))
    refusing.answer(post("k"))
    assert not refusing.effects


def test_a_refusal_of_the_authors_service_is_not_remembered_as_the_first_answer() -> None:
    """A key that was refused at first may still have its effect once."""
    answers = iter([Answer(503), Answer(201, body=b"a"), Answer(201, body=b"a")])
    state = ledger("asked", Says(lambda _request: next(answers)))
    assert [state.answer(post("k")).status for _ in range(3)] == [503, 201, 201]
    assert state.counts == {"note": 1}


def test_a_ledger_answers_within_a_call_alone() -> None:
    """`begin` comes first."""
    with pytest.raises(AssertionError, match=r"begin\(\) comes first"):
        Ledger(counting, read, "stored").answer(post())
