"""What an adapter declares, held against what it does (C09-C13)."""

from __future__ import annotations

from typing import Any, Final

from automate_conformance.applicability import NO_EXAMPLES, through_ports
from automate_conformance.contract import says_no
from automate_conformance.generated import accepted_payloads, refused_payloads
from automate_conformance.generation.declared import Declared
from automate_conformance.generation.errors import SchemaError
from automate_conformance.port_faults import struck_connect
from automate_conformance.suite import check
from automate_conformance.sweep import CONNECT, sweep
from automate_connectors.certification.subject import Outcome, Subject
from automate_connectors.certification.verdict import Verdict

_UNAUTHORISED: Final = 401


@check("C09")
def declared_actions(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST declare every action it executes, with a description and an input schema, at least one example each."""
    about = subject.case.description
    for problem in about.problems:
        verdict.judge("actions", passed=False, expected="a mapping of names to ActionSpec", observed=problem)
    for name in dict.fromkeys([*(a.name for a in about.actions), *(e.action for e in subject.examples)]):
        lacks = _lacks(subject, name)
        verdict.judge(
            name, not lacks, "declared with a description, an input schema and an example", lacks or "all there"
        )
    if not verdict.findings:
        verdict.judge("actions", passed=False, expected="at least one declared action", observed="none is declared")


def _lacks(subject: Subject, name: str) -> str | None:
    action = subject.case.description.action(name)
    if action is None:
        return "there is an example or a cassette of it, and it is not declared"
    missing = [] if action.description.strip() else ["a description"]
    missing += ["an input schema"] if action.input_schema is None else []
    missing += [] if subject.case.examples_of(name) else ["an example"]
    return f"it lacks {' and '.join(missing)}" if missing else None


@check("C10")
def bad_payloads_refused(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST raise INVALID_INPUT, not retryable, effect none, having sent nothing, for payloads that break the declared schema."""
    expected = "INVALID_INPUT, retryable False, effect none, nothing sent"
    for action in subject.case.description.actions:
        if isinstance(found := refused_payloads(subject, action), SchemaError):
            verdict.judge(action.name, passed=False, expected="a valid JSON Schema", observed=str(found))
            continue
        for violation in found:
            case = f"{action.name}-{violation.description}"
            with subject.connected(case) as adapter:
                outcome = adapter.execute(action.name, violation.payload)
            verdict.judge(case, _refused(outcome), expected, _seen(outcome))
    if not verdict.findings:
        if not subject.case.description.actions:
            verdict.not_run(NO_EXAMPLES)
        verdict.not_applicable("no declared schema refuses any object")


def _refused(outcome: Outcome) -> bool:
    error = outcome.error
    fields = (error.code, error.retryable, error.effect) if error else None
    return fields == ("INVALID_INPUT", False, "none") and not outcome.exchanges


def _seen(outcome: Outcome) -> str:
    error = outcome.error
    fields = f" [retryable {error.retryable}, effect {error.effect}]" if error and error.structured else ""
    return f"{outcome.shown}{fields}, having sent {len(outcome.exchanges)} requests"


@check("C11")
def good_payloads_accepted(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST accept every payload that its declared schema (and model) allows: return, or raise a ConnectorError other than INVALID_INPUT."""
    unknown: list[str] = []
    for action in subject.case.description.actions:
        if isinstance(found := accepted_payloads(subject, action), SchemaError):
            verdict.judge(action.name, passed=False, expected="a valid JSON Schema", observed=str(found))
            continue
        for number, payload in enumerate(found, 1):
            case = f"{action.name}-payload {number}"
            outcome = run_generated(subject, action.name, payload, case)
            if outcome.unrecorded:
                unknown.append(case)
                continue
            verdict.judge(
                case, _accepted(outcome), "a result, or a ConnectorError other than INVALID_INPUT", outcome.shown
            )
    if not verdict.findings:
        if unknown:
            verdict.not_run(
                f"every generated payload leads to an endpoint that no cassette holds, as {unknown[0]}: add an example"
            )
        if not subject.case.description.actions:
            verdict.not_run(NO_EXAMPLES)
        verdict.not_applicable("no declared schema allows generating a payload")


def run_generated(subject: Subject, action: str, payload: dict[str, Any], case: str) -> Outcome:
    """Run a payload that was never recorded, answered from the nearest recording of the same action."""
    own = next((e.cassette for e in subject.case.examples_of(action)), None)
    with subject.connected(case) as adapter:
        return adapter.execute(action, payload, own=own)


def _accepted(outcome: Outcome) -> bool:
    error = outcome.error
    return outcome.returned if error is None else error.structured and error.code != "INVALID_INPUT"


@check("C12")
def results_as_declared(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST return results that satisfy the declared output schema."""
    declared = {a.name: a.output_schema for a in subject.case.description.actions if a.output_schema is not None}
    if not declared:
        verdict.not_applicable("no action declares an output schema")
    for example in subject.examples:
        schema = declared.get(example.action)
        outcome = subject.plain(example)
        if schema is None or not outcome.returned:
            continue
        try:
            accepts = Declared(schema).accepts
        except SchemaError as error:
            verdict.judge(
                example.label, passed=False, expected="a valid JSON Schema of the result", observed=str(error)
            )
            continue
        verdict.judge(
            example.label, accepts(outcome.facts.result), "a result that the output schema allows", outcome.shown
        )
    if not verdict.findings:
        verdict.not_run("no example of an action with an output schema returned a result: mend C05 first")


@check("C13")
def health_check_asks(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST send at least one request in `connect()`, and on 401 return False or raise AUTH_FAILED."""
    if not subject.examples:
        verdict.not_run(NO_EXAMPLES)
    healthy = subject.healthy()
    if through_ports(subject):
        _asks_through_ports(subject, verdict)
        return
    if not any(subject.plain(example).exchanges for example in subject.examples):
        if subject.evidence.watched:
            verdict.not_run(
                f"it opened a {next(iter(subject.evidence.watched))}: declare the callables to its service as `ports`"
            )
        verdict.not_applicable("no example uses the network")
    verdict.judge("connect", bool(healthy.exchanges), "at least one request", f"{len(healthy.exchanges)} requests")
    for swept in sweep(subject):
        if swept.target == CONNECT and swept.fault.kind == "status" and swept.fault.status_code == _UNAUTHORISED:
            error = swept.outcome.error
            right = error.code == "AUTH_FAILED" if error else says_no(swept.outcome)
            verdict.judge(swept.label, right, "connect() returns False or raises AUTH_FAILED", swept.outcome.shown)


def _asks_through_ports(subject: Subject, verdict: Verdict) -> None:
    for struck in struck_connect(subject):
        verdict.judge(
            struck.label, struck.met, "connect() calls a declared port", "it did" if struck.met else "it did not"
        )
        if struck.fault.code == "AUTH_FAILED":
            error = struck.outcome.error
            right = error.code == "AUTH_FAILED" if error else says_no(struck.outcome)
            verdict.judge(
                f"{struck.label}-answer", right, "connect() returns False or raises AUTH_FAILED", struck.outcome.shown
            )
