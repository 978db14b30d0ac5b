"""From verdicts to the report."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from certification.judged import case_of, subject_of

from automate_conformance.catalogue import CATALOGUE
from automate_connectors.certification.levels import Outcome
from automate_connectors.certification.report import Report
from automate_connectors.certification.reporting import about, assemble, distribution_of, environment
from automate_connectors.certification.verdict import Finding, Judged
from automate_connectors.testing import Waiver

TODAY = date(2026, 11, 24)
MOMENT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def told(level: str = "gold", **more: Any) -> dict[str, Any]:
    """What a run says besides its verdicts."""
    action = {"name": "send", "idempotency": "keyed", "guarantee": "exactly-once", "examples": 1, "schedules": 57}
    said = {
        "connector": {"name": "acme", "version": "1.0.0", "adapter": "acme:Acme", "distribution": None},
        "claimed_level": level,
        "actions": [{**action, "counterexample": None}],
        "cassettes": [],
        "seed": 1,
        "host": "inline",
        "environment": environment(),
        "started_at": MOMENT.isoformat(),
        "waivers": {},
    }
    return {**said, **more}


def verdicts(level: str = "gold", **others: Outcome) -> dict[str, Judged]:
    """Every requirement up to a level passed, but for some."""
    levels = ["bronze", "silver", "gold", "platinum"]
    wanted = levels[: levels.index(level) + 1]
    passed = {r.id: Judged(r.id, Outcome.PASS, None, 1, (), 0.25) for r in CATALOGUE if r.level in wanted}
    failure = Finding("a case", passed=False, expected="good", observed="bad")
    for name, outcome in others.items():
        failed = (failure,) if outcome is Outcome.FAIL else ()
        passed[name] = Judged(name, outcome, None if failed else "because", 1, failed, 0.25)
    return passed


def assembled(
    level: str = "gold", *, said: dict[str, Any] | None = None, **others: Outcome
) -> tuple[Report, list[str]]:
    """The report of these verdicts."""
    return assemble(said or told(level), verdicts(level, **others), today=TODAY)


def test_a_connector_that_met_everything_is_certified() -> None:
    """At the level that it claims; requirements stand in catalogue order."""
    report, problems = assembled()
    assert (report.level, report.certified, problems) == ("gold", True, [])
    assert [result.id for result in report.requirements] == [record.id for record in CATALOGUE]
    assert report.actions[0].guarantee == "exactly-once"
    above = {result.id: result for result in report.requirements}["X01"]
    assert (above.outcome, above.reason) == ("not_run", "above gold, the level judged against")


def test_one_unmet_requirement_lowers_the_level() -> None:
    """It keeps its failing cases."""
    report, _ = assembled(E05=Outcome.FAIL)
    assert (report.level, report.certified) == ("bronze", False)
    failed = {result.id: result for result in report.requirements}["E05"]
    assert [failure.observed for failure in failed.failures] == ["bad"]
    assert failed.reason is None


def test_a_deselected_requirement_was_not_run() -> None:
    """And says so."""
    judged = verdicts()
    del judged["C01"]
    report, _ = assemble(told(), judged, today=TODAY)
    assert report.level is None
    assert report.requirements[0].reason == "deselected: it was not run"


def test_a_waiver_stands_in_the_report_with_its_reason() -> None:
    """Until it expires; then it is a problem and blocks."""
    until = (TODAY + timedelta(days=10)).isoformat()
    report, problems = assembled(said=told(waivers={"E05": ("no time", until)}), E05=Outcome.FAIL)
    waived = {result.id: result for result in report.requirements}["E05"]
    assert (waived.outcome, waived.reason) == ("waived", "no time")
    assert (report.level, report.certified, problems) == ("gold", True, [])
    assert [waiver.id for waiver in report.waivers] == ["E05"]
    past = (TODAY - timedelta(days=1)).isoformat()
    report, problems = assembled(said=told(waivers={"E05": ("no time", past)}), E05=Outcome.FAIL)
    assert not report.certified
    assert len(problems) == 1
    report, problems = assembled(said=told(waivers={"E05": ("no time", until)}))
    assert not report.certified
    assert "not needed" in problems[0]


@pytest.mark.parametrize("outcome", [Outcome.ERROR, None])
def test_a_guarantee_is_given_only_where_all_of_delivery_was_judged(outcome: Outcome | None) -> None:
    """Broken or deselected checks prove nothing."""
    judged = verdicts()
    if outcome is None:
        del judged["I04"]
    else:
        judged["I04"] = Judged("I04", outcome, "broke", 0, (), 0.0)
    report, _ = assemble(told(), judged, today=TODAY)
    assert report.actions[0].guarantee == "undeclared"


def test_what_is_said_about_a_connector_is_plain_data(tmp_path: Path) -> None:
    """Its actions with guarantee, schedules and counterexample, its cassettes by relative path, its waivers."""
    waivers = {"S05": Waiver("the service wants it", expires=TODAY)}
    case = case_of(tmp_path / "cassettes" / "acme_http", waivers=waivers)
    with subject_of(case) as subject:
        subject.deliveries.judged("post_note", kept=False)
        subject.deliveries.schedules["post_note"] = 43
        subject.healthy()
        said = about("gold", subject, MOMENT)
    actions = {action["name"]: action for action in said["actions"]}
    assert actions["get_user"]["guarantee"] == "read-only"
    assert (actions["post_note"]["guarantee"], actions["post_note"]["schedules"]) == ("undeclared", 43)
    assert actions["send_message"]["idempotency"] == "keyed"
    assert said["connector"]["adapter"] == "zoo.right.http_plain:HttpAcmeAdapter"
    assert said["connector"]["distribution"] is None
    assert said["cassettes"][0]["path"] == "cassettes/acme_http/connect.yaml"
    assert said["cassettes"][0]["interactions"] == 1
    assert said["environment"]["requests"] == 1
    assert said["waivers"] == {"S05": ("the service wants it", TODAY.isoformat())}
    report, _ = assemble(said, {}, today=TODAY)
    assert report.connector.name == "acme_http"


def test_the_distribution_of_a_module_is_told() -> None:
    """Name and version of what is installed."""
    found = distribution_of("automate_connectors.adapters.slack")
    assert found is not None
    assert found["name"] == "automate-connectors"
    assert distribution_of("no_such_package_anywhere") is None
