"""Crowds of calls, and what each of them must answer (T01)."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from automate_conformance.generated import accepted_payloads, with_operation_id
from automate_conformance.generation import SchemaError
from automate_connectors.cassettes.canonical import CanonicalRequest, LeftOut, canonical_request
from automate_connectors.cassettes.scrubbing import Scrubber
from automate_connectors.certification.case import placeholder
from automate_connectors.certification.crowd import Job
from automate_connectors.certification.delivery.effects import rules_for
from automate_connectors.certification.subject import Outcome, Subject
from automate_connectors.wire.messages import Answer, SentRequest

#: How many call at once (standard, T01).
SIZE: Final = 8
#: Seconds that an answer waits for the other calls.
_MEETING: Final = 0.5


@dataclass(frozen=True, slots=True)
class Single:
    """A call alone: what the same call must answer in a crowd."""

    action: str
    payload: dict[str, Any]
    outcome: Outcome
    numbers: bool = False

    def own(self, result: Any) -> bool:
        """Whether a result is the one that this call must have; of what numbers its results, the like of it."""
        right = self.outcome.facts.result
        return bool(_kinds(result) == _kinds(right) if self.numbers else result == right)


def _kinds(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _kinds(item) for name, item in value.items()}
    return type(value).__name__


def singles(subject: Subject) -> list[Single]:
    """Calls with as many different answers as the cassettes allow, each run alone."""

    def make() -> list[Single]:
        found: dict[str, Single] = {}
        for one in _candidates(subject):
            if one.outcome.returned and not _repeats(subject, one) and not _contradicts(found.values(), one):
                found.setdefault(json.dumps([one.action, one.outcome.facts.result], sort_keys=True), one)
            if len(found) == SIZE:
                break
        # Asked when all have run: one that counts what the others make answers otherwise now.
        return [replace(one, numbers=_stateful(subject, one)) for one in found.values()]

    made: list[Single] = subject.recall("singles", make)
    return made


def _candidates(subject: Subject) -> Iterator[Single]:
    for number, example in enumerate(subject.examples):
        payload = with_operation_id(subject, subject.case.facts(example.action), example.payload, number)
        with subject.connected(f"{example.label}-alone") as adapter:
            yield Single(example.action, payload, adapter.execute(example.action, payload, own=example.cassette))
    for action in subject.case.description.actions:
        own = next((e.cassette for e in subject.case.examples_of(action.name)), None)
        payloads = accepted_payloads(subject, action)
        for number, payload in enumerate([] if isinstance(payloads, SchemaError) else payloads[-3:], 16):
            complete = with_operation_id(subject, action, payload, number)
            with subject.connected(f"{action.name}-alone") as adapter:
                single = Single(action.name, complete, adapter.execute(action.name, complete, own=own))
            if not single.outcome.unrecorded:
                yield single


def _stateful(subject: Subject, single: Single) -> bool:
    """Whether a call without HTTP answers otherwise the second time, as one that numbers or counts."""
    if single.outcome.exchanges:
        return False
    with subject.connected(f"{single.action}-again") as adapter:
        again = adapter.execute(single.action, single.payload)
    return bool(again.facts.result != single.outcome.facts.result)


def _repeats(subject: Subject, single: Single) -> bool:
    """Whether a call sends equal requests that were answered differently: in a crowd nobody could tell them apart."""
    sent = [subject.canonical(single.action, request) for request in single.outcome.requests]
    return len(set(sent)) < len(sent)


def _contradicts(chosen: Iterable[Single], single: Single) -> bool:
    """Whether a request of a call was answered otherwise to another: a look-up before a write and one after it."""
    known = {request: answer for one in chosen for request, answer in _answered(one)}
    return any(known.get(request, answer) != answer for request, answer in _answered(single))


def _answered(single: Single) -> Iterator[tuple[Any, tuple[int, bytes]]]:
    for exchange in single.outcome.exchanges:
        if exchange.request and exchange.answer:
            yield _whole(exchange.request), (exchange.answer.status, exchange.answer.body)


def _whole(request: SentRequest) -> CanonicalRequest:
    """A request with nothing left out."""
    return canonical_request(request.method, request.url, request.headers.raw, request.body)


def jobs(chosen: Sequence[Single], *, shared: bool) -> list[Job]:
    """Eight calls, on one instance or on eight."""
    picked = [chosen[number % len(chosen)] for number in range(SIZE)]
    return [Job(0 if shared else number, single.action, single.payload) for number, single in enumerate(picked)]


def secrets_of(subject: Subject, instance: int) -> dict[str, str]:
    """The secrets of one of eight instances; one of a form of its own is the same for all."""
    given = subject.case.test_case.placeholders
    return {
        name: given.get(name) or placeholder(subject.case.name, name, salt=f"instance {instance}")
        for name in subject.case.secrets
    }


class CrowdService:
    """Answers each request as it was answered when its call ran alone."""

    def __init__(self, subject: Subject, chosen: Sequence[Single], secrets: Sequence[Mapping[str, str]]) -> None:
        self._subject = subject
        self._scrubbers = [Scrubber(dict(values)) for values in secrets]
        # What the service hands out is the same for all: it answers every instance as it answered one.
        own = subject.case.profile_secrets - subject.case.handed_out - set(subject.case.test_case.placeholders)
        self._own = [Scrubber({name: value for name, value in values.items() if name in own}) for values in secrets]
        self._actions = sorted({single.action for single in chosen})
        # Answers wait for one another, so that every call is under way while the others are.
        self._gate = threading.Barrier(SIZE)
        self._rules = {name: rules_for(subject, subject.case.facts(name)) for name in ("connect", *self._actions)}
        self._keys: dict[str, set[Any]] = {}
        self._answers: dict[Any, Answer] = {}
        self._whole: dict[Any, Answer] = {}
        self._healthy: dict[Any, Answer] = {}
        for action, outcome in [("connect", subject.healthy()), *((s.action, s.outcome) for s in chosen)]:
            for exchange in outcome.exchanges:
                if exchange.request and exchange.answer:
                    canonical = self.canonical(action, exchange.request)
                    answers, wholly = (
                        (self._healthy, self._healthy) if action == "connect" else (self._answers, self._whole)
                    )
                    answers.setdefault(canonical, exchange.answer)
                    wholly.setdefault(self.canonical(None, exchange.request), exchange.answer)
                    # A look-up may rightly name another action's key: whatever one call sent alone is its own.
                    for rules in self._rules.values():
                        if key := rules.key_of(exchange.request):
                            self._keys.setdefault(key, set()).add(canonical)

    def canonical(self, action: str | None, request: SentRequest) -> Any:
        """A request with every instance's secrets replaced by their names; without an action, nothing is left out."""
        url, body = request.url, request.body
        for scrubber in self._scrubbers:
            url, body = scrubber.text(url), scrubber.raw(body)
        left_out = self._subject.case.library.rule(action).leave_out({}) if action else LeftOut()
        return canonical_request(request.method, url, request.headers.raw, body, without=left_out)

    def answer(self, request: SentRequest) -> Answer:
        """The answer of the call that ran alone; 501 for a request that none of them sent, 409 for another's key."""
        if self._carries_another_key(request):
            return Answer(409, "Conflict", found="none")
        whole = self.canonical(None, request)
        if found := self._healthy.get(whole):
            return found
        # What one action leaves out may be all that tells another's look-ups apart.
        found = self._whole.get(whole)
        if not found and (found := self._healthy.get(self.canonical("connect", request))):
            return found
        found = found or self._nearly(request)
        if found is None:
            return Answer(501, "Not Recorded", found="none")
        # An adapter that lets one call after the other in breaks the barrier, once.
        with contextlib.suppress(threading.BrokenBarrierError):
            self._gate.wait(_MEETING)
        return found

    def _nearly(self, request: SentRequest) -> Answer | None:
        found = (self._answers.get(self.canonical(action, request)) for action in self._actions)
        return next((answer for answer in found if answer), None)

    def _carries_another_key(self, request: SentRequest) -> bool:
        """Whether the key belongs to another call alone: a service would answer with that call's result."""
        return any(
            key in self._keys and self.canonical(action, request) not in self._keys[key]
            for action, rules in self._rules.items()
            if (key := rules.key_of(request))
        )

    def instances_in(self, request: SentRequest) -> set[int]:
        """The instances whose secrets a request carries."""
        head = "\n".join([request.url, *(f"{name}: {value}" for name, value in request.headers.raw)])
        return {
            number for number, scrubber in enumerate(self._own) if scrubber.found(head) or scrubber.found(request.body)
        }
