"""The kill table: every member of the zoo, and what the suite said of it. ``python -m zoo.table`` writes README.md."""

from __future__ import annotations

import inspect
import multiprocessing
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import zoo.broken
import zoo.gold_broken
import zoo.gold_right
import zoo.platinum_broken
import zoo.platinum_right
import zoo.right
from automate_conformance.catalogue import CATALOGUE
from automate_connectors.wire.install import install
from zoo.certify import case_file, certify, certify_outside, unmet
from zoo.members import Member, members

PAGE = Path(__file__).with_name("README.md")
#: How the tests begin whose outcomes are the two numbers of the summary.
BROKEN_TEST = "test_a_broken_adapter_fails_its_requirement_alone"
RIGHT_TEST = "test_a_right_adapter_reaches"
_ROW = re.compile(r"^\| (?P<id>[A-Z]\d\d|right) \|.*?\| `(?P<label>[\w.]+)` \|", re.MULTILINE)
_WORKERS = 2
_PACKAGES = (
    zoo.right,
    zoo.gold_right,
    zoo.platinum_right,
    zoo.broken,
    zoo.gold_broken,
    zoo.platinum_broken,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the suite said of a member.

    Attributes:
        label: the member's.
        unmet: the requirements that stood in the way of the level against which it was judged.
        level: what it reached.
    """

    label: str
    unmet: tuple[str, ...]
    level: str | None


@cache
def zoo_members() -> dict[str, Member]:
    """Every member by its label, right ones first."""
    return {member.label: member for package in _PACKAGES for member in members(package)}


def as_planted(told: Told) -> bool:
    """Whether a member failed what it breaks and what that entails, and nothing else."""
    member = zoo_members()[told.label]
    return set(told.unmet) == {member.breaks} - {None} | member.entails


def judge(label: str) -> Told:
    """Certify one member against its level."""
    member = zoo_members()[label]
    with tempfile.TemporaryDirectory() as folder, member.among_its_neighbours():
        if member.level == "platinum":
            report = certify_outside(member.adapter_class.name, case_file(member, Path(folder, "case")), member.level)
        else:
            report = certify(member.test_case(Path(folder)), level=member.level, root=Path(folder))
    return Told(label, tuple(unmet(report)), str(report.level) if report.level else None)


def judge_all() -> list[Told]:
    """Certify every member, in processes of their own."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(_WORKERS, mp_context=spawn, initializer=install) as pool:
        return [_noted(told) for told in pool.map(judge, zoo_members())]


def _noted(told: Told) -> Told:
    """The same, once whoever waits knows how far it is."""
    sys.stderr.write(f"{told.label}: {', '.join(told.unmet) or 'all met'}\n")
    return told


def page(told: Sequence[Told]) -> str:
    """The README of the zoo."""
    known = zoo_members()
    broken = [one for one in told if known[one.label].breaks is not None]
    right = [one for one in told if known[one.label].breaks is None]
    killed = sum(as_planted(one) for one in broken)
    alarms = sum(bool(one.unmet) for one in right)
    return "\n".join(
        [
            *_HEAD,
            f"Kill score: **{killed} of {len(broken)}**. False alarms: **{alarms} of {len(right)}**.\n",
            "## Broken adapters\n",
            *_table(("breaks", "title", "adapter", "what is wrong with it", "what the suite said"), _broken(broken)),
            "\n## Right adapters\n",
            *_table(("", "claims", "adapter", "what it is", "what the suite said"), _right(right)),
            "",
        ]
    )


_HEAD = (
    "# The zoo\n",
    "Adapters that judge the suite. Each broken one breaks one requirement and must fail exactly that one; each right",
    "one must reach the level that it claims. Written by `python -m zoo.table`, with `tests` on the path.\n",
)


def _broken(told: Iterable[Told]) -> list[tuple[str, ...]]:
    titles = {record.id: record.title for record in CATALOGUE}
    places = {record.id: place for place, record in enumerate(CATALOGUE)}
    rows: list[tuple[str, ...]] = []
    for one in told:
        member = zoo_members()[one.label]
        breaks = str(member.breaks)
        caught = f"fails {', '.join(one.unmet) or 'nothing'}"
        if as_planted(one):
            caught = "caught by it alone" if not member.entails else f"caught, with {', '.join(sorted(member.entails))}"
        rows.append((breaks, titles[breaks], f"`{one.label}`", _defect(member), caught))
    return sorted(rows, key=lambda row: places[row[0]])


def _right(told: Iterable[Told]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for one in told:
        member = zoo_members()[one.label]
        said = f"false alarm: {', '.join(one.unmet)}" if one.unmet else f"reaches {one.level}"
        rows.append(("right", member.level, f"`{one.label}`", _defect(member), said))
    return rows


def _defect(member: Member) -> str:
    return (inspect.getdoc(member.adapter_class) or "").partition("\n")[0].replace("|", "\\|")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def listed(text: str) -> set[tuple[str, str]]:
    """Requirement (or ``right``) and label of each member that a page lists."""
    return {(row["id"], row["label"]) for row in _ROW.finditer(text)}


def expected() -> set[tuple[str, str]]:
    """What the page must list."""
    return {(member.breaks or "right", label) for label, member in zoo_members().items()}


def summarise(terminal: Any) -> None:
    """Print kill score and false alarms at the end of a test run that judged members of the zoo."""
    killed, escaped = _count(terminal, BROKEN_TEST)
    reached, alarms = _count(terminal, RIGHT_TEST)
    if killed + escaped + reached + alarms:
        terminal.write_sep("-", "zoo")
        terminal.write_line(f"kill score {killed} of {killed + escaped}, false alarms {alarms} of {reached + alarms}")


def _count(terminal: Any, test: str) -> tuple[int, int]:
    """How many parametrised runs of a test passed, and how many did not."""

    def among(*outcomes: str) -> int:
        reports = [report for outcome in outcomes for report in terminal.stats.get(outcome, ())]
        return sum(f"::{test}" in str(getattr(report, "nodeid", "")) for report in reports)

    return among("passed"), among("failed", "error")


def main() -> int:
    """Judge, write the page, and say whether the suite is as it should be."""
    install()
    told = judge_all()
    PAGE.write_text(page(told), encoding="utf-8")
    known = zoo_members()
    wrong = [one for one in told if not as_planted(one)]
    for one in wrong:
        planted = known[one.label].breaks or "right"
        sys.stdout.write(f"{one.label} ({planted}) fails {', '.join(one.unmet) or 'nothing'}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
