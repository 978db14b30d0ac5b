"""Answers live requests from cassettes: one look-up for an equal request, the endpoint's template for another.

Equal requests are answered in recorded order, from the start again in each call; a used-up one repeats its last
answer. The example's own cassette answers first, then ``connect.yaml``, then the others by name.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from automate_connectors.cassettes import encodings, filling, templates
from automate_connectors.cassettes.canonical import CanonicalRequest, LeftOut, canonical_request, leaves, parse_body
from automate_connectors.cassettes.scrubbing import Scrubber
from automate_connectors.cassettes.traffic import Cassette, Interaction
from automate_connectors.wire.messages import Answer, SentRequest

_UNKNOWN = b'{"error": "no recorded interaction answers this request: record an example that sends it"}'


@dataclass(frozen=True, slots=True)
class Rule:
    """How requests of an action are compared: its volatile fields and the place of its key.

    Attributes:
        fields: names left out of bodies and queries.
        field: the payload field of the operation id where the key stands in the path.
    """

    fields: frozenset[str] = frozenset()
    field: str | None = None

    def leave_out(self, payload: Mapping[str, Any]) -> LeftOut:
        """What to leave out of a request that this payload caused."""
        operation = payload.get(self.field) if self.field else None
        return LeftOut(self.fields, str(operation) if operation is not None else None)


@dataclass(frozen=True)
class Track:
    """One recorded interaction, ready to be compared and answered."""

    cassette: Cassette
    interaction: Interaction
    request: CanonicalRequest
    answer: Answer
    payload: Mapping[str, Any]

    @property
    def ref(self) -> tuple[str, int]:
        """The cassette's name and the interaction's number."""
        return (self.cassette.name, self.interaction.index)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The endpoint's path, with what came from the payload as wildcards."""
        return templates.path_pattern(self.request.path, self.payload)

    @cached_property
    def shape(self) -> dict[str, Any]:
        """Query and body by their leaves, to tell which recorded request is nearest."""
        return _shape(self.request, self.interaction.request.headers, self.interaction.request.body)


@dataclass(frozen=True)
class Shelf:
    """The interactions in the order in which they answer one call, and by their canonical request."""

    order: tuple[Track, ...]

    @cached_property
    def equal(self) -> dict[CanonicalRequest, list[Track]]:
        """Interactions with equal requests, from the first cassette that holds such a request."""
        groups: dict[CanonicalRequest, list[Track]] = {}
        for track in self.order:
            group = groups.setdefault(track.request, [])
            if not group or group[0].cassette is track.cassette:
                group.append(track)
        return groups


class Library:
    """Every cassette of a connector, indexed once for each way of comparing."""

    def __init__(
        self,
        cassettes: Iterable[Cassette],
        *,
        secrets: Mapping[str, str],
        rules: Mapping[str, Rule] | None = None,
        unwritten: Iterable[str] = (),
    ) -> None:
        self.cassettes = tuple(cassettes)
        self.secrets = dict(secrets)
        self.rules = dict(rules or {})
        #: Fields whose values are never written (`scrub`): there is nothing to compare them with.
        self._unwritten = frozenset(unwritten)
        self.scrubber = Scrubber(self.secrets)
        self._tracks: dict[Rule, dict[str, list[Track]]] = {}
        self._shelves: dict[tuple[Rule, str | None], Shelf] = {}
        self._lock = threading.Lock()

    @property
    def urls(self) -> list[str]:
        """Every recorded URL."""
        return [interaction.request.uri for cassette in self.cassettes for interaction in cassette.interactions]

    def rule(self, action: str) -> Rule:
        """How requests of this action are compared; those of ``connect`` without what any action declares volatile."""
        if action == "connect":
            return Rule(self._unwritten.union(*(rule.fields for rule in self.rules.values())))
        rule = self.rules.get(action, Rule())
        return replace(rule, fields=rule.fields | self._unwritten)

    def play(self, action: str, payload: Mapping[str, Any], *, own: str | None = None) -> Playback:
        """Answer the requests of one call of ``action``, whose own cassette is called ``own``."""
        rule = self.rule(action)
        with self._lock:
            key = (rule, own)
            if key not in self._shelves:
                self._shelves[key] = self._shelf(rule, own)
            return Playback(self, rule, payload, self._shelves[key])

    def _shelf(self, rule: Rule, own: str | None) -> Shelf:
        if rule not in self._tracks:
            self._tracks[rule] = {c.name: [self._track(rule, c, i) for i in c.interactions] for c in self.cassettes}
        tracks = self._tracks[rule]
        names = [name for name in (own, "connect") if name in tracks]
        names += sorted(name for name in tracks if name not in names)
        return Shelf(tuple(track for name in names for track in tracks[name]))

    def _track(self, rule: Rule, cassette: Cassette, interaction: Interaction) -> Track:
        recorded = interaction.request
        payload = cassette.recorded.payload
        request = canonical_request(
            recorded.method, recorded.uri, recorded.headers, recorded.body, without=rule.leave_out(payload)
        )
        return Track(cassette, interaction, request, self._answer(cassette, interaction), payload)

    def _answer(self, cassette: Cassette, interaction: Interaction) -> Answer:
        response = interaction.response
        fields = tuple((name, filling.fill_text(value, self.secrets)) for name, value in response.headers)
        kind, _ = parse_body(response.headers, response.body)
        fill = filling.fill_json if kind == "json" else filling.fill_text
        body = fill(response.body, self.secrets) if b"{{" in response.body else response.body
        chunked = any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in fields)
        return Answer(
            response.status, response.reason, fields, body, chunked, recorded=(cassette.name, interaction.index)
        )


@dataclass
class Playback:
    """The answers of one call."""

    library: Library
    rule: Rule
    payload: Mapping[str, Any]
    shelf: Shelf
    _cursors: dict[CanonicalRequest, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: SentRequest) -> Answer:
        """The recorded answer to a request, with an echoed payload; 501 where nothing like it was recorded."""
        live = self._canonical(request)
        with self._lock:
            if group := self.shelf.equal.get(live):
                return self._compress(self._next(group).answer, group[0])
            if track := self._nearest(live, request):
                taken = self._next(self.shelf.equal[track.request])
                echoed = templates.echo(taken.answer.body, taken.payload, self.payload)
                return self._compress(replace(taken.answer, body=echoed, found="endpoint"), taken)
        return Answer(501, "Not Recorded", (("Content-Type", "application/json"),), _UNKNOWN, found="none")

    def _canonical(self, request: SentRequest) -> CanonicalRequest:
        scrubber = self.library.scrubber
        headers = [(name, value) for name, value in request.headers.raw if name.lower() != "content-encoding"]
        body = request.body
        if encoding := request.headers.get("content-encoding"):
            body = _decoded(encoding, body)
        return canonical_request(
            request.method,
            scrubber.text(request.url),
            headers,
            scrubber.raw(body),
            without=self.rule.leave_out(self.payload),
        )

    def _next(self, group: Sequence[Track]) -> Track:
        position = self._cursors.get(group[0].request, 0)
        self._cursors[group[0].request] = position + 1
        return group[min(position, len(group) - 1)]

    def _nearest(self, live: CanonicalRequest, request: SentRequest) -> Track | None:
        near = [t for t in self.shelf.order if t.request.method == live.method and t.request.origin == live.origin]
        fitting = [t for t in near if t.request.path == live.path or t.pattern.fullmatch(live.path)]
        if not fitting and self.rule.field:
            fitting = [
                t for t in near if any(p.fullmatch(live.path) for p in templates.any_segment_pattern(t.request.path))
            ]
        if not fitting:
            return None
        shape = _shape(live, request.headers.raw, self.library.scrubber.raw(request.body))
        return min(fitting, key=lambda track: _distance(track.shape, shape))

    def _compress(self, answer: Answer, track: Track) -> Answer:
        encoding = track.interaction.encoding
        if not encoding or not answer.body:
            return answer
        fields = (*answer.headers, ("Content-Encoding", encoding))
        return replace(answer, headers=fields, body=encodings.encode(encoding, answer.body))


def _decoded(encoding: str, body: bytes) -> bytes:
    try:
        return encodings.decode(encoding, body)
    except ValueError:
        return body


def _shape(request: CanonicalRequest, headers: Iterable[tuple[str, str]], body: bytes) -> dict[str, Any]:
    kind, value = parse_body(headers, body)
    found = {f"?{i}{key}": item for i, (key, item) in enumerate(request.query)}
    found |= leaves(value, "body") if kind == "json" else {"body": request.body}
    return found | {"kind": kind}


def _distance(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """In how many leaves two requests differ; a leaf that only one has weighs more than another value."""
    missing = one.keys() ^ other.keys()
    differing = [key for key in one.keys() & other.keys() if one[key] != other[key]]
    return 2 * len(missing) + len(differing)
