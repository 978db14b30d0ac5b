"""The predicate of a certificate: the report and what was added to it, as far as the gate looks at them.

Fields and types are those of contract section 5 and of the rules of certificates; every other field is refused.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

from automate_connectors.certification.levels import Guarantee, Level
from automate_connectors.certification.shapes import (
    ShapeError,
    any_object,
    array,
    boolean,
    choice,
    day_text,
    integer,
    moment_text,
    number,
    optional,
    record,
    text,
)

__all__ = [
    "Assurance",
    "JudgedAction",
    "JudgedReport",
    "JudgedRequirement",
    "JudgedWaiver",
    "ManifestEntry",
    "Predicate",
    "ShapeError",
    "read_predicate",
]

Assurance = Literal["self", "process"]

_LEVEL: Final = choice(*Level)
_OUTCOME: Final = record(
    id=text,
    level=text,
    title=text,
    outcome=text,
    reason=optional(text),
    cases=integer,
    failures=array(record(case=text, expected=text, observed=text)),
    seconds=number,
)
_ACTION: Final = record(
    name=text,
    idempotency=text,
    guarantee=choice(*Guarantee),
    examples=integer,
    schedules=integer,
    counterexample=optional(any_object),
)
_REPORT: Final = record(
    schema=choice("automate-connectors/report/1"),
    connector=record(name=text, version=text, adapter=text, distribution=optional(record(name=text, version=text))),
    suite=record(version=text, digest=text),
    claimed_level=_LEVEL,
    level=optional(_LEVEL),
    certified=boolean,
    requirements=array(_OUTCOME),
    waivers=array(record(id=text, reason=text, expires=day_text)),
    actions=array(_ACTION),
    faults=array(record(action=text, request=integer, fault=text, answer=optional(text), outcome=text)),
    cassettes=array(record(path=text, sha256=text, recorded_at=optional(text), interactions=integer)),
    coverage=optional(record(lines=integer, covered=integer, percent=number)),
    seed=integer,
    host=choice("inline", "process"),
    environment=any_object,
    started_at=moment_text,
    finished_at=moment_text,
)
_PREDICATE: Final = record(
    report=_REPORT,
    manifest=array(record(path=text, sha256=text, size=integer)),
    assurance=choice("self", "process"),
    not_before=moment_text,
    not_after=moment_text,
)


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One member of the wheel."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class JudgedRequirement:
    """One outcome; `level` and `outcome` are whatever was written, `failures` is their number."""

    id: str
    level: str
    outcome: str
    reason: str | None
    cases: int
    failures: int


@dataclass(frozen=True, slots=True)
class JudgedWaiver:
    """One waiver; `expires` is a day such as 2026-01-31."""

    id: str
    reason: str
    expires: str


@dataclass(frozen=True, slots=True)
class JudgedAction:
    """One action and what it gives."""

    name: str
    guarantee: Guarantee


@dataclass(frozen=True, slots=True)
class JudgedReport:
    """What the gate looks at in a report; `distribution` and `suite` are name or version, and version or digest."""

    connector: str
    version: str
    adapter: str
    distribution: tuple[str, str] | None
    suite: tuple[str, str]
    claimed_level: Level
    level: Level | None
    certified: bool
    requirements: tuple[JudgedRequirement, ...]
    waivers: tuple[JudgedWaiver, ...]
    actions: tuple[JudgedAction, ...]
    finished_at: str


@dataclass(frozen=True, slots=True)
class Predicate:
    """What a statement says about the wheel: the report, the wheel's members, who judged, and for how long it holds."""

    report: JudgedReport
    manifest: tuple[ManifestEntry, ...]
    assurance: Assurance
    not_before: str
    not_after: str


def read_predicate(value: object) -> Predicate:
    """Read a predicate from parsed JSON.

    Raises:
        ShapeError: A field is missing, unknown or of another type, or the assurance is `process` for another host.
    """
    _PREDICATE(value, "")
    data: Any = value
    if data["assurance"] == "process" and data["report"]["host"] != "process":
        raise ShapeError("assurance", "process needs a report whose host is process")
    manifest = tuple(ManifestEntry(**entry) for entry in data["manifest"])
    return Predicate(_report(data["report"]), manifest, data["assurance"], data["not_before"], data["not_after"])


def _report(data: Any) -> JudgedReport:
    connector, suite = data["connector"], data["suite"]
    distribution = connector["distribution"]
    return JudgedReport(
        connector=connector["name"],
        version=connector["version"],
        adapter=connector["adapter"],
        distribution=None if distribution is None else (distribution["name"], distribution["version"]),
        suite=(suite["version"], suite["digest"]),
        claimed_level=Level(data["claimed_level"]),
        level=None if data["level"] is None else Level(data["level"]),
        certified=data["certified"],
        requirements=tuple(map(_requirement, data["requirements"])),
        waivers=tuple(JudgedWaiver(**waiver) for waiver in data["waivers"]),
        actions=tuple(JudgedAction(action["name"], Guarantee(action["guarantee"])) for action in data["actions"]),
        finished_at=data["finished_at"],
    )


def _requirement(row: Any) -> JudgedRequirement:
    return JudgedRequirement(row["id"], row["level"], row["outcome"], row["reason"], row["cases"], len(row["failures"]))
