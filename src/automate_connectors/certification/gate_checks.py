"""The checks of the gate on certificates that are signed and well formed, one function a code, in the gate's order.

Each goes over all certificates and yields what is wrong; the first problem decides. What a certificate says about the
rules counts for nothing: levels, what can be waived and what can be not applicable come from the catalogue.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from automate_connectors.certification.certificate import GROUP, LIFETIME, waiver_end
from automate_connectors.certification.levels import (
    Guarantee,
    Level,
    Outcome,
    at_least,
    guarantee_at_least,
    level_reached,
)
from automate_connectors.certification.moments import utc
from automate_connectors.certification.policy import Policy
from automate_connectors.certification.predicate import (
    Assurance,
    JudgedReport,
    JudgedRequirement,
    JudgedWaiver,
    Predicate,
)
from automate_connectors.certification.wheels import Wheel, canonical_name, canonical_version, shown

if TYPE_CHECKING:
    from automate_conformance.catalogue import Requirement

__all__ = ["CHECKS", "LONGEST_WAIVER", "Case", "Certificate", "Check", "Rules", "distributions"]

_CLOCK_SKEW: Final = timedelta(minutes=5)
_RUN_TO_CERTIFICATE: Final = timedelta(days=1)
LONGEST_WAIVER: Final = timedelta(days=180)
_OUTCOMES: Final = frozenset(Outcome)
_REASONED: Final = frozenset({Outcome.NOT_APPLICABLE, Outcome.WAIVED})


@dataclass(frozen=True, slots=True)
class Rules:
    """What is asked for.

    Attributes:
        min_level: The lowest level that is let through.
        min_guarantee: What every action must give; None for anything.
        assurance: ``process``, or ``self`` to let that through too.
        suites: The digest of each acceptable suite by its version; versions may stand with several.
        policy: Which keys may sign what.
        now: The present moment in UTC.
    """

    min_level: Level
    min_guarantee: Guarantee | None
    assurance: Assurance
    suites: frozenset[tuple[str, str]]
    policy: Policy
    now: datetime


@dataclass(frozen=True, slots=True)
class Certificate:
    """One line whose signature holds: its place, what it says, its payload's digest and the id of the key."""

    number: int
    subject: object
    predicate: Predicate
    digest: str
    keyid: str

    @property
    def report(self) -> JudgedReport:
        """The report in it."""
        return self.predicate.report

    @property
    def connector(self) -> str:
        """The connector that it is about."""
        return self.predicate.report.connector

    @property
    def level(self) -> Level | None:
        """The level that the outcomes give, whatever the report says."""
        return level_reached({result.id: result.outcome for result in self.report.requirements})


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a check looks at."""

    wheel: Wheel
    certificates: tuple[Certificate, ...]
    rules: Rules
    catalogue: tuple["Requirement", ...]

    @property
    def registered(self) -> Mapping[str, AbstractSet[str]]:
        """The objects that the wheel's entry points name, by connector."""
        found: dict[str, set[str]] = {}
        for entry_point in self.wheel.registered(GROUP):
            found.setdefault(entry_point.name, set()).add(entry_point.value)
        return found


Check = Callable[[Case], Iterator[str]]


def distributions(case: Case) -> Iterator[str]:
    """Part of `predicate`: a report must be about the wheel's distribution."""
    ours = (canonical_name(case.wheel.distribution), canonical_version(case.wheel.version))
    for certificate in case.certificates:
        theirs = certificate.report.distribution
        if theirs is None or (canonical_name(theirs[0]), canonical_version(theirs[1])) != ours:
            yield f"{_line(certificate)} the report is about another distribution than {case.wheel.distribution}"


def _subject(case: Case) -> Iterator[str]:
    for certificate in case.certificates:
        subject = certificate.subject
        entry = subject[0] if isinstance(subject, list) and len(subject) == 1 else None
        if not isinstance(entry, dict) or entry.get("name") != case.wheel.filename:
            yield f"{_line(certificate)} the subject is not exactly {shown(case.wheel.filename)}"
        elif entry.get("digest") != {"sha256": case.wheel.sha256}:
            yield f"{_line(certificate)} the certified file has another SHA-256 than this one ({case.wheel.sha256})"


def _bundle(case: Case) -> Iterator[str]:
    registered = case.registered
    seen: set[str] = set()
    for certificate in case.certificates:
        if certificate.connector not in registered:
            yield f"{_line(certificate)} the wheel registers no connector {shown(certificate.connector)}"
        if certificate.connector in seen:
            yield f"{_line(certificate)} there is another line about the connector {shown(certificate.connector)}"
        seen.add(certificate.connector)


def _manifest(case: Case) -> Iterator[str]:
    ours = {(member.path, member.sha256, member.size) for member in case.wheel.members}
    for certificate in case.certificates:
        theirs = [(entry.path, entry.sha256, entry.size) for entry in certificate.predicate.manifest]
        if len(theirs) != len(ours) or set(theirs) != ours:
            odd = sorted(path for path, _, _ in ours.symmetric_difference(theirs)) or ["a path twice"]
            yield f"{_line(certificate)} the manifest differs from the wheel at {shown(odd[0])}"


def _coverage(case: Case) -> Iterator[str]:
    registered = case.registered
    certified = {certificate.connector for certificate in case.certificates}
    if not registered:
        yield f"the wheel registers no connector in {GROUP}"
    for name in sorted(registered.keys() - certified):
        yield f"the connector {shown(name)} is not certified"


def _entry_point(case: Case) -> Iterator[str]:
    registered = case.registered
    for certificate in case.certificates:
        named = registered[certificate.connector]
        judged = certificate.report.adapter
        if named != {judged}:
            yield f"{_line(certificate)} {shown(judged)} was judged, but the entry point names {shown(sorted(named))}"


def _suite(case: Case) -> Iterator[str]:
    for certificate in case.certificates:
        version, digest = certificate.report.suite
        if (version, digest) not in case.rules.suites:
            yield f"{_line(certificate)} the judge was suite {shown(version)} with digest {shown(digest)}"


def _incomplete(case: Case) -> Iterator[str]:
    wanted: list[tuple[str, str]] = [(record.id, record.level) for record in case.catalogue]
    for certificate in case.certificates:
        found = [(result.id, result.level) for result in certificate.report.requirements]
        if found != wanted:
            yield f"{_line(certificate)} {_difference(found, wanted)}"


def _outcome(case: Case) -> Iterator[str]:
    records = {record.id: record for record in case.catalogue}
    for certificate in case.certificates:
        for result in certificate.report.requirements:
            problem = _wrong_outcome(result, records[result.id])
            if problem:
                yield f"{_line(certificate)} {result.id} {problem}"


def _waiver(case: Case) -> Iterator[str]:
    waivable = {record.id for record in case.catalogue if record.waivable}
    for certificate in case.certificates:
        report = certificate.report
        waived = Counter(result.id for result in report.requirements if result.outcome == Outcome.WAIVED)
        if Counter(waiver.id for waiver in report.waivers) != waived:
            yield f"{_line(certificate)} waivers and waived outcomes do not match one to one"
        last = _last_day(utc(report.finished_at))
        for waiver in report.waivers:
            problem = _wrong_waiver(waiver, waivable, case.rules.now.date(), last)
            if problem:
                yield f"{_line(certificate)} the waiver of {shown(waiver.id)} {problem}"


def _level(case: Case) -> Iterator[str]:
    for certificate in case.certificates:
        report, level = certificate.report, certificate.level
        if report.level != level or report.certified != at_least(level, report.claimed_level):
            said = f"{report.level or 'no level'}, {'' if report.certified else 'not '}certified"
            yield f"{_line(certificate)} it says {said}, but its outcomes give {level or 'no level'}"
    for certificate in case.certificates:
        if not at_least(certificate.level, case.rules.min_level):
            reached = certificate.level or "no level"
            yield f"the connector {shown(certificate.connector)} reached {reached}, below {case.rules.min_level}"


def _guarantee(case: Case) -> Iterator[str]:
    asked = case.rules.min_guarantee
    for certificate in case.certificates:
        for action in certificate.report.actions:
            if asked is not None and not guarantee_at_least(action.guarantee, asked):
                who = f"{certificate.connector}.{action.name}"
                yield f"the action {shown(who)} gives {action.guarantee}, less than {asked}"


def _policy(case: Case) -> Iterator[str]:
    rules = case.rules
    for certificate in case.certificates:
        problem = rules.policy.refusal(certificate.keyid, certificate.connector, certificate.level, rules.now)
        if problem:
            yield f"{_line(certificate)} the key {certificate.keyid} {problem}: {shown(certificate.connector)}"


def _time(case: Case) -> Iterator[str]:
    now = case.rules.now
    for certificate in case.certificates:
        start, end = utc(certificate.predicate.not_before), utc(certificate.predicate.not_after)
        waivers_end = waiver_end(waiver.expires for waiver in certificate.report.waivers)
        if start - now > _CLOCK_SKEW:
            yield f"{_line(certificate)} it holds from {start:%Y-%m-%d %H:%M:%S} UTC on; the clock may be wrong"
        if now >= end:
            yield f"{_line(certificate)} it held until {end:%Y-%m-%d %H:%M:%S} UTC"
        if not timedelta() < end - start <= LIFETIME:
            yield f"{_line(certificate)} it lives for {end - start}, expected over 0 and at most {LIFETIME.days} days"
        if waivers_end is not None and end > waivers_end:
            yield f"{_line(certificate)} it lives longer than its earliest waiver, which ends at {waivers_end:%Y-%m-%d}"
        if abs(start - utc(certificate.report.finished_at)) > _RUN_TO_CERTIFICATE:
            yield f"{_line(certificate)} it was not made within a day of the run"


def _assurance(case: Case) -> Iterator[str]:
    for certificate in case.certificates:
        if case.rules.assurance == "process" and certificate.predicate.assurance != "process":
            yield f"{_line(certificate)} the judge ran in the connector's own process"


def _revoked(case: Case) -> Iterator[str]:
    for certificate in case.certificates:
        if certificate.digest in case.rules.policy.revoked:
            yield f"{_line(certificate)} the policy revokes sha256:{certificate.digest}"


CHECKS: Final[tuple[tuple[str, Check], ...]] = (
    ("subject", _subject),
    ("bundle", _bundle),
    ("manifest", _manifest),
    ("coverage", _coverage),
    ("entry-point", _entry_point),
    ("suite", _suite),
    ("incomplete", _incomplete),
    ("outcome", _outcome),
    ("waiver", _waiver),
    ("level", _level),
    ("guarantee", _guarantee),
    ("policy", _policy),
    ("time", _time),
    ("assurance", _assurance),
    ("revoked", _revoked),
)
"""Every check with its reason code, in the order of the gate."""


def _line(certificate: Certificate) -> str:
    return f"in line {certificate.number}"


def _difference(found: list[tuple[str, str]], wanted: list[tuple[str, str]]) -> str:
    ids, known = [name for name, _ in found], [name for name, _ in wanted]
    for name in known:
        if name not in ids:
            return f"the requirement {name} is missing"
    for name, times in Counter(ids).items():
        if times > 1 or name not in known:
            return f"the requirement {shown(name)} is {'there twice' if times > 1 else 'none of the suite'}"
    if ids != known:
        return "the requirements are not in the order of the catalogue"
    moved = next(name for (name, level), (_, right) in zip(found, wanted, strict=True) if level != right)
    return f"the requirement {moved} stands at another level than in the catalogue"


def _wrong_outcome(result: JudgedRequirement, record: "Requirement") -> str | None:
    outcome = result.outcome
    if outcome not in _OUTCOMES:
        return f"has the outcome {shown(outcome)}, which is none"
    if outcome == Outcome.PASS and (result.cases < 1 or result.failures):
        return "passes with no case or with failures"
    if outcome in _REASONED and not (result.reason or "").strip():
        return f"is {outcome} without a reason"
    if outcome == Outcome.NOT_APPLICABLE and not record.may_be_not_applicable:
        return "always applies"
    if outcome == Outcome.WAIVED and not record.waivable:
        return "cannot be waived"
    return None


def _wrong_waiver(waiver: JudgedWaiver, waivable: set[str], today: date, last: date) -> str | None:
    if not waiver.reason.strip():
        return "has no reason"
    if waiver.id not in waivable:
        return "is for a requirement that cannot be waived"
    expires = date.fromisoformat(waiver.expires)
    if expires < today:
        return f"expired on {expires}"
    if expires > last:
        return f"expires on {expires}, later than {last}, {LONGEST_WAIVER.days} days from the run"
    return None


def _last_day(finished: datetime) -> date:
    """Return the last day on which a waiver may expire."""
    return finished.date() + LONGEST_WAIVER if finished.date() < date.max - LONGEST_WAIVER else date.max
