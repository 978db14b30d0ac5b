"""Gold: right adapters reach it with the guarantee that they declare; broken ones fail what they break, and say how."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import zoo.gold_broken
import zoo.gold_right
from automate_conformance.catalogue import CATALOGUE
from automate_conformance.replays import StoredSchedule, load_schedule, still_broken
from automate_connectors.certification.report import Report
from automate_connectors.plugin.runs import ConnectorRun, Order
from zoo.certify import SEED, certify, outcomes, unmet
from zoo.members import Member, members, sampled

RIGHT = list(members(zoo.gold_right))
BROKEN = list(members(zoo.gold_broken))
#: What is left open is closed by the garbage collector, which complains wherever it happens to run.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
#: Requirements that authors break in many ways, and the least number of members for each.
_AT_LEAST = {"I01": 3, "I02": 5, "I03": 5, "I04": 3, "I05": 5, "I06": 4, "T01": 3, "T03": 4, "D01": 2}
#: What a schedule is stored for.
_BY_SCHEDULE = {"I02", "I03", "I04", "I05", "I07"}


def _certified(member: Member, folder: Path) -> Report:
    with member.among_its_neighbours():
        return certify(member.test_case(folder), level="gold", root=folder)


@pytest.mark.parametrize("member", sampled(RIGHT))
def test_a_right_adapter_reaches_gold_with_the_guarantee_it_declares(member: Member, tmp_path: Path) -> None:
    """Nothing up to Gold is unmet, no schedule breaks an action, and the report gives each its guarantee."""
    report = _certified(member, tmp_path)
    assert unmet(report) == {}
    assert report.level == "gold"
    assert {action.name: str(action.guarantee) for action in report.actions} == member.guarantees
    assert [action.name for action in report.actions if action.counterexample] == []


@pytest.mark.parametrize("member", sampled(BROKEN))
def test_a_broken_adapter_fails_its_requirement_alone(member: Member, tmp_path: Path) -> None:
    """What it breaks is unmet with what that entails, and a schedule that shows it is short and breaks it again."""
    report = _certified(member, tmp_path / "first")
    assert set(unmet(report)) == {member.breaks} | member.entails, unmet(report)
    stored = [action.counterexample for action in report.actions if action.counterexample]
    assert bool(stored) or member.breaks not in _BY_SCHEDULE or _by_comparison(report)
    for one in stored:
        schedule = _stored(one, tmp_path / "schedule.json")
        assert _replayed(member, tmp_path / "second", schedule), one
        assert len(schedule.schedule) <= 2 or _needs_every_step(member, tmp_path / "shorter", schedule)


def _by_comparison(report: Report) -> bool:
    """Whether the requirement is broken without any fault already."""
    failed = [failure.case for result in report.requirements for failure in result.failures]
    return any(case.endswith("-twice") for case in failed)


def _stored(counterexample: Any, file: Path) -> StoredSchedule:
    file.write_text(json.dumps(counterexample), encoding="utf-8")
    return load_schedule(file)


def _replayed(member: Member, folder: Path, schedule: StoredSchedule) -> str | None:
    with _run(member, folder) as run, run.subject.session():
        return still_broken(run.subject, schedule)


def _needs_every_step(member: Member, folder: Path, schedule: StoredSchedule) -> bool:
    steps = schedule.schedule
    shorter = [replace(schedule, schedule=steps[:at] + steps[at + 1 :]) for at in range(len(steps))]
    return not any(_replayed(member, folder, one) for one in shorter)


@contextmanager
def _run(member: Member, folder: Path) -> Iterator[ConnectorRun]:
    case: Any = member.test_case(folder)
    run = ConnectorRun(Order(member.adapter_class.name, member.adapter_class, case, "gold", folder, seed=SEED))
    try:
        yield run
    finally:
        run.close()


def _member(among: list[Member], name: str) -> Member:
    return next(member for member in among if member.adapter_class.name == name)


@pytest.mark.parametrize(
    ("broken", "right"),
    [
        ("acme_i02_fresh_header", "acme_key_in_header"),
        ("acme_i03_second_step", "acme_attaching"),
        ("acme_i04_finding_nothing", "acme_searching"),
        ("acme_i05_rolled_back", "acme_sqlite"),
    ],
)
def test_a_stored_schedule_says_fixed_of_the_adapter_that_was_mended(broken: str, right: str, tmp_path: Path) -> None:
    """What breaks the one does not break the other, with cassettes, a service of the author's own, and ports."""
    report = _certified(_member(BROKEN, broken), tmp_path / "broken")
    found = [action.counterexample for action in report.actions if action.counterexample]
    assert found
    for one in found:
        schedule = _stored(one, tmp_path / "schedule.json")
        assert _replayed(_member(RIGHT, right), tmp_path / "right", schedule) is None


def test_every_requirement_of_gold_is_broken_by_some_adapter() -> None:
    """For each id of Gold but the wheel's there is a member that breaks it, and several where authors err often."""
    wanted = [record.id for record in CATALOGUE if record.level == "gold" and record.id != "P01"]
    found = Counter(member.breaks for member in BROKEN)
    assert [identifier for identifier in wanted if found[identifier] < _AT_LEAST.get(identifier, 1)] == []


def test_members_of_gold_have_names_of_their_own() -> None:
    """No two members share a registered name."""
    names = [member.adapter_class.name for member in (*RIGHT, *BROKEN)]
    assert sorted(set(names)) == sorted(names)


def test_the_package_is_judged_by_the_wheel_alone(tmp_path: Path) -> None:
    """Without a wheel P01 does not apply, and that is no obstacle to Gold."""
    report = _certified(_member(RIGHT, "logging"), tmp_path)
    assert outcomes(report)["P01"] == "not_applicable"
