"""The checks: one a requirement, named by the standard's own sentence, judged in order, never a pass when broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from certification.judged import case_of
from zoo.right.http_plain import HttpAcmeAdapter

from automate_conformance import suite
from automate_conformance.catalogue import CATALOGUE, Requirement, requirement
from automate_conformance.suite import Check, checks, judged_order
from automate_connectors.certification.levels import Outcome
from automate_connectors.certification.subject import Subject
from automate_connectors.certification.verdict import Verdict
from automate_connectors.plugin import runs
from automate_connectors.plugin.runs import ConnectorRun, Order

UP_TO_GOLD = [record for record in CATALOGUE if record.level != "platinum"]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[ConnectorRun]:
    """The certification of a right adapter."""
    case_class = type(case_of(tmp_path).test_case)
    one = ConnectorRun(Order("acme_http", HttpAcmeAdapter, case_class, "bronze", tmp_path, seed=1))
    yield one
    one.close()


@pytest.mark.parametrize("identifier", checks())
def test_a_checks_docstring_is_the_requirements_sentence(identifier: str) -> None:
    """To the letter: whoever reads the check reads the standard."""
    assert checks()[identifier].__doc__ == requirement(identifier).statement


@pytest.mark.parametrize("record", UP_TO_GOLD, ids=lambda record: record.id)
def test_every_requirement_up_to_gold_has_a_check(record: Requirement) -> None:
    """None is taken on trust."""
    assert record.id in checks()


def test_checks_stand_in_the_order_of_the_catalogue() -> None:
    """Each under its id, and nobody changes them."""
    assert list(checks()) == [record.id for record in CATALOGUE if record.id in checks()]
    assert len(set(checks().values())) == len(checks())
    with pytest.raises(TypeError):
        checks()["C01"] = None  # type: ignore[index]  # what must not work


@pytest.mark.parametrize(("level", "count"), [("bronze", 11), ("silver", 30), ("gold", 43), ("platinum", 45)])
def test_requirements_are_judged_up_to_a_level_with_the_session_wide_ones_last(level: str, count: int) -> None:
    """Those look at every run before them."""
    order = judged_order(level)
    wide = [record.session_wide for record in order]
    assert wide == sorted(wide)
    assert any(wide)
    assert len({record.id for record in order}) == len(order) == count
    for kind in (True, False):
        same = [record.id for record in order if record.session_wide is kind]
        assert same == [record.id for record in CATALOGUE if record.id in same]


def test_a_check_that_breaks_is_an_error_and_no_pass(run: ConnectorRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says where, and the next one is judged all the same."""

    def broken(_subject: Subject, verdict: Verdict) -> None:
        verdict.judge("case", passed=True, expected="good", observed="good")
        raise LookupError("a defect of ours")

    real = dict(checks())
    monkeypatch.setattr(runs, "checks", lambda: {**real, "C01": broken})
    judged = run.judge(requirement("C01"))
    assert judged.outcome is Outcome.ERROR
    assert "the check itself broke: LookupError in test_checks.py" in str(judged.reason)
    assert run.judge(requirement("C03")).outcome is Outcome.PASS


def test_a_requirement_without_a_check_was_not_run(run: ConnectorRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """A later version of the catalogue may know more."""
    monkeypatch.setattr(runs, "checks", dict)
    judged = run.judge(requirement("C01"))
    assert (judged.outcome, judged.cases) == (Outcome.NOT_RUN, 0)


def test_a_check_registers_itself_under_an_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """And stays the function that it is."""
    registered: dict[str, Check] = {}
    monkeypatch.setattr(suite, "_CHECKS", registered)

    def looked_at(subject: Subject, verdict: Verdict) -> None:
        del subject, verdict

    assert suite.check("Z99")(looked_at) is looked_at
    assert registered == {"Z99": looked_at}
