"""What the publisher says: which key may sign what, which certificates are revoked, which further suites are good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatchcase
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Final

from automate_connectors.certification import strict_json
from automate_connectors.certification.levels import Level, at_least

__all__ = ["KeyRule", "Policy", "PolicyError", "parse_policy", "read_policy", "read_suites"]

_LONGEST: Final = 4 * 1024 * 1024
_HEX_DIGITS: Final = frozenset("0123456789abcdef")
_SHA256_DIGITS: Final = 64


class PolicyError(ValueError):
    """A policy or suites file cannot be read."""


@dataclass(frozen=True, slots=True)
class KeyRule:
    """What one key may sign.

    Attributes:
        connectors: Patterns of connector names, with ``*``, ``?`` and ``[…]``.
        max_level: The highest level it may vouch for.
        not_after: From this moment on it may sign nothing; None for no end.
    """

    connectors: Sequence[str] = ("*",)
    max_level: Level = Level.PLATINUM
    not_after: datetime | None = None

    def refusal(self, connector: str, level: Level | None, now: datetime) -> str | None:
        """Return why the key may not sign for a connector at a level now; None where it may."""
        if not any(fnmatchcase(connector, pattern) for pattern in self.connectors):
            return "is not allowed to sign for this connector"
        if not at_least(self.max_level, level):
            return f"may sign up to {self.max_level}, not {level}"
        if self.not_after is not None and now >= self.not_after:
            return f"was allowed to sign before {self.not_after:%Y-%m-%d %H:%M %Z}"
        return None


@dataclass(frozen=True, slots=True)
class Policy:
    """Which keys may sign what.

    Attributes:
        keys: The rule of each key by its id; None: every trusted key may sign everything.
        revoked: SHA-256 of the payloads that are no longer good, in hex.
    """

    keys: Mapping[str, KeyRule] | None = None
    revoked: frozenset[str] = frozenset()

    def refusal(self, keyid: str, connector: str, level: Level | None, now: datetime) -> str | None:
        """Return why a key may not sign for a connector at a level now; None where it may."""
        if self.keys is None:
            return None
        rule = self.keys.get(keyid)
        return "is not in the policy" if rule is None else rule.refusal(connector, level, now)


def read_policy(path: str | PathLike[str]) -> Policy:
    """Read a policy file in TOML.

    Raises:
        PolicyError: It cannot be read, or is no policy.
    """
    return parse_policy(_content(path))


def parse_policy(data: bytes) -> Policy:
    """Read a policy in TOML; a field that it does not know is refused, for it could have been meant to forbid.

    Raises:
        PolicyError: It is no policy.
    """
    import tomllib  # noqa: PLC0415 - most decisions need no policy

    try:
        document = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise PolicyError(f"it is no TOML: {ascii(str(error))[1:-1]}") from error
    _only(document, {"keys", "revoked"}, "the policy")
    revoked = frozenset(map(_payload_digest, _strings(document.get("revoked", []), "revoked")))
    keys = document.get("keys")
    if keys is None:
        return Policy(None, revoked)
    if not isinstance(keys, dict):
        raise PolicyError("keys must be tables such as [keys.<keyid>]")
    rules = {keyid.lower(): _rule(keyid, rule) for keyid, rule in keys.items()}
    if len(rules) != len(keys):
        raise PolicyError("a key has two tables, in upper and in lower case: keep one, for either could be meant")
    return Policy(MappingProxyType(rules), revoked)


def read_suites(path: str | PathLike[str]) -> Mapping[str, str]:
    """Read a suites file in JSON: the digest of each further suite by its version.

    Raises:
        PolicyError: It cannot be read, or is no such file.
    """
    try:
        suites = strict_json.loads(_content(path))
    except strict_json.StrictJSONError as error:
        raise PolicyError(f"it is no JSON: {error}") from error
    if not isinstance(suites, dict):
        raise PolicyError('expected a JSON object such as {"1.0.0": "<digest>"}')
    return {version: _digest(digest) for version, digest in suites.items()}


def _content(path: str | PathLike[str]) -> bytes:
    try:
        with Path(path).open("rb") as file:
            data = file.read(_LONGEST + 1)
    except (OSError, ValueError) as error:
        raise PolicyError((error.strerror if isinstance(error, OSError) else None) or "no such path") from error
    if len(data) > _LONGEST:
        raise PolicyError(f"it is larger than {_LONGEST} bytes")
    return data


def _rule(keyid: str, rule: object) -> KeyRule:
    if not isinstance(rule, dict):
        raise PolicyError(f"keys.{keyid!a} must be a table")
    _only(rule, {"connectors", "max_level", "not_after"}, f"keys.{keyid!a}")
    try:
        level = Level(rule.get("max_level", Level.PLATINUM))
    except ValueError as error:
        raise PolicyError(f"max_level of {keyid!a} must be one of {', '.join(Level)}") from error
    connectors = tuple(_strings(rule.get("connectors", ["*"]), "connectors"))
    return KeyRule(connectors, level, _moment(rule.get("not_after")))


def _moment(value: object) -> datetime | None:
    """Return when a key ends: a day is good to its end in UTC, as everywhere."""
    if value is None:
        return None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise PolicyError("not_after needs a zone, as in 2027-01-01T00:00:00Z, or must be a day alone")
        return value
    if isinstance(value, date):
        end_of_time = datetime.max.replace(tzinfo=UTC)
        start = datetime(value.year, value.month, value.day, tzinfo=UTC)
        return start + timedelta(days=1) if value < date.max else end_of_time
    raise PolicyError("not_after must be a day such as 2027-01-01, without quotes")


def _strings(value: object, field: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise PolicyError(f"{field} must be an array of strings")
    return value


def _payload_digest(value: str) -> str:
    algorithm, _, digest = value.lower().partition(":")
    if algorithm != "sha256" or len(digest) != _SHA256_DIGITS or not _HEX_DIGITS.issuperset(digest):
        raise PolicyError('revoked must hold digests such as "sha256:<64 hex digits>"')
    return digest


def _digest(value: object) -> str:
    if not isinstance(value, str):
        raise PolicyError("the digest of a suite must be a string")
    return value


def _only(table: Mapping[str, object], known: set[str], where: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise PolicyError(f"{where} has the unknown field {unknown[0]!a}: expected {', '.join(sorted(known))}")
