"""The driver: stands for the host, and calls again with the same payload while the error says ``retryable``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final

from automate_connectors.certification.delivery.schedules import Schedule, plan_of
from automate_connectors.certification.subject import Outcome, Subject
from automate_connectors.wire.clock import CLOCK
from automate_connectors.wire.ledger import Effect, Ledger

#: How often the driver calls (standard, "Ledger").
MOST_CALLS: Final = 6
#: Seconds that it waits at most before it calls again.
MOST_WAITED: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of the driver.

    Attributes:
        outcome: what it showed.
        effects: how many effects its requests had.
        before: how many effects the operation had before it.
        clean: whether it met no fault.
    """

    outcome: Outcome
    effects: int
    before: int
    clean: bool


@dataclass(frozen=True, slots=True)
class Drive:
    """One operation under one schedule.

    Attributes:
        payload: of the operation.
        schedule: what was to happen to successive requests.
        attempts: the driver's calls.
        effects: everything that happened, in order.
    """

    payload: dict[str, Any]
    schedule: Schedule
    attempts: tuple[Attempt, ...]
    effects: tuple[Effect, ...]

    @property
    def counts(self) -> Counter[Hashable]:
        """How often each expected effect happened in the end."""
        return Counter(effect.member for effect in self.effects)

    @property
    def last(self) -> Outcome:
        """What the operation ended with."""
        return self.attempts[-1].outcome


def wait_as_told(outcome: Outcome) -> None:
    """Wait as long as the error asks, as the lifecycle does: on the virtual clock."""
    if outcome.error is not None and outcome.error.retry_after:
        CLOCK.advance(min(outcome.error.retry_after, MOST_WAITED))


def drive(
    subject: Subject, action: str, payload: dict[str, Any], schedule: Schedule, ledger: Callable[[], Ledger]
) -> Drive:
    """Run one operation on a fresh, connected instance under a schedule."""
    state = ledger()
    attempts: list[Attempt] = []
    consumed = 0
    service = state.begin() if state.whole else None
    with subject.connected(f"{action}-schedule", service=service) as adapter:
        for _ in range(MOST_CALLS):
            before = len(state.effects)
            plan = plan_of(schedule, consumed)
            outcome = adapter.execute(action, payload, plan, service=state.begin())
            consumed += len(outcome.exchanges)
            clean = not any(exchange.fault for exchange in outcome.exchanges)
            attempts.append(Attempt(outcome, state.caused_by(state.call), before, clean))
            if outcome.error is None or not outcome.error.retryable:
                break
            wait_as_told(outcome)
    return Drive(payload, schedule, tuple(attempts), tuple(state.effects))
