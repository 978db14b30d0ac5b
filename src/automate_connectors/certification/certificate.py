"""Certificates: an in-toto Statement v1 about a wheel for each of its connectors, in DSSE envelopes, one a line.

Reading goes step by step, for the gate asks about each step over all lines before the next: `read_lines` (encoding,
JSON, envelopes), `parse_statement` (types) and `parse_predicate` (fields). Nothing that is read here is believed yet.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from automate_connectors.certification import dsse, strict_json
from automate_connectors.certification.predicate import Assurance, Predicate, ShapeError, read_predicate
from automate_connectors.certification.wheels import Wheel, shown

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from automate_connectors.certification.report import Report

__all__ = [
    "BUNDLE_BYTES",
    "GROUP",
    "LIFETIME",
    "LINE_BYTES",
    "PAYLOAD_TYPE",
    "PREDICATE_TYPE",
    "STATEMENT_TYPE",
    "CertificateError",
    "CertificateLine",
    "Statement",
    "certificate_path",
    "parse_predicate",
    "parse_statement",
    "read_lines",
    "waiver_end",
    "write_certificate",
]

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Final = "https://automate-connectors.dev/certification/v1"
GROUP: Final = "automate.connectors"
LINE_BYTES: Final = 4 * 1024 * 1024
BUNDLE_BYTES: Final = 64 * 1024 * 1024
LIFETIME: Final = timedelta(days=90)
"""The longest that a certificate may live."""


class CertificateError(ValueError):
    """A certificate cannot be read or made; the message says at which line and why."""


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """One line of a certificate: its envelope and the JSON in its payload."""

    number: int
    envelope: dsse.Envelope
    content: object

    @property
    def digest(self) -> str:
        """The SHA-256 of the payload in hex, by which a certificate is revoked."""
        return sha256(self.envelope.payload).hexdigest()


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the right type; `subject` and `predicate` are as they were written."""

    subject: object
    predicate: object


def certificate_path(wheel: str | os.PathLike[str]) -> Path:
    """Return where the certificate of a wheel lies when nobody says otherwise."""
    path = Path(wheel)
    return path.with_name(f"{path.name}.intoto.jsonl")


def read_lines(data: bytes) -> list[CertificateLine]:
    """Read the envelopes of a certificate and the JSON in them.

    Raises:
        CertificateError: A line is no strict JSON, no envelope or too long, or the whole is.
    """
    if len(data) > BUNDLE_BYTES:
        raise CertificateError(f"the certificate is larger than {BUNDLE_BYTES} bytes")
    return [_line(number, line) for number, line in enumerate(_split(data), 1)]


def parse_statement(line: CertificateLine) -> Statement:
    """Return the statement of a line.

    Raises:
        CertificateError: Payload, statement or predicate are of another type.
    """
    if line.envelope.payload_type != PAYLOAD_TYPE:
        raise _wrong(line, f"the payload type is {shown(line.envelope.payload_type)}, expected {PAYLOAD_TYPE}")
    content = line.content if isinstance(line.content, dict) else {}
    if content.get("_type") != STATEMENT_TYPE:
        raise _wrong(line, f"the statement type is {shown(content.get('_type'))}, expected {STATEMENT_TYPE}")
    if content.get("predicateType") != PREDICATE_TYPE:
        raise _wrong(line, f"the predicate type is {shown(content.get('predicateType'))}, expected {PREDICATE_TYPE}")
    return Statement(content.get("subject"), content.get("predicate"))


def parse_predicate(line: CertificateLine, statement: Statement) -> Predicate:
    """Return the predicate of a line.

    Raises:
        CertificateError: It has other fields or types than contract section 5 and the rules of certificates.
    """
    try:
        return read_predicate(statement.predicate)
    except ShapeError as error:
        raise _wrong(line, f"the predicate is wrong at {error}") from error


def waiver_end(expires: Iterable[str]) -> datetime | None:
    """Return when the earliest of some waivers ends: at 24:00 UTC of its day; None without waivers."""
    days = [date.fromisoformat(text) for text in expires]
    if not days or min(days) == date.max:
        return None
    return datetime.combine(min(days) + timedelta(days=1), time(tzinfo=UTC))


def write_certificate(
    wheel: str | os.PathLike[str] | Wheel,
    reports: Sequence["Report"],
    *,
    key: "Ed25519PrivateKey | bytes",
    assurance: Assurance = "process",
    out: str | os.PathLike[str] | None = None,
    now: datetime | None = None,
    lifetime: timedelta = LIFETIME,
) -> Path:
    """Sign the reports of a wheel's connectors, write its certificate and return the path of it.

    Args:
        wheel: The wheel that was judged, or its path.
        reports: The report of each connector.
        key: The private key, or its PEM.
        assurance: ``process`` when the judge stood outside of the connector's process.
        out: The folder; by default that of the wheel, or the current one.
        now: From when on it holds; by default from now on.
        lifetime: How long it holds, at most 90 days; it ends with its earliest waiver at the latest.

    Raises:
        WheelRefused: The wheel is none, or one that the gate would refuse.
        CertificateError: The reports do not fit the wheel, the assurance or the size of a line.
        KeyFileError: The key is none.
        OSError: The certificate cannot be written.
    """
    read = wheel if isinstance(wheel, Wheel) else Wheel.read(wheel)
    folder = Path(out) if out is not None else Path() if isinstance(wheel, Wheel) else Path(wheel).parent
    signing = dsse.private_key(key) if isinstance(key, bytes) else key
    names = sorted({entry_point.name for entry_point in read.registered(GROUP)})
    if sorted(report.connector.name for report in reports) != names:
        raise CertificateError(f"expected one report for each connector of the wheel: {', '.join(map(shown, names))}")
    start = (now or datetime.now(UTC)).astimezone(UTC)
    waivers = [waiver.expires for report in reports for waiver in report.waivers]
    ends = (start + min(lifetime, LIFETIME), *filter(None, [waiver_end(waivers)]))
    lines = [_signed(read, report, assurance, (start, min(ends)), signing) for report in reports]
    path = folder / f"{read.filename}.intoto.jsonl"
    _write_atomically(path, "".join(f"{line}\n" for line in lines).encode())
    return path


def _signed(
    wheel: Wheel, report: "Report", assurance: Assurance, validity: tuple[datetime, datetime], key: "Ed25519PrivateKey"
) -> str:
    """Return one line, which the gate will be able to read."""
    not_before, not_after = (moment.isoformat(timespec="seconds").replace("+00:00", "Z") for moment in validity)
    statement = {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": wheel.filename, "digest": {"sha256": wheel.sha256}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "report": json.loads(report.to_json()),
            "manifest": [{"path": item.path, "sha256": item.sha256, "size": item.size} for item in wheel.members],
            "assurance": assurance,
            "not_before": not_before,
            "not_after": not_after,
        },
    }
    payload = json.dumps(statement, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    text = dsse.sign(PAYLOAD_TYPE, payload, key).to_json()
    line = _line(1, text.encode())
    parse_predicate(line, parse_statement(line))
    return text


def _split(data: bytes) -> Iterator[bytes]:
    """Yield one line after the other: a list of all could take a hundred times the memory of what is refused."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        yield data[start:end]
        start = end + 1


def _line(number: int, data: bytes) -> CertificateLine:
    try:
        if len(data) > LINE_BYTES:
            raise CertificateError(f"it is longer than {LINE_BYTES} bytes")
        envelope = dsse.parse_envelope(strict_json.loads(data))
    except ValueError as error:
        raise CertificateError(f"line {number} is no envelope: {error}") from error
    try:
        return CertificateLine(number, envelope, strict_json.loads(envelope.payload))
    except strict_json.StrictJSONError as error:
        raise CertificateError(f"the payload in line {number} is no JSON: {error}") from error


def _wrong(line: CertificateLine, problem: str) -> CertificateError:
    return CertificateError(f"in line {line.number} {problem}")


def _write_atomically(path: Path, data: bytes) -> None:
    """Write beside it and rename, so that no half of a certificate is ever found."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
