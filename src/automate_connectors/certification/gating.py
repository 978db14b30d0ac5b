"""The gate: may this wheel be published? Everything is refused unless it is right.

The order of the questions is that of the table in `gate_codes`; each is asked of all lines of the certificate before
the next one, and the first refusal ends it.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from automate_connectors.certification import dsse
from automate_connectors.certification.certificate import (
    BUNDLE_BYTES,
    CertificateError,
    CertificateLine,
    certificate_path,
    parse_predicate,
    parse_statement,
    read_lines,
)
from automate_connectors.certification.gate_checks import CHECKS, Case, Certificate, Rules, distributions
from automate_connectors.certification.gate_codes import gate_code
from automate_connectors.certification.levels import Guarantee, Level, lowest
from automate_connectors.certification.policy import Policy, PolicyError, read_policy, read_suites
from automate_connectors.certification.predicate import Assurance
from automate_connectors.certification.wheels import Wheel, WheelRefused, shown

__all__ = [
    "ConnectorDecision",
    "Decision",
    "GateDecision",
    "GateRefused",
    "PathOf",
    "certificates_in",
    "examine",
    "gate",
    "hold_against",
    "installed_suite",
    "trusted_keys",
]

Decision = Literal["allow", "deny", "undecided"]
PathOf = str | os.PathLike[str]

_KEY_BYTES: Final = 64 * 1024
_JUDGED: Final = frozenset({"level", "guarantee", "policy", "time", "assurance", "revoked"})
"""Codes after which the level of each connector is known."""


class GateRefused(Exception):  # noqa: N818 - a verdict; nothing went wrong here
    """The gate says no, or cannot decide.

    Attributes:
        code: A reason code.
        message: What was expected and what was found, on one line of printable ASCII.
        certificates: The certificates, once their outcomes are known to be sound.
    """

    def __init__(self, code: str, message: str, certificates: tuple[Certificate, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.certificates = certificates


@dataclass(frozen=True, slots=True)
class ConnectorDecision:
    """One connector of the wheel: the level it reached, and the guarantee of each of its actions."""

    name: str
    level: Level | None
    guarantees: Mapping[str, Guarantee]


@dataclass(frozen=True, slots=True)
class GateDecision:
    """What the gate says.

    Attributes:
        decision: ``allow``, ``deny`` or ``undecided``, which is no allowance either.
        code: The reason code; None when it allows.
        message: Why, on one line of printable ASCII.
        wheel: The name of the file.
        connectors: The connectors, as far as it came to them.
        level: The lowest level of the connectors.
    """

    decision: Decision
    code: str | None
    message: str
    wheel: str
    connectors: tuple[ConnectorDecision, ...] = ()
    level: Level | None = None

    @property
    def allowed(self) -> bool:
        """Whether the wheel may be published."""
        return self.decision == "allow"

    @property
    def exit_code(self) -> int:
        """The exit status of the command: 0 allow, 1 deny, 2 cannot decide."""
        return {"allow": 0, "deny": 1, "undecided": 2}[self.decision]

    def to_dict(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        connectors = [
            {"name": item.name, "level": item.level, "guarantees": dict(item.guarantees)} for item in self.connectors
        ]
        return {
            "decision": self.decision,
            "code": self.code,
            "message": self.message,
            "wheel": self.wheel,
            "connectors": connectors,
            "level": self.level,
        }


def gate(
    wheel: PathOf,
    *,
    trust: Iterable[PathOf | bytes] | PathOf | bytes,
    min_level: str = "silver",
    min_guarantee: str | None = None,
    assurance: str = "process",
    suites: PathOf | Mapping[str, str] | None = None,
    policy: PathOf | Policy | None = None,
    certificate: PathOf | None = None,
    now: datetime | None = None,
) -> GateDecision:
    """Decide whether a wheel may be published; a refusal is a decision, and never raised.

    Args:
        wheel: Its path.
        trust: The public keys that are trusted: paths, or PEM.
        min_level: The lowest level that is let through.
        min_guarantee: What every action must give at least.
        assurance: ``process``, or ``self`` to believe connectors that judged themselves.
        suites: Further suites: a JSON file ``{version: digest}``, or that mapping.
        policy: Which keys may sign what, and what is revoked: a TOML file, or a `Policy`.
        certificate: The certificate, where it does not lie beside the wheel.
        now: The present moment, for tests and for looking back; must have a zone.

    Raises:
        ValueError: `min_level`, `min_guarantee` or `assurance` is none, or `now` has no zone.
    """
    asked = (Level(min_level), None if min_guarantee is None else Guarantee(min_guarantee), _assurance(assurance))
    name, moment = Path(wheel).name, _in_utc(now)
    try:
        keys = trusted_keys(trust)
        rules = Rules(*asked, _suites(suites), _policy(policy), moment)
        found = examine(_wheel(wheel), _certificate(certificate or certificate_path(wheel)), keys, rules)
    except GateRefused as refusal:
        decision: Decision = "deny" if gate_code(refusal.code).exit == 1 else "undecided"
        return GateDecision(decision, refusal.code, refusal.message, name, *_reached(refusal.certificates))
    connectors, level = _reached(found)
    message = f"every connector reached at least {level}, as judged by trusted keys"
    return GateDecision("allow", None, message, name, connectors, level)


def examine(wheel: Wheel, data: bytes, keys: Sequence[dsse.TrustedKey], rules: Rules) -> tuple[Certificate, ...]:
    """Hold a certificate against a wheel that was read, from `malformed` to `revoked`.

    Raises:
        GateRefused: The first rule that is broken.
    """
    return hold_against(certificates_in(data, keys), wheel, rules)


def certificates_in(data: bytes, keys: Sequence[dsse.TrustedKey]) -> tuple[Certificate, ...]:
    """Read the certificates of a bundle whose signatures hold, from `malformed` to `predicate`.

    Raises:
        GateRefused: The first rule that is broken.
    """
    return _parsed(_verified(_lines(data), keys))


def hold_against(certificates: tuple[Certificate, ...], wheel: Wheel, rules: Rules) -> tuple[Certificate, ...]:
    """Hold certificates against a wheel, from `subject` to `revoked`.

    Raises:
        GateRefused: The first rule that is broken.
    """
    from automate_conformance.catalogue import CATALOGUE  # noqa: PLC0415 - read when a certificate is held against it

    case = Case(wheel, certificates, rules, CATALOGUE)
    for code, check in (("predicate", distributions), *CHECKS):
        for problem in check(case):
            raise GateRefused(code, problem, case.certificates if code in _JUDGED else ())
    return case.certificates


def installed_suite() -> tuple[str, str]:
    """Return version and digest of the suite that is installed beside the gate."""
    from automate_conformance.digest import suite_digest, suite_version  # noqa: PLC0415 - as above

    return suite_version(), suite_digest()


def trusted_keys(trust: Iterable[PathOf | bytes] | PathOf | bytes) -> list[dsse.TrustedKey]:
    """Read the public keys that are trusted.

    Raises:
        GateRefused: ``trust``: one is unreadable, private or of another algorithm, or there is none.
    """
    sources = [trust] if isinstance(trust, str | bytes | os.PathLike) else trust
    keys = [_trusted(source) for source in sources]
    if not keys:
        raise GateRefused("trust", "no key is trusted: give at least one .pub file with --trust")
    return keys


def _trusted(source: PathOf | bytes) -> dsse.TrustedKey:
    name = "a key" if isinstance(source, bytes) else shown(os.fspath(source))
    try:
        return dsse.trusted_key(source if isinstance(source, bytes) else _content(source, _KEY_BYTES))
    except (OSError, ValueError) as error:
        raise GateRefused("trust", f"{name} cannot be trusted: {_reason(error)}") from error


def _suites(suites: PathOf | Mapping[str, str] | None) -> frozenset[tuple[str, str]]:
    try:
        further = suites if isinstance(suites, Mapping) else {} if suites is None else read_suites(suites)
    except PolicyError as error:
        raise GateRefused("trust", f"the suites file cannot be read: {error}") from error
    return frozenset({installed_suite(), *further.items()})


def _policy(policy: PathOf | Policy | None) -> Policy:
    try:
        return policy if isinstance(policy, Policy) else Policy() if policy is None else read_policy(policy)
    except PolicyError as error:
        raise GateRefused("trust", f"the policy cannot be read: {error}") from error


def _wheel(path: PathOf) -> Wheel:
    try:
        return Wheel.read(path)
    except WheelRefused as refusal:
        raise GateRefused(refusal.code, refusal.message) from refusal


def _certificate(path: PathOf) -> bytes:
    try:
        data = _content(path, BUNDLE_BYTES)
    except (OSError, ValueError) as error:
        name = shown(Path(path).name)
        raise GateRefused("missing", f"there is no certificate at {name}: {_reason(error)}") from error
    if not data:
        raise GateRefused("missing", f"the certificate {shown(Path(path).name)} is empty")
    return data


def _lines(data: bytes) -> list[CertificateLine]:
    try:
        return read_lines(data)
    except CertificateError as error:
        raise GateRefused("malformed", str(error)) from error


def _verified(lines: list[CertificateLine], keys: Sequence[dsse.TrustedKey]) -> list[tuple[CertificateLine, str]]:
    """Return each line with the id of the key under which it is valid."""
    for line in lines:
        if not line.envelope.signatures:
            raise GateRefused("unsigned", f"in line {line.number} there is no signature")
    signed = []
    for line in lines:
        key = dsse.signer(line.envelope, keys)
        if key is None:
            raise GateRefused("signature", f"in line {line.number} the signature is valid under no trusted key")
        signed.append((line, key.keyid))
    return signed


def _parsed(signed: list[tuple[CertificateLine, str]]) -> tuple[Certificate, ...]:
    try:
        statements = [parse_statement(line) for line, _ in signed]
    except CertificateError as error:
        raise GateRefused("type", str(error)) from error
    try:
        predicates = [parse_predicate(line, item) for (line, _), item in zip(signed, statements, strict=True)]
    except CertificateError as error:
        raise GateRefused("predicate", str(error)) from error
    return tuple(
        Certificate(line.number, statement.subject, predicate, line.digest, keyid)
        for (line, keyid), statement, predicate in zip(signed, statements, predicates, strict=True)
    )


def _reached(certificates: Iterable[Certificate]) -> tuple[tuple[ConnectorDecision, ...], Level | None]:
    """Return each connector with what it reached, and the level of the wheel."""
    connectors = tuple(
        ConnectorDecision(
            certificate.connector,
            certificate.level,
            {action.name: action.guarantee for action in certificate.report.actions},
        )
        for certificate in certificates
    )
    return connectors, lowest(connector.level for connector in connectors)


def _assurance(value: str) -> Assurance:
    if value == "process":
        return "process"
    if value == "self":
        return "self"
    raise ValueError(f"{value!r} is no assurance: expected process or self")


def _in_utc(now: datetime | None) -> datetime:
    moment = datetime.now(UTC) if now is None else now
    if moment.tzinfo is None:
        raise ValueError("expected a moment with a zone, such as datetime.now(UTC)")
    return moment.astimezone(UTC)


def _content(path: PathOf, limit: int) -> bytes:
    """Return a file's bytes, one more than the limit at most, so that what is too long is seen."""
    if not Path(path).is_file():
        raise ValueError("there is no such file")
    with Path(path).open("rb") as file:
        return file.read(limit + 1)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
