"""Recordings (R01-R04)."""

from __future__ import annotations

from automate_conformance.suite import check
from automate_connectors.certification.subject import Outcome, Subject
from automate_connectors.certification.verdict import Verdict
from automate_connectors.wire.network import ELSEWHERE, Exchange


@check("R01")
def reproducible_offline(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST send only requests that its cassettes answer."""
    expected = "only requests that a cassette answers"
    runs = [("connect", subject.healthy()), *((example.label, subject.plain(example)) for example in subject.examples)]
    for case, outcome in runs:
        strangers = _unanswered(outcome)
        verdict.judge(
            case,
            not strangers,
            expected,
            "; ".join(strangers[:3]) or f"{len(outcome.exchanges)} requests, all recorded",
        )
    judged = {case for case, _ in runs}
    for case, what in dict(subject.evidence.strangers).items():
        if case not in judged and ELSEWHERE not in what:
            verdict.judge(
                case, passed=False, expected="no origin that no cassette knows", observed=f"it reached for {what}"
            )


def _unanswered(outcome: Outcome) -> list[str]:
    odd = [
        _shown(exchange)
        for exchange in outcome.exchanges
        if exchange.answer is not None and exchange.answer.found != "exact"
    ]
    return [*odd, *(f"it reached for {what}" for what in outcome.blocked)]


def _shown(exchange: Exchange) -> str:
    assert exchange.request is not None
    assert exchange.answer is not None
    where = f"{exchange.request.method} {exchange.request.path}"
    if exchange.answer.found == "none":
        return f"no cassette holds {where}"
    name, number = exchange.answer.recorded or ("?", 0)
    return (
        f"{where} differs in query or body from every recorded one (the nearest is interaction {number} of {name}); "
        "declare fields that rightly differ as `volatile`, or record anew"
    )
