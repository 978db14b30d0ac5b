"""The verdict on one requirement: cases judged, or why none was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from automate_connectors.certification.levels import Outcome


@dataclass(frozen=True, slots=True)
class Finding:
    """One judged case.

    Attributes:
        case: its name: ``action[-request n]-fault``.
        passed: whether the adapter did as it must.
        expected: what the requirement demands here.
        observed: what happened.
    """

    case: str
    passed: bool
    expected: str
    observed: str


class NotApplicableError(Exception):
    """The requirement does not apply; the message is what was observed that makes it so."""


class NotRunError(Exception):
    """The requirement could not be judged; the message says what to declare."""


@dataclass(slots=True)
class Verdict:
    """Collects the findings of one check, and tells `watch` how many there are."""

    findings: list[Finding] = field(default_factory=list)
    watch: Callable[[int], None] | None = None

    def judge(self, case: str, passed: bool, expected: str, observed: str) -> bool:
        """Add one judged case, and say whether it passed."""
        self.findings.append(Finding(case, bool(passed), expected, observed))
        if self.watch is not None:
            self.watch(len(self.findings))
        return bool(passed)

    def not_applicable(self, observed: str) -> NoReturn:
        """End the check: what was observed makes it not apply."""
        raise NotApplicableError(observed)

    def not_run(self, missing: str) -> NoReturn:
        """End the check: it cannot be judged for lack of something."""
        raise NotRunError(missing)

    @property
    def failures(self) -> list[Finding]:
        """The cases that failed."""
        return [finding for finding in self.findings if not finding.passed]


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one requirement.

    Attributes:
        id: the requirement.
        outcome: what came of it.
        reason: why it does not apply, was not run, or broke.
        cases: how many were judged.
        failures: the cases that failed, smallest first.
        seconds: real time it took.
    """

    id: str
    outcome: Outcome
    reason: str | None
    cases: int
    failures: tuple[Finding, ...]
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """As plain data, to cross a process boundary."""
        failures = [{"case": f.case, "expected": f.expected, "observed": f.observed} for f in self.failures]
        return {
            "id": self.id, "outcome": str(self.outcome), "reason": self.reason, "cases": self.cases,
            "failures": failures, "seconds": self.seconds,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Judged:
        """The inverse of `as_dict`."""
        failures = tuple(
            Finding(f["case"], passed=False, expected=f["expected"], observed=f["observed"]) for f in data["failures"]
        )
        return cls(data["id"], Outcome(data["outcome"]), data["reason"], data["cases"], failures, data["seconds"])


def reach(
    identifier: str,
    check: Callable[[Verdict], None],
    clock: Callable[[], float],
    watch: Callable[[int], None] | None = None,
) -> Judged:
    """Run a check to its verdict; a check of ours that breaks is an ``error``, which blocks as well."""
    verdict = Verdict(watch=watch)
    began = clock()
    outcome, reason = Outcome.PASS, None
    try:
        check(verdict)
    except NotApplicableError as told:
        outcome, reason = Outcome.NOT_APPLICABLE, str(told)
    except NotRunError as told:
        outcome, reason = Outcome.NOT_RUN, str(told)
    if verdict.failures:
        outcome, reason = Outcome.FAIL, None
    elif outcome is Outcome.PASS and not verdict.findings:
        outcome, reason = Outcome.NOT_RUN, "no case could be judged: declare an example of each action"
    return Judged(identifier, outcome, reason, len(verdict.findings), tuple(verdict.failures), clock() - began)
