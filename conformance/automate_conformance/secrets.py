"""Secrets and safety (S01-S05)."""

from __future__ import annotations

from collections.abc import Iterator

from automate_conformance.applicability import require_http
from automate_conformance.cassette_search import blots, exposed_targets, known_secrets, sent_secrets, shown_at
from automate_conformance.suite import check
from automate_conformance.sweep import distinct_examples, label
from automate_connectors.cassettes.canonical import origin_of
from automate_connectors.cassettes.scrubbing import Scrubber
from automate_connectors.certification.subject import Outcome, Subject
from automate_connectors.certification.verdict import Verdict
from automate_connectors.wire.faults import Fault, FaultPlan
from automate_connectors.wire.network import ELSEWHERE


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
    require_http(subject, verdict)
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


@check("S03")
def clean_cassettes(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST hold in its cassettes no known secret in any encoding and nothing that looks like a live credential (vendor token shapes, JWT, private keys, Basic/Bearer values)."""
    require_http(subject, verdict)
    known = Scrubber(known_secrets(subject.case))
    for cassette in subject.case.cassettes:
        found = list(blots(cassette, known))
        for place, what in found:
            verdict.judge(place, passed=False, expected="a placeholder such as {{token}}", observed=what)
        if not found:
            verdict.judge(cassette.path.name, passed=True, expected="no credential", observed="none")
    if not verdict.findings:
        verdict.not_run("there is no cassette: record one for each example")


@check("S04")
def credentials_stay_home(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST send a secret to no origin at which no cassette shows it, redirects included."""
    require_http(subject, verdict)
    for case, outcome in [("connect", subject.healthy()), *((e.label, subject.plain(e)) for e in subject.examples)]:
        _judge_origins(subject, verdict, case, outcome)
    for case, outcome in _redirected(subject):
        _judge_origins(subject, verdict, case, outcome)


def _judge_origins(subject: Subject, verdict: Verdict, case: str, outcome: Outcome) -> None:
    strays = [
        f"the secret {name!r} to {request.origin}"
        for request in outcome.requests
        for name in sent_secrets(subject.case, request)
        if (origin_of(request.url), name) not in _shown_at(subject)
    ]
    verdict.judge(
        case, not strays, "secrets only where a cassette shows them", f"it sent {strays[0]}" if strays else "so it did"
    )


def _shown_at(subject: Subject) -> frozenset[tuple[str, str]]:
    shown: frozenset[tuple[str, str]] = subject.recall("shown at", lambda: shown_at(subject.case))
    return shown


def _redirected(subject: Subject) -> Iterator[tuple[str, Outcome]]:
    """302, 307 and 308 to another host, at each request."""
    for status in (302, 307, 308):
        fault = Fault.redirect(status, f"https://{ELSEWHERE}/moved")
        for exchange in subject.healthy().exchanges:
            name = label("connect", exchange.number, len(subject.healthy().exchanges), fault)
            with subject.fresh(name) as adapter:
                yield name, adapter.connect(FaultPlan.once(fault, exchange.number))
        for example in distinct_examples(subject):
            plain = subject.plain(example)
            for exchange in plain.exchanges:
                name = label(example.label, exchange.number, len(plain.exchanges), fault)
                yield name, subject.example(example, FaultPlan.once(fault, exchange.number), name)


@check("S05")
def no_secret_in_urls(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST keep secrets out of request targets."""
    require_http(subject, verdict)
    for cassette in subject.case.cassettes:
        for interaction, names in exposed_targets(cassette):
            place = f"{cassette.path.name}:{interaction.line} (interaction {interaction.index})"
            verdict.judge(
                place, not names, "no secret in the request target", f"it holds {', '.join(names)}" if names else "none"
            )
    for case, name in dict.fromkeys(subject.evidence.exposed):
        verdict.judge(case, passed=False, expected="no secret in a request target", observed=f"a target holds {name!r}")
