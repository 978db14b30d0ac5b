"""Which requests have effects, and which repeats the service recognises: the standard's rules for one action."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from automate_connectors.cassettes.canonical import LeftOut, canonical_request, parse_body
from automate_connectors.certification.case import Example
from automate_connectors.certification.describing import ActionFacts
from automate_connectors.certification.subject import Subject
from automate_connectors.testing import ConnectorTestCase
from automate_connectors.wire.ledger import Reading
from automate_connectors.wire.messages import SentRequest

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_Endpoint = tuple[str, str, str]


@dataclass(frozen=True)
class Rules:
    """How the requests of one action are read.

    Attributes:
        action: its declaration.
        harmless: endpoints that ``connect()`` or a read-only action also uses.
        is_effect: the case's own word, which outranks every rule.
        segment: which segment of the path carries the key, for a key in the path.
    """

    action: ActionFacts
    harmless: frozenset[_Endpoint]
    is_effect: Callable[[SentRequest], bool | None]
    segment: int | None = None

    def has_effect(self, request: SentRequest) -> bool:
        """Whether a request writes."""
        told = self.is_effect(request)
        if told is not None:
            return told
        if request.method in SAFE_METHODS or not self.action.writes:
            return False
        return endpoint_of(request) not in self.harmless

    def read(self, request: SentRequest) -> Reading | None:
        """A request as the ledger takes it."""
        if not self.has_effect(request):
            return None
        target = self._target(request)
        if self.action.kind == "natural":
            whole = (target, self._canonical(request).query, self._canonical(request).body)
            return Reading(whole, whole)
        key = self.key_of(request) if self.action.kind == "keyed" else None
        return Reading(target, None if key is None else (self.action.name, target, key))

    def key_of(self, request: SentRequest) -> str | None:
        """The key that a request carries in the declared place."""
        place, name = self.action.key_place, self.action.key_name or ""
        if place == "header":
            return request.headers.get(name)
        if place == "query":
            return next(iter(parse_qs(urlsplit(request.url).query).get(name, [])), None)
        if place == "body":
            return _body_field(request, name)
        segments = request.path.split("/")
        return segments[self.segment] if self.segment is not None and self.segment < len(segments) else None

    def signature(self, request: SentRequest) -> tuple[Any, ...]:
        """What must be the same on every attempt: key, target and canonical body."""
        canonical = self._canonical(request)
        return (
            self.key_of(request),
            canonical.method,
            canonical.origin,
            canonical.path,
            canonical.query,
            canonical.body,
        )

    def _canonical(self, request: SentRequest) -> Any:
        left_out = LeftOut(frozenset(self.action.volatile))
        return canonical_request(request.method, request.url, request.headers.raw, request.body, without=left_out)

    def _target(self, request: SentRequest) -> _Endpoint:
        method, origin, path = endpoint_of(request)
        if self.action.key_place == "path" and self.segment is not None:
            segments = path.split("/")
            path = "/".join("{key}" if i == self.segment else s for i, s in enumerate(segments))
        return method, origin, path


def _body_field(request: SentRequest, name: str) -> str | None:
    kind, value = parse_body(request.headers.raw, request.body)
    if kind == "form":
        return next((item for key, item in value if key == name), None)
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return None if value is None else str(value)


def endpoint_of(request: SentRequest) -> _Endpoint:
    """Method, origin and path."""
    canonical = canonical_request(request.method, request.url, (), b"")
    return canonical.endpoint


def rules_for(
    subject: Subject, action: ActionFacts, other: Callable[[Example], list[SentRequest]] | None = None
) -> Rules:
    """The rules of an action; ``other`` runs an example under another operation id."""
    harmless: set[_Endpoint] = {endpoint_of(request) for request in subject.healthy().requests}
    for example in subject.examples:
        if not subject.case.facts(example.action).writes:
            harmless |= {endpoint_of(request) for request in subject.plain(example).requests}
    # Work done ahead comes back pickled, a bound method by its function's name: that of a lambda leads nowhere.
    rules = Rules(action, frozenset(harmless), functools.partial(_says, subject.case.test_case))
    if action.key_place != "path" or other is None:
        return rules
    for example in subject.case.examples_of(action.name):
        pairs = zip(subject.plain(example).requests, other(example), strict=False)
        for one, two in pairs:
            if rules.has_effect(one) and (found := _difference(one.path, two.path)) is not None:
                return Rules(action, rules.harmless, rules.is_effect, found)
    return rules


def _says(test_case: ConnectorTestCase, request: SentRequest) -> bool | None:
    return test_case.is_effect(request)


def _difference(one: str, two: str) -> int | None:
    """The only segment in which two paths differ."""
    first, second = one.split("/"), two.split("/")
    if len(first) != len(second):
        return None
    differing = [i for i, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    return differing[0] if differing else None
