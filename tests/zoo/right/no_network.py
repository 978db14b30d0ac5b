"""Adapters that reach for nothing outside: one computes, one logs."""

from __future__ import annotations

import logging
import statistics

from pydantic import BaseModel, Field

from automate_connectors import ConnectorAdapter, Idempotency, action
from zoo.members import Member
from zoo.payloads import Strict

_LOG = logging.getLogger("acme.audit")


class Numbers(Strict):
    """Numbers to look at."""

    numbers: list[float] = Field(description="At least one number", min_length=1, max_length=50)


class Summary(BaseModel):
    """What can be said of numbers."""

    count: int
    mean: float
    largest: float


class Entry(Strict):
    """What is to be logged."""

    message: str = Field(description="The text", min_length=1, max_length=200)
    level: str = Field("INFO", description="Its level", pattern="^(DEBUG|INFO|WARNING)$")


class StatisticsAdapter(ConnectorAdapter):
    """Pure computation."""

    name = "acme_statistics"
    version = "1.0.0"

    def connect(self) -> bool:
        """There is nothing to reach."""
        return True

    @action(idempotency=Idempotency.read_only(), examples=[{"numbers": [1.0, 2.5, 4.0]}])
    def summarise(self, payload: Numbers) -> Summary:
        """Count, average and largest of some numbers."""
        numbers = payload.numbers
        return Summary(count=len(numbers), mean=statistics.fmean(numbers), largest=max(numbers))


class AuditAdapter(ConnectorAdapter):
    """Logs."""

    name = "acme_audit"
    version = "1.0.0"

    def connect(self) -> bool:
        """There is nothing to reach."""
        return True

    @action(idempotency=Idempotency.unsafe(), examples=[{"message": "a door was opened"}])
    def log(self, payload: Entry) -> dict[str, str]:
        """Write a line to the audit log."""
        _LOG.log(logging.getLevelNamesMapping()[payload.level], "%s", payload.message)
        return {"logged": payload.message, "level": payload.level}


MEMBERS = [Member(StatisticsAdapter), Member(AuditAdapter)]
