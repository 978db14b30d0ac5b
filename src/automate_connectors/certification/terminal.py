"""How a run ends on the terminal: verdict, a line for each family of requirements, what to mend, where to go on.

Plain text with a style beside it; the caller paints. Whatever an adapter could have written is shown on one line,
escaped and cut: a terminal obeys control characters.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from automate_conformance.catalogue import CATALOGUE, FAMILIES
from automate_connectors.certification.levels import Level, Outcome, at_least, order
from automate_connectors.certification.report import ActionRecord, Report, RequirementResult, WaiverRecord

__all__ = ["Line", "Style", "asking", "lines", "printable"]

Style = Literal["plain", "good", "bad", "warning"]

_MARKUP: Final[Mapping[Style, Mapping[str, bool]]] = {
    "plain": {},
    "good": {"green": True},
    "bad": {"red": True},
    "warning": {"yellow": True},
}
_TEXT: Final = 300
_NAME: Final = 80
_PATH: Final = 1000
_WORDS: Final[Mapping[str, str]] = {
    Outcome.PASS: "passed",
    Outcome.FAIL: "failed",
    Outcome.ERROR: "broke",
    Outcome.NOT_RUN: "not run",
    Outcome.WAIVED: "waived",
    Outcome.NOT_APPLICABLE: "not applicable",
}
_ESCAPES: Final[Mapping[str, str]] = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_REMEDIES: Final[Mapping[str, str]] = {record.id: record.remedy for record in CATALOGUE}
_FAMILY_WIDTH: Final = max(map(len, FAMILIES.values()))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text and how it should look."""

    text: str
    style: Style = "plain"

    @property
    def markup(self) -> Mapping[str, bool]:
        """The style as keywords of pytest's ``TerminalReporter.write_line``."""
        return _MARKUP[self.style]


def printable(text: object, limit: int = _TEXT) -> str:
    r"""Return a text on one line, cut to `limit` characters, with whatever is not printable escaped as in ``\x1b``."""
    raw = str(text)
    shown = "".join(_escaped(sign) for sign in raw[: limit + 1])
    return shown if len(shown) <= limit else shown[: limit - 3] + "..."


def lines(
    report: Report, *, path: str, problems: Sequence[str] = (), page: str | None = None, ask: str | None = None
) -> list[Line]:
    """Return the ending of a certification run.

    Args:
        report: What was found.
        path: Where the report was written.
        problems: What blocks the level besides the requirements, such as a wrong waiver; a sentence each.
        page: Where its page was written; None where there is none.
        ask: The command that judges against another level, up to that level's name.
    """
    judged = [result for result in report.requirements if order(_known(result)) <= order(report.claimed_level)]
    ending = [_verdict(report, problems), *_families(judged)]
    if at_least(report.claimed_level, Level.GOLD):
        ending += map(_guarantee, report.actions)
    for result in judged:
        ending += _blocked(result)
    ending += map(_waived, report.waivers)
    ending += (Line(f"WRONG {printable(problem, _PATH)}", "bad") for problem in problems)
    if report.certified and not problems and ask is not None:
        ending += _next(report, ask)
    ending += [Line(f"page: {printable(page, _PATH)}")] if page is not None else []
    return [*ending, Line(f"report: {printable(path, _PATH)}")]


def _next(report: Report, ask: str) -> Iterator[Line]:
    """How to find out what is missing for the level above."""
    above = [level for level in Level if order(level) > max(order(report.level), order(report.claimed_level))]
    if above:
        yield Line(f"next: {printable(ask, _PATH)}{asking(report, above[0])}")


def asking(report: Report, level: Level) -> str:
    """Return a level as a command asks for it; platinum cannot be reached inside the judge's own process."""
    outside = level == Level.PLATINUM and report.host == "inline"
    return f"{level} --connector-host=process" if outside else str(level)


def _verdict(report: Report, problems: Sequence[str]) -> Line:
    who = f"{printable(report.connector.name, _NAME)} {printable(report.connector.version, _NAME)}"
    if report.certified and not problems:
        return Line(f"{who}: certified {report.level or report.claimed_level}", "good")
    reached = f"reached {report.level or 'no level'}"
    wrong = f"; {len(problems)} wrong besides" if problems else ""
    return Line(f"{who}: not certified {report.claimed_level} ({reached}{wrong})", "bad")


def _known(result: RequirementResult) -> Level | None:
    """Return a result's level; a level that is none sorts below all, so that it is shown."""
    return result.level if isinstance(result.level, Level) else None


def _families(judged: Sequence[RequirementResult]) -> Iterator[Line]:
    for letter, name in FAMILIES.items():
        counts = Counter(result.outcome for result in judged if result.id.startswith(letter))
        said = ", ".join(f"{counts[outcome]} {word}" for outcome, word in _WORDS.items() if counts[outcome])
        if said:
            bad = any(counts[outcome] for outcome in (Outcome.FAIL, Outcome.ERROR, Outcome.NOT_RUN))
            yield Line(f"{name:{_FAMILY_WIDTH}}  {said}", "bad" if bad else "good")


def _guarantee(action: ActionRecord) -> Line:
    schedules = "1 schedule" if action.schedules == 1 else f"{action.schedules} schedules"
    return Line(f"{printable(action.name, _NAME)}: {action.guarantee} ({schedules})")


def _blocked(result: RequirementResult) -> Iterator[Line]:
    who = f"{printable(result.id, _NAME)} {printable(result.title, _NAME)}"
    remedy = _REMEDIES.get(result.id, "")
    if result.outcome == Outcome.FAIL:
        yield Line(f"FAILED {who}: {_failure(result)} To mend it: {remedy}", "bad")
    elif result.outcome == Outcome.ERROR:
        yield Line(
            f"ERROR {who}: {_failure(result)} The check itself broke, which is no verdict on the adapter: run it "
            "again, and report it if it stays.",
            "bad",
        )
    elif result.outcome == Outcome.NOT_RUN:
        reason = result.reason or "it was deselected, skipped or never reached; run the whole suite"
        yield Line(f"NOT RUN {who}: {_sentence(reason)} To have it judged: {remedy}", "warning")


def _failure(result: RequirementResult) -> str:
    """Return the smallest failing case, which the suite puts first, and how many more there are."""
    if not result.failures:
        return _sentence(result.reason or "no case was reported")
    first, *more = result.failures
    rest = f" (and {len(more)} more)" if more else ""
    expected, observed = printable(first.expected), printable(first.observed)
    return f"{printable(first.case)}{rest}: expected {expected}; got {_sentence(observed)}"


def _sentence(text: str) -> str:
    shown = printable(text)
    return shown if shown.endswith((".", "!", "?")) else f"{shown}."


def _waived(waiver: WaiverRecord) -> Line:
    return Line(f"WAIVED {printable(waiver.id, _NAME)} until {waiver.expires}: {printable(waiver.reason)}", "warning")


def _escaped(sign: str) -> str:
    return sign if sign.isprintable() else _ESCAPES.get(sign) or ascii(sign)[1:-1]
