"""Adapters with one planted defect fail exactly the requirement that they break: no check is one that cannot fail."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import zoo.broken
from automate_conformance.catalogue import CATALOGUE
from zoo.certify import certify, unmet
from zoo.members import Member, members, sampled
from zoo.table import PAGE, expected, listed

MEMBERS = list(members(zoo.broken))
#: Requirements that real authors break in many ways, and the least number of members for each.
_AT_LEAST = {
    **dict.fromkeys(("E02", "E03", "E04", "E09", "S01", "S04"), 4),
    **dict.fromkeys(("C02", "C05", "C08", "C10", "E05", "E06", "E07", "E08", "S02", "S03"), 2),
}


@pytest.mark.parametrize("member", sampled(MEMBERS))
def test_a_broken_adapter_fails_its_requirement_alone(member: Member, tmp_path: Path) -> None:
    """The one requirement that it breaks is unmet, and every other one up to its level is met."""
    report = certify(member.test_case(tmp_path), level=member.level, root=tmp_path)
    assert set(unmet(report)) == {member.breaks}, unmet(report)


def test_every_requirement_of_bronze_and_silver_is_broken_by_some_adapter() -> None:
    """For each id up to Silver there is a member that breaks it, and several where authors err in many ways."""
    wanted = [record.id for record in CATALOGUE if record.level in ("bronze", "silver")]
    found = Counter(member.breaks for member in MEMBERS)
    assert [identifier for identifier in wanted if found[identifier] < _AT_LEAST.get(identifier, 1)] == []


def test_broken_adapters_have_names_of_their_own() -> None:
    """No two members share a registered name."""
    names = [member.adapter_class.name for member in MEMBERS]
    assert sorted(set(names)) == sorted(names)


def test_the_page_of_the_zoo_lists_every_member() -> None:
    """The committed table holds the members that there are, each under the id that it breaks."""
    assert listed(PAGE.read_text(encoding="utf-8")) == expected(), "run `python -m zoo.table` with tests on the path"
