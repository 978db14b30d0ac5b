"""How a run ends on the terminal."""

from typing import Any

import pytest

from automate_conformance.catalogue import CATALOGUE, requirement
from automate_connectors.certification.levels import Level, order
from automate_connectors.certification.report import Report
from automate_connectors.certification.terminal import Line, lines, printable

PATH = "certification/slack/report.json"
HOSTILE = "\x1b[2J\x1b]0;owned\x07\r\nslack 1.0.0: certified platinum\u202e\u2028\x9b1m"


def result(name: str, outcome: str, **more: object) -> dict[str, Any]:
    """Return the result of one requirement."""
    record = requirement(name)
    first: dict[str, Any] = {"id": name, "level": record.level, "title": record.title, "outcome": outcome}
    return {**first, "reason": None, "cases": 1, "failures": [], "seconds": 0.0, **more}


def failed(name: str, *cases: str, expected: str = "a dict", observed: str = "a list") -> dict[str, Any]:
    """Return a result with one failure for each case."""
    failures = [{"case": case, "expected": expected, "observed": observed} for case in cases]
    return result(name, "fail", failures=failures)


def report(*results: dict[str, Any], claimed: str = "bronze", level: str | None = "bronze", **more: object) -> Report:
    """Return a report in which every requirement up to the claimed level passed, but for the given results."""
    given = {entry["id"]: entry for entry in results}
    up_to = order(Level(claimed))
    rows = [
        given.get(record.id) or result(record.id, "pass" if order(Level(record.level)) <= up_to else "not_run")
        for record in CATALOGUE
    ]
    document: dict[str, Any] = {
        "schema": "automate-connectors/report/1",
        "connector": {"name": "slack", "version": "1.0.0", "adapter": "a:B", "distribution": None},
        "suite": {"version": "1", "digest": "0"},
        "claimed_level": claimed,
        "level": level,
        "certified": order(Level(level) if level else None) >= up_to,
        "requirements": rows,
        "waivers": [],
        "actions": [],
        "faults": [],
        "cassettes": [],
        "coverage": None,
        "seed": 1,
        "host": "inline",
        "environment": {},
        "started_at": "2026-01-01T00:00:00Z",
        "finished_at": "2026-01-01T00:00:00Z",
    }
    return Report.model_validate({**document, **more})


def text(ending: list[Line]) -> list[str]:
    """Return the texts of some lines."""
    return [line.text for line in ending]


def test_a_certified_connector_ends_with_verdict_families_and_path() -> None:
    """Only families with a requirement up to the judged level have a line."""
    assert text(lines(report(), path=PATH)) == [
        "slack 1.0.0: certified bronze",
        "contract            8 passed",
        "secrets and safety  2 passed",
        "recordings          1 passed",
        "report: certification/slack/report.json",
    ]


def _going_on(given: Report, **more: Any) -> list[str]:
    """The last lines of a run that wrote a page and can be asked for another level."""
    page, ask = "certification/slack/report.html", "pytest --connector=slack --connector-level="
    return text(lines(given, path=PATH, page=page, ask=ask, **more))


def test_it_says_where_to_go_on() -> None:
    """What judges against the next level, and the page."""
    last = ["page: certification/slack/report.html", f"report: {PATH}"]
    asked = "next: pytest --connector=slack --connector-level="
    assert _going_on(report())[-3:] == [f"{asked}silver", *last]
    assert _going_on(report(claimed="silver", level="silver"))[-3:] == [f"{asked}gold", *last]
    assert _going_on(report(claimed="gold", level="gold"))[-3] == f"{asked}platinum --connector-host=process"
    assert _going_on(report(claimed="gold", level="gold", host="process"))[-3] == f"{asked}platinum"


def test_where_something_is_unmet_that_comes_first() -> None:
    """No other level is named then, nor above the highest."""
    for ending in (
        _going_on(report(claimed="platinum", level="platinum")),
        _going_on(report(failed("C05", "send #1"), level=None)),
        _going_on(report(), problems=["a waiver is wrong"]),
    ):
        assert ending[-2].startswith("page:")
        assert not any(line.startswith("next:") for line in ending)


def test_good_is_green() -> None:
    """Styles become the keywords of pytest's terminal writer."""
    ending = lines(report(), path=PATH)
    assert [dict(line.markup) for line in ending] == [{"green": True}] * 4 + [{}]


def test_a_failing_requirement_has_one_line_with_all_that_is_needed() -> None:
    """Id, title, smallest case, what was expected, what happened, how to mend it."""
    ending = lines(report(failed("C05", "send #1", "send #2", "get #1"), level=None), path=PATH)
    assert ending[0] == Line("slack 1.0.0: not certified bronze (reached no level)", "bad")
    assert ending[1] == Line("contract            7 passed, 1 failed", "bad")
    assert ending[-2] == Line(
        "FAILED C05 plain results: send #1 (and 2 more): expected a dict; got a list. To mend it: "
        + requirement("C05").remedy,
        "bad",
    )


def test_the_level_that_was_reached_is_named_below_the_claimed_one() -> None:
    """So that an author sees what holds already."""
    ending = lines(report(failed("E07", "send #1"), claimed="silver", level="bronze"), path=PATH)
    assert ending[0].text == "slack 1.0.0: not certified silver (reached bronze)"


def test_what_was_not_run_tells_why_and_what_to_declare() -> None:
    """Also when no reason was given, which means that it was deselected."""
    silent = result("R01", "not_run")
    told = result("C05", "not_run", reason="no action has an example")
    ending = lines(report(silent, told, level=None), path=PATH)
    assert ending[-3] == Line(
        f"NOT RUN C05 plain results: no action has an example. To have it judged: {requirement('C05').remedy}",
        "warning",
    )
    assert ending[-2].text.startswith("NOT RUN R01 reproducible offline: it was deselected")
    assert ending[1].style == "bad"


def test_a_broken_check_is_told_apart_from_a_failure() -> None:
    """It is no verdict on the adapter."""
    ending = lines(report(result("C05", "error", reason="KeyError: 'x'"), level=None), path=PATH)
    assert ending[-2].text.startswith("ERROR C05 plain results: KeyError: 'x'. The check itself broke")
    assert ending[1].text.endswith("7 passed, 1 broke")


def test_a_failure_without_cases_still_says_something() -> None:
    """The reason stands in, and without one that none was reported."""
    ending = lines(report(result("C05", "fail", reason="why?"), result("C06", "fail"), level=None), path=PATH)
    assert ending[-3].text.startswith("FAILED C05 plain results: why? To mend it:")
    assert ending[-2].text.startswith("FAILED C06 unknown action refused: no case was reported. To mend it:")


def test_waived_and_not_applicable_are_counted_and_waivers_shown() -> None:
    """A waiver is never silent."""
    waived = result("S05", "waived", reason="the token is in the path")
    waiver = {"id": "S05", "reason": "the token is in the path", "expires": "2026-06-30"}
    given = report(waived, result("S02", "not_applicable"), claimed="silver", level="silver", waivers=[waiver])
    ending = lines(given, path=PATH)
    assert ending[0].text == "slack 1.0.0: certified silver"
    assert ending[2] == Line("secrets and safety  3 passed, 1 waived, 1 not applicable", "good")
    assert ending[-2] == Line("WAIVED S05 until 2026-06-30: the token is in the path", "warning")


def test_guarantees_are_shown_from_gold_on() -> None:
    """Below it delivery is not judged."""
    action = {"name": "send", "idempotency": "unsafe", "guarantee": "at-most-once", "examples": 1, "schedules": 43}
    actions = [{**action, "counterexample": None}, {**action, "name": "get", "schedules": 1, "counterexample": None}]
    shown = text(lines(report(claimed="gold", level="gold", actions=actions), path=PATH))
    assert shown[-3:-1] == ["send: at-most-once (43 schedules)", "get: at-most-once (1 schedule)"]
    assert not any("at-most-once" in line for line in text(lines(report(actions=actions), path=PATH)))


def test_problems_block_and_are_shown() -> None:
    """A wrong waiver is one, whatever the requirements came to."""
    ending = lines(report(), path=PATH, problems=["S05: the waiver has no reason."])
    assert ending[0] == Line("slack 1.0.0: not certified bronze (reached bronze; 1 wrong besides)", "bad")
    assert ending[-2] == Line("WRONG S05: the waiver has no reason.", "bad")


def test_an_invented_level_of_a_requirement_does_not_hide_it() -> None:
    """A report from elsewhere is shown whole."""
    ending = lines(report({**failed("X01", "case"), "level": "diamond"}), path=PATH)
    assert any(line.text.startswith("FAILED X01") for line in ending)


def test_nothing_an_adapter_writes_can_command_the_terminal() -> None:
    """Each text stays on its line, escaped and cut."""
    failure = {"case": HOSTILE, "expected": HOSTILE * 90, "observed": HOSTILE * 90}
    entries = [
        result("C05", "fail", title=HOSTILE, failures=[failure]),
        result("C06", "not_run", reason=HOSTILE * 90),
        result("C07", "error", reason=HOSTILE),
        result("C04", "fail", id=HOSTILE),
    ]
    action = {"name": HOSTILE, "idempotency": HOSTILE, "guarantee": "natural", "examples": 1, "schedules": 1}
    given = report(
        *entries,
        claimed="gold",
        level=None,
        connector={"name": HOSTILE, "version": HOSTILE, "adapter": HOSTILE, "distribution": None},
        requirements=entries,
        waivers=[{"id": HOSTILE, "reason": HOSTILE, "expires": "2026-01-31"}],
        actions=[{**action, "counterexample": None}],
    )
    ending = lines(given, path=HOSTILE, problems=[HOSTILE])
    assert len(ending) >= 8
    for line in ending:
        assert line.text.isprintable()
        assert len(line.text) < 1700


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("plain ünïcode", "plain ünïcode"),
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("a\u202eb\x9b", r"a\u202eb\x9b"),
        ("a\ud800", r"a\ud800"),
        (17, "17"),
    ],
)
def test_what_is_not_printable_is_escaped(given: object, shown: str) -> None:
    """Letters of every script stay."""
    assert printable(given) == shown


def test_long_text_is_cut_with_a_mark() -> None:
    """The limit counts what is shown, escapes included."""
    assert printable("x" * 300) == "x" * 300
    assert printable("x" * 301) == "x" * 297 + "..."
    assert printable("\x1b" * 300, 10) == r"\x1b\x1..."
