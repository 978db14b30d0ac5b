"""Honest wheels and certificates, made in memory so that a test can change one thing."""

import copy
import csv
import io
import json
import struct
import zlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from automate_conformance.catalogue import CATALOGUE
from automate_conformance.digest import suite_digest, suite_version

NOW: Final = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
SIGNER: Final = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
STRANGER: Final = Ed25519PrivateKey.from_private_bytes(b"\2" * 32)
FILENAME: Final = "acme_mail-1.0-py3-none-any.whl"
DIST_INFO: Final = "acme_mail-1.0.dist-info"
RECORD: Final = f"{DIST_INFO}/RECORD"
_LEVELS: Final = ("bronze", "silver", "gold", "platinum")


def pem(key: Ed25519PrivateKey) -> bytes:
    """Return the public half as SPKI PEM."""
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def private_pem(key: Ed25519PrivateKey) -> bytes:
    """Return the private half as PKCS8 PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def keyid_of(key: Ed25519PrivateKey) -> str:
    """Return the SHA-256 of the public half's SPKI DER."""
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return sha256(der).hexdigest()


@dataclass(frozen=True)
class Item:
    """One member, with everything that its headers say; None takes the honest value.

    `local` replaces fields of the local header, `central` of the central one, by the names used in `_headers`.
    """

    path: str
    content: bytes = b""
    method: int = 8
    mode: int = 0o100644
    flags: int = 0
    local: dict[str, Any] = field(default_factory=dict)
    central: dict[str, Any] = field(default_factory=dict)
    descriptor: Callable[[bytes], bytes] = lambda honest: honest
    packed: bytes | None = None
    behind: bytes = b""


def pack(
    items: Iterable[Item], *, before: bytes = b"", between: bytes = b"", behind: bytes = b"", comment: bytes = b""
) -> bytes:
    """Return an archive of some items, with bytes at places where there should be none."""
    body, directory, count = before, b"", 0
    for item in items:
        offset = len(body)
        local, central, data = _headers(item, offset)
        body += local + data + item.behind
        directory += central
        count += 1
    body += between
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), len(comment))
    return body + directory + end + comment + behind


def deflated(content: bytes) -> bytes:
    """Return a raw deflate stream."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def _headers(item: Item, offset: int) -> tuple[bytes, bytes, bytes]:
    data = item.packed if item.packed is not None else deflated(item.content) if item.method == 8 else item.content
    name = item.path.encode()
    flags = item.flags | (0 if item.path.isascii() else 1 << 11)
    honest: dict[str, Any] = {
        "needed": 20,
        "flags": flags,
        "method": item.method,
        "time": 0,
        "date": 0x5821,
        "crc": zlib.crc32(item.content),
        "packed": len(data),
        "size": len(item.content),
        "name": name,
        "extra": b"",
    }
    described = {"crc": 0, "packed": 0, "size": 0} if flags & 8 else {}
    local = {**honest, **described, **item.local}
    central = {**honest, "attributes": item.mode << 16, "comment": b"", "offset": offset, "disk": 0, **item.central}
    if flags & 8:
        data += item.descriptor(struct.pack("<4s3L", b"PK\7\x08", honest["crc"], honest["packed"], honest["size"]))
    return _local(local), _central(central), data


def _shared(header: dict[str, Any]) -> bytes:
    return struct.pack(
        "<5H3L2H",
        *(header[key] for key in ("needed", "flags", "method", "time", "date", "crc", "packed", "size")),
        len(header["name"]),
        len(header["extra"]),
    )


def _local(header: dict[str, Any]) -> bytes:
    return bytes(b"PK\3\4" + _shared(header) + header["name"] + header["extra"])


def _central(header: dict[str, Any]) -> bytes:
    rest = struct.pack("<3H2L", len(header["comment"]), header["disk"], 0, header["attributes"], header["offset"])
    return bytes(
        b"PK\1\2"
        + struct.pack("<H", 0x0314)
        + _shared(header)
        + rest
        + header["name"]
        + header["extra"]
        + header["comment"]
    )


def record_of(items: Sequence[Item], own: str = RECORD) -> bytes:
    """Return an honest RECORD for some items."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for item in items:
        if not item.path.endswith("/"):
            digest = urlsafe_b64encode(sha256(item.content).digest()).decode().rstrip("=")
            writer.writerow([item.path, f"sha256={digest}", len(item.content)])
    writer.writerow([own, "", ""])
    return text.getvalue().encode()


def metadata(name: str = "acme-mail", version: str = "1.0") -> bytes:
    """Return a METADATA file."""
    fields = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Dist: automate-connectors\n"
    return f"{fields}\nMail.\n".encode()


def items(
    *extra: Item, entry_points: str = "[automate.connectors]\nacme_mail = acme.mail:Mail\n", tags: str = "py3-none-any"
) -> list[Item]:
    """Return the members of an honest wheel, RECORD aside."""
    return [
        Item("acme/__init__.py", b'"""Acme."""\n'),
        Item("acme/mail.py", b"class Mail: ...\n"),
        *extra,
        Item(f"{DIST_INFO}/METADATA", metadata()),
        Item(f"{DIST_INFO}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tags}\n".encode()),
        Item(f"{DIST_INFO}/entry_points.txt", entry_points.encode()),
    ]


def with_record(members: Sequence[Item]) -> list[Item]:
    """Return the members with an honest RECORD behind them."""
    return [*members, Item(RECORD, record_of(members))]


def without(members: Sequence[Item], path: str) -> list[Item]:
    """Return the members but one."""
    return [member for member in members if member.path != path]


def swapped(members: Sequence[Item], path: str, **changes: Any) -> list[Item]:
    """Return the members with one changed."""
    return [replace(member, **changes) if member.path == path else member for member in members]


def wheel_bytes(*extra: Item, **options: Any) -> bytes:
    """Return an honest wheel, with further members."""
    return pack(with_record(items(*extra, **options)))


def requirements(level: str = "gold") -> list[dict[str, Any]]:
    """Return honest outcomes that reach a level and nothing above it."""
    reached = _LEVELS[: _LEVELS.index(level) + 1]
    return [
        {
            "id": record.id,
            "level": record.level,
            "title": record.title,
            "outcome": "pass" if record.level in reached else "not_run",
            "reason": None if record.level in reached else "above the judged level",
            "cases": 3 if record.level in reached else 0,
            "failures": [],
            "seconds": 0.25,
        }
        for record in CATALOGUE
    ]


def report(name: str = "acme_mail", adapter: str = "acme.mail:Mail", level: str = "gold") -> dict[str, Any]:
    """Return an honest report."""
    return {
        "schema": "automate-connectors/report/1",
        "connector": {
            "name": name,
            "version": "1.0",
            "adapter": adapter,
            "distribution": {"name": "acme-mail", "version": "1.0"},
        },
        "suite": {"version": suite_version(), "digest": suite_digest()},
        "claimed_level": level,
        "level": level,
        "certified": True,
        "requirements": requirements(level),
        "waivers": [],
        "actions": [
            {
                "name": "send",
                "idempotency": "keyed",
                "guarantee": "exactly-once",
                "examples": 1,
                "schedules": 57,
                "counterexample": None,
            },
            {
                "name": "ping",
                "idempotency": "unsafe",
                "guarantee": "at-most-once",
                "examples": 1,
                "schedules": 43,
                "counterexample": None,
            },
        ],
        "faults": [
            {"action": "send", "request": 1, "fault": "status 429", "answer": "RATE_LIMITED", "outcome": "pass"}
        ],
        "cassettes": [
            {"path": "send.yaml", "sha256": "0" * 64, "recorded_at": "2026-05-01T00:00:00Z", "interactions": 1}
        ],
        "coverage": {"lines": 10, "covered": 9, "percent": 90.0},
        "seed": 7,
        "host": "process",
        "environment": {"python": "3.11.7", "isolation": {"network": True}},
        "started_at": "2026-06-01T11:50:00Z",
        "finished_at": "2026-06-01T11:59:00Z",
    }


def moment(when: datetime) -> str:
    """Return a moment as RFC 3339."""
    return when.isoformat().replace("+00:00", "Z")


def manifest(data: bytes) -> list[dict[str, Any]]:
    """Return the manifest of an archive that the standard library can read."""
    import zipfile  # noqa: PLC0415 - a second opinion beside the reader under test

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [
            {"path": info.filename, "sha256": sha256(archive.read(info)).hexdigest(), "size": info.file_size}
            for info in archive.infolist()
            if not info.is_dir()
        ]


def statement(data: bytes, filename: str = FILENAME, reported: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return an honest statement about a wheel."""
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": filename, "digest": {"sha256": sha256(data).hexdigest()}}],
        "predicateType": "https://automate-connectors.dev/certification/v1",
        "predicate": {
            "report": report() if reported is None else reported,
            "manifest": manifest(data),
            "assurance": "process",
            "not_before": moment(NOW),
            "not_after": moment(NOW + timedelta(days=90)),
        },
    }


def pae(kind: str, payload: bytes) -> bytes:
    """Return what is signed, written down a second time from the DSSE page."""
    return f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload


def envelope(
    payload: bytes, key: Ed25519PrivateKey = SIGNER, kind: str = "application/vnd.in-toto+json"
) -> dict[str, Any]:
    """Return an honest envelope."""
    signature = key.sign(pae(kind, payload))
    return {
        "payloadType": kind,
        "payload": b64encode(payload).decode(),
        "signatures": [{"keyid": keyid_of(key), "sig": b64encode(signature).decode()}],
    }


def line(content: Any, key: Ed25519PrivateKey = SIGNER) -> dict[str, Any]:
    """Return the envelope of a statement."""
    return envelope(json.dumps(content).encode(), key)


def bundle(*envelopes: Any) -> bytes:
    """Return a certificate of some envelopes."""
    return "".join(json.dumps(one) + "\n" for one in envelopes).encode()


@dataclass
class Kit:
    """A folder with a wheel, its certificate and trusted keys, all honest at first, and what the gate is asked."""

    folder: Path
    wheel: bytes = field(default_factory=wheel_bytes)
    filename: str = FILENAME
    statements: list[dict[str, Any]] = field(default_factory=list)
    key: Ed25519PrivateKey = SIGNER
    bundle: bytes | None = None
    trust: list[Any] = field(default_factory=lambda: [pem(SIGNER)])
    options: dict[str, Any] = field(default_factory=dict)
    now: datetime = NOW
    certified: bool = True

    def __post_init__(self) -> None:
        """Certify the wheel."""
        self.recertify(report())

    @property
    def predicate(self) -> dict[str, Any]:
        """The predicate of the first statement."""
        found: dict[str, Any] = self.statements[0]["predicate"]
        return found

    @property
    def report(self) -> dict[str, Any]:
        """The report of the first statement."""
        found: dict[str, Any] = self.predicate["report"]
        return found

    def row(self, requirement: str) -> dict[str, Any]:
        """Return the outcome of one requirement in the first statement."""
        return next(row for row in self.report["requirements"] if row["id"] == requirement)

    def recertify(self, *reports: dict[str, Any]) -> None:
        """Make honest statements about the wheel as it is now."""
        self.statements = [statement(self.wheel, self.filename, copy.deepcopy(one)) for one in reports]

    def waive(self, requirement: str, expires: str = "2026-07-01") -> None:
        """Waive one requirement honestly."""
        self.row(requirement).update(outcome="waived", reason="not yet", cases=1)
        self.report["waivers"].append({"id": requirement, "reason": "the service lacks it", "expires": expires})
        self.predicate["not_after"] = min(self.predicate["not_after"], f"{expires}T23:59:59Z")

    @property
    def path(self) -> Path:
        """Where the wheel lies."""
        return self.folder / self.filename

    @property
    def certificate(self) -> Path:
        """Where its certificate lies."""
        return self.folder / f"{self.filename}.intoto.jsonl"

    def write(self) -> None:
        """Write wheel and certificate."""
        self.path.write_bytes(self.wheel)
        if self.certified:
            lines = bundle(*(line(one, self.key) for one in self.statements))
            self.certificate.write_bytes(lines if self.bundle is None else self.bundle)
