"""Every fault at every request, run once and read by many."""

from __future__ import annotations

from pathlib import Path

from suite.planted import Acme, subject
from zoo.acme import SAID, Said

from automate_conformance.sweep import (
    CONNECT,
    STATUSES,
    Swept,
    applies,
    body_faults,
    distinct_examples,
    label,
    network_faults,
    status_faults,
    sweep,
)
from automate_connectors.certification.facts import CallFacts
from automate_connectors.certification.subject import Outcome
from automate_connectors.wire.faults import BODY_KINDS, NETWORK_KINDS, Fault
from automate_connectors.wire.messages import Answer, SentRequest
from automate_connectors.wire.network import Exchange

JSON = (("Content-Type", "application/json"),)


def exchange(url: str = "https://api.acme.test/v1", answer: Answer | None = Answer(200, "", JSON, b"{}")) -> Exchange:  # noqa: B008 - frozen
    """A fault-free exchange."""
    return Exchange(1, SentRequest("GET", url), None, 0.0, answer=answer)


def test_the_faults_are_those_of_the_standard() -> None:
    """Each status once, four of them with other bodies too; every body and network fault."""
    statuses = list(status_faults())
    assert len(statuses) == len(STATUSES) + 2 * 4
    assert len({fault.name for fault in statuses}) == len(statuses)
    limited = next(fault for fault in statuses if fault.name == "status-429")
    assert dict(limited.headers)["Retry-After"] == "1"
    empty = next(fault for fault in statuses if fault.name == "status-503-empty")
    assert (empty.content, empty.status_code) == (b"", 503)
    assert next(fault for fault in statuses if fault.name == "status-401-html").content.startswith(b"<!DOCTYPE")
    assert [fault.name for fault in body_faults()] == list(BODY_KINDS)
    assert [fault.name for fault in network_faults()] == list(NETWORK_KINDS)


def test_a_body_fault_strikes_a_success_with_a_body_that_is_read() -> None:
    """Nothing else has a body to spoil."""
    html = Fault.body("html")
    assert applies(html, exchange(), reads=True)
    assert not applies(html, exchange(), reads=False)
    assert not applies(html, exchange(answer=Answer(204)), reads=True)
    assert not applies(html, exchange(answer=Answer(404, body=b"{}")), reads=True)
    assert not applies(html, exchange(answer=None), reads=True)


def test_the_certificate_fault_strikes_https_alone() -> None:
    """Everything else strikes anywhere."""
    tls = Fault.network("tls")
    assert applies(tls, exchange(), reads=True)
    assert not applies(tls, exchange("http://api.acme.test/v1"), reads=True)
    assert not applies(tls, Exchange(1, None, None, 0.0), reads=True)
    assert applies(Fault.network("reset"), exchange("http://api.acme.test/v1"), reads=False)


def test_a_case_is_named_by_its_action_its_request_and_its_fault() -> None:
    """The request where there are several."""
    assert label("send", 1, 1, Fault.status(404)) == "send-status-404"
    assert label("send", 2, 3, Fault.network("dns")) == "send-request 2-dns"


def test_a_swept_case_knows_its_place() -> None:
    """Whether it met the last request, and whether the answer there is JSON."""
    swept = Swept("connect", None, 1, 2, Fault.status(404), exchange(), Outcome(CallFacts(), untimed=(1,)))
    assert (swept.label, swept.last, swept.answers_json, swept.endless) == (
        "connect-request 1-status-404", False, True, True,
    )  # fmt: skip
    for plain in (exchange(answer=None), exchange(answer=Answer(200, body=b"text"))):
        assert not Swept("connect", None, 1, 1, Fault.status(404), plain, Outcome(CallFacts())).answers_json


def test_every_fault_meets_every_request_once(tmp_path: Path) -> None:
    """Of `connect()` and of each example; later requests are reached through healthy ones."""
    with subject(tmp_path) as judged:
        found = sweep(judged)
        assert sweep(judged) is found
    per_request = len(list(status_faults())) + len(BODY_KINDS) + len(NETWORK_KINDS)
    assert len(found) == per_request * 4
    assert len({swept.label for swept in found}) == len(found)
    assert {swept.target for swept in found} == {CONNECT, "get_user", "list_items"}
    assert all(swept.outcome.met for swept in found)
    second = [swept for swept in found if swept.label == "list_items-request 2-status-404"]
    assert [len(swept.outcome.exchanges) for swept in second] == [2]


def test_examples_that_send_alike_are_swept_once(tmp_path: Path) -> None:
    """By method, host and depth of what they send, for each action."""
    said = {
        **{name: SAID[name] for name in ("connect", "get_user")},
        "list_items": [Said("GET", "/v1/items?limit=2", answer={"items": [], "next": None})],
    }
    examples = {"get_user": [{"user_id": "u_7"}, {"user_id": "u_8"}]}
    with subject(tmp_path, Acme, said=said, examples=examples) as judged:
        assert [example.label for example in distinct_examples(judged)] == ["get_user", "list_items"]
