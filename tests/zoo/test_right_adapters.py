"""Well-behaved adapters, each in the way of another client or habit, reach the level that they claim."""

from __future__ import annotations

from pathlib import Path

import pytest

import zoo.right
from automate_connectors.certification.report import Report
from zoo.certify import certify, outcomes, unmet
from zoo.members import Member, members, sampled

MEMBERS = list(members(zoo.right))


@pytest.mark.parametrize("member", sampled(MEMBERS))
def test_a_right_adapter_reaches_its_level(member: Member, tmp_path: Path) -> None:
    """Nothing that the suite asks of its level is unmet: no false alarm, and nothing left unjudged."""
    report = certify(member.test_case(tmp_path), level=member.level, root=tmp_path)
    assert not unmet(report), _told(member, report)
    assert report.level == member.level, _told(member, report)


def test_right_adapters_have_names_of_their_own() -> None:
    """No two members share a registered name, so that each can be registered beside the others."""
    names = [member.adapter_class.name for member in MEMBERS]
    assert sorted(set(names)) == sorted(names)


def test_right_adapters_claim_every_level_that_one_run_can_reach() -> None:
    """Bronze and Silver have right members of their own."""
    assert {member.level for member in MEMBERS} >= {"bronze", "silver"}


def _told(member: Member, report: Report) -> str:
    reached = outcomes(report)
    lines = [f"{member.label} claims {member.level} and reached {report.level}; a false alarm of the suite?"]
    for result in report.requirements:
        if reached.get(result.id) in ("fail", "error", "not_run"):
            lines.append(f"{result.id} ({result.title}): {result.outcome}, {result.reason or 'see the cases'}")
            lines += [
                f"    {failure.case}\n        expected {failure.expected}\n        observed {failure.observed}"
                for failure in result.failures[:5]
            ]
    return "\n".join(lines)
