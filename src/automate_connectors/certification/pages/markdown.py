"""``report.md``: the report for a pull request or a step summary, which GitHub takes up to 1 MiB."""

from collections.abc import Iterable, Iterator
from typing import Final

from automate_connectors.certification.pages import view
from automate_connectors.certification.report import Report, RequirementResult
from automate_connectors.certification.terminal import asking

__all__ = ["LIMIT", "markdown"]

LIMIT: Final = 1024 * 1024
"""GitHub's limit of a step summary, in bytes."""
_ROOM: Final = 200
#: What Markdown or GitHub would take for markup, a mention, a reference or a link.
_MARKUP: Final = frozenset("\\`*_{}[]<>#|@:&~^$!+")
_ICONS: Final = {"pass": "✅", "fail": "❌", "error": "💥", "not_run": "⚪", "waived": "🟡", "not_applicable": "◽"}


def markdown(report: Report, limit: int = LIMIT) -> str:
    """Return the report in Markdown, in fewer than `limit` bytes; what does not fit is counted."""
    lines = list(_lines(report))
    kept, size = 0, _ROOM
    for line in lines:
        size += len(line.encode()) + 1
        if size >= limit:
            break
        kept += 1
    rest = (
        [] if kept == len(lines) else ["", f"… cut: {len(lines) - kept} of {len(lines)} lines are in report.html only."]
    )
    return "\n".join([*lines[:kept], *rest, ""])


def text(value: object, limit: int = 300) -> str:
    """Return a text of anybody's that stays text in Markdown, in a table too."""
    plain = "".join(f"&#{ord(sign)};" if sign in _MARKUP else sign for sign in view.shown(value, limit))
    return plain.replace("www.", "www&#46;")


def _lines(report: Report) -> Iterator[str]:
    who = f"{text(report.connector.name, 80)} {text(report.connector.version, 80)}"
    verdict = f"certified **{report.level}**" if report.certified else f"not certified **{report.claimed_level}**"
    yield f"## {'✅' if report.certified else '❌'} {who}: {verdict}"
    yield ""
    yield f"Reached: **{report.level or 'no level'}**. Judged against: {report.claimed_level}. Host: {report.host}. "
    yield f"Suite: {text(report.suite.version, 40)}. {view.minute(report.finished_at)}."
    yield from _table(
        ("level", "settled", "reached"),
        (
            (rung.level, f"{rung.settled} of {rung.total}", "yes" if rung.reached else "no")
            for rung in view.ladder(report)
        ),
    )
    yield from _path(report)
    yield from _delivery(report)
    yield from _faults(report)
    yield from _rest(report)


def _path(report: Report) -> Iterator[str]:
    way = view.path(report)
    if way.level is None:
        return
    yield from ("", f"### The way to {way.level}", "")
    yield from (_step(number, result) for number, result in enumerate(way.judged, 1))
    if way.above:
        command = f"pytest --connector={text(report.connector.name, 80)} --connector-level={asking(report, way.level)}"
        yield f"{len(way.above)} requirements were not judged: <code>{command}</code> judges them."


def _step(number: int, result: RequirementResult) -> str:
    known = view.record(result)
    # The catalogue's own sentence, with its code in backticks.
    remedy = f" To mend it: {known.remedy}" if known else ""
    if not result.failures:
        return f"{number}. {_named(result)}: {text(result.reason or 'it was not judged')}.{remedy}"
    first, *more = result.failures
    rest = f" (and {len(more)} more)" if more else ""
    return (
        f"{number}. {_named(result)}: {text(first.case)}{rest}: expected {text(first.expected)}; "
        f"got {text(first.observed)}.{remedy}"
    )


def _named(result: RequirementResult) -> str:
    return f"**{text(result.id, 20)}** {text(result.title, 120)}"


def _delivery(report: Report) -> Iterator[str]:
    if report.actions:
        yield from ("", "### Delivery")
        yield from _table(
            ("action", "guarantee", "schedules", "broken by"),
            (
                (text(a.name, 80), a.guarantee, str(a.schedules), text((a.counterexample or {}).get("broken", "")))
                for a in report.actions
            ),
        )


def _faults(report: Report) -> Iterator[str]:
    wrong = [fault for fault in report.faults if fault.outcome != "pass"]
    if not report.faults:
        return
    yield from (
        "",
        "### Faults",
        "",
        f"{len(report.faults) - len(wrong)} of {len(report.faults)} were answered rightly.",
    )
    if wrong:
        rows = ((text(f.action, 80), str(f.request), text(f.fault, 80), text(f.answer, 80)) for f in wrong)
        yield from _table(("action", "request", "fault", "answered"), rows)


def _rest(report: Report) -> Iterator[str]:
    for waiver in report.waivers:
        yield f"\n🟡 waived {text(waiver.id, 20)} until {waiver.expires}: {text(waiver.reason)}"
    yield from ("", "<details><summary>Every requirement</summary>")
    yield from _table(
        ("", "id", "title", "level", "cases", "said"),
        map(_row, report.requirements),
    )
    yield from ("", "</details>")


def _row(result: RequirementResult) -> tuple[str, ...]:
    icon = _ICONS.get(result.outcome, "❓")
    names = (text(result.id, 20), text(result.title, 120), text(result.level, 20))
    return (icon, *names, str(result.cases), text(result.reason or ""))


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    names = list(heads)
    yield from ("", f"| {' | '.join(names)} |", "|---" * len(names) + "|")
    yield from (f"| {' | '.join(row)} |" for row in rows)
