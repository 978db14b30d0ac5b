"""From the findings of a check to its outcome."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from automate_connectors.certification.levels import Outcome
from automate_connectors.certification.verdict import Finding, Judged, Verdict, reach


def reached(check: Callable[[Verdict], None]) -> Judged:
    """What comes of a check; its clock ticks once a look."""
    ticks = itertools.count()
    return reach("C01", check, lambda: float(next(ticks)))


def judge(*passed: bool) -> Callable[[Verdict], None]:
    """A check with these cases."""

    def check(verdict: Verdict) -> None:
        for number, each in enumerate(passed):
            assert verdict.judge(f"case {number}", each, "good", "so it was") is each

    return check


def test_a_check_whose_every_case_passed_passes() -> None:
    """With the number of its cases and the time it took."""
    assert reached(judge(True, True)) == Judged("C01", Outcome.PASS, None, 2, (), 1.0)


def test_one_failing_case_fails_it() -> None:
    """Every failure is kept."""
    judged = reached(judge(True, False, False))
    assert (judged.outcome, judged.cases) == (Outcome.FAIL, 3)
    assert [failure.case for failure in judged.failures] == ["case 1", "case 2"]


def test_a_check_without_a_case_was_not_run() -> None:
    """Nothing is proven by nothing."""
    judged = reached(lambda _verdict: None)
    assert judged.outcome is Outcome.NOT_RUN
    assert "no case could be judged" in str(judged.reason)


def test_a_check_may_find_that_it_does_not_apply() -> None:
    """It says what it observed."""
    judged = reached(lambda verdict: verdict.not_applicable("nothing was sent"))
    assert (judged.outcome, judged.reason) == (Outcome.NOT_APPLICABLE, "nothing was sent")


def test_a_check_may_lack_something() -> None:
    """It says what to declare."""
    judged = reached(lambda verdict: verdict.not_run("declare an example"))
    assert (judged.outcome, judged.reason) == (Outcome.NOT_RUN, "declare an example")


@pytest.mark.parametrize("end", ["not_applicable", "not_run"])
def test_a_failure_outweighs_what_comes_after_it(end: str) -> None:
    """It does not go away because the check ended early."""

    def check(verdict: Verdict) -> None:
        verdict.judge("case", False, "good", "bad")
        getattr(verdict, end)("enough")

    judged = reached(check)
    assert (judged.outcome, judged.reason) == (Outcome.FAIL, None)


def test_a_check_that_breaks_is_nobodys_pass() -> None:
    """The caller makes it an error."""

    def check(verdict: Verdict) -> None:
        verdict.judge("case", True, "good", "good")
        raise LookupError("a defect of ours")

    with pytest.raises(LookupError):
        reached(check)


def test_a_verdict_crosses_a_process_boundary() -> None:
    """As plain data, and comes back equal."""
    judged = reached(judge(True, False))
    assert Judged.from_dict(judged.as_dict()) == judged
    assert judged.failures == (Finding("case 1", passed=False, expected="good", observed="so it was"),)
    assert judged.as_dict()["failures"] == [{"case": "case 1", "expected": "good", "observed": "so it was"}]
