"""Each rule of delivery can be broken, and can be kept."""

from __future__ import annotations

from collections import Counter

import pytest
from certification.drives import MEMBER, ONCE, drive, expected, raised, returned

from automate_connectors.certification.delivery.driving import MOST_CALLS, Drive
from automate_connectors.certification.delivery.violations import (
    dishonest_failure,
    false_success,
    lied_about_retrying,
    never_arrives,
    too_many_effects,
)


@pytest.mark.parametrize(
    ("run", "recognises"),
    [
        (drive((returned(), 1)), False),
        (drive((raised(), 0), (returned(), 1)), False),
        (drive((raised(), 1), (returned(), 0)), True),
        (drive((raised(retryable=False), 1)), False),
        (drive((raised(retryable=False), 0)), False),
    ],
)
def test_one_effect_at_most_keeps_i03(run: Drive, recognises: bool) -> None:
    """Whether it happened in the first call or a later one, or never."""
    assert too_many_effects(run, ONCE, recognises=recognises) is None


def test_a_second_effect_breaks_i03() -> None:
    """In one call or over several."""
    told = "POST /notes happened 2 times and was expected once"
    assert too_many_effects(drive((returned(), 2)), ONCE, recognises=True) == told
    assert too_many_effects(drive((raised(), 1), (returned(), 1)), ONCE, recognises=True) == told
    twice = drive((returned(), 3))
    assert "expected 2 times" in str(too_many_effects(twice, Counter({MEMBER: 2}), recognises=True))


def test_an_effect_that_nobody_expected_breaks_i03() -> None:
    """The fault-free run does not have it."""
    told = too_many_effects(drive((returned(), 1)), expected(other=1), recognises=True)
    assert told == "an effect that the fault-free run does not have: POST /notes"


def test_what_follows_a_false_retryable_is_i05s() -> None:
    """Where nobody recognises a repeat: the lie is told once."""
    run = drive((raised(retryable=True), 1), (returned(), 1))
    assert too_many_effects(run, ONCE, recognises=False) is None
    assert "retryable True after the effect" in str(dishonest_failure(run, recognises=False))
    assert lied_about_retrying(1, run, 1)
    assert not lied_about_retrying(0, run, 1)
    assert not lied_about_retrying(1, run, 2)


@pytest.mark.parametrize("run", [drive((returned(), 1)), drive((raised(), 0)), drive((raised(), 1), (returned(), 0))])
def test_a_return_after_the_effect_keeps_i04(run: Drive) -> None:
    """An error promises nothing."""
    assert false_success(run, ONCE) is None


def test_a_return_without_the_effect_breaks_i04() -> None:
    """The missing one is named."""
    assert false_success(drive((returned(), 0)), ONCE) == "it returned, and POST /notes did not happen"
    assert false_success(drive((returned(), 1)), Counter({MEMBER: 2})) is not None
    assert "it returned, and effect did" in str(false_success(drive((returned(), 1)), expected(effect=1)))


@pytest.mark.parametrize(
    ("run", "recognises"),
    [
        (drive((returned(), 1)), True),
        (drive((raised(effect="none"), 0)), True),
        (drive((raised(effect="unknown"), 1)), True),
        (drive((raised(effect="applied", retryable=False), 1)), False),
        (drive((raised(effect="unknown"), 1), (raised(effect="applied"), 0)), True),
        (drive((raised(effect="unknown", retryable=False), 1)), False),
        (drive((raised(structured=False, effect="none"), 1)), True),
    ],
)
def test_an_honest_error_keeps_i05(run: Drive, recognises: bool) -> None:
    """``applied`` is true of an earlier attempt's effect too; a foreign error says nothing."""
    assert dishonest_failure(run, recognises=recognises) is None


@pytest.mark.parametrize(
    ("run", "recognises", "told"),
    [
        (drive((raised(effect="none"), 1)), True, "attempt 1 raised TRANSIENT_NETWORK with effect none, and"),
        (
            drive((raised(), 0), (raised(effect="applied"), 0)),
            True,
            "attempt 2 raised TRANSIENT_NETWORK with effect ap",
        ),
        (drive((raised(), 1)), False, "with retryable True after the effect, which a retry repeats"),
    ],
)
def test_a_dishonest_error_breaks_i05(run: Drive, recognises: bool, told: str) -> None:
    """The attempt is named."""
    assert told in str(dishonest_failure(run, recognises=recognises))


@pytest.mark.parametrize(
    "run",
    [
        drive((returned(), 1)),
        drive((raised(), 1), (returned(), 0), clean=2),
        drive((raised(retryable=False), 0)),
        drive((raised(), 0), (raised(retryable=False), 0)),
    ],
)
def test_who_succeeds_or_meets_faults_to_the_end_keeps_i07(run: Drive) -> None:
    """Giving up under a fault is no failure to arrive."""
    assert never_arrives(run) is None


def test_who_does_not_succeed_after_the_faults_breaks_i07() -> None:
    """By giving up, or by going on for ever."""
    gave_up = drive((raised(), 0), (raised("CONFLICT", retryable=False), 0), clean=2)
    assert "attempt 2 met no fault and gave up: raised Error (CONFLICT): broken" in str(never_arrives(gave_up))
    for_ever = drive(*[(raised(), 0)] * MOST_CALLS, clean=2)
    assert f"attempt {MOST_CALLS} met no fault and still says retryable" in str(never_arrives(for_ever))
    never_clean = drive(*[(raised(), 0)] * MOST_CALLS)
    assert f"after {MOST_CALLS} attempts it had not succeeded" in str(never_arrives(never_clean))


def test_an_effect_that_is_recognised_by_more_than_its_endpoint_is_named_by_that() -> None:
    """Natural effects carry query and body."""
    member = (MEMBER, (("a", "1"),), "json:{}")
    told = false_success(drive((returned(), 0)), Counter({member: 1}))
    assert told == "it returned, and POST /notes did not happen"
