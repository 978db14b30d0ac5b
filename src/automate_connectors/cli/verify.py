"""``verify``: who signed what about which wheel."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from automate_connectors.cli.output import print_json, print_lines, printable

if TYPE_CHECKING:
    from automate_connectors.certification.certificate import CertificateLine
    from automate_connectors.certification.dsse import TrustedKey
    from automate_connectors.certification.predicate import JudgedReport, Predicate

__all__ = ["configure", "run"]

Signature = Literal["valid", "not valid", "not checked", "none"]


@dataclass(frozen=True, slots=True)
class _Verified:
    """One line: what it says, and whether one may believe who said it."""

    line: "CertificateLine"
    subject: object
    predicate: "Predicate"
    signature: Signature
    keyid: str


def configure(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("certificate", metavar="CERT")
    parser.add_argument(
        "--trust", nargs="+", action="extend", default=[], metavar="PUB", help="a public key that is trusted"
    )
    parser.add_argument("--json", action="store_true", help="print one object for machines")


def run(arguments: Namespace) -> int:
    """Print what the certificate says; exit 0: signed by trusted keys, 1: not, 2: not checked or not readable."""
    from automate_connectors.certification.certificate import BUNDLE_BYTES, CertificateError  # noqa: PLC0415 - pydantic
    from automate_connectors.certification.gating import GateRefused, trusted_keys  # noqa: PLC0415 - as above

    if not arguments.certificate:
        return _failed(arguments, "wheel", "expected the path of a certificate", 2)
    try:
        keys = trusted_keys(arguments.trust) if arguments.trust else []
        with Path(arguments.certificate).open("rb") as file:
            found = _read(file.read(BUNDLE_BYTES + 1), keys)
    except GateRefused as refusal:
        return _failed(arguments, refusal.code, refusal.message, 2)
    except OSError as error:
        return _failed(arguments, "missing", f"the certificate cannot be read: {error.strerror}", 2)
    except CertificateError as error:
        return _failed(arguments, "malformed", str(error), 1)
    if arguments.json:
        print_json({"certificate": arguments.certificate, "lines": [_plain(line) for line in found]})
    else:
        for line in found:
            print_lines(_explained(line))
    return _status(found)


def _failed(arguments: Namespace, code: str, message: str, status: int) -> int:
    if arguments.json:
        print_json({"certificate": arguments.certificate, "code": code, "message": message})
    else:
        print_lines([f"[{code}] {printable(arguments.certificate)}: {message}"])
    return status


def _read(data: bytes, keys: Sequence["TrustedKey"]) -> list[_Verified]:
    from automate_connectors.certification import certificate, dsse  # noqa: PLC0415 - pydantic

    lines = certificate.read_lines(data)
    if not lines:
        raise certificate.CertificateError("the certificate is empty")
    found = []
    for line in lines:
        statement = certificate.parse_statement(line)
        predicate = certificate.parse_predicate(line, statement)
        key = dsse.signer(line.envelope, keys) if keys else None
        signature: Signature = "valid" if key else "not valid" if keys else "not checked"
        signature = "none" if keys and not line.envelope.signatures else signature
        keyid = key.keyid if key else line.envelope.keyid
        found.append(_Verified(line, statement.subject, predicate, signature, keyid))
    return found


def _status(found: Sequence[_Verified]) -> int:
    signatures = {line.signature for line in found}
    if signatures <= {"valid"}:
        return 0
    return 1 if signatures & {"not valid", "none"} else 2


def _explained(line: _Verified) -> Iterator[str]:
    report = line.predicate.report
    who = f"{printable(report.connector)} {printable(report.version)}"
    verdict = f"certified {report.level}" if report.certified else "not certified"
    yield f"line {line.line.number}: {who}: {verdict} ({line.predicate.assurance})"
    for name, digest in _subjects(line.subject):
        yield f"  wheel: {printable(name)}"
        yield f"  sha256: {printable(digest)}"
    yield f"  adapter: {printable(report.adapter)}"
    yield f"  suite: {printable(report.suite[0])} ({printable(report.suite[1])})"
    yield f"  holds: {line.predicate.not_before} to {line.predicate.not_after}{_now(line.predicate)}"
    yield f"  payload: sha256:{line.line.digest}"
    yield from _details(report)
    by = f" by {printable(line.keyid)}" if line.signature == "valid" else ""
    claimed = f" (it claims the key {printable(line.keyid)})" if line.keyid and not by else ""
    words = "signed" if line.signature == "valid" else f"signature {line.signature}"
    yield f"  {words if line.signature != 'none' else 'not signed'}{by}{claimed}"


def _details(report: "JudgedReport") -> Iterator[str]:
    for action in report.actions:
        yield f"  action {printable(action.name)}: {action.guarantee}"
    for waiver in report.waivers:
        yield f"  waived {printable(waiver.id)} until {waiver.expires}: {printable(waiver.reason)}"


def _subjects(subject: object) -> Iterator[tuple[object, object]]:
    for entry in subject if isinstance(subject, list) else []:
        if isinstance(entry, dict):
            digest = entry.get("digest")
            yield entry.get("name"), digest.get("sha256") if isinstance(digest, dict) else digest


def _now(predicate: "Predicate") -> str:
    from datetime import UTC, datetime  # noqa: PLC0415 - beside the only use

    from automate_connectors.certification.moments import utc  # noqa: PLC0415 - beside the only use

    return " (expired)" if utc(predicate.not_after) <= datetime.now(UTC) else ""


def _plain(line: _Verified) -> dict[str, Any]:
    report = line.predicate.report
    return {
        "subject": line.subject,
        "connector": report.connector,
        "level": report.level,
        "certified": report.certified,
        "assurance": line.predicate.assurance,
        "not_before": line.predicate.not_before,
        "not_after": line.predicate.not_after,
        "payload": f"sha256:{line.line.digest}",
        "signature": line.signature,
        "keyid": line.keyid,
    }
