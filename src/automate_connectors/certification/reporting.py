"""From verdicts to the report: every requirement in catalogue order, the level they give, and what was judged."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from automate_connectors.certification.levels import Level, Outcome, at_least, guarantee_of, level_reached, order
from automate_connectors.certification.report import SCHEMA, Report
from automate_connectors.certification.verdict import Judged
from automate_connectors.certification.waivers import Waiver, judge_waivers, waiver_records

if TYPE_CHECKING:
    from automate_conformance.catalogue import Requirement
    from automate_connectors.certification.case import Case
    from automate_connectors.certification.delivery.notes import DeliveryNotes
    from automate_connectors.certification.exercise import Exercised
    from automate_connectors.certification.subject import Subject


def about(level: str, subject: Subject, started_at: datetime) -> dict[str, Any]:
    """What the report says besides verdicts, as plain data that crosses to the process that writes it."""
    case = subject.case
    return {
        "connector": _connector(case),
        "claimed_level": level,
        "actions": [_action(case, subject.deliveries, name) for name in _action_names(case)],
        "cassettes": [_cassette(cassette, case) for cassette in case.cassettes],
        "coverage": _coverage(subject.measured),
        "seed": subject.seed,
        "host": subject.host.name,
        "environment": {
            **environment(subject.host.isolation),
            "calls": subject.evidence.calls,
            "requests": subject.evidence.requests,
        },
        "started_at": started_at.isoformat(),
        "waivers": {name: (w.reason, w.expires.isoformat()) for name, w in case.test_case.waivers.items()},
    }


def _connector(case: Case) -> dict[str, Any]:
    about_it = case.description
    return {
        "name": case.name,
        "version": str(about_it.version),
        "adapter": about_it.reference,
        "distribution": distribution_of(about_it.reference.partition(":")[0]),
    }


def distribution_of(module: str) -> dict[str, str] | None:
    """The installed distribution that a module belongs to."""
    for point in importlib.metadata.entry_points(group="automate.connectors"):
        # An editable install does not list its files, but it names its connectors.
        if point.module == module and point.dist is not None:
            return {"name": point.dist.name, "version": point.dist.version}
    for name in importlib.metadata.packages_distributions().get(module.partition(".")[0], ()):
        return {"name": name, "version": importlib.metadata.version(name)}
    return None


def _action_names(case: Case) -> list[str]:
    return list(dict.fromkeys([action.name for action in case.description.actions] + [e.action for e in case.examples]))


def _action(case: Case, notes: DeliveryNotes, name: str) -> dict[str, Any]:
    kind = case.facts(name).kind
    return {
        "name": name,
        "idempotency": kind,
        "guarantee": str(guarantee_of("undeclared" if name in notes.broken else kind)),
        "examples": len(case.examples_of(name)),
        "schedules": notes.schedules.get(name, 0),
        "counterexample": notes.counterexamples.get(name),
    }


def _guaranteed(actions: Iterable[Mapping[str, Any]], judged: Mapping[str, Judged]) -> list[dict[str, Any]]:
    """The actions, with a guarantee only where all of I01-I07 were judged."""
    delivery = [judged.get(f"I0{number}") for number in range(1, 8)]
    told = all(one is not None and one.outcome is not Outcome.ERROR for one in delivery)
    return [dict(action) if told else {**action, "guarantee": str(guarantee_of("undeclared"))} for action in actions]


def _cassette(cassette: Any, case: Case) -> dict[str, Any]:
    path = os.path.relpath(cassette.path, case.directory.parent.parent)
    recorded_at = cassette.recorded.at
    return {
        "path": path,
        "sha256": cassette.sha256,
        "recorded_at": recorded_at.isoformat() if recorded_at else None,
        "interactions": len(cassette.interactions),
    }


def _coverage(measured: Exercised | None) -> dict[str, Any] | None:
    if measured is None:
        return None
    return {"lines": measured.lines, "covered": measured.covered, "percent": round(measured.percent, 2)}


def environment(isolation: str = "nothing was run") -> dict[str, Any]:
    """What the judge ran on, and what kept the adapter from it."""
    return {
        "python": platform.python_version(),
        "implementation": sys.implementation.name,
        "platform": platform.platform(),
        "isolation": isolation,
    }


def assemble(
    told: Mapping[str, Any],
    judged: Mapping[str, Judged],
    *,
    faults: Iterable[Mapping[str, Any]] = (),
    today: date | None = None,
) -> tuple[Report, list[str]]:
    """The report of a run, and what is wrong with its waivers in sentences."""
    from automate_conformance.catalogue import CATALOGUE  # noqa: PLC0415 - the suite is looked at when a report is made
    from automate_conformance.digest import suite_digest, suite_version  # noqa: PLC0415 - as above

    claimed = Level(told["claimed_level"])
    outcomes = {record.id: _outcome(record, judged) for record in CATALOGUE}
    waivers = {name: Waiver(reason, date.fromisoformat(expires)) for name, (reason, expires) in told["waivers"].items()}
    outcomes, problems = judge_waivers(waivers, outcomes, CATALOGUE, today or datetime.now(UTC).date(), level=claimed)
    level = level_reached(outcomes)
    report = Report.model_validate(
        {
            "schema": SCHEMA,
            "connector": told["connector"],
            "suite": {"version": suite_version(), "digest": suite_digest()},
            "claimed_level": claimed,
            "level": level,
            "certified": level is not None and at_least(level, claimed) and not problems,
            "requirements": [_result(r, outcomes[r.id], judged.get(r.id), waivers, claimed) for r in CATALOGUE],
            "waivers": waiver_records(waivers, outcomes),
            "actions": _guaranteed(told["actions"], judged),
            "faults": list(faults),
            "cassettes": told["cassettes"],
            "coverage": told.get("coverage"),
            "seed": told["seed"],
            "host": told["host"],
            "environment": told["environment"],
            "started_at": told["started_at"],
            "finished_at": datetime.now(UTC).isoformat(),
        }
    )
    return report, problems


def _outcome(record: Requirement, judged: Mapping[str, Judged]) -> Outcome:
    return judged[record.id].outcome if record.id in judged else Outcome.NOT_RUN


def _result(
    record: Requirement, outcome: Outcome, judged: Judged | None, waivers: Mapping[str, Waiver], claimed: Level
) -> dict[str, Any]:
    above = order(Level(record.level)) > order(claimed)
    missing = f"above {claimed}, the level judged against" if above else "deselected: it was not run"
    reason = judged.reason if judged else missing
    if outcome is Outcome.WAIVED:
        reason = waivers[record.id].reason
    failures = (
        [{"case": f.case, "expected": f.expected, "observed": f.observed} for f in judged.failures] if judged else []
    )
    return {
        "id": record.id,
        "level": record.level,
        "title": record.title,
        "outcome": outcome,
        "reason": reason,
        "cases": judged.cases if judged else 0,
        "failures": failures,
        "seconds": round(judged.seconds, 6) if judged else 0.0,
    }
