"""Retry-After is heard, and nobody tries too often (E08, E09)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from suite.planted import Acme, subject

from automate_conformance import retry_after
from automate_conformance.retry_after import Modesty, modesty, patience, runs
from automate_conformance.sweep import Swept
from automate_connectors import ConnectorError, RateLimitedError
from automate_connectors.certification.facts import CallFacts, ErrorFacts
from automate_connectors.certification.subject import Outcome, Subject
from automate_connectors.wire.faults import Fault, FaultPlan
from automate_connectors.wire.messages import Headers, SentRequest
from automate_connectors.wire.network import Exchange

URL = "https://api.acme.test/v1/users/u_7"


class Patient(Acme):
    """Tries again by itself, and waits as long as it is told."""

    tries = 3

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Try up to three times."""
        for _ in range(self.tries - 1):
            try:
                return super().execute(action, payload)
            except RateLimitedError as error:
                time.sleep(self.wait(error))
        return super().execute(action, payload)

    def wait(self, error: ConnectorError) -> float:
        """As long as it was told."""
        return error.retry_after or 0.0


class Hasty(Patient):
    """Waits a second, whatever it is told."""

    def wait(self, error: ConnectorError) -> float:
        """One second."""
        del error
        return 1.0


class Deaf(Acme):
    """Never tells what it was told."""

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Forget the header."""
        try:
            return super().execute(action, payload)
        except ConnectorError as error:
            error.retry_after = None
            raise


def test_every_form_of_the_header_is_tried_in_another_time_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each request; the zone is put back."""
    monkeypatch.setenv("TZ", "UTC")
    zones: set[tuple[str, str]] = set()

    class Looking(Acme):
        def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
            zones.add(time.tzname)
            return super().execute(action, payload)

    with subject(tmp_path, Looking) as judged:
        heard = list(runs(judged))
    assert len(heard) == 3 * 2 * 5
    assert all(each.right for each in heard), [each.label for each in heard if not each.right]
    assert ("NZST", "NZDT") in zones
    assert os.environ["TZ"] == "UTC"


def test_a_header_that_is_not_reported_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A malformed one need not be; without a zone of its own the process has none afterwards."""
    monkeypatch.delenv("TZ", raising=False)
    with subject(tmp_path, Deaf) as judged:
        right = {each.label: each.right for each in runs(judged)}
    assert not right["get_user-status-429-seconds"]
    assert not right["get_user-status-503-date"]
    assert right["get_user-status-429-malformed"]
    assert "TZ" not in os.environ


def swept(fault: Fault, *sent: SentRequest | None, at: tuple[float, ...] = ()) -> Swept:
    """A case in which these requests met the fault."""
    times = at or tuple(float(number) for number in range(len(sent)))
    met = tuple(Exchange(n, each, fault, when) for n, (each, when) in enumerate(zip(sent, times, strict=True), 1))
    error = ErrorFacts("ConnectorError", True, True, "broken")
    plain = Exchange(1, SentRequest("GET", URL), None, 0.0)
    return Swept("get_user", None, 1, 1, fault, plain, Outcome(CallFacts(error=error), met))


def get(credentials: str = "a", url: str = URL) -> SentRequest:
    """A request with its credentials."""
    return SentRequest("GET", url, Headers([("Authorization", credentials)]))


@pytest.fixture
def ask(tmp_path: Path) -> Callable[[Swept], Modesty | None]:
    """Judges a case that was made by hand."""

    def judge(case: Swept) -> Modesty | None:
        with subject(tmp_path) as judged:
            return modesty(judged, case)

    return judge


@pytest.mark.parametrize(
    ("case", "right"),
    [
        (swept(Fault.status(404), get()), True),
        (swept(Fault.status(404), get(), get()), False),
        (swept(Fault.status(404), get(), get(url=f"{URL}/more")), True),
        (swept(Fault.status(401), get()), True),
        (swept(Fault.status(401), get("a"), get("b")), True),
        (swept(Fault.status(401), get("a"), get("a")), False),
        (swept(Fault.status(401), get("a"), get(url=f"{URL}/token"), get("a")), True),
        (swept(Fault.status(401), get("a"), get("b"), get("c")), False),
        (swept(Fault.status(400)), True),
        (swept(Fault.status(500), *[get()] * 4), True),
        (swept(Fault.status(500), *[get()] * 5), False),
        (swept(Fault.network("refused"), *[None] * 4), True),
        (swept(Fault.network("refused"), *[None] * 5), False),
        (swept(Fault.body("truncated"), *[get()] * 5), False),
        (swept(Fault.status(429, retry_after=10), get(), get(), at=(0.0, 10.0)), True),
        (swept(Fault.status(429, retry_after=10), get(), get(), at=(0.0, 3.0)), False),
        (swept(Fault.status(429, retry_after=10), get(), get(url=f"{URL}/more"), at=(0.0, 3.0)), True),
    ],
)
def test_a_request_is_not_repeated_too_often_nor_too_soon(
    ask: Callable[[Swept], Modesty | None], case: Swept, right: bool
) -> None:
    """Refused ones never, 401 once after signing in anew, the others at most three times."""
    judged = ask(case)
    assert judged is not None
    assert judged.right is right, judged


@pytest.mark.parametrize(
    "fault", [Fault.network("tls"), Fault.body("html"), Fault.redirect(302, URL), Fault.status(410)]
)
def test_a_fault_that_sets_no_bound_is_not_judged(ask: Callable[[Swept], Modesty | None], fault: Fault) -> None:
    """The standard does not speak of it."""
    assert ask(swept(fault, get(), get())) is None


@pytest.mark.parametrize(("kind", "count", "right"), [(Acme, 0, True), (Patient, 4, True), (Hasty, 4, False)])
def test_who_tries_again_waits_a_long_wait_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Acme], count: int, right: bool
) -> None:
    """In both forms; who never tries again has nothing to wait for."""
    limited = Fault.status(429, retry_after=1)
    monkeypatch.setattr(retry_after, "sweep", lambda judged: tries(judged, limited))
    with subject(tmp_path, kind) as judged:
        told = list(patience(judged))
    assert len(told) == count
    assert all(each.right is right for each in told), told


def tries(judged: Subject, fault: Fault) -> list[Swept]:
    """What the sweep finds of one fault at the first request of each example."""
    found = []
    for example in judged.examples:
        outcome = judged.example(example, FaultPlan.persistent(fault))
        found.append(Swept(example.action, example, 1, 1, fault, judged.plain(example).exchanges[0], outcome))
    return found


def test_where_a_wait_cannot_be_skipped_one_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a minute of real time is much."""
    limited = Fault.status(429, retry_after=1)
    monkeypatch.setattr(retry_after, "sweep", lambda judged: tries(judged, limited))
    met = [Exchange(1, get(), limited, 0.0), Exchange(2, get(), limited, 30.0)]
    slow = Outcome(CallFacts(seconds=30.0), tuple(met))
    monkeypatch.setattr(retry_after, "_waited_out", lambda *_: ("get_user", slow))
    with subject(tmp_path, Patient) as judged:
        assert [each.right for each in patience(judged)] == [True]
