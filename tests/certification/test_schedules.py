"""Fault schedules: every short one, shortest first."""

from __future__ import annotations

import pytest

from automate_connectors.certification.delivery.notes import DeliveryNotes
from automate_connectors.certification.delivery.schedules import STEPS, alphabet, drawn, enumerated, plan_of, shown


@pytest.mark.parametrize(("kind", "count"), [("keyed", 57), ("natural", 57), ("unsafe", 43), ("undeclared", 43)])
def test_the_standard_counts_the_schedules_up_to_length_two(kind: str, count: int) -> None:
    """57 where a repeat is recognised, 43 where it is not."""
    found = list(enumerated(alphabet(kind), 2))
    assert len(found) == len(set(found)) == count
    assert [len(schedule) for schedule in found] == sorted(len(schedule) for schedule in found)
    assert found[0] == ()


def test_nobody_delivers_twice_to_who_recognises_nothing() -> None:
    """The service would be at fault, not the adapter."""
    assert "twice" in alphabet("keyed")
    assert "twice" not in alphabet("unsafe")


def test_length_three_is_deeper() -> None:
    """Seven steps at three places more."""
    assert len(list(enumerated(STEPS, 3))) == 57 + 7**3


def test_a_longer_schedule_is_drawn_the_same_way_again() -> None:
    """By its seed; two steps at least, five at most."""
    found = {drawn(STEPS, seed=seed) for seed in range(50)}
    assert drawn(STEPS, seed=7) == drawn(STEPS, seed=7)
    assert {len(schedule) for schedule in found} == {2, 3, 4, 5}
    assert all(step in STEPS for schedule in found for step in schedule)


def test_a_plan_takes_up_where_the_requests_before_it_stopped() -> None:
    """What was consumed is not met again."""
    plan = plan_of(("ok", "lost_response", "429"), 1)
    assert [fault.name if fault else None for fault in map(plan.at, (1, 2, 3))] == ["lost_response", "429", None]
    assert plan_of(("ok",)).quiet
    assert plan_of(("429",), 5).quiet
    with pytest.raises(ValueError, match="no delivery fault"):
        plan_of(("thrice",))


def test_a_schedule_is_shown_in_words() -> None:
    """An unknown step as it is."""
    assert shown(("ok", "lost_response", "TIMEOUT after the call")) == "ok, lost response, TIMEOUT after the call"
    assert shown(()) == "no fault"


def test_the_smallest_counterexample_is_kept() -> None:
    """For each action; one that broke a rule is remembered."""
    notes = DeliveryNotes()
    for schedule in (["a", "b"], ["a"], ["c"]):
        notes.counterexample("send", {"schedule": schedule})
    notes.judged("send", kept=False)
    notes.judged("get", kept=True)
    assert notes.counterexamples == {"send": {"schedule": ["a"]}}
    assert notes.broken == {"send"}
