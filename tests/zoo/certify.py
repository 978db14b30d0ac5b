"""Certifies an adapter of the zoo in this process, as ``pytest --connector`` does."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from automate_conformance.suite import judged_order
from automate_connectors.certification.report import Report
from automate_connectors.certification.reporting import assemble
from automate_connectors.plugin.runs import ConnectorRun, Order
from automate_connectors.testing import ConnectorTestCase
from zoo.members import Member

SEED = 20261124


def certify(case_class: type[ConnectorTestCase], *, level: str | None = None, root: Path | None = None) -> Report:
    """Judge a case up to ``level`` (what it claims, by default) and give the report."""
    adapter_class: Any = case_class.adapter_class
    return judged(
        Order(adapter_class.name, adapter_class, case_class, level or case_class.level, root or Path.cwd(), seed=SEED)
    )


def certify_outside(name: str, file: Path, level: str) -> Report:
    """Judge a connector that a file registers, in a child process."""
    return judged(Order(name, None, None, level, file.parent, seed=SEED, files=(file,)))


def _module_of(member: Member) -> str:
    """The module of the zoo that lists a member: built-in adapters are members too, and defined elsewhere."""
    loaded = [module for name, module in list(sys.modules.items()) if name.startswith("zoo.")]
    return next(module.__name__ for module in loaded if member in getattr(module, "MEMBERS", ()))


def case_file(member: Member, folder: Path) -> Path:
    """A test file that defines the member's case, as an author's own would."""
    folder.mkdir(parents=True)
    file = folder / f"test_{member.adapter_class.__name__.lower()}.py"
    text = f"""
        import importlib
        from pathlib import Path
        from automate_connectors import connector_registry

        module = importlib.import_module({_module_of(member)!r})
        for kind in {{one.adapter_class for one in module.MEMBERS}}:
            if kind.name not in connector_registry.names():
                connector_registry.register(kind.name, kind)
        member = next(one for one in module.MEMBERS if one.adapter_class.__name__ == {member.adapter_class.__name__!r})
        Case = member.test_case(Path({str(folder / "cassettes")!r}))
        Case.__module__ = __name__
    """
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    return file


def judged(order: Order) -> Report:
    """Carry an order out and give the report."""
    run = ConnectorRun(order)
    try:
        judged = {record.id: run.judge(record) for record in judged_order(order.level)}
        cells = [cell for identifier in judged for cell in run.cells(identifier)]
        report, problems = assemble(run.about(), judged, faults=cells)
    finally:
        run.close()
    assert not problems, problems
    return report


def outcomes(report: Report) -> Mapping[str, str]:
    """The outcome of each requirement up to the judged level."""
    wanted = {record.id for record in judged_order(str(report.claimed_level))}
    return {result.id: str(result.outcome) for result in report.requirements if result.id in wanted}


def unmet(report: Report) -> dict[str, str]:
    """What stands in the way of the judged level: id → the first failing case, or the reason."""
    found = {}
    for result in report.requirements:
        if outcomes(report).get(result.id) in ("fail", "error", "not_run"):
            first = result.failures[0] if result.failures else None
            found[result.id] = f"{first.case}: {first.observed}" if first else str(result.reason)
    return found
