"""Which waivers stand, and what is said about those that do not."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from automate_conformance.catalogue import CATALOGUE, requirement
from automate_connectors.certification.levels import Level, Outcome
from automate_connectors.certification.waivers import Waiver, judge_waivers, waiver_records

TODAY = date(2026, 1, 1)
LAST = TODAY + timedelta(days=180)


def judge(
    name: str, outcome: Outcome, waiver: Waiver | None = None, *, level: Level = Level.PLATINUM
) -> tuple[Outcome, list[str]]:
    """Judge one waiver for one requirement and return the outcome after it and the problems."""
    given = waiver or Waiver("the service has no other way", LAST)
    outcomes, problems = judge_waivers({name: given}, {name: outcome}, CATALOGUE, TODAY, level=level)
    return outcomes[name], problems


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.NOT_RUN])
@pytest.mark.parametrize("expires", [TODAY, LAST])
def test_a_right_waiver_stands_for_what_failed_or_was_not_run(outcome: Outcome, expires: date) -> None:
    """Today and 180 days ahead are both in time."""
    assert judge("S05", outcome, Waiver("reason", expires)) == (Outcome.WAIVED, [])


def test_every_waivable_requirement_and_no_other_can_be_waived() -> None:
    """The catalogue decides which; the problem tells how to meet the others."""
    for record in CATALOGUE:
        outcome, problems = judge(record.id, Outcome.FAIL)
        assert (outcome is Outcome.WAIVED) == record.waivable
        assert bool(problems) != record.waivable
        assert all("cannot be waived" in problem and record.remedy in problem for problem in problems)


def test_a_broken_check_is_not_waived() -> None:
    """It says nothing about the adapter, so neither can the author."""
    assert judge("S05", Outcome.ERROR) == (Outcome.ERROR, [])


@pytest.mark.parametrize(("outcome", "word"), [(Outcome.PASS, "passes"), (Outcome.NOT_APPLICABLE, "does not apply")])
def test_a_waiver_that_is_not_needed_is_a_problem(outcome: Outcome, word: str) -> None:
    """It would hide the day on which the requirement fails again."""
    after, problems = judge("S05", outcome)
    assert after is outcome
    assert problems == [f"S05: the requirement {word}, so its waiver is not needed: remove it."]


@pytest.mark.parametrize(
    ("waiver", "said"),
    [
        (Waiver("", LAST), "no reason"),
        (Waiver(" \n", LAST), "no reason"),
        (Waiver("reason", TODAY - timedelta(days=1)), "expired on 2025-12-31"),
        (Waiver("reason", LAST + timedelta(days=1)), "choose 2026-06-30 or an earlier day"),
    ],
)
def test_a_wrong_waiver_is_a_problem_and_does_not_stand(waiver: Waiver, said: str) -> None:
    """The outcome stays what it was."""
    outcome, problems = judge("S05", Outcome.FAIL, waiver)
    assert outcome is Outcome.FAIL
    assert len(problems) == 1
    assert said in problems[0]


def test_every_mistake_is_told_at_once() -> None:
    """An author mends all of them in one go."""
    outcomes, problems = judge_waivers(
        {"C01": Waiver("", date(2020, 1, 1)), "Q": Waiver("reason", LAST)}, {"C01": Outcome.PASS}, CATALOGUE, TODAY
    )
    assert outcomes == {"C01": Outcome.PASS}
    assert [problem.split(":")[0] for problem in problems] == ["C01", "C01", "C01", "C01", "'Q'"]


@pytest.mark.parametrize(("name", "hint"), [("s5", "did you mean S05?"), ("\x1b[2J" * 30, "ids look like C01.")])
def test_an_unknown_id_is_a_problem_with_a_hint(name: str, hint: str) -> None:
    """A misspelt waiver must not be ignored; it is shown printably."""
    outcomes, problems = judge_waivers({name: Waiver("reason", LAST)}, {}, CATALOGUE, TODAY)
    assert outcomes == {}
    assert len(problems) == 1
    assert problems[0].endswith(hint)
    assert problems[0].isprintable()


def test_a_waiver_above_the_judged_level_is_left_alone() -> None:
    """It is for the day on which that level is judged."""
    assert judge("T02", Outcome.NOT_RUN, level=Level.SILVER) == (Outcome.NOT_RUN, [])
    assert judge("T02", Outcome.NOT_RUN, level=Level.GOLD) == (Outcome.WAIVED, [])


def test_an_expired_waiver_is_a_problem_at_any_level() -> None:
    """What is wrong by itself is told early."""
    assert judge("T02", Outcome.NOT_RUN, Waiver("reason", date(2020, 1, 1)), level=Level.BRONZE)[1]


def test_a_requirement_without_an_outcome_was_not_run() -> None:
    """So its waiver is needed, and stands."""
    assert judge_waivers({"S05": Waiver("reason", LAST)}, {}, CATALOGUE, TODAY) == ({"S05": Outcome.WAIVED}, [])


def test_what_was_given_is_not_changed() -> None:
    """The outcomes come back as a new mapping; the catalogue may be an iterator."""
    outcomes = {"S05": Outcome.FAIL}
    after, problems = judge_waivers({"S05": Waiver("reason", LAST)}, outcomes, iter([requirement("S05")]), TODAY)
    assert (after, problems) == ({"S05": Outcome.WAIVED}, [])
    assert outcomes == {"S05": Outcome.FAIL}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"reason": None, "expires": LAST}, "reason of a waiver as a string, got NoneType"),
        ({"reason": "reason", "expires": "2026-01-31"}, "expected a day, got str"),
        ({"reason": "reason", "expires": datetime(2026, 1, 31, tzinfo=UTC)}, "expected a day, got datetime"),
    ],
)
def test_a_waiver_of_other_types_is_refused_where_it_is_written(arguments: dict[str, Any], said: str) -> None:
    """The traceback then points at the author's line."""
    with pytest.raises(TypeError, match=said):
        Waiver(**arguments)


def test_the_report_has_a_record_for_each_waived_requirement() -> None:
    """In the order of the outcomes, and only for those."""
    waivers = {"T02": Waiver("two", LAST), "S05": Waiver("one", LAST), "D01": Waiver("three", LAST)}
    outcomes = {"S05": Outcome.WAIVED, "C09": Outcome.WAIVED, "T02": Outcome.WAIVED, "D01": Outcome.ERROR}
    records = waiver_records(waivers, outcomes)
    assert [(record.id, record.reason, record.expires) for record in records] == [
        ("S05", "one", "2026-06-30"),
        ("T02", "two", "2026-06-30"),
    ]
