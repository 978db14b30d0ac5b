"""A failing schedule as people and machines read it."""

from __future__ import annotations

import json

from certification.drives import drive, raised, returned

from automate_connectors import __version__
from automate_connectors.certification.delivery.driving import Attempt, Drive
from automate_connectors.certification.delivery.exhibits import SCHEMA, counterexample, table
from automate_connectors.certification.subject import Outcome
from automate_connectors.wire.faults import Fault
from automate_connectors.wire.network import Exchange

RUN = drive((raised(), 1), (returned(), 1), schedule=("lost_response",), clean=2)


def test_a_counterexample_is_json_that_can_be_run_again() -> None:
    """Suite, action, requirement, payload, schedule, and what each attempt did."""
    found = json.loads(json.dumps(counterexample("acme", "post_note", "I03", RUN, "it happened twice")))
    rows = found.pop("attempts")
    assert found == {
        "schema": SCHEMA,
        "suite": __version__,
        "connector": "acme",
        "action": "post_note",
        "requirement": "I03",
        "payload": {"text": "milk"},
        "schedule": ["lost_response"],
        "broken": "it happened twice",
    }
    assert rows[0] == {
        "attempt": 1,
        "requests": [{"request": "POST /notes", "fault": "lost_response", "service": "acted"}],
        "effects": 1,
        "adapter": "raised Error (TRANSIENT_NETWORK): broken",
    }
    assert rows[1]["requests"][0]["fault"] == "ok"


def test_an_attempt_to_connect_is_no_request() -> None:
    """Nothing was sent, and the service did nothing."""
    exchange = Exchange(1, None, Fault.network("refused"), 0.0)
    run = Drive({}, (), (Attempt(Outcome(raised(), (exchange,)), 0, 0, False),), ())
    (row,) = counterexample("acme", "post_note", "I03", run, "x")["attempts"]
    assert row["requests"] == [{"request": "no connection", "fault": "refused", "service": "did nothing"}]


def test_a_table_tells_attempt_by_attempt_what_happened() -> None:
    """On one line."""
    assert table(RUN, "it happened twice") == (
        "it happened twice. Schedule: lost response. "
        "[1] service: lost response (acted); adapter raised TRANSIENT_NETWORK (retryable True, effect unknown) "
        "[2] service: ok (acted); adapter returned"
    )


def test_a_table_shows_attempts_without_a_request_and_errors_without_a_code() -> None:
    """By what there is."""
    facts = raised(structured=False)
    assert facts.error is not None
    run = Drive({}, (), (Attempt(Outcome(facts), 0, 0, True),), ())
    assert "service: no request; adapter raised TRANSIENT_NETWORK" in table(run, "broken")
