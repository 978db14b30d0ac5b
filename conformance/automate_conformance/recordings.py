"""Recordings (R01-R04, X02)."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Final

from packaging.version import InvalidVersion, Version

from automate_conformance.applicability import require_http
from automate_conformance.suite import check
from automate_connectors.cassettes.drift import drift, shape_of, shapes_in
from automate_connectors.certification.subject import Outcome, Subject
from automate_connectors.certification.verdict import Verdict
from automate_connectors.wire.network import ELSEWHERE, Exchange

_OLDEST: Final = 400
_LATELY: Final = 30


@check("R01")
def reproducible_offline(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST send only requests that its cassettes answer."""
    expected = "only requests that a cassette answers"
    runs = [("connect", subject.healthy()), *((example.label, subject.plain(example)) for example in subject.examples)]
    for case, outcome in runs:
        strangers = _unanswered(outcome)
        observed = "; ".join(strangers[:3]) or f"{len(outcome.exchanges)} requests, all recorded"
        if strangers and not subject.case.cassettes:
            observed += f"; there is no cassette in {_folder(subject)}"
        verdict.judge(case, not strangers, expected, observed)
    judged = {case for case, _ in runs}
    for case, what in dict(subject.evidence.strangers).items():
        if case not in judged and ELSEWHERE not in what:
            verdict.judge(
                case, passed=False, expected="no origin that no cassette knows", observed=f"it reached for {what}"
            )


def _folder(subject: Subject) -> str:
    """Where cassettes were looked for, from where the run began."""
    return os.path.relpath(subject.case.directory)


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


@check("R02")
def every_action_recorded(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST have a cassette for every example and for `connect()`."""
    require_http(subject, verdict)
    folder = _folder(subject)
    names = {cassette.name for cassette in subject.case.cassettes}
    if subject.healthy().exchanges:
        verdict.judge("connect", "connect" in names, f"{folder}/connect.yaml", _there("connect" in names))
    for example in subject.examples:
        there = example.cassette is not None
        others = [each.place_of("payload") for each in subject.case.cassettes if each.action == example.action]
        observed = _there(there) + (f"; {', '.join(others[:3])} is another's" if others and not there else "")
        verdict.judge(
            example.label, there, f"a cassette in {folder}/ whose recorded.payload is the example's", observed
        )


def _there(there: bool) -> str:
    return "it is there" if there else "there is none"


@check("R03")
def no_dead_recordings(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST use every recorded interaction."""
    require_http(subject, verdict)
    runs = [subject.healthy(), *(subject.plain(example) for example in subject.examples)]
    used = {e.answer.recorded for outcome in runs for e in outcome.exchanges if e.answer is not None}
    for cassette in subject.case.cassettes:
        for interaction in cassette.interactions:
            place = f"{cassette.path.name}:{interaction.line} (interaction {interaction.index})"
            played = (cassette.name, interaction.index) in used
            verdict.judge(place, played, "used by connect() or by an example", "used" if played else "never asked for")


@check("R04")
def fresh_recordings(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST have cassettes at most 400 days old, recorded with the same major version."""
    require_http(subject, verdict)
    major = _major(subject.case.description.version)
    for cassette in subject.case.cassettes:
        recorded = cassette.recorded
        age = (datetime.now(UTC) - recorded.at).days if recorded.at else None
        fresh = age is not None and age <= _OLDEST
        told = f"{age} days old" if age is not None else "`recorded.at` is missing"
        verdict.judge(cassette.place_of("at"), fresh, f"at most {_OLDEST} days old", told)
        same = _major(recorded.adapter_version) == major
        place = cassette.place_of("adapter_version")
        verdict.judge(place, same, f"major version {major}", f"recorded with {recorded.adapter_version}")
    if not verdict.findings:
        verdict.not_run("there is no cassette: record one for each example")


@check("X02")
def alive_today(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST have been recorded from the real service at most 30 days ago, with no drift from the recording before."""
    without = []
    for cassette in subject.case.cassettes:
        recorded, name = cassette.recorded, cassette.path.name
        age = (datetime.now(UTC) - recorded.at).days if recorded.at else None
        told = f"{age} days old" if age is not None else "`recorded.at` is missing"
        verdict.judge(cassette.place_of("at"), age is not None and age <= _LATELY, f"at most {_LATELY} days old", told)
        if recorded.previous is None:
            without.append(name)
            continue
        found = drift(shapes_in(recorded.previous), shape_of(cassette.interactions))
        observed = "; ".join(found[:3]) or "it agrees"
        verdict.judge(
            cassette.place_of("previous"), not found, "answers of the shape of the recording before", observed
        )
    if not subject.case.cassettes:
        verdict.not_run("there is no cassette: record one for each example")
    if without:
        verdict.not_run(f"{', '.join(without[:3])} has no recording before it: record a second time")


def _major(version: object) -> int | None:
    try:
        return Version(str(version)).major
    except InvalidVersion:
        return None
