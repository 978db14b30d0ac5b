"""A failing schedule as people see it, a little table, and as data that `--connector-replay` runs again."""

from __future__ import annotations

import json
from typing import Any

from automate_connectors import __version__
from automate_connectors.certification.delivery.driving import Attempt, Drive
from automate_connectors.certification.delivery.schedules import shown

SCHEMA = "automate-connectors/schedule/1"


def counterexample(connector: str, action: str, requirement: str, drive: Drive, broken: str) -> dict[str, Any]:
    """A failing drive as JSON."""
    return {
        "schema": SCHEMA,
        "suite": __version__,
        "connector": connector,
        "action": action,
        "requirement": requirement,
        "payload": json.loads(json.dumps(drive.payload)),
        "schedule": list(drive.schedule),
        "broken": broken,
        "attempts": [_row(number, attempt) for number, attempt in enumerate(drive.attempts, 1)],
    }


def _row(number: int, attempt: Attempt) -> dict[str, Any]:
    return {
        "attempt": number,
        "requests": [
            {
                "request": f"{e.request.method} {e.request.path}" if e.request else "no connection",
                "fault": e.fault.name if e.fault else "ok",
                "service": "acted" if e.acted else "did nothing",
            }
            for e in attempt.outcome.exchanges
        ],
        "effects": attempt.effects,
        "adapter": attempt.outcome.shown,
    }


def table(drive: Drive, broken: str) -> str:
    """Attempt by attempt: what the service did, what the adapter saw, what it answered."""
    parts = []
    for number, attempt in enumerate(drive.attempts, 1):
        saw = ", ".join(
            f"{e.fault.name.replace('_', ' ') if e.fault else 'ok'} ({'acted' if e.acted else 'no effect'})"
            for e in attempt.outcome.exchanges
        )
        parts.append(f"[{number}] service: {saw or 'no request'}; adapter {_brief(attempt)}")
    return f"{broken}. Schedule: {shown(drive.schedule)}. " + " ".join(parts)


def _brief(attempt: Attempt) -> str:
    error = attempt.outcome.error
    if error is None:
        return "returned"
    return f"raised {error.code or error.type} (retryable {error.retryable}, effect {error.effect})"
