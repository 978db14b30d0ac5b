"""Retry-After, and how often an adapter tries by itself (E08, E09)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from itertools import pairwise
from typing import Final

from automate_conformance.sweep import Swept, distinct_examples, label
from automate_connectors.certification.subject import Outcome, Subject
from automate_connectors.wire.faults import Fault, FaultPlan
from automate_connectors.wire.network import Exchange

_TOLERANCE: Final = 2.0
_WAIT: Final = 3
_LONG_WAIT: Final = 30
_MOST: Final = 4
_ZONE: Final = "Pacific/Auckland"
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
    with _zone():
        for example in distinct_examples(subject):
            plain = subject.plain(example)
            expected_statuses = subject.case.facts(example.action).expected_statuses
            for exchange in plain.exchanges:
                for status in (429, 503):
                    if status not in expected_statuses:
                        for form, value, wanted in _forms():
                            fault = _fault(status, value()).named(f"status-{status}-{form}")
                            name = label(example.label, exchange.number, len(plain.exchanges), fault)
                            began = time.time()
                            outcome = subject.example(example, FaultPlan.persistent(fault, exchange.number), name)
                            # A date draws nearer while an adapter waits in real time, or the machine is slow.
                            passed = time.time() - began if form == "date" else 0.0
                            if not outcome.endless:
                                yield _heard(name, status, outcome, wanted, passed)


def _forms() -> Iterator[tuple[str, Callable[[], str], float | None]]:
    """Name, header and the seconds that are right; None: any, as long as the error stands."""
    yield "seconds", lambda: str(_WAIT), float(_WAIT)
    yield "date", lambda: formatdate(time.time() + _WAIT, usegmt=True), float(_WAIT)
    yield "past date", lambda: formatdate(time.time() - 3600, usegmt=True), 0.0
    yield "malformed", lambda: "soon", None
    yield "negative", lambda: "-5", None


def _fault(status: int, retry_after: str) -> Fault:
    return Fault.status(status, retry_after=retry_after, headers={"Date": formatdate(time.time(), usegmt=True)})


def _heard(name: str, status: int, outcome: Outcome, wanted: float | None, passed: float) -> Heard:
    error = outcome.error
    codes = ("RATE_LIMITED",) if status == 429 else ("UPSTREAM_5XX",)  # noqa: PLR2004 - RFC 6585
    stands = error is not None and error.structured and error.code in codes
    told = error.retry_after if error is not None else None
    if wanted is None:
        fine = told is None or told >= 0
        return Heard(name, f"{codes[0]} all the same, retry_after None or not negative", outcome, stands and fine)
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
        return _waited(subject, swept.target, swept.label, met, swept.fault)
    return None


def _repeats(subject: Subject, swept: Swept) -> int:
    met = [e.request for e in swept.outcome.exchanges if e.fault and e.request]
    counted = [subject.canonical(swept.target, request) for request in met]
    return max((counted.count(one) for one in counted), default=1)


def _waited(subject: Subject, target: str, name: str, met: list[Exchange], fault: Fault) -> Modesty:
    seconds = next((float(value) for field, value in fault.headers if field == "Retry-After"), 0.0)
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
    """One Retry-After of 30 seconds: whoever tries again waits it out."""
    for example in distinct_examples(subject)[:1]:
        if subject.plain(example).exchanges:
            fault = Fault.status(429, retry_after=_LONG_WAIT).named("status-429-thirty seconds")
            # Once: a wait that cannot be skipped is real, and two of them would be longer than the watchdog's.
            outcome = subject.example(example, FaultPlan.once(fault), f"{example.label}-{fault.name}")
            met = list(outcome.exchanges[:2])
            yield _waited(subject, example.action, f"{example.label}-{fault.name}", met, fault)
