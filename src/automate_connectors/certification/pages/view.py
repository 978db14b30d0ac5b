"""A report as a page shows it: the way to the next level, the fault matrix, ages. No markup here.

Every text of an adapter's goes through `shown` first: one line, no control or bidirectional signs, cut.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from automate_conformance.catalogue import CATALOGUE, Requirement
from automate_connectors.certification.levels import Level, Outcome, order
from automate_connectors.certification.moments import rfc3339, utc
from automate_connectors.certification.report import FaultRecord, Report, RequirementResult
from automate_connectors.certification.terminal import printable

__all__ = [
    "OUTCOMES",
    "Cell",
    "Matrix",
    "Path",
    "Rung",
    "age_in_days",
    "ladder",
    "matrix",
    "minute",
    "path",
    "record",
    "shown",
]

OUTCOMES: Final[Mapping[str, str]] = {
    Outcome.FAIL: "failed",
    Outcome.ERROR: "broke",
    Outcome.NOT_RUN: "not run",
    Outcome.WAIVED: "waived",
    Outcome.NOT_APPLICABLE: "not applicable",
    Outcome.PASS: "passed",
}
"""What an outcome is called, what needs a reader most first."""

_SETTLED: Final = (Outcome.PASS, Outcome.NOT_APPLICABLE, Outcome.WAIVED)
_RECORDS: Final[Mapping[str, Requirement]] = {each.id: each for each in CATALOGUE}
#: How much a family asks of an author, least first: words, recordings, a changed line, a changed design.
_EFFORT: Final = "DRPCSETIX"
_LIMIT: Final = 1000
#: How faults that differ in the answer's body only are told apart.
_VARIANTS: Final[Mapping[str, str]] = {"html": ", HTML page", "empty": ", no body"}
_FAULTS: Final[Mapping[str, str]] = {
    "truncated": "body cut short",
    "truncated_chunked": "chunked body cut short",
    "dns": "DNS failure",
    "refused": "connection refused",
    "connect_timeout": "connect timeout",
    "tls": "untrusted certificate",
    "read_timeout": "read timeout",
    "reset": "connection reset",
    "lost_response": "lost response",
    "invalid_json": "invalid JSON",
    "html": "HTML instead",
    "empty": "empty body",
    "wrong_type": "wrong JSON type",
}
_NETWORK: Final = frozenset(
    {"truncated", "truncated_chunked", "dns", "refused", "connect_timeout", "tls", "read_timeout", "reset"}
    | {"lost_response"}
)


@dataclass(frozen=True, slots=True)
class Rung:
    """One level: whether it is reached, and how many of its requirements are settled."""

    level: Level
    reached: bool
    settled: int
    total: int


@dataclass(frozen=True, slots=True)
class Path:
    """What is missing for the next level.

    Attributes:
        level: The level that comes next; None where all are reached.
        judged: What was judged and is unmet, easiest first.
        above: What was not judged, for it is above the level that was judged against.
    """

    level: Level | None
    judged: Sequence[RequirementResult]
    above: Sequence[RequirementResult]


@dataclass(frozen=True, slots=True)
class Cell:
    """What an action answered to a fault; `outcome` is empty where the two never met."""

    answer: str
    outcome: str
    cases: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """The faults in groups, and the cells of each in the order of `columns`, which are actions with their request."""

    columns: Sequence[str]
    groups: Sequence[tuple[str, Sequence[tuple[str, Sequence[Cell]]]]]


def shown(text: object, limit: int = _LIMIT) -> str:
    """Return a text of anybody's on one line, cut, with what is not printable escaped."""
    return printable(text, limit)


def record(result: RequirementResult) -> Requirement | None:
    """Return the catalogue's record of a result; None for an id that this suite does not know."""
    return _RECORDS.get(result.id)


def ladder(report: Report) -> list[Rung]:
    """Return the four levels, lowest first."""
    rungs = []
    for level in Level:
        results = [result for result in report.requirements if result.level == level]
        settled = sum(result.outcome in _SETTLED for result in results)
        rungs.append(Rung(level, order(report.level) >= order(level), settled, len(results)))
    return rungs


def path(report: Report) -> Path:
    """Return what is missing for the next level, easiest first."""
    level = next((each for each in Level if order(each) > order(report.level)), None)
    unmet = [r for r in report.requirements if r.level == level and r.outcome not in _SETTLED]
    above = [r for r in unmet if level and order(level) > order(report.claimed_level) and r.outcome == Outcome.NOT_RUN]
    return Path(level, sorted((r for r in unmet if r not in above), key=_effort), above)


def _effort(result: RequirementResult) -> tuple[int, int, int]:
    """Rank a result: what only wants a declaration first, then by what its family asks, then by failing cases."""
    family = _EFFORT.find(result.id[:1])
    return (
        0 if result.outcome == Outcome.NOT_RUN else 1,
        family if family >= 0 else len(_EFFORT),
        len(result.failures),
    )


def matrix(report: Report) -> Matrix:
    """Return the fault matrix; several cases of one cell are one, the worst."""
    columns = list(dict.fromkeys((each.action, each.request) for each in report.faults))
    requests = Counter(action for action, _ in columns)
    cells: dict[tuple[str, str, int], list[FaultRecord]] = {}
    for each in report.faults:
        cells.setdefault((each.fault, each.action, each.request), []).append(each)
    groups: dict[str, list[tuple[str, list[Cell]]]] = {"Status": [], "Network": [], "Body": []}
    for fault in dict.fromkeys(each.fault for each in report.faults):
        row = [_cell(cells.get((fault, *column), ())) for column in columns]
        groups[_group(fault)].append((_fault(fault), row))
    names = [f"{shown(a, 80)}, request {n}" if requests[a] > 1 else shown(a, 80) for a, n in columns]
    return Matrix(names, [(name, rows) for name, rows in groups.items() if rows])


def _cell(found: Sequence[FaultRecord]) -> Cell:
    if not found:
        return Cell("", "", 0)
    bad = [each for each in found if each.outcome != Outcome.PASS]
    answers = dict.fromkeys(shown(each.answer or "nothing", 80) for each in bad or found)
    return Cell(" / ".join(answers), "fail" if bad else "pass", len(found))


def _group(fault: str) -> str:
    return "Status" if fault.startswith("status-") else "Network" if fault in _NETWORK else "Body"


def _fault(fault: str) -> str:
    if not fault.startswith("status-"):
        return _FAULTS.get(fault) or shown(fault, 80)
    status, _, variant = fault.removeprefix("status-").partition("-")
    return shown(status + (_VARIANTS.get(variant) or variant), 80)


def age_in_days(recorded_at: str | None, report: Report) -> int | None:
    """Return how old a recording was when the certification ended; None where its time is none."""
    if recorded_at is None:
        return None
    try:
        return (_moment(report.finished_at) - _moment(recorded_at)).days
    except ValueError:
        return None


def minute(text: str) -> str:
    """Return a moment as a person reads it, in UTC to the minute; what is none, as it stands."""
    try:
        return f"{utc(text):%Y-%m-%d %H:%M} UTC"
    except ValueError:
        return shown(text, 40)


def _moment(text: str) -> datetime:
    return rfc3339(text)


def counted(results: Sequence[RequirementResult]) -> Iterator[tuple[str, int]]:
    """Yield each outcome that occurs with how often, what needs a reader most first."""
    counts = Counter(result.outcome for result in results)
    yield from ((outcome, counts[outcome]) for outcome in OUTCOMES if counts[outcome])
