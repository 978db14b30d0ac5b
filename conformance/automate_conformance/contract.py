"""The contract: identity, inertness, health check, results, payloads (C01-C13)."""

from __future__ import annotations

import re
from typing import Any, Final

from packaging.version import InvalidVersion, Version

from automate_conformance import inertness
from automate_conformance.applicability import NO_EXAMPLES, require_http, through_ports
from automate_conformance.names import made_up_names
from automate_conformance.port_faults import struck_connect
from automate_conformance.suite import check
from automate_conformance.sweep import sweep
from automate_connectors.certification.subject import Outcome, Subject
from automate_connectors.certification.verdict import Verdict
from automate_connectors.wire.faults import Fault, FaultPlan, NetworkKind

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_UNREACHABLE: Final[tuple[NetworkKind, ...]] = ("refused", "dns", "connect_timeout", "read_timeout")


@check("C01")
def identity(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST have a `name` of the right form equal to the registered one and a PEP 440 `version`."""
    about = subject.case.description
    form = isinstance(about.name, str) and _NAME.fullmatch(about.name) is not None
    verdict.judge("name", form, "a name that matches ^[a-z][a-z0-9_]{0,62}$", f"name is {about.name!r}")
    if form:
        verdict.judge(
            "registered name",
            about.name == about.registered,
            f"the registered name {about.registered!r}",
            f"name is {about.name!r}",
        )
    verdict.judge("version", _is_version(about.version), "a PEP 440 version", f"version is {about.version!r}")


def _is_version(text: Any) -> bool:
    try:
        Version(text)
    except (InvalidVersion, TypeError):
        return False
    return True


@check("C02")
def inert_until_asked(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST do no network I/O, start no thread and print nothing when its module is imported and it is constructed."""
    seen = subject.host.unasked() or inertness.observe(subject.case)
    for case, found in seen.phases():
        verdict.judge(case, not found, "no network I/O, no thread, nothing printed", "; ".join(found) or "nothing")


@check("C03")
def health_check_says_yes(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST return exactly `True` from `connect()` against the recorded healthy service."""
    healthy = subject.healthy()
    observed = healthy.shown
    if healthy.unrecorded and healthy.unrecorded[0].request:
        request = healthy.unrecorded[0].request
        observed += f"; no cassette answers its {request.method} request, so record connect.yaml"
    verdict.judge("connect", healthy.returned and healthy.facts.result is True, "connect() returns True", observed)


@check("C04")
def health_check_says_no(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST return `False` or raise a ConnectorError, within its timeout, when the service is unreachable (refused, DNS, connect timeout, hung)."""
    if through_ports(subject):
        for struck in struck_connect(subject):
            expected = "connect() returns False or raises a ConnectorError"
            verdict.judge(struck.label, says_no(struck.outcome), expected, struck.outcome.shown)
        return
    sends = bool(subject.healthy().exchanges)
    if not sends and not any(subject.plain(example).exchanges for example in subject.examples):
        require_http(subject, verdict)
    for kind in _UNREACHABLE:
        fault = Fault.network(kind)
        name = f"connect-{fault.name}"
        with subject.fresh(name) as adapter:
            outcome = adapter.connect(FaultPlan.persistent(fault))
        if not outcome.endless:
            verdict.judge(name, says_no(outcome), "connect() returns False or raises a ConnectorError", outcome.shown)


def says_no(outcome: Outcome) -> bool:
    """Whether a health check answered that the service cannot be used."""
    if outcome.error:
        return outcome.error.structured
    return outcome.returned and outcome.facts.result is False


@check("C05")
def plain_results(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST return from every example a dict that JSON carries unchanged (string keys, no NaN, dates, bytes, sets, models)."""
    if not subject.examples:
        verdict.not_run(NO_EXAMPLES)
    for example in subject.examples:
        outcome = subject.plain(example)
        problems = outcome.facts.result_problems
        is_dict = outcome.returned and isinstance(outcome.facts.result, dict)
        observed = f"{problems[0]}" if outcome.returned and problems else outcome.shown
        verdict.judge(
            example.label, is_dict and not problems, "execute() returns a dict that JSON carries unchanged", observed
        )


@check("C06")
def unknown_action_refused(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST raise for an action it does not know, having sent nothing."""
    for outcome, name in unknown_actions(subject):
        observed = outcome.shown + (f", having sent {len(outcome.exchanges)} requests" if outcome.exchanges else "")
        verdict.judge(
            name, outcome.error is not None and not outcome.exchanges, "execute() raises and sends nothing", observed
        )


def unknown_actions(subject: Subject) -> list[tuple[Outcome, str]]:
    """Calls of actions that the adapter does not know, run once a session."""

    def run() -> list[tuple[Outcome, str]]:
        known = {action.name for action in subject.case.description.actions} | {e.action for e in subject.examples}
        payload = dict(subject.examples[0].payload) if subject.examples else {}
        runs = []
        for name in made_up_names(known, seed=subject.seed):
            with subject.connected(f"unknown action {name}") as adapter:
                runs.append((adapter.execute(name, payload), name))
        return runs

    made: list[tuple[Outcome, str]] = subject.recall("unknown actions", run)
    return made


@check("C07")
def payload_left_alone(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST leave the payload it was given unchanged, on success and on failure."""
    if not subject.examples:
        verdict.not_run(NO_EXAMPLES)
    changed = dict(reversed(subject.evidence.changed))
    for case, how in changed.items():
        verdict.judge(case, passed=False, expected="the payload as it was given", observed=how)
    for number in range(len(changed), subject.evidence.executions):
        verdict.judge(f"call {number}", passed=True, expected="the payload as it was given", observed="unchanged")


@check("C08")
def no_exotic_exits(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST let only `Exception` subclasses out of connect/execute, and always come back, under every fault."""
    runs = [("connect", subject.healthy()), *((e.label, subject.plain(e)) for e in subject.examples)]
    runs += [(swept.label, swept.outcome) for swept in sweep(subject)]
    for case, outcome in runs:
        exotic = outcome.error is not None and not outcome.error.ordinary
        # A request without a timeout under silence is E07's to judge.
        comes_back = outcome.facts.ended not in ("hung", "lost") or outcome.endless
        verdict.judge(case, not exotic and comes_back, "the call returns, or raises an Exception", outcome.shown)
    judged = {case for case, _ in runs}
    for what in subject.conduct:
        verdict.judge("the adapter's process", passed=False, expected="it answers what it is asked", observed=what)
    for seen in subject.evidence.errors:
        if seen.case not in judged and not seen.error.ordinary:
            observed = f"raised {seen.error.shown}"
            verdict.judge(
                seen.case, passed=False, expected="the call returns, or raises an Exception", observed=observed
            )
