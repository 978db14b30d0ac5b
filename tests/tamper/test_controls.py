"""Honest certificates are let through, also in the shapes that are rare."""

import io
import json
import struct
import zipfile
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tamper.builder import (
    DIST_INFO,
    NOW,
    SIGNER,
    STRANGER,
    Item,
    Kit,
    bundle,
    items,
    keyid_of,
    line,
    moment,
    pack,
    pem,
    record_of,
    report,
    requirements,
    statement,
    swapped,
    wheel_bytes,
    with_record,
)
from tamper.certificate_cases import TWO, nested
from tamper.tampering import (
    Change,
    both,
    decide,
    enveloped,
    file,
    option,
    predicate,
    reported,
    row,
    signed,
    text,
    trusting,
)

TIME = struct.pack("<HHBL", 0x5455, 5, 1, 7)
LONG_TIME = struct.pack("<HHBLL", 0x5455, 9, 3, 7, 8)
SHORT_TIME = struct.pack("<HHBL", 0x5455, 5, 3, 7)


def wheel(data: bytes) -> Change:
    """Certify another wheel."""

    def apply(kit: Kit) -> None:
        kit.wheel = data
        kit.recertify(report())

    return apply


def extra(**changes: Any) -> Change:
    """Certify a wheel with a further member."""
    return wheel(wheel_bytes(Item("acme/more.py", b"x = 1\n", **changes)))


def streamed() -> bytes:
    """Return a wheel that the standard library wrote to a pipe: with data descriptors and folder entries."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise io.UnsupportedOperation

        def seek(self, *_: Any) -> int:
            raise io.UnsupportedOperation

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("acme")
        for item in with_record(items()):
            archive.writestr(item.path, item.content)
    return pipe.getvalue()


def reordered() -> bytes:
    """Return a wheel whose directory lists the members in another order than the archive holds them."""
    data = pack(with_record(items()))
    start = struct.unpack_from("<L", data, len(data) - 6)[0]
    directory, end = data[start:-22], data[-22:]
    first = 46 + len("acme/__init__.py")
    return data[:start] + directory[first:] + directory[:first] + end


def two_connectors(kit: Kit) -> None:
    """Certify a wheel with two connectors."""
    kit.wheel = wheel_bytes(entry_points=TWO)
    kit.recertify(report(), report("acme_chat", "acme.mail:Chat", level="silver"))


def other_folder(kit: Kit) -> None:
    """Keep the certificate elsewhere."""
    kit.certified = False
    path = kit.folder / "elsewhere.jsonl"
    path.write_bytes(bundle(*map(line, kit.statements)))
    kit.options["certificate"] = path


def key_file(kit: Kit) -> None:
    """Trust a file of two."""
    paths = [kit.folder / "one.pub", kit.folder / "two.pub"]
    for path, key in zip(paths, (STRANGER, SIGNER), strict=True):
        path.write_bytes(pem(key))
    kit.trust = [str(paths[0]), paths[1]]


def other_case(kit: Kit) -> None:
    """Write name and version in another form of PEP 503 and PEP 440."""
    metadata = (
        b"Metadata-Version: 2.1\nName: Acme.Mail\nVersion: v1.0.0\nLicense: a\n        \x0c\n        b\n\nName: x\n"
    )
    members = swapped(items(tags="py2.py3-none-any"), f"{DIST_INFO}/METADATA", content=metadata)
    kit.filename = "acme_mail-1.0-py2.py3-none-any.whl"
    wheel(pack(with_record(members)))(kit)


def split_tags(kit: Kit) -> None:
    """Write each tag on a line of its own."""
    kit.filename = "acme_mail-1.0-1-py2.py3-none-any.whl"
    content = b"Wheel-Version: 1.0\r\nBuild: 1\r\nTag: py3-none-any\r\nTag: py2-none-any\r\n"
    wheel(pack(with_record(swapped(items(), f"{DIST_INFO}/WHEEL", content=content))))(kit)


def crlf_record() -> bytes:
    """Return a wheel whose RECORD has lines that end in CR LF, quoted fields and no line of its own."""
    text = record_of(items()).decode().replace("acme/mail.py", '"acme/mail.py"').replace("\n", "\r\n")
    return pack([*items(), Item(f"{DIST_INFO}/RECORD", text.rpartition("acme_mail-1.0.dist-info/RECORD")[0].encode())])


def ignored_fields(kit: Kit) -> None:
    """Have fields in envelope and statement that nobody knows."""
    one = kit.statements[0]
    one["note"] = one["subject"][0]["note"] = "hello"
    envelope = line(one)
    envelope["note"] = envelope["signatures"][0]["note"] = "hello"
    kit.bundle = bundle(envelope)


def policy(rules: str) -> Change:
    """Give a policy for the key that signs."""
    return file("policy.toml", f"[keys.{keyid_of(SIGNER)}]\n{rules}\n", "policy")


def unwaived_rows(kit: Kit) -> None:
    """Reach silver, with what is above it failing in every way."""
    kit.report.update(level="silver", claimed_level="silver", requirements=requirements("silver"))
    kit.row("I03").update(outcome="fail", failures=[{"case": "a", "expected": "b", "observed": "c"}])
    kit.row("T01").update(outcome="error")


CONTROLS: dict[str, Change] = {
    "nothing changed": lambda _: None,
    "certificate in another folder": other_folder,
    "two trusted keys": trusting(pem(STRANGER), pem(SIGNER)),
    "two trusted key files": key_file,
    "keyid absent": enveloped(lambda one: one["signatures"][0].pop("keyid")),
    "keyid null": enveloped(lambda one: one["signatures"][0].update(keyid=None)),
    "keyid wrong": enveloped(lambda one: one["signatures"][0].update(keyid=keyid_of(STRANGER))),
    "live waiver": lambda kit: kit.waive("D01"),
    "waiver to the end of today": lambda kit: kit.waive("D01", "2026-06-01"),
    "waiver of 180 days": lambda kit: kit.waive("S05", "2026-11-28"),
    "certificate that ends with its waiver": both(
        lambda kit: kit.waive("D01", "2026-07-01"), predicate(not_after="2026-07-02T00:00:00Z")
    ),
    "two connectors": two_connectors,
    "data descriptors and folder entries": wheel(streamed()),
    "folder entries": wheel(wheel_bytes(Item("acme/", mode=0o40755, method=0))),
    "data descriptors with sizes in front": extra(
        flags=8, local={"crc": zlib.crc32(b"x = 1\n"), "packed": 8, "size": 6}
    ),
    "stored members": extra(method=0),
    "name beyond ASCII": wheel(wheel_bytes(Item("acme/caf\xe9.txt", b"x"))),
    "timestamps": extra(local={"extra": LONG_TIME}, central={"extra": SHORT_TIME}),
    "the same timestamp": extra(local={"extra": TIME}, central={"extra": TIME}),
    "zip64 field as Bazel writes it": extra(local={"extra": struct.pack("<HHQQ", 1, 16, 6, 8)}),
    "zip64 field as the standard library writes it": extra(
        local={"extra": struct.pack("<HHQQ", 1, 16, 6, 8), "packed": 0xFFFFFFFF, "size": 0xFFFFFFFF}
    ),
    "no mode": extra(mode=0),
    "empty member": wheel(wheel_bytes(Item("acme/empty.py"))),
    "directory in another order": wheel(reordered()),
    "names in other forms": other_case,
    "tags a line each": split_tags,
    "RECORD with CR LF": wheel(crlf_record()),
    "unknown fields in envelope and statement": ignored_fields,
    "CR LF behind the certificate": text(lambda found: found.replace("\n", "\r\n")),
    "no line feed at the end": text(lambda found: found.rstrip("\n")),
    "anything in the environment": lambda kit: kit.report["environment"].update(deep=nested(60), more={"a": 1}),
    "surrogate pair": lambda kit: kit.report["environment"].update(smile="\U0001f600"),
    "another listed suite": both(
        lambda kit: kit.report["suite"].update(version="0.9", digest="d"), file("s.json", '{"0.9": "d"}', "suites")
    ),
    "another suite in a mapping": both(
        lambda kit: kit.report["suite"].update(version="0.9", digest="d"), option(suites={"0.9": "d"})
    ),
    "not applicable where it can be": row("C04", outcome="not_applicable", reason="no network", cases=0),
    "silver with failures above": unwaived_rows,
    "claimed more than it reached": both(unwaived_rows, reported(claimed_level="gold", certified=False)),
    "claimed less than it reached": reported(claimed_level="bronze"),
    "manifest in another order": lambda kit: kit.predicate["manifest"].reverse(),
    "every level asked": option(min_level="gold", min_guarantee="at-most-once", assurance="process"),
    "natural is as good as exactly once": both(
        lambda kit: kit.report.update(actions=[{**kit.report["actions"][0], "guarantee": "natural"}]),
        option(min_guarantee="exactly-once"),
    ),
    "self, where it is enough": both(
        predicate(assurance="self"), reported(host="inline"), option(assurance="self")
    ),
    "process, where self is enough": option(assurance="self"),
    "policy": policy('connectors = ["other", "acme_*"]\nmax_level = "gold"\nnot_after = 2026-06-01'),
    "policy without limits": policy(""),
    "policy that revokes something else": file("p.toml", f'revoked = ["sha256:{"0" * 64}"]', "policy"),
    "five minutes early": lambda kit: setattr(kit, "now", NOW - timedelta(minutes=5)),
    "last moment": lambda kit: setattr(kit, "now", NOW + timedelta(days=90, microseconds=-1)),
    "a day after the run": reported(finished_at=moment(NOW - timedelta(days=1))),
    "times in another zone": predicate(not_before="2026-06-01T14:00:00.5+02:00", not_after="2026-06-02t00:00:00z"),
    "name in another form": lambda kit: kit.report["connector"]["distribution"].update(name="Acme_Mail", version="1"),
    "shared data": wheel(wheel_bytes(Item("acme_mail-1.0.data/data/share/acme/x.txt", b"x"))),
    "data that hides nothing": wheel(wheel_bytes(Item("acme_mail-1.0.data/purelib/acme/more.py", b"x"))),
    "package of its own below a namespace": wheel(wheel_bytes(Item("acme/automate_connectors/x.py", b"x"))),
    "console script": wheel(wheel_bytes(entry_points=(
        "# comment\n\n[console_scripts]\nacme = acme.mail:main [extra]\n"
        "[automate.connectors]\nacme_mail = acme.mail : Mail\n"
    ))),
    "subject with further fields": signed(lambda one: one["subject"][0].update(uri="https://example.org/x.whl")),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTROLS)
def test_it_is_let_through(name: str, tmp_path: Path) -> None:
    """A gate that refuses everything would pass all the other tests."""
    kit = Kit(tmp_path)
    CONTROLS[name](kit)
    decision = decide(kit)
    assert decision.allowed, (decision.code, decision.message)
    assert decision.exit_code == 0
    assert decision.code is None
    assert decision.wheel == kit.filename


def test_the_lowest_level_is_that_of_the_wheel(tmp_path: Path) -> None:
    """And every connector stands in the decision with its guarantees."""
    kit = Kit(tmp_path)
    two_connectors(kit)
    decision = decide(kit)
    assert decision.to_dict() == {
        "decision": "allow",
        "code": None,
        "message": "every connector reached at least silver, as judged by trusted keys",
        "wheel": kit.filename,
        "connectors": [
            {"name": "acme_mail", "level": "gold", "guarantees": {"send": "exactly-once", "ping": "at-most-once"}},
            {"name": "acme_chat", "level": "silver", "guarantees": {"send": "exactly-once", "ping": "at-most-once"}},
        ],
        "level": "silver",
    }
    assert json.loads(json.dumps(decision.to_dict()))["level"] == "silver"


def test_a_statement_is_what_the_builder_says(tmp_path: Path) -> None:
    """The manifest of the standard library and the one of the reader agree."""
    kit = Kit(tmp_path, wheel=streamed())
    assert statement(kit.wheel)["predicate"]["manifest"] == kit.predicate["manifest"]
    assert decide(kit).allowed
