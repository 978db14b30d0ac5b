"""Which level a set of outcomes reaches, and what is more than what."""

from itertools import pairwise

import pytest

from automate_conformance.catalogue import CATALOGUE, Requirement
from automate_connectors.certification.levels import (
    Guarantee,
    Level,
    Outcome,
    at_least,
    guarantee_at_least,
    guarantee_of,
    level_reached,
    lowest,
    order,
)

PASSED = dict.fromkeys([record.id for record in CATALOGUE], Outcome.PASS)


def test_all_passed_is_platinum() -> None:
    """Without a catalogue the installed suite's counts."""
    assert level_reached(PASSED) is Level.PLATINUM


@pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.NOT_APPLICABLE, Outcome.WAIVED])
def test_passed_not_applicable_and_waived_settle_a_requirement(outcome: Outcome) -> None:
    """Whether an id can have that outcome is not judged here."""
    assert level_reached({**PASSED, "C09": outcome}, CATALOGUE) is Level.PLATINUM


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.ERROR, Outcome.NOT_RUN, "passed", ""])
@pytest.mark.parametrize(("broken", "reached"), [("C08", None), ("S05", "bronze"), ("P01", "silver"), ("X02", "gold")])
def test_whatever_else_blocks_its_level_and_all_above(outcome: str, broken: str, reached: str | None) -> None:
    """Bronze, Silver, Gold and Platinum are each held up by one of their own."""
    assert level_reached({**PASSED, broken: outcome}, CATALOGUE) == reached


def test_a_requirement_that_is_missing_blocks_its_level() -> None:
    """Silence is no pass."""
    silent = {name: outcome for name, outcome in PASSED.items() if name != "E09"}
    assert level_reached(silent, CATALOGUE) is Level.BRONZE
    assert level_reached({}, CATALOGUE) is None


def test_an_id_that_the_catalogue_does_not_know_changes_nothing() -> None:
    """It is reported elsewhere."""
    assert level_reached({**PASSED, "Z99": Outcome.FAIL}, CATALOGUE) is Level.PLATINUM


def test_the_catalogue_that_is_given_decides() -> None:
    """Also when it is an iterator, which can be read only once."""
    record = Requirement(id="C01", title="t", level="silver", statement="s", rationale="r", judged="j", remedy="m")
    assert level_reached({}, iter([record])) is Level.BRONZE
    assert level_reached({"C01": "pass"}, iter([record])) is Level.PLATINUM


def test_levels_are_ordered_with_none_below_bronze() -> None:
    """At least is reflexive and follows the order."""
    ladder = [None, Level.BRONZE, Level.SILVER, Level.GOLD, Level.PLATINUM]
    assert [order(level) for level in ladder] == [0, 1, 2, 3, 4]
    for lower, higher in pairwise(ladder):
        assert at_least(higher, lower)
        assert at_least(higher, higher)
        assert not at_least(lower, higher)


def test_the_lowest_level_is_that_of_the_weakest_connector() -> None:
    """A wheel without connectors has none."""
    assert lowest([Level.GOLD, Level.SILVER, Level.PLATINUM]) is Level.SILVER
    assert lowest([Level.GOLD, None]) is None
    assert lowest([]) is None


def test_guarantees_are_ordered_with_exactly_once_and_natural_alike() -> None:
    """Undeclared < at-most-once < exactly-once = natural < read-only."""
    ladder = [{Guarantee.UNDECLARED}, {Guarantee.AT_MOST_ONCE}, {Guarantee.EXACTLY_ONCE, Guarantee.NATURAL}]
    ladder.append({Guarantee.READ_ONLY})
    for rank, here in enumerate(ladder):
        for there, others in enumerate(ladder):
            assert {guarantee_at_least(held, asked) for held in here for asked in others} == {rank >= there}


@pytest.mark.parametrize(
    ("kind", "guarantee"),
    [
        ("read_only", "read-only"),
        ("natural", "natural"),
        ("keyed", "exactly-once"),
        ("unsafe", "at-most-once"),
        ("undeclared", "undeclared"),
        ("invented", "undeclared"),
    ],
)
def test_each_kind_of_idempotency_promises_a_guarantee(kind: str, guarantee: str) -> None:
    """A kind that is none promises nothing."""
    assert guarantee_of(kind) == guarantee
