"""Fault schedules: every short one, shortest first (architecture, decision 4)."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Final

from automate_connectors.wire.faults import Fault, FaultPlan

#: What happens to successive requests, or to successive calls of the ports.
Schedule = tuple[str, ...]

#: What may happen to a request; ``ok`` first, so that among equals the calmest schedule comes first.
STEPS: Final[Schedule] = (
    "ok", "lost_request", "lost_response", "twice", "503_before", "500_after", "429",
)  # fmt: skip
_SHOWN: Final[dict[str, str]] = {
    "ok": "ok",
    "lost_request": "lost request",
    "lost_response": "lost response",
    "twice": "delivered twice",
    "503_before": "503 before the effect",
    "500_after": "500 after the effect",
    "429": "429 with Retry-After",
}
_LONGEST: Final = 5


def alphabet(kind: str) -> Schedule:
    """The steps for an idempotency: only what can recognise a repeat is delivered twice."""
    return STEPS if kind in ("keyed", "natural") else tuple(step for step in STEPS if step != "twice")


def enumerated(steps: Schedule, longest: int) -> Iterator[Schedule]:
    """Every schedule up to a length, shortest first."""
    for length in range(longest + 1):
        yield from itertools.product(steps, repeat=length)


def drawn(steps: Schedule, *, seed: int) -> Schedule:
    """One longer schedule."""
    source = random.Random(seed)  # noqa: S311 - a reproducible choice, no secret
    return tuple(source.choice(steps) for _ in range(source.randint(2, _LONGEST)))


def plan_of(schedule: Schedule, consumed: int = 0) -> FaultPlan:
    """What is left of a schedule for the requests that follow.

    Raises:
        ValueError: for a step that no request can meet.
    """
    return FaultPlan(tuple(None if step == "ok" else Fault.delivery(step) for step in schedule[consumed:]))


def shown(schedule: Schedule) -> str:
    """A schedule for people."""
    return ", ".join(_SHOWN.get(step, step) for step in schedule) or "no fault"
