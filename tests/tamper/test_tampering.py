"""Every tampered case is refused for its own reason."""

from collections import Counter
from pathlib import Path

import pytest
from tamper import archive_cases, certificate_cases, verdict_cases
from tamper.builder import Kit
from tamper.tampering import Tampered, decide

from automate_connectors.certification.gate_codes import CODES, gate_code

CASES = [*archive_cases.CASES, *certificate_cases.CASES, *verdict_cases.CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}: {case.name}")
def test_it_is_refused_for_its_own_reason(case: Tampered, tmp_path: Path) -> None:
    """With one line of printable ASCII that says why, and never an exception."""
    kit = Kit(tmp_path)
    case.change(kit)
    decision = decide(kit)
    assert (decision.code, decision.exit_code) == (case.code, gate_code(case.code).exit), decision.message
    assert decision.message.isascii()
    assert decision.message.isprintable()
    assert not decision.allowed


def test_every_code_has_cases() -> None:
    """And there are many, each with a name of its own."""
    names = Counter((case.code, case.name) for case in CASES)
    assert {case.code for case in CASES} == {entry.code for entry in CODES}
    assert len(CASES) >= 60
    assert max(names.values()) == 1
