"""``certify``: a wheel judged from outside, and what it says of wheels that cannot be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from certifying.acme_wheel import ADAPTER, ENTRY_POINTS, NEEDS, acme_wheel
from certifying.certified import Certified

from automate_connectors.certification import gate

Certify = Callable[..., tuple[int, str]]


@pytest.mark.slow
def test_a_right_wheel_is_certified(certified: Certified) -> None:
    """Judged in a child, at Gold, and the gate lets it through."""
    assert certified.status == 0, certified.said
    assert "acme_mail 1.0.0: certified gold" in certified.said
    decision = gate(certified.wheel, trust=certified.trust, min_level="gold")
    assert decision.allowed, decision.message


@pytest.mark.slow
def test_a_wheel_below_its_level_gets_a_report_and_no_certificate(
    certified: Certified, certify: Certify, tmp_path: Path
) -> None:
    """Here it needs less than it imports, and its version is another (P01)."""
    wheel = acme_wheel(tmp_path, needs=["automate-connectors[http]"], version="1.0.1")
    status, said = certify(wheel, "--json", f"--report={tmp_path / 'reports'}", "--key", certified.key)
    told = json.loads(said)
    assert status == 1
    assert not told["certified"]
    assert told["certificate"] is None
    report = json.loads((tmp_path / "reports" / "acme_mail" / "report.json").read_text(encoding="utf-8"))
    [packaging] = [one for one in report["requirements"] if one["id"] == "P01"]
    assert packaging["outcome"] == "fail"
    assert {failure["case"] for failure in packaging["failures"]} == {"version", "acme_mail/__init__.py"}


@pytest.mark.slow
def test_each_connector_of_a_wheel_is_judged(certified: Certified, certify: Certify, tmp_path: Path) -> None:
    """Two connectors, one of them without a case: it is said, and it is judged by its own examples."""
    adapter = (
        ADAPTER
        + '''
    class SecondAdapter(AcmeAdapter):
        """The same under another name."""

        name = "acme_second"
'''
    )
    points = ENTRY_POINTS.replace(
        "    [automate.connector_cases]", "    acme_second = acme_mail:SecondAdapter\n\n    [automate.connector_cases]"
    )
    wheel = acme_wheel(tmp_path, adapter=adapter, entry_points=points)
    status, said = certify(wheel, "--key", certified.key)
    assert status == 1
    assert "acme_second ships no test case" in said
    assert not wheel.with_name(f"{wheel.name}.intoto.jsonl").exists()


@pytest.mark.slow
def test_several_wheels_are_judged_side_by_side(certified: Certified, certify: Certify, tmp_path: Path) -> None:
    """One of them cannot be installed, which is said, and decides the status."""
    wheel = acme_wheel(tmp_path, needs=[*NEEDS, "no-such-thing==7"])
    status, said = certify(certified.wheel, wheel, "--jobs", "2", f"--out={tmp_path}", f"--report={tmp_path / 'r'}")
    assert status == 2
    assert "certified gold" in said
    assert "cannot be installed" in said


@pytest.mark.parametrize("place", ["scripts/python", "data/bin/python3", "data/pyvenv.cfg", "data/bin/pyvenv.cfg"])
def test_a_wheel_cannot_replace_the_interpreter_of_its_environment(
    certify: Certify, tmp_path: Path, place: str
) -> None:
    """The judge would start it as its own half of the conversation, outside of any isolation."""
    status, said = certify(acme_wheel(tmp_path, more={f"acme_mail-1.0.0.data/{place}": b"#!/bin/sh\n"}))
    assert status == 2
    assert "replaces the interpreter" in said


def test_a_wheel_without_connectors_says_so(certify: Certify, tmp_path: Path) -> None:
    """Before anything is installed."""
    status, said = certify(acme_wheel(tmp_path, entry_points="[other]\nname = acme_mail:x\n"))
    assert status == 1
    assert "registers no connector" in said


def test_what_the_gate_would_refuse_is_not_installed(certify: Certify, tmp_path: Path) -> None:
    """Here an entry point that hooks into pytest."""
    points = ENTRY_POINTS + "\n    [pytest11]\n    hook = acme_mail\n"
    status, said = certify(acme_wheel(tmp_path, entry_points=points))
    assert status == 1
    assert "[payload]" in said


def test_no_wheel_cannot_be_decided(certify: Certify, tmp_path: Path) -> None:
    """A missing file, and a missing key."""
    assert certify(tmp_path / "gone-1.0-py3-none-any.whl")[0] == 2
    status, said = certify(acme_wheel(tmp_path), "--key", tmp_path / "gone.key")
    assert status == 2
    assert "automate-connectors keygen" in said


@pytest.mark.slow
def test_a_key_that_is_none_is_said(certified: Certified, certify: Certify) -> None:
    """The key is opened last, so that the adapter has ended by then: the report is there."""
    status, said = certify(certified.wheel, "--level", "bronze", "--key", certified.trust, "--out", certified.links)
    assert status == 2
    assert "no private key" in said
