"""The black box: a connector on a network that the judge controls.

Checks drive a `Subject` and look at `Outcome` and nothing else. Which process the adapter lives in is the host's
business (`hosts.py`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from automate_connectors.cassettes.canonical import CanonicalRequest, LeftOut, canonical_request, texts_of
from automate_connectors.certification.case import Case, Example
from automate_connectors.certification.crowd import Job
from automate_connectors.certification.delivery.notes import DeliveryNotes
from automate_connectors.certification.evidence import Evidence, Leak, Searcher, SeenError
from automate_connectors.certification.exercise import Exercised
from automate_connectors.certification.facts import CallFacts, ErrorFacts
from automate_connectors.certification.hosts import Host
from automate_connectors.certification.packages import PackageFacts
from automate_connectors.certification.watchdog import LIMIT
from automate_connectors.wire.faults import FaultPlan
from automate_connectors.wire.messages import Answer, SentRequest
from automate_connectors.wire.network import Call, Exchange, Network, Service

if TYPE_CHECKING:
    from automate_connectors.certification.ahead import Ahead, Done

#: Requests after which a faulted call is ended, once a call of the same connector went so far and the watchdog
#: saw whether it comes back: far more than any right adapter sends.
_RUNAWAY: Final = 400
#: Seconds that a call gets once a call of the same connector has hung for the full time.
_IMPATIENT: Final = 5.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one call showed: the value or error that came back, the requests it sent, what it let out, time.

    Attributes:
        facts: what came back, and everything the adapter let out.
        exchanges: requests and attempts to connect, in order.
        blocked: what it reached for that belongs to nobody.
        untimed: numbers of requests that waited without any timeout.
        leaks: secrets that it showed.
    """

    facts: CallFacts
    exchanges: tuple[Exchange, ...] = ()
    blocked: tuple[str, ...] = ()
    untimed: tuple[int, ...] = ()
    leaks: tuple[Leak, ...] = ()

    @property
    def error(self) -> ErrorFacts | None:
        """What was raised."""
        return self.facts.error

    @property
    def returned(self) -> bool:
        """Whether a value came back."""
        return self.error is None and self.facts.ended == "returned"

    @property
    def requests(self) -> tuple[SentRequest, ...]:
        """What reached the service."""
        return tuple(exchange.request for exchange in self.exchanges if exchange.request)

    @property
    def met(self) -> bool:
        """Whether the call met a fault at all."""
        return any(exchange.fault for exchange in self.exchanges)

    @property
    def unrecorded(self) -> tuple[Exchange, ...]:
        """Requests that no cassette answers."""
        return tuple(e for e in self.exchanges if e.answer is not None and e.answer.found == "none")

    @property
    def endless(self) -> bool:
        """Whether its last request waited on a silent service without any timeout."""
        last = self.exchanges[-1] if self.exchanges else None
        silent = last is not None and last.fault is not None and last.fault.silent
        return bool(self.untimed) or (self.facts.ended == "hung" and silent)

    @property
    def shown(self) -> str:
        """What came back, for a finding."""
        if self.facts.ended == "hung":
            return "the call did not come back within 60 seconds"
        if self.facts.ended == "lost":
            return f"the call was cut off: {self.facts.lost}"
        if self.facts.ended == "stopped":
            return f"the call was ended after {len(self.exchanges)} requests"
        if self.error:
            return f"raised {self.error.shown}"
        return f"returned {_short(repr(self.facts.result))}"


def _short(text: str) -> str:
    return text if len(text) <= 200 else text[:200] + "…"  # noqa: PLR2004 - what fits a finding


@dataclass(slots=True)
class Adapter:
    """One instance under judgement."""

    subject: Subject
    secrets: Mapping[str, str] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""

    def connect(self, plan: FaultPlan = FaultPlan(), *, service: Service | None = None) -> Outcome:  # noqa: B008 - frozen
        """Call ``connect()``."""
        playback = service or self.subject.case.library.play("connect", {}, own="connect")
        return self.subject.observe(self.label or "connect", playback, plan, self.subject.host.connect)

    def execute(
        self,
        action: str,
        payload: dict[str, Any],
        plan: FaultPlan = FaultPlan(),  # noqa: B008 - frozen
        *,
        own: str | None = None,
        service: Service | None = None,
    ) -> Outcome:
        """Call ``execute()``, answered from the cassette ``own`` first."""
        playback = service or self.subject.case.library.play(action, payload, own=own)
        self.subject.evidence.executions += 1
        return self.subject.observe(
            self.label or action, playback, plan, lambda limit: self.subject.host.execute(action, payload, limit)
        )


class Subject:
    """A connector that can be called, and the sum of what its calls showed."""

    def __init__(
        self,
        case: Case,
        host: Host,
        network: Network,
        *,
        seed: int,
        deep: bool = False,
        measure: bool = False,
        package: PackageFacts | None = None,
    ) -> None:
        self.case = case
        #: The wheel that the adapter comes in.
        self.package = package
        self.host = host
        self.network = network
        self.seed = seed
        self.deep = deep
        self.deliveries = DeliveryNotes()
        #: The fault matrix: every case of a requirement that has a column in it, as plain data.
        self.matrix: dict[str, list[dict[str, Any]]] = {}
        self.evidence = Evidence()
        self.memory: dict[Any, Any] = {}
        self._searcher = Searcher(case.secrets, case.profile_secrets, targets_waived="S05" in case.test_case.waivers)
        #: What T02 found, for the report.
        self.measured: Exercised | None = None
        if case.description.file and measure:
            host.measure(case.description.file)
        #: Whether a call hung, or sent far too many requests: from then on calls get less patience.
        self.hung = False
        self.ran_away = False
        #: Who does some of what is recalled ahead.
        self.ahead: Ahead | None = None
        network.serve(case.library.urls)

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """Every example."""
        return self.case.examples

    @contextlib.contextmanager
    def session(self) -> Iterator[Subject]:
        """Redirect the adapter's sockets while the block runs."""
        with self.host.session(self.network):
            yield self

    @contextlib.contextmanager
    def fresh(
        self, label: str = "", *, secrets: Mapping[str, str] | None = None, options: Mapping[str, Any] | None = None
    ) -> Iterator[Adapter]:
        """A fresh instance on the replay profile, not connected; closed after the block."""
        adapter = Adapter(self, secrets, options or {}, label)
        made = self.observe(
            f"{label or 'construction'}",
            _Nobody(),
            FaultPlan(),
            lambda _: self.host.open(self.case.profile(secrets, options)),
        )
        if made.error:
            raise ConstructionFailedError(made.error)
        try:
            yield adapter
        finally:
            self.observe(f"{label or 'close'}", _Nobody(), FaultPlan(), lambda _: self.host.close())

    @contextlib.contextmanager
    def connected(self, label: str = "", *, service: Service | None = None, **profile: Any) -> Iterator[Adapter]:
        """A fresh instance whose ``connect()`` was called once, unfaulted and uncounted."""
        with self.fresh(label, **profile) as adapter:
            adapter.connect(service=service)
            yield adapter

    def example(self, example: Example, plan: FaultPlan = FaultPlan(), label: str = "") -> Outcome:  # noqa: B008 - frozen
        """Run an example on a fresh, connected instance."""
        with self.connected(label or example.label) as adapter:
            return adapter.execute(example.action, example.payload, plan, own=example.cassette)

    def plain(self, example: Example) -> Outcome:
        """The fault-free outcome of an example, run once a session."""
        outcome: Outcome = self.recall(("plain", example.label), lambda: self.example(example))
        return outcome

    def healthy(self) -> Outcome:
        """The fault-free outcome of ``connect()``, run once a session."""

        def run() -> Outcome:
            with self.fresh("connect") as adapter:
                return adapter.connect()

        outcome: Outcome = self.recall("healthy", run)
        return outcome

    @cached_property
    def _sign_in(self) -> frozenset[tuple[str, str]]:
        """Method and URL without query of every request that ``connect.yaml`` holds."""
        connect = [cassette for cassette in self.case.cassettes if cassette.action == "connect"]
        return frozenset((i.request.method, i.request.uri.partition("?")[0]) for c in connect for i in c.interactions)

    def is_sign_in(self, request: SentRequest) -> bool:
        """Whether a request goes to an endpoint that ``connect.yaml`` also holds."""
        return (request.method, self.case.library.scrubber.text(request.url.partition("?")[0])) in self._sign_in

    def is_effect(self, request: SentRequest) -> bool | None:
        """The case's own word on a request."""
        with self.host.measured():
            return self.case.test_case.is_effect(request)

    def canonical(self, action: str, request: SentRequest) -> CanonicalRequest:
        """A request as it is compared with others of its action."""
        left_out = LeftOut(self.case.library.rule(action).fields)
        return canonical_request(request.method, request.url, request.headers.raw, request.body, without=left_out)

    def recall(self, key: Any, make: Any) -> Any:
        """What was made under this key, made now if it was not."""
        if key not in self.memory:
            done = self.ahead.taken(key) if self.ahead is not None else None
            self.memory[key] = make() if done is None else self._adopted(done)
        return self.memory[key]

    def _adopted(self, done: Done) -> Any:
        self.evidence.add(done.evidence)
        self.hung |= done.hung
        self.ran_away |= done.ran_away
        return done.value

    def crowd(self, jobs: Sequence[Job], secrets: Sequence[Mapping[str, str]], service: Service) -> Outcome:
        """Run many calls at once, on an instance for each set of secrets."""
        profiles = [self.case.profile(values) for values in secrets]
        return self.observe("crowd", service, FaultPlan(), lambda limit: self.host.crowd(profiles, jobs, limit))

    def lifetime(self, example: Example) -> tuple[list[Outcome], list[str]]:
        """The whole life of one instance, and what is left of it after ``close()``."""
        self.network.reset()
        before = self.host.held()
        label = f"{example.label}-lifetime"
        profile = self.case.profile()
        library = self.case.library
        connect, own = (
            library.play("connect", {}, own="connect"),
            library.play(example.action, example.payload, own=example.cassette),
        )
        calm = FaultPlan()
        lived = [
            self.observe(label, _Nobody(), calm, lambda _: self.host.open(profile)),
            self.observe(label, connect, calm, self.host.connect),
            self.observe(label, own, calm, lambda limit: self.host.execute(example.action, example.payload, limit)),
            self.observe(label, _Nobody(), calm, lambda _: self.host.close()),
        ]
        left = self.host.left_over(before, lambda: self.network.connections)
        self.network.reset()
        return lived, left

    @property
    def conduct(self) -> list[str]:
        """What the adapter's processes did that none may."""
        return [*self.host.conduct, *self.evidence.conduct]

    def exercised(self) -> Exercised | None:
        """Which statements of the adapter's file were run so far; None where nobody could tell."""
        own = self.case.description.reference.partition(":")[2].split(".")[0]
        also = self.ahead.lines_run() if self.ahead is not None else frozenset()
        self.measured = self.host.exercised(own, self.case.other_adapters, also)
        return self.measured

    def observe(self, label: str, service: Service, plan: FaultPlan, run: Any) -> Outcome:
        """Let ``run`` meet the network, and add what it showed to the evidence."""
        stops = self.ran_away and not plan.quiet
        call = Call(service, plan, runaway=_RUNAWAY if stops else 0, on_runaway=self.host.stop)
        self.network.begin(call)
        try:
            facts: CallFacts = run(_IMPATIENT if self.hung else LIMIT)
        finally:
            self.network.end()
        self.hung = self.hung or facts.ended == "hung"
        self.ran_away = self.ran_away or len(call.exchanges) > _RUNAWAY
        outcome = Outcome(facts, tuple(call.exchanges), tuple(call.blocked), tuple(call.untimed))
        return self._noted(label, outcome)

    def _noted(self, label: str, outcome: Outcome) -> Outcome:
        facts = outcome.facts
        targets = [target for request in outcome.requests for target in _targets(request.url)]
        leaks = tuple(self._searcher.leaks(label, facts, targets))
        evidence = self.evidence
        evidence.calls += 1
        evidence.requests += len(outcome.exchanges)
        evidence.leaks.extend(leaks)
        if facts.changed:
            evidence.changed.append((label, facts.changed))
        if facts.error:
            fault = next((e.fault.name for e in reversed(outcome.exchanges) if e.fault), None)
            evidence.errors.append(SeenError(label, facts.error, fault))
        evidence.exposed.extend((label, name) for name in self._exposed(outcome))
        evidence.strangers.extend((label, what) for what in outcome.blocked)
        for what in facts.watched:
            evidence.watched.setdefault(what, label)
        return Outcome(_without_texts(facts), outcome.exchanges, outcome.blocked, outcome.untimed, leaks)

    def _exposed(self, outcome: Outcome) -> list[str]:
        """Secrets in request targets that no answer gave."""
        given = ""
        found: list[str] = []
        for exchange in outcome.exchanges:
            if exchange.request and (hits := self.case.library.scrubber.found(exchange.request.url)):
                target = exchange.request.url.partition("://")[2].partition("/")[2]
                found += [hit.name for hit in hits] if target not in given else []
            if exchange.answer is not None:
                given += texts_of(exchange.answer.headers, exchange.answer.body)
        return found


class ConstructionFailedError(Exception):
    """The adapter could not be made on the replay profile."""

    def __init__(self, error: ErrorFacts) -> None:
        super().__init__(f"the adapter cannot be made on the replay profile: it raised {error.shown}")
        self.error = error


class _Nobody:
    """Answers nothing: construction and ``close()`` send nothing, and what they send is noted."""

    def answer(self, request: SentRequest) -> Any:
        del request
        return Answer(501, "Not Recorded", found="none")


def _targets(url: str) -> list[str]:
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    return [text for text in (url, target, parts.path) if len(text) > 1]


def _without_texts(facts: CallFacts) -> CallFacts:
    return replace(facts, emissions=())
