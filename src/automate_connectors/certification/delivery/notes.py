"""What the delivery checks leave for the report: per action, whether it kept its guarantee, and what broke it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class DeliveryNotes:
    """Notes by action name."""

    broken: set[str] = field(default_factory=set)
    schedules: dict[str, int] = field(default_factory=dict)
    counterexamples: dict[str, dict[str, Any]] = field(default_factory=dict)

    def judged(self, action: str, *, kept: bool) -> None:
        """Note that an action kept to a rule, or did not."""
        if not kept:
            self.broken.add(action)

    def counterexample(self, action: str, found: dict[str, Any]) -> None:
        """Keep the smallest schedule that broke an action."""
        known = self.counterexamples.get(action)
        if known is None or len(found["schedule"]) < len(known["schedule"]):
            self.counterexamples[action] = found
