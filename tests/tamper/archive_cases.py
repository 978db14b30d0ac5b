"""Wheels whose archive, record or payload is not right."""

import struct
from dataclasses import replace
from typing import Any

from tamper.builder import (
    DIST_INFO,
    RECORD,
    Item,
    Kit,
    deflated,
    items,
    metadata,
    pack,
    record_of,
    swapped,
    with_record,
    without,
)
from tamper.tampering import Change, Tampered, archive, entry_points, members, raw

EXTRA = Item("acme/extra.py", b"x = 1\n" * 9)
UNICODE_PATH = struct.pack("<HHBL", 0x7075, 5 + 7, 1, 0) + b"evil.py"
DOUBLE_TIME = struct.pack("<HHBL", 0x5455, 5, 1, 7) * 2


def extra(**changes: Any) -> Change:
    """Add a member that is odd."""
    return archive(replace(EXTRA, **changes))


def named(path: str) -> Change:
    """Add a member of an odd name."""
    return archive(replace(EXTRA, path=path))


def recorded(change: Any) -> Change:
    """Change the text of RECORD."""
    honest = record_of(items()).decode()
    return members(lambda found: swapped(found, RECORD, content=change(honest).encode()))


def dist_info(name: str, content: bytes) -> Change:
    """Change a file of the dist-info folder, and RECORD with it."""
    return members(lambda _: with_record(swapped(items(), f"{DIST_INFO}/{name}", content=content)))


def spelled(name: str) -> Change:
    """Write the name of the entry points in another way."""
    rest = without(items(), f"{DIST_INFO}/entry_points.txt")
    return members(lambda _: with_record([*rest, Item(f"{DIST_INFO}/{name}", b"[pytest11]\n")]))


def renamed(filename: str) -> Change:
    """Give the wheel another file name."""
    return lambda kit: setattr(kit, "filename", filename)


def zip64_end(data: bytes) -> bytes:
    """Insert a zip64 end record and its locator, as large archives have them."""
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 6, 6, 0, 0)
    return data[:-22] + record + struct.pack("<4sLQL", b"PK\6\7", 0, len(data) - 22, 1) + data[-22:]


def overlapping(kit: Kit) -> None:
    """Let two members share one local header."""
    first, *rest = with_record(items())
    kit.wheel = pack([first, *rest[:-1], replace(rest[-1], central={"offset": 0})])


def framework(kit: Kit) -> None:
    """Call the distribution like the framework."""
    kit.filename = "automate_connectors-1.0-py3-none-any.whl"
    folder = "automate_connectors-1.0.dist-info"
    rest = [replace(item, path=item.path.replace(DIST_INFO, folder)) for item in items()]
    members = swapped(rest, f"{folder}/METADATA", content=metadata("Automate.Connectors"))
    kit.wheel = pack([*members, Item(f"{folder}/RECORD", record_of(members, f"{folder}/RECORD"))])


def _many(count: int) -> Change:
    return lambda kit: setattr(kit, "wheel", pack([Item(f"a{n}", method=0) for n in range(count)]))


ARCHIVE = [
    Tampered("archive", "no zip at all", raw(lambda _: b"wheel")),
    Tampered("archive", "an empty file", raw(lambda _: b"")),
    Tampered("archive", "cut off", raw(lambda data: data[:-1])),
    Tampered("archive", "bytes before", raw(lambda data: b"#!/bin/sh\n" + data)),
    Tampered("archive", "bytes before, offsets adjusted", archive(before=b"#!/bin/sh\n")),
    Tampered("archive", "bytes between members", members(lambda found: swapped(found, found[0].path, behind=b"gap"))),
    Tampered("archive", "bytes before the directory", archive(between=b"gap")),
    Tampered("archive", "bytes behind", raw(lambda data: data + b"\0")),
    Tampered("archive", "two archives in a row", raw(lambda data: data + data)),
    Tampered("archive", "archive comment", archive(comment=b"hello")),
    Tampered("archive", "member comment", extra(central={"comment": b"hello"})),
    Tampered("archive", "zip64 end record", raw(zip64_end)),
    Tampered("archive", "overlapping members", overlapping),
    Tampered("archive", "other local name", extra(local={"name": b"acme/other.py"})),
    Tampered("archive", "other local flags", extra(local={"flags": 2048})),
    Tampered("archive", "other local method", extra(local={"method": 0})),
    Tampered("archive", "other local checksum", extra(local={"crc": 1})),
    Tampered("archive", "other local size", extra(local={"size": 1})),
    Tampered("archive", "other local time", extra(local={"date": 0x5822})),
    Tampered("archive", "other local version", extra(local={"needed": 45})),
    Tampered("archive", "local extra field only", extra(local={"extra": struct.pack("<HHBL", 0x5455, 5, 1, 7)})),
    Tampered("archive", "lying zip64 field", extra(local={"extra": struct.pack("<HHQQ", 1, 16, 1, 1)})),
    Tampered("archive", "wrong checksum", extra(local={"crc": 1}, central={"crc": 1})),
    Tampered("archive", "content longer than said", extra(local={"size": 53}, central={"size": 53})),
    Tampered("archive", "content shorter than said", extra(local={"size": 55}, central={"size": 55})),
    Tampered("archive", "no deflate stream", extra(packed=b"\xff" * 20)),
    Tampered("archive", "bytes behind the stream", extra(packed=deflated(EXTRA.content) + b"more")),
    Tampered("archive", "unfinished stream", extra(packed=deflated(EXTRA.content)[:-1])),
    Tampered("archive", "data descriptor that lies", extra(flags=8, descriptor=lambda honest: honest[:-1] + b"\1")),
    Tampered("archive", "data descriptor is missing", extra(flags=8, descriptor=lambda _: b"")),
    Tampered("archive", "unicode path field", extra(local={"extra": UNICODE_PATH}, central={"extra": UNICODE_PATH})),
    Tampered("archive", "extra field cut off", extra(local={"extra": b"\1"}, central={"extra": b"UT\x09"})),
    Tampered("archive", "extra field twice", extra(local={"extra": DOUBLE_TIME}, central={"extra": DOUBLE_TIME})),
    Tampered("archive", "encrypted", extra(flags=1)),
    Tampered("archive", "masked headers", extra(flags=1 << 13)),
    Tampered("archive", "bzip2", extra(local={"method": 12}, central={"method": 12})),
    Tampered("archive", "deflate64", extra(local={"method": 9}, central={"method": 9})),
    Tampered("archive", "stored with two sizes", extra(method=0, local={"size": 9}, central={"size": 9})),
    Tampered("archive", "the same name twice", archive(EXTRA, EXTRA)),
    Tampered("archive", "names that case folding joins", archive(EXTRA, replace(EXTRA, path="acme/EXTRA.py"))),
    Tampered("archive", "names that NFKC joins", archive(EXTRA, replace(EXTRA, path="acme/\uff45xtra.py"))),
    Tampered("archive", "sharp s", archive(replace(EXTRA, path="acme/\xdf.py"), replace(EXTRA, path="acme/SS.py"))),
    Tampered("archive", "file and folder of one name", archive(EXTRA, Item("acme/extra.py/", mode=0o40755, method=0))),
    Tampered("archive", "file as a folder", archive(EXTRA, replace(EXTRA, path="acme/extra.py/a.py"))),
    Tampered("archive", "absolute", named("/etc/extra.py")),
    Tampered("archive", "parent folder", named("acme/../../extra.py")),
    Tampered("archive", "this folder", named("./extra.py")),
    Tampered("archive", "empty part", named("acme//extra.py")),
    Tampered("archive", "backslash", named("acme\\extra.py")),
    Tampered("archive", "drive", named("C:extra.py")),
    Tampered("archive", "line feed in a name", named("acme/extra\n.py")),
    Tampered("archive", "control character beyond ASCII", named("acme/extra\x85.py")),
    Tampered("archive", "name that is no UTF-8", extra(local={"name": b"\xff"}, central={"name": b"\xff"})),
    Tampered("archive", "symbolic link", extra(mode=0o120777)),
    Tampered("archive", "device", extra(mode=0o20644)),
    Tampered("archive", "set-uid", extra(mode=0o104755)),
    Tampered("archive", "set-gid", extra(mode=0o102755)),
    Tampered("archive", "file that is a folder by mode", extra(mode=0o40755)),
    Tampered("archive", "file that is a folder by DOS", extra(central={"attributes": 0x10})),
    Tampered("archive", "folder with content", archive(Item("acme/d/", b"x", mode=0o40755))),
    Tampered("archive", "too many members", _many(10_001)),
    Tampered("archive", "too large", extra(local={"size": 1 << 29}, central={"size": 1 << 29})),
    Tampered("archive", "bomb", extra(content=bytes(1 << 20))),
    Tampered("archive", "another disk", extra(central={"disk": 1})),
    Tampered("archive", "split archive", raw(lambda data: data[:-18] + b"\1\0" + data[-16:])),
    Tampered("archive", "member count too small", raw(lambda data: data[:-14] + b"\1\0\1\0" + data[-10:])),
    Tampered("archive", "member count too large", raw(lambda data: data[:-14] + b"\7\0\7\0" + data[-10:])),
    Tampered(
        "archive", "member reaches into the directory", extra(central={"packed": 1 << 16}, local={"packed": 1 << 16})
    ),
]

HASH = "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
RECORD_CASES = [
    Tampered("record", "member not listed", recorded(lambda text: text.partition("\n")[2])),
    Tampered("record", "listed, but not there", recorded(lambda text: f"ghost.py,{HASH},0\n{text}")),
    Tampered("record", "listed twice", recorded(lambda text: text.partition("\n")[0] + "\n" + text)),
    Tampered("record", "other digest", recorded(lambda text: text.replace("sha256=", "sha256=A", 1))),
    Tampered("record", "other algorithm", recorded(lambda text: text.replace("sha256=", "md5=", 1))),
    Tampered("record", "no digest", recorded(lambda text: "acme/mail.py,,\n" + text.replace("acme/mail.py", "x", 1))),
    Tampered("record", "other size", recorded(lambda text: text.replace(",12\n", ",13\n", 1))),
    Tampered("record", "size written otherwise", recorded(lambda text: text.replace(",12\n", ",012\n", 1))),
    Tampered("record", "own line with a digest", recorded(lambda text: text.replace("RECORD,,", f"RECORD,{HASH},0"))),
    Tampered("record", "blank line", recorded(lambda text: text + "\n")),
    Tampered("record", "no CSV", recorded(lambda text: f'"{text}')),
    Tampered("record", "missing", members(lambda found: without(found, RECORD))),
    Tampered("record", "no UTF-8", members(lambda found: swapped(found, RECORD, content=b"\xff"))),
    Tampered("record", "changed member", members(lambda found: swapped(found, "acme/mail.py", content=b"import os\n"))),
    Tampered("record", "signature beside it", members(lambda found: [*found, Item(f"{DIST_INFO}/RECORD.jws", b"{}")])),
    Tampered("record", "other spelling", spelled("Entry_Points.txt")),
    Tampered("record", "two dist-info folders", archive(Item("other-1.0.dist-info/METADATA", metadata("other")))),
    Tampered("record", "dist-info in data", archive(Item("acme_mail-1.0.data/purelib/b-1.dist-info/METADATA", b"x"))),
    Tampered("record", "dist-info in capitals", archive(Item("other-1.0.DIST-INFO/METADATA", metadata("other")))),
    Tampered("record", "no dist-info", members(lambda found: found[:2])),
    Tampered("record", "METADATA missing", members(lambda _: with_record(without(items(), f"{DIST_INFO}/METADATA")))),
    Tampered("record", "WHEEL missing", members(lambda _: with_record(without(items(), f"{DIST_INFO}/WHEEL")))),
    Tampered("record", "other name in METADATA", dist_info("METADATA", metadata("other"))),
    Tampered("record", "other version in METADATA", dist_info("METADATA", metadata(version="1.1"))),
    Tampered("record", "two names in METADATA", dist_info("METADATA", b"Name: acme-mail\n" + metadata())),
    Tampered("record", "no version in METADATA", dist_info("METADATA", b"Name: acme-mail\n")),
    Tampered("record", "METADATA is no UTF-8", dist_info("METADATA", metadata() + b"\xff")),
    Tampered("record", "further tag", dist_info("WHEEL", b"Tag: py3-none-any\nTag: py2-none-any\n")),
    Tampered("record", "lacking tag", dist_info("WHEEL", b"Wheel-Version: 1.0\n")),
    Tampered("record", "tag that is none", dist_info("WHEEL", b"Tag: py3\n")),
    Tampered("record", "other build tag", dist_info("WHEEL", b"Tag: py3-none-any\nBuild: 1\n")),
    Tampered("record", "renamed to another version", renamed("acme_mail-1.1-py3-none-any.whl")),
    Tampered("record", "renamed to another name", renamed("acme-1.0-py3-none-any.whl")),
    Tampered("record", "renamed to other tags", renamed("acme_mail-1.0-py2.py3-none-any.whl")),
]

CONNECTOR = "[automate.connectors]\nacme_mail = acme.mail:Mail\n"
DATA = "acme_mail-1.0.data"
HOOKS = b"[pytest11]\na = acme\n"
PAYLOAD = [
    Tampered("payload", "path file", named("acme.pth")),
    Tampered("payload", "path file in data", named(f"{DATA}/purelib/acme.PTH")),
    Tampered("payload", "the framework's distribution", framework),
    Tampered("payload", "sitecustomize", named("sitecustomize.py")),
    Tampered("payload", "usercustomize package", named("usercustomize/__init__.py")),
    Tampered("payload", "compiled sitecustomize", named("sitecustomize.cpython-311-x86_64-linux-gnu.so")),
    Tampered("payload", "sitecustomize in data", named(f"{DATA}/platlib/sitecustomize.py")),
    Tampered("payload", "the framework", named("automate_connectors/certification/levels.py")),
    Tampered("payload", "the suite in data", named(f"{DATA}/purelib/automate_conformance/errors.py")),
    Tampered("payload", "the framework as a module", named("automate_connectors.py")),
    Tampered("payload", "modules past the list", named(f"{DATA}/data/lib/python3.11/site-packages/acme/x.py")),
    Tampered("payload", "data that hides a member", named(f"{DATA}/purelib/acme/mail.py")),
    Tampered("payload", "data that hides data", archive(
        replace(EXTRA, path=f"{DATA}/purelib/x.py"), replace(EXTRA, path=f"{DATA}/platlib/X.py")
    )),
    Tampered("payload", "pytest plugin", entry_points(f"{CONNECTOR}[pytest11]\nacme = acme.mail\n")),
    Tampered("payload", "hypothesis plugin", entry_points(f"{CONNECTOR}[hypothesis]\nacme = acme.mail\n")),
    Tampered("payload", "pydantic plugin", entry_points(f"{CONNECTOR}[pydantic]\nacme = acme.mail:plugin\n")),
    Tampered("payload", "plugin behind a form feed", entry_points(f"{CONNECTOR}#\x0c[pytest11]\x0ca = acme\n")),
    Tampered("payload", "plugin in an egg-info", archive(Item("acme.egg-info/entry_points.txt", HOOKS))),
    Tampered("payload", "entry points that readers disagree about", entry_points(f"{CONNECTOR}[x] y\nz = z\n")),
    Tampered("payload", "entry points without a section", entry_points("a = b\n")),
]  # fmt: skip

CASES = [*ARCHIVE, *RECORD_CASES, *PAYLOAD]
