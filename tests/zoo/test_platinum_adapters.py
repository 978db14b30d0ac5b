"""Platinum: judged in a process of their own, right adapters reach it; broken ones fail what they break, alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import zoo.platinum_broken
import zoo.platinum_right
from zoo.certify import case_file, certify_outside, unmet
from zoo.members import Member, members, sampled

RIGHT = list(members(zoo.platinum_right))
BROKEN = list(members(zoo.platinum_broken))


@pytest.mark.parametrize("member", sampled(RIGHT))
def test_a_right_adapter_reaches_platinum(member: Member, tmp_path: Path) -> None:
    """Nothing is unmet, and the report gives each action its guarantee."""
    report = certify_outside(member.adapter_class.name, case_file(member, tmp_path / "case"), "platinum")
    assert unmet(report) == {}
    assert report.level == "platinum"
    assert {action.name: str(action.guarantee) for action in report.actions} == member.guarantees


@pytest.mark.parametrize("member", sampled(BROKEN))
def test_a_broken_adapter_fails_its_requirement_alone(member: Member, tmp_path: Path) -> None:
    """Gold is reached, Platinum is not."""
    report = certify_outside(member.adapter_class.name, case_file(member, tmp_path / "case"), "platinum")
    assert set(unmet(report)) == {member.breaks} | member.entails, unmet(report)
    assert report.level == "gold"


def test_members_of_platinum_have_names_of_their_own() -> None:
    """No two members share a registered name."""
    names = [member.adapter_class.name for member in (*RIGHT, *BROKEN)]
    assert sorted(set(names)) == sorted(names)
