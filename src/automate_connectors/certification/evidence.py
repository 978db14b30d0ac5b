"""What every run of a session adds to: secrets seen, payloads changed, errors raised, strangers called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from automate_connectors.cassettes.scrubbing import Scrubber
from automate_connectors.certification.facts import CallFacts, ErrorFacts, by_source


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret that showed: where, which, and in which form."""

    case: str
    source: str
    secret: str
    form: str


@dataclass(frozen=True, slots=True)
class SeenError:
    """An error that left the adapter, and the fault that it answered."""

    case: str
    error: ErrorFacts
    fault: str | None


@dataclass(slots=True)
class Evidence:
    """The sum of a session."""

    calls: int = 0
    executions: int = 0
    leaks: list[Leak] = field(default_factory=list)
    changed: list[tuple[str, str]] = field(default_factory=list)
    errors: list[SeenError] = field(default_factory=list)
    strangers: list[tuple[str, str]] = field(default_factory=list)
    exposed: list[tuple[str, str]] = field(default_factory=list)
    watched: dict[str, str] = field(default_factory=dict)
    conduct: list[str] = field(default_factory=list)
    requests: int = 0

    def add(self, other: Evidence) -> None:
        """Add what was seen elsewhere."""
        self.calls += other.calls
        self.executions += other.executions
        self.requests += other.requests
        self.leaks += other.leaks
        self.changed += other.changed
        self.errors += other.errors
        self.strangers += other.strangers
        self.exposed += other.exposed
        self.conduct += other.conduct
        self.watched = {**other.watched, **self.watched}


class Searcher:
    """Looks for secrets in what a call let out.

    ``strict`` secrets are looked for everywhere, the others only in what is the adapter's own doing; request
    targets are taken out of foreign texts where the case waives secrets in URLs.
    """

    def __init__(self, secrets: Mapping[str, str], strict: Iterable[str], *, targets_waived: bool = False) -> None:
        strict = frozenset(strict)
        self._strict = Scrubber({name: value for name, value in secrets.items() if name in strict})
        self._all = Scrubber(dict(secrets))
        self._waived = targets_waived

    def leaks(self, case: str, facts: CallFacts, targets: Iterable[str]) -> list[Leak]:
        """Every secret that a call let out, each place and secret once."""
        found: dict[tuple[str, str], Leak] = {}
        for (source, own), text in by_source(facts.emissions).items():
            searched = _without(targets, text) if self._waived and not own else text
            for hit in self._scrubber(source, own=own).found(searched):
                found.setdefault((source, hit.name), Leak(case, source, hit.name, hit.form))
        return list(found.values())

    def _scrubber(self, source: str, *, own: bool) -> Scrubber:
        # A token that the service handed out may stand in a result; it is the adapter's to keep out of its own words.
        return self._all if own and source != "result" else self._strict


def _without(targets: Iterable[str], text: str) -> str:
    for target in targets:
        text = text.replace(target, "")
    return text
