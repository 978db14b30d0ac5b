"""At run time (T01-T03): shared by threads, exercised, cleaned up."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from automate_conformance.applicability import NO_EXAMPLES
from automate_conformance.crowds import SIZE, CrowdService, jobs, secrets_of, singles
from automate_conformance.suite import check
from automate_connectors.certification.subject import Outcome, Subject
from automate_connectors.certification.verdict import Verdict

_LEAST: Final = 85.0


@check("T01")
def safe_to_share(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST give each of 8 threads on one instance its own right result, and 8 instances with different secrets never each other's."""
    if not subject.examples:
        verdict.not_run(NO_EXAMPLES)
    chosen = singles(subject)
    if not chosen:
        verdict.not_run("no example returned a result that a crowd could be compared with: mend C05 first")
    for shared in (True, False):
        secrets = [dict(subject.case.secrets)] if shared else [secrets_of(subject, number) for number in range(SIZE)]
        service = CrowdService(subject, chosen, [subject.case.secrets, *secrets])
        crowd = jobs(chosen, shared=shared)
        outcome = subject.crowd(crowd, secrets, service)
        name = "one instance" if shared else "eight instances"
        for number, told in enumerate(outcome.facts.result or [{}] * SIZE):
            own = chosen[number % len(chosen)].own(told.get("result"))
            observed = told.get("error") or outcome_of(outcome) or ("its own result" if own else "another result")
            verdict.judge(
                f"{name}, call {number + 1} ({crowd[number].action})",
                observed == "its own result",
                "its own result",
                observed,
            )
        if not shared and subject.case.secrets:
            _judge_secrets(subject, verdict, service, outcome)


def outcome_of(outcome: Outcome) -> str | None:
    """Why a crowd told nothing at all."""
    return outcome.shown if outcome.facts.result is None else None


def _judge_secrets(subject: Subject, verdict: Verdict, service: CrowdService, outcome: Outcome) -> None:
    """Each instance sends its own secrets, as often as the others do."""
    counts: Counter[int] = Counter()
    mixed = 0
    for request in outcome.requests:
        # Number 0 is the ordinary replay value, which no instance here has.
        carried = service.instances_in(request)
        counts.update(carried)
        mixed += len(carried) > 1
    verdict.judge(
        "eight instances, one secret a request", not mixed, "one instance's secrets", f"{mixed} requests carry several"
    )
    strangers = counts.get(0, 0)
    verdict.judge(
        "eight instances, own secrets", not strangers, "no secret of another adapter", f"{strangers} requests carry one"
    )
    expected = _expected_counts(subject, service)
    for number in range(1, SIZE + 1):
        seen, wanted = counts.get(number, 0), expected[number - 1]
        verdict.judge(
            f"eight instances, secrets of instance {number}", seen == wanted, f"in {wanted} requests", f"in {seen}"
        )


def _expected_counts(subject: Subject, service: CrowdService) -> list[int]:
    chosen = singles(subject)
    connect = sum(bool(service.instances_in(request)) for request in subject.healthy().requests)
    alone = [sum(bool(service.instances_in(r)) for r in single.outcome.requests) for single in chosen]
    return [connect + alone[number % len(chosen)] for number in range(SIZE)]


@check("T02")
def exercised(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST have at least 85 % of the statements of the file that defines it run by the certification."""
    if not subject.examples:
        verdict.not_run(NO_EXAMPLES)
    found = subject.exercised()
    if found is None:
        verdict.not_run("your active coverage measurement leaves out the adapter's file: add it to its source")
    lines = ", ".join(map(str, found.missing[:10])) + (" …" if len(found.missing) > 10 else "")  # noqa: PLR2004 - enough to begin with
    observed = f"{found.percent:.1f} % of {found.lines}" + (f"; not run: lines {lines}" if lines else "")
    verdict.judge("statements", found.percent >= _LEAST, f"at least {_LEAST:g} % of the statements run", observed)


@check("T03")
def cleans_up(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST leave no socket, thread or file open after `close()`."""
    if not subject.examples:
        verdict.not_run(NO_EXAMPLES)
    for example in subject.examples:
        outcome, left = subject.lifetime(example)
        verdict.judge(f"{example.label}-after close()", not left, "nothing left open", "; ".join(left[:3]) or "nothing")
        unclosed = _unclosed(outcome)
        verdict.judge(f"{example.label}-warnings", not unclosed, "no ResourceWarning", unclosed or "none")


def _unclosed(outcomes: list[Any]) -> str | None:
    found = [text for outcome in outcomes for text in outcome.facts.unclosed]
    return found[0] if found else None
