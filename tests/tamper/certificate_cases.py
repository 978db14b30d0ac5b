"""Certificates that are missing, malformed, not signed, of another type, or about something else."""

import json
from base64 import b64decode, b64encode
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tamper.builder import (
    NOW,
    SIGNER,
    STRANGER,
    Item,
    Kit,
    bundle,
    envelope,
    keyid_of,
    line,
    moment,
    pem,
    private_pem,
    report,
    statement,
    wheel_bytes,
)
from tamper.tampering import (
    Change,
    Tampered,
    both,
    data,
    entry_points,
    enveloped,
    file,
    option,
    predicate,
    reported,
    signed,
    signed_text,
    text,
    trusting,
)

TWO = "[automate.connectors]\nacme_mail = acme.mail:Mail\nacme_chat = acme.mail:Chat\n"


def rsa_pem() -> bytes:
    """Return a public key of another algorithm."""
    key = rsa.generate_private_key(65537, 2048).public_key()
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def nested(levels: int) -> Any:
    """Return arrays in arrays."""
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def unused_bits(one: dict[str, Any]) -> None:
    """Set bits of the signature's base64 that mean nothing."""
    signature = one["signatures"][0]
    last = signature["sig"][-3]
    signature["sig"] = signature["sig"][:-3] + chr(ord(last) + 1) + "=="
    assert b64decode(signature["sig"])


def unpadded(one: dict[str, Any]) -> None:
    """Leave out the padding of the signature."""
    one["signatures"][0]["sig"] = one["signatures"][0]["sig"].rstrip("=")


def disguised(kit: Kit) -> None:
    """Sign with an unknown key, and name a trusted one."""
    forged = line(kit.statements[0], STRANGER)
    forged["signatures"][0]["keyid"] = keyid_of(SIGNER)
    kit.bundle = bundle(forged)


def resized(length: int) -> Change:
    """Cut the signature."""
    return enveloped(lambda one: one["signatures"][0].update(sig=b64encode(bytes(length)).decode()))


def raw_payload(payload: bytes) -> Change:
    """Sign another payload."""
    return lambda kit: setattr(kit, "bundle", bundle(envelope(payload)))


def unreadable(kit: Kit) -> None:
    """Trust a file that is not there."""
    kit.trust = [kit.folder / "nobody.pub"]


def other_wheel(kit: Kit) -> None:
    """Certify another build of the same name."""
    kit.statements = [statement(wheel_bytes(Item("acme/more.py", b"x = 1\n")))]


def repeated(kit: Kit) -> None:
    """Say the same twice."""
    kit.bundle = bundle(*[line(kit.statements[0])] * 2)


def unregistered(kit: Kit) -> None:
    """Certify a connector that is not in the wheel beside the one that is."""
    kit.recertify(report(), report("acme_chat", "acme.mail:Chat"))


def one_of_two(kit: Kit) -> None:
    """Register two connectors, and certify one."""
    entry_points(TWO)(kit)


def two_objects(kit: Kit) -> None:
    """Register two objects for one connector."""
    entry_points("[automate.connectors]\nacme_mail = acme.mail:Mail\nacme_mail = acme.mail:Evil\n")(kit)


def second_line(code: str, name: str, change: Change) -> Tampered:
    """Change the second of two lines only: each code is asked of all lines before the next one."""

    def apply(kit: Kit) -> None:
        kit.wheel = wheel_bytes(entry_points=TWO)
        kit.recertify(report(), report("acme_chat", "acme.mail:Chat"))
        kit.statements.reverse()
        kit.predicate["not_after"] = "2020-01-01T00:00:00Z"  # `time` comes late
        kit.statements.reverse()
        change(kit)

    return Tampered(code, f"{name}, with an expired line behind", apply)


TRUST = [
    Tampered("trust", "no key", trusting()),
    Tampered("trust", "key file missing", unreadable),
    Tampered("trust", "key that is none", trusting(b"ssh-ed25519 AAAA")),
    Tampered("trust", "private key", trusting(private_pem(SIGNER))),
    Tampered("trust", "other algorithm", trusting(rsa_pem())),
    Tampered("trust", "two keys in one file", trusting(pem(SIGNER) + pem(STRANGER))),
    Tampered("trust", "damaged key", trusting(pem(SIGNER).replace(b"M", b"N", 1))),
    Tampered("trust", "one good and one bad key", trusting(pem(SIGNER), b"")),
    Tampered("trust", "policy missing", option(policy="nowhere.toml")),
    Tampered("trust", "policy that is no TOML", file("p.toml", "[", "policy")),
    Tampered("trust", "policy with an unknown field", file("p.toml", "revoke = []", "policy")),
    Tampered("trust", "suites missing", option(suites="nowhere.json")),
    Tampered("trust", "suites that are no JSON", file("s.json", "{", "suites")),
    Tampered("trust", "before the wheel", both(trusting(), lambda kit: setattr(kit, "wheel", b""))),
]

WHEEL = [
    Tampered("wheel", "not a wheel by name", lambda kit: setattr(kit, "filename", "acme_mail-1.0.zip")),
    Tampered("wheel", "too few parts", lambda kit: setattr(kit, "filename", "acme_mail-1.0-py3.whl")),
    Tampered("wheel", "no version", lambda kit: setattr(kit, "filename", "acme_mail-one-py3-none-any.whl")),
]

MALFORMED = [
    Tampered("malformed", "no JSON", data(b"certificate\n")),
    Tampered("malformed", "no object", data(b"[]\n")),
    Tampered("malformed", "no UTF-8", data(b'{"payload": "\xff"}\n')),
    Tampered("malformed", "byte order mark", text(lambda found: f"\ufeff{found}")),
    Tampered("malformed", "UTF-16", data('{"payload": ""}'.encode("utf-16"))),
    Tampered("malformed", "blank line", text(lambda found: f"\n{found}")),
    Tampered("malformed", "blank line at the end", text(lambda found: f"{found}\n")),
    Tampered("malformed", "two values in a line", text(lambda found: found.replace("\n", "{}\n"))),
    Tampered("malformed", "line over 4 MiB", text(lambda found: " " * (4 << 20) + found)),
    Tampered("malformed", "bundle over 64 MiB", data(b"\n" * ((64 << 20) + 1))),
    Tampered("malformed", "name twice in the envelope", text(lambda found: found.replace("{", '{"payload": "", ', 1))),
    Tampered("malformed", "name twice in payload", signed_text('"certified": ', '"certified": false, "certified": ')),
    Tampered("malformed", "name twice, once escaped", signed_text('"seed": ', '"s\\u0065ed": 1, "seed": ')),
    Tampered("malformed", "NaN", signed_text('"seconds": 0.25', '"seconds": NaN')),
    Tampered("malformed", "Infinity", signed_text('"seconds": 0.25', '"seconds": -Infinity')),
    Tampered("malformed", "a number that is infinite", signed_text('"seconds": 0.25', '"seconds": 1e999')),
    Tampered("malformed", "a number with too many digits", signed_text('"seed": 7', f'"seed": {"7" * 5000}')),
    Tampered("malformed", "lone surrogate", signed_text('"3.11.7"', '"\\ud800"')),
    Tampered("malformed", "lone surrogate in a name", signed_text('"python"', '"\\udfff"')),
    Tampered("malformed", "payload is no UTF-8", raw_payload(b'{"a": "\xff"}')),
    Tampered("malformed", "payload is no JSON", raw_payload(b"{'a': 1}")),
    Tampered("malformed", "65 levels", lambda kit: kit.report["environment"].update(deep=nested(61))),
    Tampered("malformed", "thousands of levels", raw_payload(b"[" * 100_000)),
    Tampered("malformed", "no payload", enveloped(lambda one: one.pop("payload"))),
    Tampered("malformed", "payload is no string", enveloped(lambda one: one.update(payload=1))),
    Tampered("malformed", "payload type is no string", enveloped(lambda one: one.update(payloadType=None))),
    Tampered("malformed", "signatures are no array", enveloped(lambda one: one.update(signatures={}))),
    Tampered("malformed", "signature is no object", enveloped(lambda one: one.update(signatures=["x"]))),
    Tampered("malformed", "keyid is no string", enveloped(lambda one: one["signatures"][0].update(keyid=1))),
    Tampered("malformed", "two signatures", enveloped(lambda one: one["signatures"].append(one["signatures"][0]))),
    Tampered("malformed", "base64 without padding", enveloped(unpadded)),
    Tampered("malformed", "base64 with a line feed", enveloped(lambda one: one.update(payload=one["payload"] + "\n"))),
    Tampered("malformed", "base64 of URLs", enveloped(lambda one: one["signatures"][0].update(sig="-_" * 43 + "=="))),
    Tampered("malformed", "base64 beyond ASCII", enveloped(lambda one: one.update(payload="\xe9" * 4))),
    Tampered("malformed", "base64 with unused bits", enveloped(unused_bits)),
]  # fmt: skip

SIGNATURE = [
    Tampered("missing", "no certificate", lambda kit: setattr(kit, "certified", False)),
    Tampered("missing", "an empty certificate", data(b"")),
    Tampered("missing", "another path without one", option(certificate="nowhere.jsonl")),
    Tampered("unsigned", "no signature", enveloped(lambda one: one.update(signatures=[]))),
    Tampered("signature", "unknown key", lambda kit: setattr(kit, "key", STRANGER)),
    Tampered("signature", "unknown key with a trusted keyid", disguised),
    Tampered("signature", "payload edited", enveloped(lambda one: one.update(
        payload=b64encode(b64decode(one["payload"]).replace(b"gold", b"lead")).decode()))),
    Tampered("signature", "payload type edited", enveloped(lambda one: one.update(payloadType="text/plain"))),
    Tampered("signature", "63 bytes", resized(63)),
    Tampered("signature", "65 bytes", resized(65)),
    Tampered("signature", "no bytes", resized(0)),
    Tampered("signature", "zeros", resized(64)),
]  # fmt: skip

TYPE = [
    Tampered("type", "payload type", lambda kit: setattr(
        kit, "bundle", bundle(envelope(json.dumps(kit.statements[0]).encode(), kind="application/json")))),
    Tampered("type", "statement type", signed(lambda one: one.update(_type="https://in-toto.io/Statement/v0.1"))),
    Tampered("type", "no statement type", signed(lambda one: one.pop("_type"))),
    Tampered("type", "predicate type", signed(lambda one: one.update(predicateType="https://slsa.dev/provenance/v1"))),
    Tampered("type", "statement is an array", raw_payload(b"[]")),
]  # fmt: skip

PREDICATE = [
    Tampered("predicate", "no predicate", signed(lambda one: one.pop("predicate"))),
    Tampered("predicate", "predicate is an array", signed(lambda one: one.update(predicate=[]))),
    Tampered("predicate", "unknown field", predicate(note="hello")),
    Tampered("predicate", "unknown field in the report", reported(note="hello")),
    Tampered("predicate", "unknown field in an outcome", lambda kit: kit.row("C01").update(note="hello")),
    Tampered("predicate", "unknown field in the manifest", lambda kit: kit.predicate["manifest"][0].update(mode=1)),
    Tampered("predicate", "field missing", lambda kit: kit.report.pop("seed")),
    Tampered("predicate", "bool for an integer", lambda kit: kit.row("C01").update(cases=True)),
    Tampered("predicate", "bool for a size", lambda kit: kit.predicate["manifest"][0].update(size=True)),
    Tampered("predicate", "float for an integer", reported(seed=7.0)),
    Tampered("predicate", "string for a number", lambda kit: kit.row("C01").update(seconds="1")),
    Tampered("predicate", "a number beyond floats", signed_text('"seconds": 0.25', f'"seconds": {"9" * 400}')),
    Tampered("predicate", "another report schema", reported(schema="automate-connectors/report/2")),
    Tampered("predicate", "time without a zone", predicate(not_before="2026-06-01T12:00:00")),
    Tampered("predicate", "time that is a day", predicate(not_after="2026-06-01")),
    Tampered("predicate", "time that is none", predicate(not_after="2026-02-30T00:00:00Z")),
    Tampered("predicate", "invented assurance", predicate(assurance="trust me")),
    Tampered("predicate", "invented guarantee", lambda kit: kit.report["actions"][0].update(guarantee="always")),
    Tampered("predicate", "process by an inline host", reported(host="inline")),
    Tampered("predicate", "no distribution", lambda kit: kit.report["connector"].update(distribution=None)),
    Tampered("predicate", "another distribution", lambda kit: kit.report["connector"]["distribution"].update(name="x")),
    Tampered("predicate", "another version", lambda kit: kit.report["connector"]["distribution"].update(version="2")),
]

BINDING = [
    Tampered("subject", "another wheel", other_wheel),
    Tampered("subject", "another name", signed(lambda one: one["subject"][0].update(name="acme-1.0-py3-none-any.whl"))),
    Tampered("subject", "no subject", signed(lambda one: one.update(subject=[]))),
    Tampered("subject", "two subjects", signed(lambda one: one["subject"].append({"name": "x", "digest": {}}))),
    Tampered("subject", "digest in capitals", signed(lambda one: one["subject"][0]["digest"].update(
        sha256=one["subject"][0]["digest"]["sha256"].upper()))),
    Tampered("subject", "another algorithm", signed(lambda one: one["subject"][0].update(digest={"sha512": "0"}))),
    Tampered("subject", "subject is an object", signed(lambda one: one.update(subject=one["subject"][0]))),
    Tampered("bundle", "connector that is not registered", unregistered),
    Tampered("bundle", "second line for one connector", repeated),
    Tampered("manifest", "member missing", lambda kit: kit.predicate["manifest"].pop()),
    Tampered("manifest", "member added", lambda kit: kit.predicate["manifest"].append(
        {"path": "x", "sha256": "0" * 64, "size": 0})),
    Tampered("manifest", "member twice", lambda kit: kit.predicate["manifest"].append(kit.predicate["manifest"][0])),
    Tampered("manifest", "other digest", lambda kit: kit.predicate["manifest"][0].update(sha256="0" * 64)),
    Tampered("manifest", "other size", lambda kit: kit.predicate["manifest"][0].update(size=1)),
    Tampered("coverage", "one of two connectors", one_of_two),
    Tampered("entry-point", "another class", entry_points("[automate.connectors]\nacme_mail = acme.mail:Evil\n")),
    Tampered("entry-point", "two classes", two_objects),
    Tampered("entry-point", "report about another class", lambda kit: kit.report["connector"].update(adapter="a:B")),
    second_line("type", "type", signed(lambda one: one.update(_type="x"))),
    second_line("manifest", "manifest", lambda kit: kit.predicate["manifest"].pop()),
    second_line("level", "level", reported(level="silver")),
    second_line("time", "nothing", lambda _: None),
]  # fmt: skip


def lasting(**span: float) -> Change:
    """Let it live for some time."""
    return predicate(not_after=moment(NOW + timedelta(**span)))


CASES = [*TRUST, *WHEEL, *MALFORMED, *SIGNATURE, *TYPE, *PREDICATE, *BINDING]
