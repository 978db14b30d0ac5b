"""The black box: calls on a network that the judge controls, and the evidence that they add to."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from certification.judged import ADA, case_of, subject_of
from wire.laying import Says
from zoo.acme import EXAMPLES, SAID, Said
from zoo.right.http_plain import HttpAcmeAdapter

from automate_connectors import ConnectionProfile, ConnectorAdapter
from automate_connectors.certification import hosts, leftovers
from automate_connectors.certification import subject as subject_module
from automate_connectors.certification.crowd import Job
from automate_connectors.certification.facts import CallFacts, ErrorFacts
from automate_connectors.certification.subject import ConstructionFailedError, Outcome, Subject
from automate_connectors.testing import Waiver
from automate_connectors.wire.faults import Fault, FaultPlan
from automate_connectors.wire.messages import Answer, SentRequest
from automate_connectors.wire.network import Exchange


@contextlib.contextmanager
def judged(folder: Path, kind: type[Any] = HttpAcmeAdapter, **attributes: Any) -> Iterator[Subject]:
    """A subject in session."""
    with subject_of(case_of(folder, kind, **attributes)) as subject:
        yield subject


def example_of(subject: Subject, action: str = "get_user") -> Any:
    """The example of an action."""
    return subject.case.examples_of(action)[0]


def doing(work: Callable[[ConnectorAdapter, dict[str, Any]], Any]) -> type[HttpAcmeAdapter]:
    """Acme, but `get_user` does some work first."""

    class Working(HttpAcmeAdapter):
        def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
            if action == "get_user":
                work(self, payload)
            return super().execute(action, payload)

    return Working


def test_an_example_runs_on_a_fresh_connected_instance(tmp_path: Path) -> None:
    """Connecting is uncounted; the outcome tells the requests, and where they were found."""
    with judged(tmp_path) as subject:
        outcome = subject.example(example_of(subject))
        assert outcome.facts.result == ADA
        assert (outcome.returned, outcome.met, outcome.endless, outcome.unrecorded) == (True, False, False, ())
        (exchange,) = outcome.exchanges
        assert exchange.answer is not None
        assert exchange.answer.recorded == ("get_user", 0)
        assert outcome.requests[0].headers["Authorization"] == f"Bearer {subject.case.secrets['token']}"
        assert outcome.shown == f"returned {ADA!r}"
        assert (subject.evidence.calls, subject.evidence.executions, subject.evidence.requests) == (4, 1, 2)


def test_plain_runs_happen_once_a_session(tmp_path: Path) -> None:
    """Every check reads the same outcome."""
    with judged(tmp_path) as subject:
        example = example_of(subject)
        assert subject.plain(example) is subject.plain(example)
        assert subject.healthy() is subject.healthy()
        assert subject.healthy().facts.result is True
        assert subject.evidence.executions == 1


def test_a_fault_meets_the_call_and_is_told_with_the_error(tmp_path: Path) -> None:
    """The evidence keeps both."""
    with judged(tmp_path) as subject:
        outcome = subject.example(example_of(subject), FaultPlan.persistent(Fault.status(503)), "case name")
        assert outcome.error is not None
        assert (outcome.error.code, outcome.met, outcome.returned) == ("UPSTREAM_5XX", True, False)
        assert outcome.shown.startswith("raised automate_connectors.errors.ServiceUnavailableError (UPSTREAM_5XX)")
        (seen,) = subject.evidence.errors
        assert (seen.case, seen.fault) == ("case name", "status-503")


def test_secrets_and_options_of_an_instance_can_be_others(tmp_path: Path) -> None:
    """For the checks that compare instances."""
    with judged(tmp_path) as subject, subject.fresh(secrets={"token": "another-token-entirely"}) as adapter:
        outcome = adapter.connect(service=Says(Answer(200, body=b'{"id": 1}')))
        assert outcome.requests[0].headers["Authorization"] == "Bearer another-token-entirely"


def test_an_adapter_that_cannot_be_made_is_told_of(tmp_path: Path) -> None:
    """By an exception with its error."""

    class Unmade(HttpAcmeAdapter):
        def __init__(self, profile: ConnectionProfile | None = None) -> None:
            raise LookupError(f"no region in {profile!r}"[:9])

    with judged(tmp_path, Unmade) as subject:
        with pytest.raises(ConstructionFailedError, match="cannot be made on the replay profile: it raised LookupE"):
            subject.healthy()
        assert subject.evidence.errors[0].error.type == "LookupError"


def test_what_an_adapter_reaches_for_outside_is_noted(tmp_path: Path) -> None:
    """As a stranger, and blocked."""

    def call_home(_adapter: ConnectorAdapter, _payload: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            socket.create_connection(("telemetry.example", 443), timeout=5)

    with judged(tmp_path, doing(call_home)) as subject:
        outcome = subject.plain(example_of(subject))
        assert outcome.blocked == ("telemetry.example (name look-up)",)
        assert subject.evidence.strangers == [("get_user", "telemetry.example (name look-up)")]


def test_requests_while_made_or_closed_are_answered_by_nobody(tmp_path: Path) -> None:
    """And told among the outcome's unrecorded ones."""

    class Eager(HttpAcmeAdapter):
        def close(self) -> None:
            self.request("GET", "/me", expect=(501,))
            super().close()

    with judged(tmp_path, Eager) as subject:
        lived, _ = subject.lifetime(example_of(subject))
        assert [len(outcome.unrecorded) for outcome in lived] == [0, 0, 0, 1]


def test_a_changed_payload_and_a_shown_secret_are_evidence(tmp_path: Path) -> None:
    """Each with the case in which it showed."""

    def show(adapter: ConnectorAdapter, _payload: dict[str, Any]) -> None:
        print(adapter.profile.secret("token"))  # noqa: T201 - the planted defect

    def change(_adapter: ConnectorAdapter, payload: dict[str, Any]) -> None:
        payload["user_id"] = "u_8"

    with judged(tmp_path, doing(show)) as subject:
        outcome = subject.plain(example_of(subject))
        assert [(leak.case, leak.source, leak.secret) for leak in outcome.leaks] == [("get_user", "stdout", "token")]
        assert subject.evidence.leaks == list(outcome.leaks)
        assert subject.evidence.changed == []
        assert outcome.facts.emissions == ()
    with judged(tmp_path, doing(change)) as subject:
        subject.plain(example_of(subject))
        assert subject.evidence.changed == [("get_user", "payload['user_id'] was changed")]


def test_a_socket_or_child_of_an_adapter_without_http_is_watched(tmp_path: Path) -> None:
    """What it opened stands with the first case in which it did."""

    def look_up(_adapter: ConnectorAdapter, _payload: dict[str, Any]) -> None:
        socket.getaddrinfo("127.0.0.1", 5432)

    with judged(tmp_path, doing(look_up)) as subject:
        subject.plain(example_of(subject))
        assert subject.evidence.watched["name look-up (127.0.0.1)"] == "get_user"


def test_a_secret_in_a_target_is_exposed_unless_an_answer_gave_that_target(tmp_path: Path) -> None:
    """A next page that carries a token is the service's doing."""

    def ask(path: str) -> Callable[[ConnectorAdapter, dict[str, Any]], None]:
        def work(adapter: Any, _payload: dict[str, Any]) -> None:
            adapter.request("GET", path.format(adapter.profile.secret("token")), expect=(200, 404, 501))

        return work

    with judged(tmp_path, doing(ask("/me?token={}"))) as subject:
        subject.plain(example_of(subject))
        assert subject.evidence.exposed == [("get_user", "token")]
    page = "/v1/items?page={{token}}"
    said = {**SAID, "connect": [Said("GET", "/v1/me", answer={"id": "u", "next": f"https://api.acme.test{page}"})]}

    class Paging(HttpAcmeAdapter):
        def connect(self) -> bool:
            following = self.json(self.request("GET", "/me"))["next"]
            self.request("GET", following, expect=(200, 404, 501))
            return True

    with judged(tmp_path / "given", Paging, cassettes={"said": said}) as subject:
        assert len(subject.healthy().requests) == 2
        assert subject.evidence.exposed == []


def test_where_secrets_in_urls_are_waived_foreign_words_may_hold_the_target(tmp_path: Path) -> None:
    """S05's waiver reaches S01 that far."""

    def ask(adapter: Any, _payload: dict[str, Any]) -> None:
        token = adapter.profile.secret("token")
        adapter.request("GET", f"/me?token={token}", expect=(200, 501))
        text = f"GET https://api.acme.test/v1/me?token={token}"
        logging.getLogger("library").handle(logging.LogRecord("library", logging.INFO, "library.py", 1, text, (), None))

    waived = {"S05": Waiver("the service wants it there", expires=datetime.now(UTC).date())}
    with judged(tmp_path, doing(ask)) as subject:
        assert subject.plain(example_of(subject)).leaks
    with judged(tmp_path, doing(ask), waivers=waived) as subject:
        assert not subject.plain(example_of(subject)).leaks


def test_once_a_call_hung_the_next_ones_get_little_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken adapter must not cost a minute a case."""
    limits: list[float] = []

    def execute(_host: Any, _action: str, _payload: dict[str, Any], limit: float) -> CallFacts:
        limits.append(limit)
        return CallFacts(ended="hung")

    monkeypatch.setattr(hosts.InlineHost, "execute", execute)
    with judged(tmp_path) as subject:
        for _ in range(2):
            outcome = subject.example(example_of(subject))
            assert outcome.shown == "the call did not come back within 60 seconds"
    assert limits == [60.0, 5.0]


def test_once_a_call_ran_away_the_next_faulted_ones_are_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watchdog saw the first one through."""
    monkeypatch.setattr(subject_module, "_RUNAWAY", 5)

    def flood(adapter: Any, _payload: dict[str, Any]) -> None:
        for _ in range(20):
            adapter.request("GET", "/me", expect=(200, 500, 501))

    with judged(tmp_path, doing(flood)) as subject:
        plan = FaultPlan.persistent(Fault.status(500))
        first, second = (subject.example(example_of(subject), plan) for _ in range(2))
        assert first.facts.ended == "returned" or first.error is not None
        assert len(first.exchanges) > 5
        assert second.shown == f"the call was ended after {len(second.exchanges)} requests"
        assert len(second.exchanges) < len(first.exchanges)
        assert subject.plain(example_of(subject)).facts.ended == "returned"


def test_a_lifetime_tells_what_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After close(), nothing is; a thread that goes on is named."""
    release = threading.Event()

    def start(_adapter: ConnectorAdapter, _payload: dict[str, Any]) -> None:
        threading.Thread(target=release.wait, name="refresher").start()

    with judged(tmp_path) as subject:
        lived, left = subject.lifetime(example_of(subject))
        assert len(lived) == 4
        assert all(outcome.error is None for outcome in lived)
        assert left == []
    monkeypatch.setattr(leftovers, "PATIENCE", 0.0)
    try:
        with judged(tmp_path, doing(start)) as subject:
            assert subject.lifetime(example_of(subject))[1] == ["the thread 'refresher'"]
    finally:
        release.set()


def test_a_crowd_meets_one_service(tmp_path: Path) -> None:
    """Each job is answered, and all its requests are one outcome's."""
    with judged(tmp_path) as subject:
        secrets = dict(subject.case.secrets)
        service = Says(Answer(200, body=b'{"id": "u_7", "name": "Ada"}'))
        outcome = subject.crowd([Job(0, "get_user", EXAMPLES["get_user"])] * 3, [secrets], service)
        assert outcome.facts.result == [{"result": ADA}] * 3
        assert len(outcome.requests) == 4


def test_a_request_is_compared_as_the_library_compares_it(tmp_path: Path) -> None:
    """And one that `connect()` sends as well is told from the others."""
    with judged(tmp_path) as subject:
        me, notes = (SentRequest("GET", f"https://api.acme.test/v1/{name}") for name in ("me", "notes"))
        assert subject.canonical("get_user", me).endpoint == ("GET", "https://api.acme.test", "/v1/me")
        assert subject.is_sign_in(me)
        assert not subject.is_sign_in(notes)


@pytest.mark.parametrize("measured", [True, False])
def test_an_adapters_file_is_measured_where_the_level_asks_for_it(tmp_path: Path, measured: bool) -> None:
    """Nobody tells otherwise."""
    with subject_of(case_of(tmp_path), measure=measured) as subject:
        subject.plain(example_of(subject))
        subject.crowd([Job(0, "get_user", EXAMPLES["get_user"])], [dict(subject.case.secrets)], Says())
        found = subject.exercised()
    assert measured or found is None


def outcome_of(*exchanges: Exchange, **facts: Any) -> Outcome:
    """An outcome made by hand."""
    return Outcome(CallFacts(**facts), exchanges)


def test_an_outcome_knows_whether_it_waited_for_ever() -> None:
    """A request without a timeout under silence, noted or hung."""
    silent = Exchange(1, None, Fault.network("connect_timeout"), 0.0)
    spoken = Exchange(1, None, Fault.network("refused"), 0.0)
    assert outcome_of(silent, ended="hung").endless
    assert not outcome_of(spoken, ended="hung").endless
    assert not outcome_of(ended="hung").endless
    assert not outcome_of(silent).endless
    assert Outcome(CallFacts(), (), untimed=(1,)).endless


def test_an_outcome_is_shown_in_a_sentence() -> None:
    """Long results are cut."""
    assert len(outcome_of(result="x" * 1000).shown) < 220
    error = ErrorFacts("ValueError", False, True, "broken")
    assert outcome_of(error=error).shown == "raised ValueError: broken"
