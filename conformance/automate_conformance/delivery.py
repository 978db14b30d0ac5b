"""Delivery (I01-I07): execute() is safe to retry, by the effects that the service sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from automate_conformance.applicability import NO_EXAMPLES
from automate_conformance.deliveries import Delivery, afresh, deliveries, smallest, writing_actions
from automate_conformance.generated import with_operation_id
from automate_conformance.separation import pairs_of_ids, separated
from automate_conformance.suite import check
from automate_connectors.certification.delivery import violations
from automate_connectors.certification.delivery.driving import Drive, drive
from automate_connectors.certification.delivery.effects import SAFE_METHODS, endpoint_of, rules_for
from automate_connectors.certification.delivery.exhibits import counterexample, table
from automate_connectors.certification.delivery.schedules import shown
from automate_connectors.certification.subject import Subject
from automate_connectors.certification.verdict import Verdict

_CHANGING: Final = frozenset({"PUT", "PATCH", "DELETE"})


@check("I01")
def idempotency_declared(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST declare the idempotency of every action; a read sends no PUT, PATCH or DELETE, and POST only to an endpoint that no writing action uses."""
    names = dict.fromkeys([*(a.name for a in subject.case.description.actions), *(e.action for e in subject.examples)])
    if not names:
        verdict.not_run(NO_EXAMPLES)
    for name in names:
        kind = subject.case.facts(name).kind
        right = verdict.judge(name, kind != "undeclared", "a declared idempotency", f"it is {kind}")
        subject.deliveries.judged(name, kept=right)
    written = {endpoint_of(r) for a in writing_actions(subject.case) for r in _writes(subject, a.name)}
    # Signing in is nobody's effect.
    written -= {endpoint_of(request) for request in subject.healthy().requests}
    for example in subject.examples:
        if not subject.case.facts(example.action).writes:
            odd = [r for r in _changes(subject, example) if r.method in _CHANGING or endpoint_of(r) in written]
            observed = f"{odd[0].method} {odd[0].path}" if odd else "none"
            right = verdict.judge(f"{example.label}-requests", not odd, "no request that writes", observed)
            subject.deliveries.judged(example.action, kept=right)


def _writes(subject: Subject, action: str) -> list[Any]:
    found = [r for e in subject.case.examples_of(action) for r in subject.plain(e).requests]
    return [r for r in found if r.method not in SAFE_METHODS and subject.is_effect(r) is not False]


def _changes(subject: Subject, example: Any) -> list[Any]:
    return [
        request
        for request in subject.plain(example).requests
        if request.method not in SAFE_METHODS and subject.is_effect(request) is not False
    ]


@check("I02")
def same_operation_same_requests(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST send the same key, target and canonical body on every attempt of one operation (fields declared `volatile` aside), and return the same result from the same answers."""
    if not subject.examples:
        verdict.not_run(NO_EXAMPLES)
    for example in subject.examples:
        action = subject.case.facts(example.action)
        rules = rules_for(subject, action)
        payload = with_operation_id(subject, action, example.payload)
        one, two = (
            drive(subject, action.name, payload, (), afresh(subject, rules, payload, example.cassette))
            for _ in range(2)
        )
        differs = _differing(one, two, rules.signature)
        right = verdict.judge(
            f"{example.label}-twice", not differs, "the same requests and the same result", differs or "the same"
        )
        subject.deliveries.judged(action.name, kept=right)
    for delivery in deliveries(subject):
        for full, calm in delivery.drives:
            run, changed = smallest(subject, delivery, full, partial(changed_on_retry, delivery, calm))
            case = f"{delivery.action.name}-{shown(run.schedule)}"
            verdict.judge(case, not changed, "the same key, target and body on every attempt", changed or "the same")
            _note(subject, delivery, "I02", run, changed)


def _differing(one: Drive, two: Drive, signature: Callable[[Any], Any]) -> str | None:
    first, second = ([signature(r) for r in run.last.requests] for run in (one, two))
    if first != second:
        at = next(
            (i for i, (a, b) in enumerate(zip(first, second, strict=False), 1) if a != b),
            min(len(first), len(second)) + 1,
        )
        return f"request {at} differs between two runs with the same payload: declare what rightly differs as volatile"
    if one.last.returned and two.last.returned and one.last.facts.result != two.last.facts.result:
        return "the results differ between two runs with the same answers"
    return None


def changed_on_retry(delivery: Delivery, calm: Drive, run: Drive) -> str | None:
    """I02: a writing request that the fault-free run of the operation does not send; None where there is none."""
    rules = delivery.rules
    if rules is None:
        return None
    known = [rules.signature(r) for attempt in calm.attempts for r in attempt.outcome.requests if rules.has_effect(r)]
    for attempt in run.attempts:
        for request in filter(rules.has_effect, attempt.outcome.requests):
            key, *rest = rules.signature(request)
            if (key, *rest) not in known:
                what = "its key" if any(rest == other for _, *other in known) else "its target or body"
                return f"a {request.method} {request.path} of the same operation changed {what}"
    return None


def _judge_drives(subject: Subject, verdict: Verdict, identifier: str, expected: str) -> None:
    """Judge every schedule of every writing action by one rule."""
    broken = BROKEN[identifier]
    if not subject.examples:
        verdict.not_run(NO_EXAMPLES)
    if not writing_actions(subject.case):
        verdict.not_applicable("every action is declared read-only")
    missing = [delivery.missing for delivery in deliveries(subject) if delivery.missing]
    for delivery in deliveries(subject):
        for full, calm in delivery.drives:
            run, found = smallest(subject, delivery, full, partial(broken, delivery, calm))
            case = f"{delivery.action.name}-{shown(run.schedule)}"
            verdict.judge(case, not found, expected, table(run, found) if found else "so it was")
            _note(subject, delivery, identifier, run, found)
        if delivery.missing:
            subject.deliveries.judged(delivery.action.name, kept=False)
    if missing and not verdict.failures:
        verdict.not_run(missing[0])


def _note(subject: Subject, delivery: Delivery, identifier: str, run: Drive, found: str | None) -> None:
    name, notes = delivery.action.name, subject.deliveries
    notes.schedules[name] = len(delivery.drives)
    if found:
        notes.judged(name, kept=False)
        notes.counterexample(name, counterexample(subject.case.name, name, identifier, run, found))


@check("I03")
def at_most_one_effect(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST cause each expected effect of an operation at most once, and no other, under every schedule."""
    _judge_drives(subject, verdict, "I03", "each expected effect at most once, and no other")


@check("I04")
def no_false_success(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST return only when every expected effect happened (writes)."""
    _judge_drives(subject, verdict, "I04", "a result only when every expected effect happened")


@check("I05")
def honest_failure(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST tell the effect truly: `none` only if none happened, `applied` only if it did; `retryable` only if a retry keeps I03."""
    _judge_drives(subject, verdict, "I05", "effect and retryable told truly")


#: What is wrong with a run beside the fault-free one (which comes first), by requirement; None where nothing is.
BROKEN: Final[Mapping[str, Callable[[Delivery, Drive, Drive], str | None]]] = {
    "I02": changed_on_retry,
    "I03": lambda delivery, calm, run: violations.too_many_effects(run, calm.counts, recognises=delivery.recognises),
    "I04": lambda _, calm, run: violations.false_success(run, calm.counts),
    "I05": lambda delivery, _, run: violations.dishonest_failure(run, recognises=delivery.recognises),
    "I07": lambda _delivery, _calm, run: violations.never_arrives(run),
}


@check("I06")
def operations_stay_apart(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST give two operations with different operation ids their own effects, even when their payloads are equal."""
    keyed = [delivery for delivery in deliveries(subject) if delivery.action.kind == "keyed"]
    if not keyed:
        verdict.not_applicable("no action is declared keyed")
    for delivery in keyed:
        if delivery.missing:
            verdict.not_run(delivery.missing)
        for where, ids in pairs_of_ids(subject, delivery.action):
            found = separated(subject, delivery, ids)
            case = f"{delivery.action.name}-ids that differ in the {where}"
            right = verdict.judge(case, not found, "each operation has its own effects", found or "so it was")
            subject.deliveries.judged(delivery.action.name, kept=right)


@check("I07")
def it_gets_there(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST succeed once the faults end, if it said `retryable`."""
    _judge_drives(subject, verdict, "I07", "success once the faults have ended, after retryable")
