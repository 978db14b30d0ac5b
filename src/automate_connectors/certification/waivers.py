"""Waivers: which of them stand, and what is wrong with the others."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from automate_connectors.certification.levels import Level, Outcome, order
from automate_connectors.certification.report import WaiverRecord

if TYPE_CHECKING:
    from automate_conformance.catalogue import Requirement

__all__ = ["LONGEST", "Waiver", "judge_waivers", "waiver_records"]

LONGEST: Final = timedelta(days=180)
"""How far ahead a waiver may expire."""

_UNNEEDED: Final[Mapping[str, str]] = {Outcome.PASS: "passes", Outcome.NOT_APPLICABLE: "does not apply"}
_CAN_BE_WAIVED: Final = frozenset({Outcome.FAIL, Outcome.NOT_RUN})


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why a requirement may go unmet for a while.

    Attributes:
        reason: Why, for whoever reads the report; not empty.
        expires: The last day on which it holds, in UTC; at most 180 days ahead.

    Raises:
        TypeError: The reason is no string, or `expires` no `datetime.date`.
    """

    reason: str
    expires: date

    def __post_init__(self) -> None:
        reason: object = self.reason
        expires: object = self.expires
        if not isinstance(reason, str):
            raise TypeError(f"expected the reason of a waiver as a string, got {type(reason).__name__}")
        if not isinstance(expires, date) or isinstance(expires, datetime):
            raise TypeError(f"expected a day, got {type(expires).__name__}: write Waiver(reason, date(2026, 1, 31))")


def judge_waivers(
    waivers: Mapping[str, Waiver],
    outcomes: Mapping[str, Outcome],
    catalogue: Iterable["Requirement"],
    today: date,
    *,
    level: Level = Level.PLATINUM,
) -> tuple[dict[str, Outcome], list[str]]:
    """Apply waivers to outcomes.

    A requirement that failed or was not run becomes waived; one whose check broke (`error`) stays as it is, for it says
    nothing about the adapter. A waiver for a requirement above the judged level is examined but neither applied nor
    called unneeded.

    Args:
        waivers: The waivers of the case, by requirement id.
        outcomes: The outcomes by id.
        catalogue: The requirements.
        today: The present day in UTC.
        level: The level that is judged against.

    Returns:
        The outcomes after it, and one sentence for each waiver that is wrong. Each of these blocks the level.
    """
    records = {record.id: record for record in catalogue}
    judged = dict(outcomes)
    problems: list[str] = []
    for name, waiver in waivers.items():
        record = records.get(name)
        found = [_unknown(name, records)] if record is None else list(_wrong(record, waiver, today))
        if record is not None and order(Level(record.level)) <= order(level):
            outcome = outcomes.get(name, Outcome.NOT_RUN)
            if outcome in _UNNEEDED:
                found.append(f"{name}: the requirement {_UNNEEDED[outcome]}, so its waiver is not needed: remove it.")
            elif not found and outcome in _CAN_BE_WAIVED:
                judged[name] = Outcome.WAIVED
        problems += found
    return judged, problems


def standing_waiver(
    waivers: Mapping[str, Waiver], record: "Requirement", outcome: Outcome, today: date
) -> tuple[str | None, list[str]]:
    """Tell why one requirement may go unmet, if it may, and what is wrong with the waiver that says so."""
    if record.id not in waivers:
        return None, []
    outcomes, problems = judge_waivers({record.id: waivers[record.id]}, {record.id: outcome}, [record], today)
    waived = outcomes[record.id] is Outcome.WAIVED and not problems
    return (waivers[record.id].reason if waived else None), problems


def waiver_records(waivers: Mapping[str, Waiver], outcomes: Mapping[str, str]) -> tuple[WaiverRecord, ...]:
    """Return the report's record of each waiver that was applied, in the order of the outcomes."""
    return tuple(
        WaiverRecord(id=name, reason=waivers[name].reason, expires=waivers[name].expires.isoformat())
        for name, outcome in outcomes.items()
        if outcome == Outcome.WAIVED and name in waivers
    )


def _unknown(name: object, records: Mapping[str, "Requirement"]) -> str:
    near = get_close_matches(str(name).upper(), records, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else "ids look like C01."
    return f"{str(name)!a:.60}: no requirement has this id, so nothing can be waived: {hint}"


def _wrong(record: "Requirement", waiver: Waiver, today: date) -> Iterator[str]:
    if not record.waivable:
        yield f"{record.id}: this requirement cannot be waived: remove the waiver and meet it. {record.remedy}"
    if not waiver.reason.strip():
        yield f"{record.id}: the waiver has no reason: say in it why the requirement cannot be met yet."
    if waiver.expires < today:
        yield f"{record.id}: the waiver expired on {waiver.expires}: meet the requirement, or choose a later day anew."
    elif waiver.expires - today > LONGEST:
        last = today + LONGEST
        yield (
            f"{record.id}: the waiver expires on {waiver.expires}, more than {LONGEST.days} days ahead: "
            f"choose {last} or an earlier day."
        )
