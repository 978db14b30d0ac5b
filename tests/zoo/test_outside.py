"""Judged in a child process, an adapter has the outcomes that it has in the judge's own (X01)."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import zoo.broken
import zoo.gold_broken
import zoo.gold_right
import zoo.right
from zoo.certify import certify, certify_outside, outcomes, unmet
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
            marks = [] if member.label in _SAMPLE else [pytest.mark.exhaustive]
            yield pytest.param(member, id=member.label, marks=marks)


def _file(member: Member, folder: Path) -> Path:
    """A test file that defines the member's case, as an author's own would."""
    folder.mkdir()
    file = folder / f"test_{member.adapter_class.__name__.lower()}.py"
    text = f"""
        import importlib
        from pathlib import Path
        from automate_connectors import connector_registry

        module = importlib.import_module({member.adapter_class.__module__!r})
        for kind in {{one.adapter_class for one in module.MEMBERS}}:
            if kind.name not in connector_registry.names():
                connector_registry.register(kind.name, kind)
        member = next(one for one in module.MEMBERS if one.adapter_class.__name__ == {member.adapter_class.__name__!r})
        Case = member.test_case(Path({str(folder / "cassettes")!r}))
        Case.__module__ = __name__
    """
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    return file


@pytest.mark.parametrize("member", list(_everyone()))
def test_the_outcomes_are_those_of_the_inline_host(member: Member, tmp_path: Path) -> None:
    """Whichever process it lives in, the same requirements pass, fail, and do not apply."""
    with member.among_its_neighbours():
        inside = certify(member.test_case(tmp_path / "inside"), level=member.level, root=tmp_path)
    outside = certify_outside(member.adapter_class.name, _file(member, tmp_path / "outside"), member.level)
    assert outside.host == "process"
    assert outcomes(outside) == outcomes(inside), (unmet(inside), unmet(outside))
