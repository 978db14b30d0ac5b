"""Every action under every short fault schedule: run once a session, read by I02-I07."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from automate_conformance.applicability import uses_http
from automate_conformance.generated import accepted_payloads, seed_for, with_operation_id
from automate_conformance.generation.errors import SchemaError
from automate_conformance.local_deliveries import EffectsError, local_drives
from automate_connectors.certification.ahead import Piece
from automate_connectors.certification.case import Case, Example
from automate_connectors.certification.delivery.driving import Drive, drive
from automate_connectors.certification.delivery.effects import Rules, rules_for
from automate_connectors.certification.delivery.schedules import Schedule, alphabet, drawn, enumerated
from automate_connectors.certification.describing import ActionFacts
from automate_connectors.certification.subject import Subject
from automate_connectors.wire.asgi import AsgiService
from automate_connectors.wire.ledger import Ledger
from automate_connectors.wire.messages import SentRequest

_SHORT: Final = 2
_DEEP: Final = 3
#: Generated payloads, each under one longer schedule.
_GENERATED: Final = 25


@dataclass
class Delivery:
    """One writing action under all schedules.

    Attributes:
        action: its declaration.
        rules: how its requests are read.
        drives: each operation under a schedule, with its fault-free run.
        missing: why nothing could be judged; None where it could.
    """

    action: ActionFacts
    rules: Rules | None = None
    drives: list[tuple[Drive, Drive]] = field(default_factory=list)
    missing: str | None = None

    @property
    def recognises(self) -> bool:
        """Whether the service recognises a repeat."""
        return self.action.kind in ("keyed", "natural")


def deliveries(subject: Subject) -> list[Delivery]:
    """Every writing action, run once a session."""
    return [subject.recall(piece.key, piece.make) for piece in pieces(subject)]


def key(action: ActionFacts) -> Hashable:
    """The name of an action's part."""
    return ("delivery", action.name)


def pieces(subject: Subject) -> Iterator[Piece]:
    """The parts by action."""
    for action in writing_actions(subject.case):
        yield Piece(key(action), functools.partial(_delivery, subject, action))


def writing_actions(case: Case) -> list[ActionFacts]:
    """Every action that is not declared read-only, undeclared ones included."""
    names = dict.fromkeys([*(a.name for a in case.description.actions), *(e.action for e in case.examples)])
    return [action for action in map(case.facts, names) if action.writes]


def _delivery(subject: Subject, action: ActionFacts) -> Delivery:
    examples = subject.case.examples_of(action.name)
    if not examples:
        return Delivery(action, missing=f"{action.name} has no example: declare one and record it")
    if not uses_http(subject):
        return _local(subject, action)
    rules = rules_of(subject, action)
    found = Delivery(action, rules)
    for example in examples:
        payload = with_operation_id(subject, action, example.payload)
        calm = drive(subject, action.name, payload, (), ledger(subject, rules, payload, example.cassette))
        if failures := service_failures(subject):
            return Delivery(action, rules, missing=failures[0])
        if not calm.effects:
            continue
        found.drives += [(one, calm) for one in _enumerated(subject, rules, payload, example.cassette)]
        break
    if not found.drives:
        return Delivery(action, rules, missing=_why_no_effect(action.name))
    found.drives += list(_generated(subject, rules, examples[0].cassette))
    if failures := service_failures(subject):
        return Delivery(action, rules, missing=failures[0])
    return found


def rules_of(subject: Subject, action: ActionFacts) -> Rules:
    """How the requests of an action are read, the key's place in the path found by running it under two ids."""
    return rules_for(subject, action, lambda example: _under_another_id(subject, action, example))


def _local(subject: Subject, action: ActionFacts) -> Delivery:
    """An adapter without HTTP: what the case's ``effects()`` tells."""
    try:
        drives = list(local_drives(subject, action))
    except EffectsError as error:
        return Delivery(action, missing=str(error))
    calm = drives[0]
    if not calm.effects:
        return Delivery(
            action, missing=f"effects() tells of none after the fault-free run of {action.name}: override it"
        )
    return Delivery(action, drives=[(drive, calm) for drive in drives])


def _why_no_effect(name: str) -> str:
    return (
        f"the fault-free run of {name} causes no effect that the standard's rule sees: "
        "declare is_effect(request) on the test case, or declare the action read-only"
    )


def _enumerated(subject: Subject, rules: Rules, payload: dict[str, Any], cassette: str | None) -> Iterator[Drive]:
    longest = _DEEP if subject.deep else _SHORT
    for schedule in enumerated(alphabet(rules.action.kind), longest):
        yield drive(subject, rules.action.name, payload, schedule, ledger(subject, rules, payload, cassette))


def _generated(subject: Subject, rules: Rules, cassette: str | None) -> Iterator[tuple[Drive, Drive]]:
    action = rules.action
    payloads = accepted_payloads(subject, action)
    for number, payload in enumerate([] if isinstance(payloads, SchemaError) else payloads[:_GENERATED]):
        make = ledger(subject, rules, payload, cassette)
        calm = drive(subject, action.name, payload, (), make)
        if calm.effects and calm.last.returned and not calm.last.unrecorded:
            schedule: Schedule = drawn(alphabet(action.kind), seed=seed_for(subject, action.name, f"schedule {number}"))
            yield drive(subject, action.name, payload, schedule, make), calm


def smallest(
    subject: Subject, delivery: Delivery, run: Drive, broken: Callable[[Drive], str | None]
) -> tuple[Drive, str | None]:
    """A run and what is wrong with it; without the steps that it does not need, where a generated one breaks a rule."""
    found = broken(run)
    if not found or delivery.rules is None or len(run.schedule) <= _SHORT:
        return run, found
    make = ledger(subject, delivery.rules, run.payload, subject.case.examples_of(delivery.action.name)[0].cassette)
    left_out = 0
    while left_out < len(run.schedule):
        shorter = run.schedule[:left_out] + run.schedule[left_out + 1 :]
        tried = drive(subject, delivery.action.name, run.payload, shorter, make)
        if told := broken(tried):
            run, found, left_out = tried, told, 0
        else:
            left_out += 1
    return run, found


def ledger(subject: Subject, rules: Rules, payload: dict[str, Any], cassette: str | None) -> Callable[[], Ledger]:
    """Makes the state of a service that has seen nothing yet."""
    library = subject.case.library
    own = _own_service(subject)

    def make() -> Ledger:
        if own is not None:
            subject.host.reset_effects()
            # What repeats a natural request leaves the same state, whatever the service answers.
            return Ledger(lambda: own, rules.read, "anew" if rules.action.kind == "natural" else "asked", whole=True)
        repeats: Literal["stored", "anew"] = "stored" if rules.action.kind == "keyed" else "anew"
        return Ledger(lambda: library.play(rules.action.name, payload, own=cassette), rules.read, repeats)

    return make


def afresh(subject: Subject, rules: Rules, payload: dict[str, Any], cassette: str | None) -> Callable[[], Ledger]:
    """The same; effects that the case tells of are forgotten first, so that nothing is numbered on from before."""
    make = ledger(subject, rules, payload, cassette)

    def forget_and_make() -> Ledger:
        if not uses_http(subject):
            # A case that tells of no effects has none to forget, and I03 says what is missing.
            with contextlib.suppress(Exception):
                subject.host.reset_effects()
        return make()

    return forget_and_make


def _own_service(subject: Subject) -> AsgiService | None:
    """The case's own service, if it has one."""
    app = vars(type(subject.case.test_case)).get("service") or type(subject.case.test_case).service
    if app is None:
        return None
    plain = app.__func__ if isinstance(app, staticmethod) else app
    made: AsgiService = subject.recall("own service", lambda: AsgiService(plain))
    return made


def service_failures(subject: Subject) -> list[str]:
    """What the case's own service raised."""
    own = _own_service(subject)
    return own.failures if own else []


def _under_another_id(subject: Subject, action: ActionFacts, example: Example) -> list[SentRequest]:
    payload = with_operation_id(subject, action, example.payload, number=1)
    with subject.connected(f"{example.label}-other operation") as adapter:
        return list(adapter.execute(action.name, payload, own=example.cassette).requests)
