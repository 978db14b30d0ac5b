"""Every fault at every request of every example: run once a session, read by many requirements."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Final

from automate_connectors.cassettes.canonical import parse_body
from automate_connectors.certification.ahead import Piece
from automate_connectors.certification.case import Example
from automate_connectors.certification.subject import Outcome, Subject
from automate_connectors.wire.faults import BODY_KINDS, HTML_PAGE, NETWORK_KINDS, Fault, FaultPlan
from automate_connectors.wire.network import Exchange

STATUSES: Final = (400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504)
_TOLD_TO_WAIT: Final = (429, 503)
_OTHER_BODIES: Final = (401, 429, 500, 503)
#: Retry-After of the faults: short, since some waits cannot be skipped.
_WAIT: Final = 1
CONNECT: Final = "connect"


@dataclass(frozen=True, slots=True)
class Swept:
    """One fault at one request of one example, persistent, and what the adapter made of it.

    Attributes:
        target: the action, or ``connect``.
        example: the example that ran; None for ``connect``.
        request: the number of the request from which on the fault stood.
        requests: how many requests the fault-free run sends.
        fault: what it met.
        plain: the fault-free exchange at that place.
        outcome: what came of it.
    """

    target: str
    example: Example | None
    request: int
    requests: int
    fault: Fault
    plain: Exchange
    outcome: Outcome

    @property
    def label(self) -> str:
        """The case's name."""
        return label(self.example.label if self.example else CONNECT, self.request, self.requests, self.fault)

    @property
    def last(self) -> bool:
        """Whether the fault met the call's last request."""
        return self.request == self.requests

    @property
    def endless(self) -> bool:
        """Whether a request waited without any timeout: that is E07's to judge, and nobody else's."""
        return self.outcome.endless

    @property
    def answers_json(self) -> bool:
        """Whether the recorded answer at this place is JSON."""
        answer = self.plain.answer
        return answer is not None and parse_body(answer.headers, answer.body)[0] == "json"


def label(name: str, request: int, requests: int, fault: Fault) -> str:
    """``action[-request n]-fault``."""
    return f"{name}-request {request}-{fault.name}" if requests > 1 else f"{name}-{fault.name}"


def status_faults() -> Iterator[Fault]:
    """A JSON error object with each status; some also with an HTML page and with nothing."""
    for status in STATUSES:
        yield Fault.status(status, retry_after=_WAIT if status in _TOLD_TO_WAIT else None)
        if status in _OTHER_BODIES:
            yield Fault.status(status, body=HTML_PAGE).named(f"status-{status}-html")
            yield Fault.status(status, body=b"").named(f"status-{status}-empty")


def body_faults() -> Iterator[Fault]:
    """A successful answer's body, spoiled."""
    return map(Fault.body, BODY_KINDS)


def network_faults() -> Iterator[Fault]:
    """The failures of the network."""
    return map(Fault.network, NETWORK_KINDS)


def applies(fault: Fault, plain: Exchange, *, reads: bool) -> bool:
    """Whether a fault can strike at a request as it was recorded."""
    if fault.kind == "body":
        return reads and plain.answer is not None and plain.answer.succeeded and bool(plain.answer.body)
    if fault.name == "tls":
        return plain.request is not None and plain.request.url.startswith("https:")
    return True


def sweep(subject: Subject) -> list[Swept]:
    """Every applicable fault at every request of ``connect`` and of each example, run once a session."""

    def run() -> list[Swept]:
        examples = (subject.recall(piece.key, piece.make) for piece in pieces(subject))
        return [*_sweep_connect(subject), *itertools.chain.from_iterable(examples)]

    found: list[Swept] = subject.recall("sweep", run)
    return found


def key(example: Example) -> Hashable:
    """The name of an example's part of it."""
    return ("sweep", example.label)


def pieces(subject: Subject) -> Iterator[Piece]:
    """The parts of it by example."""
    for example in distinct_examples(subject):
        yield Piece(key(example), functools.partial(_sweep_example, subject, example))


def _faults() -> list[Fault]:
    return [*status_faults(), *body_faults(), *network_faults()]


def _sweep_connect(subject: Subject) -> Iterator[Swept]:
    healthy = subject.healthy()
    for plain in healthy.exchanges:
        for fault in _faults():
            if applies(fault, plain, reads=True):
                name = label(CONNECT, plain.number, len(healthy.exchanges), fault)
                with subject.fresh(name) as adapter:
                    outcome = adapter.connect(FaultPlan.persistent(fault, plain.number))
                yield Swept(CONNECT, None, plain.number, len(healthy.exchanges), fault, plain, outcome)


def _sweep_example(subject: Subject, example: Example) -> list[Swept]:
    run = subject.plain(example)
    reads = subject.case.facts(example.action).reads_response
    found = []
    for plain in run.exchanges:
        for fault in _faults():
            if applies(fault, plain, reads=reads):
                name = label(example.label, plain.number, len(run.exchanges), fault)
                outcome = subject.example(example, FaultPlan.persistent(fault, plain.number), name)
                found.append(Swept(example.action, example, plain.number, len(run.exchanges), fault, plain, outcome))
    return found


def distinct_examples(subject: Subject) -> list[Example]:
    """The examples whose fault-free runs send different sequences of requests, for each action."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    chosen = []
    for example in subject.examples:
        shape = tuple(f"{r.method} {r.origin} {r.path.count('/')}" for r in subject.plain(example).requests)
        if (example.action, shape) not in seen:
            seen.add((example.action, shape))
            chosen.append(example)
    return chosen
