"""Certificates whose outcomes, waivers, levels, dates or signers are not right."""

import json
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

from tamper.builder import NOW, SIGNER, STRANGER, Kit, keyid_of, moment, report, wheel_bytes
from tamper.certificate_cases import TWO, lasting
from tamper.tampering import Change, Tampered, both, file, option, predicate, reported, row, rows


def waived(requirement: str = "D01", expires: str = "2026-07-01", **record: str) -> Change:
    """Waive a requirement, and set fields of its record."""

    def apply(kit: Kit) -> None:
        kit.waive(requirement, expires)
        kit.report["waivers"][0].update(record)

    return apply


def twice_waived(kit: Kit) -> None:
    """Have two waivers for one waived outcome."""
    kit.waive("D01")
    kit.report["waivers"].append({"id": "D01", "reason": "again", "expires": "2026-07-02"})


def two_levels(kit: Kit) -> None:
    """Have a second connector of a lower level."""
    kit.wheel = wheel_bytes(entry_points=TWO)
    kit.recertify(report(), report("acme_chat", "acme.mail:Chat", level="bronze"))


def at(when: datetime) -> Change:
    """Ask at another moment."""
    return lambda kit: setattr(kit, "now", when)


def policy(rules: str, key: str = keyid_of(SIGNER)) -> Change:
    """Give a policy for one key."""
    return file("policy.toml", f"[keys.{key}]\n{rules}\n", "policy")


def revoked(kit: Kit) -> None:
    """Revoke the payload as it will be signed."""
    digest = sha256(json.dumps(kit.statements[0]).encode()).hexdigest()
    file("policy.toml", f'revoked = ["sha256:{digest}"]\n', "policy")(kit)


SUITE = [
    Tampered("suite", "other digest", lambda kit: kit.report["suite"].update(digest="0" * 64)),
    Tampered("suite", "other version", lambda kit: kit.report["suite"].update(version="0.9")),
    Tampered("suite", "listed under another version", both(
        lambda kit: kit.report["suite"].update(version="0.9", digest="d"), file("s.json", '{"0.8": "d"}', "suites"))),
    Tampered("incomplete", "requirement missing", rows(lambda found: found.pop(3))),
    Tampered("incomplete", "none at all", rows(lambda found: found.clear())),
    Tampered("incomplete", "requirement twice", rows(lambda found: found.append(found[0]))),
    Tampered("incomplete", "invented requirement", rows(lambda found: found.append({**found[0], "id": "C99"}))),
    Tampered("incomplete", "out of order", rows(lambda found: found.reverse())),
    Tampered("incomplete", "at another level", row("S03", level="gold")),
    Tampered("incomplete", "at an invented level", row("S03", level="diamond")),
]  # fmt: skip

OUTCOME = [
    Tampered("outcome", "none of the outcomes", row("C01", outcome="great")),
    Tampered("outcome", "pass without a case", row("C01", cases=0)),
    Tampered("outcome", "pass with fewer than no case", row("C01", cases=-1)),
    Tampered("outcome", "pass with a failure", row("C01", failures=[{"case": "a", "expected": "b", "observed": "c"}])),
    Tampered("outcome", "not applicable without a reason", row("C04", outcome="not_applicable", reason=None)),
    Tampered("outcome", "not applicable with a blank reason", row("C04", outcome="not_applicable", reason=" \n")),
    Tampered("outcome", "not applicable where it always applies", row("C01", outcome="not_applicable", reason="no")),
    Tampered("outcome", "waived without a reason", both(waived(), row("D01", reason=None))),
    Tampered("outcome", "waived where it cannot be", waived("S03")),
    Tampered("waiver", "waived without a waiver", row("D01", outcome="waived", reason="not yet")),
    Tampered("waiver", "waiver of what passes", lambda kit: kit.report["waivers"].append(
        {"id": "D01", "reason": "not yet", "expires": "2026-07-01"})),
    Tampered("waiver", "two waivers", twice_waived),
    Tampered("waiver", "waiver of another id", waived(id="T02")),
    Tampered("waiver", "blank reason", waived(reason=" ")),
    Tampered("waiver", "expired yesterday", waived(expires="2026-05-31")),
    Tampered("waiver", "longer than 180 days", waived(expires="2026-11-29")),
]  # fmt: skip

LEVEL = [
    Tampered("level", "better than the outcomes", both(row("I03", outcome="fail"))),
    Tampered("level", "worse than the outcomes", reported(level="silver", certified=False)),
    Tampered("level", "no level", reported(level=None, certified=False)),
    Tampered("level", "certified, yet not", reported(claimed_level="platinum")),
    Tampered("level", "not certified, yet it is", reported(certified=False)),
    Tampered("level", "not run", row("I03", outcome="not_run")),
    Tampered("level", "error", row("C08", outcome="error")),
    Tampered("level", "below the default", lambda kit: kit.recertify(report(level="bronze"))),
    Tampered("level", "below what is asked", option(min_level="platinum")),
    Tampered("level", "one of two below", two_levels),
    Tampered("guarantee", "one action below", option(min_guarantee="exactly-once")),
    Tampered("guarantee", "undeclared", both(
        lambda kit: kit.report["actions"][0].update(guarantee="undeclared"), option(min_guarantee="at-most-once"))),
    Tampered("guarantee", "below read-only", option(min_guarantee="read-only")),
]  # fmt: skip

POLICY = [
    Tampered("policy", "key not in it", policy("", key="0" * 64)),
    Tampered("policy", "other connectors", policy('connectors = ["other_*"]')),
    Tampered("policy", "no connectors", policy("connectors = []")),
    Tampered("policy", "pattern in other case", policy('connectors = ["ACME_*"]')),
    Tampered("policy", "level too high", policy('max_level = "silver"')),
    Tampered("policy", "ended yesterday", policy("not_after = 2026-05-31")),
    Tampered("policy", "ended a second ago", policy("not_after = 2026-06-01T11:59:59Z")),
    Tampered("revoked", "payload revoked", revoked),
]

TIME = [
    Tampered("time", "expired", at(NOW + timedelta(days=90))),
    Tampered("time", "from the future", at(NOW - timedelta(minutes=5, seconds=1))),
    Tampered("time", "lives for 90 days and a second", lasting(days=90, seconds=1)),
    Tampered("time", "lives for no time", predicate(not_after=moment(NOW))),
    Tampered("time", "ends before it starts", lasting(days=-1)),
    Tampered("time", "outlives its waiver", both(waived(), predicate(not_after="2026-07-02T00:00:01Z"))),
    Tampered("time", "made long after the run", reported(finished_at="2026-05-31T11:59:59Z")),
    Tampered("time", "made long before the run", reported(finished_at="2026-06-02T12:00:01Z")),
    Tampered("time", "the last moment there is", predicate(not_after="9999-12-31T23:59:59-23:59")),
    Tampered("time", "the first moment there is", reported(finished_at="0001-01-01T00:00:00+23:59")),
    Tampered("time", "run at the end of time", reported(finished_at="9999-12-31T23:59:59Z")),
    Tampered("time", "expired in another zone", both(
        predicate(not_after="2026-06-01T13:30:00+01:00"),
        at(datetime(2026, 6, 1, 14, 30, tzinfo=timezone(timedelta(hours=2)))))),
    Tampered("assurance", "self", both(predicate(assurance="self"), reported(host="inline"))),
    Tampered("assurance", "self by a process host", predicate(assurance="self")),
]  # fmt: skip

CASES = [*SUITE, *OUTCOME, *LEVEL, *POLICY, *TIME]
__all__ = ["CASES", "STRANGER", "UTC"]
