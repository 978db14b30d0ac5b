"""In-band errors of a service, sent in the place of its answers (E05)."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass

from automate_conformance.sweep import distinct_examples
from automate_connectors.certification.ahead import Piece
from automate_connectors.certification.case import Case, Example
from automate_connectors.certification.subject import Outcome, Subject
from automate_connectors.testing import ErrorSample
from automate_connectors.wire.faults import Fault, FaultPlan


@dataclass(frozen=True, slots=True)
class SampleRun:
    """One sample at one request of an example; no outcome where the sample itself is wrong."""

    label: str
    expected: str
    outcome: Outcome | None
    right: bool = False
    problem: str = ""


def sampled(subject: Subject) -> Iterator[SampleRun]:
    """Every sample at every request that it can answer."""
    for piece in pieces(subject):
        yield from subject.recall(piece.key, piece.make)


def keys(case: Case) -> list[tuple[str, int]]:
    """The names of the parts, one a sample."""
    return [("sample", number) for number, _ in enumerate(case.test_case.error_samples, 1)]


def pieces(subject: Subject) -> Iterator[Piece]:
    """The parts by sample."""
    for number, (key, sample) in enumerate(
        zip(keys(subject.case), subject.case.test_case.error_samples, strict=True), 1
    ):
        yield Piece(key, functools.partial(_sampled, subject, number, sample))


def _sampled(subject: Subject, number: int, sample: ErrorSample) -> list[SampleRun]:
    examples = [e for e in distinct_examples(subject) if _concerns(subject, sample, e)]
    name = f"sample {number}" + (f" ({sample.action})" if sample.action else "")
    expected = f"a ConnectorError with the code {code_of(sample)}"
    if sample.retryable is not None:
        expected += f", retryable {sample.retryable}"
    if not examples:
        known = ", ".join(sorted({e.action for e in subject.examples})) or "none"
        return [SampleRun(name, expected, None, problem=f"no example of {sample.action} exists; examples: {known}")]
    each = (_at_each_request(subject, sample, example, f"{example.label}-{name}", expected) for example in examples)
    return [run for runs in each for run in runs]


def _concerns(subject: Subject, sample: ErrorSample, example: Example) -> bool:
    if sample.action is not None:
        return sample.action == example.action
    return subject.case.facts(example.action).reads_response


def _at_each_request(
    subject: Subject, sample: ErrorSample, example: Example, label: str, expected: str
) -> Iterator[SampleRun]:
    plain = subject.plain(example)
    own = [e for e in plain.exchanges if e.request and not subject.is_sign_in(e.request)] or list(plain.exchanges)
    for exchange in own:
        name = label if len(own) == 1 else f"{label}-request {exchange.number}"
        outcome = subject.example(example, FaultPlan.persistent(fault_of(sample), exchange.number), name)
        harmless = exchange is not own[-1] and outcome.returned and outcome.facts.result == plain.facts.result
        yield SampleRun(name, expected, outcome, harmless or _fits(sample, outcome))


def fault_of(sample: ErrorSample) -> Fault:
    """The answer that a sample describes."""
    content = sample.body if isinstance(sample.body, bytes | str) else json.dumps(sample.body)
    headers = dict(sample.headers)
    body = content.encode() if isinstance(content, str) else content
    if not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = "application/json"
    return Fault(
        kind="status", name="in-band-error", status_code=sample.status, headers=tuple(headers.items()), content=body
    )


def code_of(sample: ErrorSample) -> str:
    """The code as the wire of the report carries it."""
    return str(getattr(sample.code, "value", sample.code))


def _fits(sample: ErrorSample, outcome: Outcome) -> bool:
    error = outcome.error
    if error is None or not error.structured or error.code != code_of(sample):
        return False
    return sample.retryable is None or error.retryable is sample.retryable
