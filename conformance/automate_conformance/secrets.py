"""Secrets and safety (S01-S05)."""

from __future__ import annotations

from collections.abc import Iterator

from automate_conformance.suite import check
from automate_conformance.sweep import distinct_examples
from automate_connectors.certification.subject import Outcome, Subject
from automate_connectors.certification.verdict import Verdict
from automate_connectors.wire.faults import Fault, FaultPlan


@check("S01")
def secrets_stay_secret(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST show no secret value, in any encoding, in repr, results, its errors (message, repr, args, details, notes), what a traceback of the whole cause chain prints, log records of any level, warnings, stdout or stderr."""
    leaks = {(leak.source, leak.secret): leak for leak in reversed(subject.evidence.leaks)}
    for leak in leaks.values():
        verdict.judge(
            leak.case,
            passed=False,
            expected=f"no trace of the secret {leak.secret!r}",
            observed=f"it stands in the {leak.source}",
        )
    for number in range(len(leaks), subject.evidence.calls):
        verdict.judge(f"call {number}", passed=True, expected="no trace of a secret", observed="none")


@check("S02")
def verifies_tls(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST refuse a server whose certificate it has no reason to trust."""
    for fault, what in (
        (Fault.network("tls"), "an untrusted issuer"),
        (Fault.network("tls_name"), "another host's name"),
    ):
        for name, outcome in _met_with(subject, fault):
            accepted = any(e.fault and e.fault.name == fault.name and e.request for e in outcome.exchanges)
            observed = (
                f"it sent its request to a server whose certificate has {what}" if accepted else "it sent nothing"
            )
            verdict.judge(
                f"{name}-{fault.name}", not accepted, f"no request to a server whose certificate has {what}", observed
            )
    if not verdict.findings:
        verdict.not_applicable("no request of connect() or of an example went over HTTPS")


def _met_with(subject: Subject, fault: Fault) -> Iterator[tuple[str, Outcome]]:
    """Each HTTPS request of ``connect`` and of the examples, met by a server with a wrong certificate."""
    for number in _https(subject.healthy()):
        with subject.fresh(f"connect-request {number}-{fault.name}") as adapter:
            yield f"connect-request {number}", adapter.connect(FaultPlan.persistent(fault, number))
    for example in distinct_examples(subject):
        for number in _https(subject.plain(example)):
            name = f"{example.label}-request {number}"
            yield name, subject.example(example, FaultPlan.persistent(fault, number), f"{name}-{fault.name}")


def _https(outcome: Outcome) -> list[int]:
    return [e.number for e in outcome.exchanges if e.request and e.request.url.startswith("https:")]
