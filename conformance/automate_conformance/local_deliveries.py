"""Delivery without HTTP: effects as the case tells them, faults around the declared ports."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, Final

from automate_conformance.generated import with_operation_id
from automate_connectors.certification.delivery.driving import MOST_CALLS, Attempt, Drive, wait_as_told
from automate_connectors.certification.describing import ActionFacts
from automate_connectors.certification.ports import PortFault
from automate_connectors.certification.subject import Subject
from automate_connectors.wire.ledger import Effect

#: All effects of an adapter without HTTP count alike: only their number is known.
MEMBER: Final = "effect"
#: The step of a schedule in which the host repeats a call that returned.
AGAIN: Final = "called again"
_SHORT: Final = 2
_DEEP: Final = 3


class EffectsError(Exception):
    """``effects()`` or ``reset()`` of the case did not do what they must."""


def effects_of(subject: Subject) -> int:
    """How many effects there are.

    Raises:
        EffectsError: where the case does not say, or breaks.
    """
    try:
        return len(subject.host.effects())
    except NotImplementedError as error:
        raise EffectsError(str(error)) from error
    except Exception as error:
        raise EffectsError(f"effects() raised {type(error).__name__}: {error}") from error


def reset(subject: Subject) -> None:
    """Forget the effects, and see that they are forgotten.

    Raises:
        EffectsError: where some remain, or the case breaks.
    """
    try:
        subject.host.reset_effects()
    except Exception as error:
        raise EffectsError(f"reset() raised {type(error).__name__}: {error}") from error
    if left := effects_of(subject):
        raise EffectsError(f"after reset() there are still {left} effects: forget them all")


def local_drives(subject: Subject, action: ActionFacts) -> Iterator[Drive]:
    """One operation under every short schedule of its ports' faults; the fault-free one first."""
    examples = subject.case.examples_of(action.name)
    payload = with_operation_id(subject, action, examples[0].payload)
    yield local_drive(subject, action, payload, ())
    if not subject.case.test_case.ports:
        if action.kind in ("keyed", "natural"):
            yield local_drive(subject, action, payload, (), again=True)
        return
    steps: list[PortFault | None] = [None]
    steps += [PortFault(when, code) for code in subject.host.port_codes() for when in ("before", "after")]
    for length in range(1, (_DEEP if subject.deep else _SHORT) + 1):
        for schedule in itertools.product(steps, repeat=length):
            yield local_drive(subject, action, payload, schedule)


def local_drive(
    subject: Subject,
    action: ActionFacts,
    payload: dict[str, Any],
    schedule: Sequence[PortFault | None],
    *,
    again: bool = False,
) -> Drive:
    """Run one operation on a fresh, connected instance; ``again``: the host repeats a call that returned."""
    subject.host.arm_ports()
    reset(subject)
    attempts: list[Attempt] = []
    found: list[Effect] = []
    consumed = 0
    with subject.connected(f"{action.name}-schedule") as adapter:
        for call in range(1, MOST_CALLS + 1):
            subject.host.arm_ports(schedule[consumed:])
            outcome = adapter.execute(action.name, payload)
            entered, struck = subject.host.ports_entered()
            consumed += entered
            caused = _caused(subject, len(found))
            attempts.append(Attempt(outcome, caused, len(found), not struck))
            found += [Effect(MEMBER, call)] * caused
            repeat = again and call == 1
            if not repeat and (outcome.error is None or not outcome.error.retryable):
                break
            wait_as_told(outcome)
    subject.host.arm_ports()
    names = tuple(AGAIN if again else step.shown if step else "ok" for step in (schedule or ([None] if again else [])))
    return Drive(payload, names, tuple(attempts), tuple(found))


def _caused(subject: Subject, known: int) -> int:
    now = effects_of(subject)
    if now < known:
        raise EffectsError(
            f"effects() shrank from {known} to {now} without reset(): effects stay until reset() forgets them"
        )
    return now - known


def local_separation(subject: Subject, action: ActionFacts, payload: dict[str, Any], ids: tuple[Any, Any]) -> int:
    """How many effects two operations have that differ in their ids alone."""
    reset(subject)
    with subject.connected(f"{action.name}-two operations") as adapter:
        for operation in ids:
            adapter.execute(action.name, {**payload, str(action.key_field): operation})
    return effects_of(subject)
