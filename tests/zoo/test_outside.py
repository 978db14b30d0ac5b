"""Judged in a child process, an adapter has the outcomes that it has in the judge's own (X01)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import zoo.broken
import zoo.gold_broken
import zoo.gold_right
import zoo.right
from zoo.certify import case_file, certify, certify_outside, outcomes, unmet
from zoo.members import Member, members

#: One of each way to reach a service, and of each way to fail; the others are marked ``exhaustive``.
_SAMPLE = {
    "right.http_plain.HttpAcmeAdapter",
    "right.no_network.AuditAdapter",
    "gold_right.database.SqliteAdapter",
    "broken.c02_import_thread.StartsThreadAtImport",
    "broken.c08_exits.ExitsWhenDown",
    "broken.s01_output.HexOnStderr",
}


def _everyone() -> Iterator[Any]:
    for package in (zoo.right, zoo.gold_right, zoo.broken, zoo.gold_broken):
        for member in members(package):
            marks = [pytest.mark.slow if member.label in _SAMPLE else pytest.mark.exhaustive]
            yield pytest.param(member, id=member.label, marks=marks)


@pytest.mark.parametrize("member", list(_everyone()))
def test_the_outcomes_are_those_of_the_inline_host(member: Member, tmp_path: Path) -> None:
    """Whichever process it lives in, the same requirements pass, fail, and do not apply."""
    with member.among_its_neighbours():
        inside = certify(member.test_case(tmp_path / "inside"), level=member.level, root=tmp_path)
    outside = certify_outside(member.adapter_class.name, case_file(member, tmp_path / "outside"), member.level)
    assert outside.host == "process"
    assert outcomes(outside) == outcomes(inside), (unmet(inside), unmet(outside))
