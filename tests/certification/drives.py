"""Drives made by hand: what an operation showed under a schedule, without running any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import Any

from automate_connectors.certification.delivery.driving import Attempt, Drive
from automate_connectors.certification.facts import CallFacts, ErrorFacts
from automate_connectors.certification.subject import Outcome
from automate_connectors.wire.faults import Fault
from automate_connectors.wire.ledger import Effect
from automate_connectors.wire.messages import SentRequest
from automate_connectors.wire.network import Exchange

MEMBER = ("POST", "https://api.acme.test", "/notes")
ONCE: Counter[Hashable] = Counter({MEMBER: 1})


def returned() -> CallFacts:
    """A call that returned."""
    return CallFacts(result={"id": 1}, result_type="dict")


def raised(
    code: str = "TRANSIENT_NETWORK", *, retryable: bool = True, effect: str = "unknown", structured: bool = True
) -> CallFacts:
    """A call that raised."""
    error = ErrorFacts("Error", structured, True, "broken", code=code, retryable=retryable, effect=effect)
    return CallFacts(error=error)


def drive(*calls: tuple[CallFacts, int], schedule: tuple[str, ...] = (), clean: int | None = None) -> Drive:
    """Calls with the number of effects of each; from the call ``clean`` on (counted from 1) no fault was met."""
    attempts: list[Attempt] = []
    effects: list[Effect] = []
    for number, (facts, count) in enumerate(calls, 1):
        spared = clean is not None and number >= clean
        fault = None if spared else Fault.delivery("lost_response")
        exchange = Exchange(1, SentRequest("POST", "https://api.acme.test/notes"), fault, 0.0, acted=count)
        attempts.append(Attempt(Outcome(facts, (exchange,)), count, len(effects), spared))
        effects += [Effect(MEMBER, number)] * count
    return Drive({"text": "milk"}, schedule, tuple(attempts), tuple(effects))


def expected(**counts: Any) -> Counter[Hashable]:
    """Expected effects by name."""
    return Counter(counts)
