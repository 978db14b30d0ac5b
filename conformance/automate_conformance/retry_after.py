"""Retry-After, and how often an adapter tries by itself (E08, E09)."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from itertools import pairwise
from typing import Final

from automate_conformance.sweep import Swept, distinct_examples, label, sweep
from automate_connectors.certification.ahead import Piece
from automate_connectors.certification.case import Example
from automate_connectors.certification.subject import Outcome, Subject
from automate_connectors.wire.faults import Fault, FaultPlan
from automate_connectors.wire.network import Exchange

_Form = tuple[str, Callable[[], str], float | None]

_TOLERANCE: Final = 2.0
_WAIT: Final = 3
_LONG_WAIT: Final = 30
_MOST: Final = 4
_ZONE: Final = "Pacific/Auckland"
_UNAUTHORISED: Final = 401
_TWICE: Final = 2
_REFUSALS: Final = frozenset({400, 403, 404, 409, 422})
_RETRYABLE: Final = frozenset({429, 500, 502, 503, 504})
_RETRYABLE_KINDS: Final = frozenset(
    {"dns", "refused", "connect_timeout", "read_timeout", "reset", "lost_response", "truncated", "truncated_chunked"}
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer with a Retry-After, and what the adapter reported."""

    label: str
    expected: str
    outcome: Outcome
    right: bool


@dataclass(frozen=True, slots=True)
class Modesty:
    """How often and how soon an adapter tried."""

    label: str
    right: bool
    expected: str
    observed: str


def runs(subject: Subject) -> Iterator[Heard]:
    """429 and 503 with each form of the header, at each request of the examples, in a time zone that is not UTC."""
    for piece in pieces(subject):
        yield from subject.recall(piece.key, piece.make)


def key(example: Example) -> Hashable:
    """The name of an example's part."""
    return ("retry-after", example.label)


def pieces(subject: Subject) -> Iterator[Piece]:
    """The parts by example."""
    for example in distinct_examples(subject):
        yield Piece(key(example), functools.partial(_heard_by, subject, example))


def _heard_by(subject: Subject, example: Example) -> list[Heard]:
    plain = subject.plain(example)
    statuses = [status for status in (429, 503) if status not in subject.case.facts(example.action).expected_statuses]
    with _zone():
        told = [
            _told(subject, example, exchange, status, form)
            for exchange in plain.exchanges
            for status in statuses
            for form in _forms()
        ]
    return [heard for heard in told if not heard.outcome.endless]


def _told(subject: Subject, example: Example, exchange: Exchange, status: int, form: _Form) -> Heard:
    form_name, value, wanted = form
    fault = _fault(status, value()).named(f"status-{status}-{form_name}")
    name = label(example.label, exchange.number, len(subject.plain(example).exchanges), fault)
    began = time.time()
    outcome = subject.example(example, FaultPlan.persistent(fault, exchange.number), name)
    # A date draws nearer while an adapter waits in real time, or the machine is slow.
    return _heard(name, outcome, wanted, time.time() - began if form_name == "date" else 0.0)


def _forms() -> Iterator[_Form]:
    """Name, header and the seconds that are right; None: any, as long as the error stands."""
    yield "seconds", lambda: str(_WAIT), float(_WAIT)
    yield "date", lambda: formatdate(time.time() + _WAIT, usegmt=True), float(_WAIT)
    yield "past date", lambda: formatdate(time.time() - 3600, usegmt=True), 0.0
    yield "malformed", lambda: "soon", None
    yield "negative", lambda: "-5", None


def _fault(status: int, retry_after: str) -> Fault:
    return Fault.status(status, retry_after=retry_after, headers={"Date": formatdate(time.time(), usegmt=True)})


def _heard(name: str, outcome: Outcome, wanted: float | None, passed: float) -> Heard:
    error = outcome.error
    # Which code it is, is E02's to judge.
    stands = error is not None and error.structured
    told = error.retry_after if error is not None else None
    if wanted is None:
        fine = told is None or told >= 0
        return Heard(name, "a ConnectorError all the same, retry_after None or not negative", outcome, stands and fine)
    least = max(0.0, wanted - passed - _TOLERANCE)
    near = told is not None and least <= told <= wanted + _TOLERANCE
    return Heard(
        name, f"retry_after of {wanted:g} seconds, give or take {_TOLERANCE:g}", outcome, error is not None and near
    )


@contextmanager
def _zone() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = _ZONE
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ")
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()


def modesty(subject: Subject, swept: Swept) -> Modesty | None:
    """How often an adapter sent what met a fault; None where the fault sets no bound."""
    status = swept.fault.status_code if swept.fault.kind == "status" else None
    if status in _REFUSALS or status == 401:  # noqa: PLR2004 - RFC 9110
        most = 2 if status == 401 else 1  # noqa: PLR2004 - as above
        repeats = _repeats(subject, swept)
        return Modesty(
            swept.label, repeats <= most, f"the refused request at most {most} times", f"it was sent {repeats} times"
        )
    if status in _RETRYABLE or swept.fault.name in _RETRYABLE_KINDS:
        met = [exchange for exchange in swept.outcome.exchanges if exchange.fault]
        if len(met) > _MOST:
            return Modesty(swept.label, False, f"at most {_MOST} requests that meet the fault", f"{len(met)} requests")
        seconds = next((float(value) for field, value in swept.fault.headers if field == "Retry-After"), 0.0)
        return _waited(subject, swept.target, swept.label, met, seconds)
    return None


def _repeats(subject: Subject, swept: Swept) -> int:
    """How often the same refused request was sent; a repeat of a 401 without signing in anew counts as one too many."""
    met = [e for e in swept.outcome.exchanges if e.fault and e.request]
    counted = [subject.canonical(swept.target, e.request) for e in met if e.request]
    most = max((counted.count(one) for one in counted), default=1)
    blind = most == _TWICE and swept.fault.status_code == _UNAUTHORISED and not _signed_in(met)
    return most + blind


def _signed_in(met: list[Exchange]) -> bool:
    """Whether anything lay between a refused request and its repeat: another request, or other headers."""
    first, again = met[0], met[-1]
    headers = [e.request.headers.raw for e in (first, again) if e.request]
    return again.number > first.number + 1 or headers[0] != headers[-1]


def _waited(subject: Subject, target: str, name: str, met: list[Exchange], seconds: float) -> Modesty:
    # Requests side by side are no attempts at each other: only equal ones are held apart.
    attempts: dict[Hashable, list[Exchange]] = {}
    for exchange in met:
        key = subject.canonical(target, exchange.request) if exchange.request else None
        attempts.setdefault(key, []).append(exchange)
    gaps = [later.at - earlier.at for tries in attempts.values() for earlier, later in pairwise(tries)]
    shortest = min(gaps, default=seconds)
    return Modesty(
        name,
        shortest >= seconds - 0.1,
        f"at most {_MOST} attempts, {seconds:g} seconds apart at least",
        f"{len(met)} attempts, the closest {shortest:.2f} seconds apart" if gaps else "one attempt",
    )


def patience(subject: Subject) -> Iterator[Modesty]:
    """A Retry-After of 30 seconds: whoever tries again waits it out.

    Where the wait cannot be skipped, one such case is enough.
    """
    for example in distinct_examples(subject):
        for form in ("seconds", "date"):
            if subject.plain(example).exchanges and example.action in _retries(subject):
                # Once: two waits that cannot be skipped would be longer than the watchdog's.
                name, outcome = _waited_out(subject, example, form)
                yield _waited(subject, example.action, name, list(outcome.exchanges[:2]), _LONG_WAIT - (form == "date"))
                if outcome.facts.seconds > _LONG_WAIT / 2:
                    return


def _retries(subject: Subject) -> set[str]:
    """The actions that try again by themselves when they are told to wait."""
    limited = [s for s in sweep(subject) if s.fault.name in ("status-429", "status-503")]
    return {s.target for s in limited if sum(e.fault is not None for e in s.outcome.exchanges) > 1}


def _waited_out(subject: Subject, example: Example, form: str) -> tuple[str, Outcome]:
    told = str(_LONG_WAIT) if form == "seconds" else formatdate(time.time() + _LONG_WAIT, usegmt=True)
    name = f"{example.label}-status-429-{form} of thirty"
    return name, subject.example(example, FaultPlan.once(_fault(429, told)), name)
