"""The gate as a function: what it takes, what it gives, and its table of codes."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from tamper.builder import NOW, SIGNER, STRANGER, Kit, keyid_of, pem, report, wheel_bytes
from tamper.certificate_cases import TWO
from tamper.tampering import decide

from automate_conformance.catalogue import CATALOGUE
from automate_connectors import certification
from automate_connectors.certification import GateDecision, gate
from automate_connectors.certification.gate_checks import CHECKS, LONGEST_WAIVER, Case, Certificate, Rules
from automate_connectors.certification.gate_codes import CODES, gate_code
from automate_connectors.certification.gating import GateRefused, examine
from automate_connectors.certification.levels import Level
from automate_connectors.certification.policy import KeyRule, Policy
from automate_connectors.certification.predicate import read_predicate
from automate_connectors.certification.waivers import LONGEST
from automate_connectors.certification.wheels import Wheel

RULES = Rules(Level.SILVER, None, "process", frozenset(), Policy(), NOW)
ORDER = """trust wheel archive record payload missing malformed unsigned signature type predicate subject bundle
manifest coverage entry-point suite incomplete outcome waiver level guarantee policy time assurance revoked"""


def test_the_table_is_in_the_order_of_the_page() -> None:
    """Each code once, with something to say; the checks follow it."""
    codes = [entry.code for entry in CODES]
    assert codes == ORDER.split()
    assert [code for code, _ in CHECKS] == codes[codes.index("subject") :]
    assert [entry.code for entry in CODES if entry.exit == 2] == ["trust", "wheel"]
    for entry in CODES:
        assert all(text.endswith(".") for text in (entry.refused_when, entry.why, entry.mend))
    assert gate_code("time").code == "time"
    assert LONGEST_WAIVER == LONGEST


def test_the_package_hands_out_the_gate() -> None:
    """And nothing that it does not have."""
    assert certification.gate is gate
    assert certification.GateDecision is GateDecision
    assert {"gate", "GateDecision"} <= set(dir(certification))
    with pytest.raises(AttributeError, match="gates"):
        getattr(certification, "gates")  # noqa: B009 - that it is not there is the point


def test_a_wheel_that_is_not_there_cannot_be_decided_about(tmp_path: Path) -> None:
    """A folder is no wheel either."""
    kit = Kit(tmp_path)
    for path in (kit.path, tmp_path, ""):
        decision = gate(path, trust=kit.trust)
        assert (decision.decision, decision.code, decision.exit_code) == ("undecided", "wheel", 2)
    kit.path.mkdir()
    assert gate(kit.path, trust=kit.trust).code == "wheel"


def test_wrong_arguments_are_errors_of_the_caller(tmp_path: Path) -> None:
    """And no refusals."""
    kit = Kit(tmp_path)
    for options in ({"min_level": "best"}, {"min_guarantee": "always"}, {"assurance": "none"}):
        with pytest.raises(ValueError, match=str(*options.values())):
            decide(kit, **options)
    with pytest.raises(ValueError, match="zone"):
        gate(kit.path, trust=kit.trust, now=datetime(2026, 6, 1))  # noqa: DTZ001 - that it has none is the point


def test_trust_takes_one_or_many(tmp_path: Path) -> None:
    """Paths or PEM."""
    kit = Kit(tmp_path)
    kit.write()
    path = tmp_path / "k.pub"
    path.write_bytes(pem(SIGNER))
    for trust in (pem(SIGNER), path, str(path), [path], (pem(STRANGER), str(path)), iter([path])):
        assert gate(kit.path, trust=trust, now=NOW).allowed


def test_now_may_be_in_any_zone(tmp_path: Path) -> None:
    """It is the moment that counts."""
    kit = Kit(tmp_path)
    kit.waive("D01", "2026-06-01")
    tokyo = timezone(timedelta(hours=9))
    kit.now = NOW.astimezone(tokyo) + timedelta(hours=10)
    assert decide(kit).allowed
    kit.now += timedelta(hours=2)
    assert decide(kit).code == "waiver"


def test_without_now_it_is_the_clock_that_counts(tmp_path: Path) -> None:
    """The builder's moment is long ago, or far ahead."""
    kit = Kit(tmp_path)
    kit.write()
    kit_now = gate(kit.path, trust=kit.trust)
    assert kit_now.code in {None, "time"}


def test_a_policy_may_be_an_object(tmp_path: Path) -> None:
    """As hosts give it."""
    kit = Kit(tmp_path)
    rules = {keyid_of(SIGNER): KeyRule(("acme_*",))}
    assert decide(kit, policy=Policy(rules)).allowed
    assert decide(kit, policy=Policy({})).code == "policy"


def test_a_refusal_tells_the_levels_once_they_are_known(tmp_path: Path) -> None:
    """And before that, nothing that the certificate says."""
    kit = Kit(tmp_path, wheel=wheel_bytes(entry_points=TWO))
    kit.recertify(report(), report("acme_chat", "acme.mail:Chat", level="bronze"))
    decision = decide(kit)
    assert decision.code == "level"
    assert {item.name: item.level for item in decision.connectors} == {"acme_mail": "gold", "acme_chat": "bronze"}
    assert decision.level == "bronze"
    kit.row("C01").update(cases=0)
    decision = decide(kit)
    assert (decision.code, decision.connectors, decision.level) == ("outcome", (), None)


def test_a_certificate_that_is_a_folder_is_none(tmp_path: Path) -> None:
    """Missing, whatever it is instead."""
    kit = Kit(tmp_path, certified=False)
    kit.certificate.mkdir()
    assert decide(kit).code == "missing"


def test_a_wheel_without_connectors_is_not_let_through(tmp_path: Path) -> None:
    """There is nothing that could be certified, and a line about something else is refused first."""
    kit = Kit(tmp_path, wheel=wheel_bytes(entry_points="[console_scripts]\na = b:c\n"))
    assert decide(kit).code == "bundle"
    kit.bundle = b""
    assert decide(kit).code == "missing"
    with pytest.raises(GateRefused) as caught:
        examine(Wheel.read(kit.path), b"", [], RULES)
    assert caught.value.code == "coverage"


def test_a_waiver_of_what_cannot_be_waived_is_refused_by_itself(tmp_path: Path) -> None:
    """The check does not lean on the one before it."""
    kit = Kit(tmp_path)
    kit.waive("S03")
    kit.write()
    certificate = Certificate(1, None, read_predicate(kit.predicate), "", "")
    case = Case(Wheel.read(kit.path), (certificate,), RULES, CATALOGUE)
    assert list(dict(CHECKS)["waiver"](case)) == [
        "in line 1 the waiver of 'S03' is for a requirement that cannot be waived"
    ]
