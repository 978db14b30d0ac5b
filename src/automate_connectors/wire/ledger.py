"""The service's state under delivery: which effects it had, and which repeats it recognised (standard, "Ledger")."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Literal

from automate_connectors.wire.messages import Answer, SentRequest
from automate_connectors.wire.network import Service


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that happened at the service.

    Attributes:
        member: what it is: requests with the same member are the same expected effect.
        call: the number of the call that caused it, from 1.
    """

    member: Hashable
    call: int


@dataclass(frozen=True, slots=True)
class Reading:
    """How the ledger reads a writing request.

    Attributes:
        member: the expected effect that it stands for.
        identity: repeats with an equal identity are recognised by the service; None: each is an effect.
    """

    member: Hashable
    identity: Hashable | None


@dataclass
class Ledger:
    """Answers as the service would, and keeps its state over the calls of one operation, or of several.

    Attributes:
        service: makes the service that answers one call.
        read: reads a request: None where it has no effect.
        repeats: what a recognised repeat gets: ``stored``, the first answer, as with a key; ``anew``, an answer without
            a further effect; ``asked``, whatever a service of the author's own does: no effect where its answer is
            the first one's, or no success.
        whole: whether the service answers the whole conversation, signing in included.
    """

    service: Callable[[], Service]
    read: Callable[[SentRequest], Reading | None]
    repeats: Literal["stored", "anew", "asked"]
    whole: bool = False
    effects: list[Effect] = field(default_factory=list)
    call: int = 0
    _answers: dict[Hashable, Answer] = field(default_factory=dict)
    _current: Service | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> Ledger:
        """Start a call: recorded answers begin anew, the state stays."""
        self.call += 1
        self._current = self.service()
        return self

    def answer(self, request: SentRequest) -> Answer:
        """Act on a request, unless it repeats one that the service recognises, and answer it."""
        assert self._current is not None, "begin() comes first"
        reading = self.read(request)
        if reading is None:
            return self._current.answer(request)
        with self._lock:
            return self._write(self._current, request, reading)

    def _write(self, service: Service, request: SentRequest, reading: Reading) -> Answer:
        known = reading.identity is not None and reading.identity in self._answers
        if known and self.repeats == "stored":
            return self._answers[reading.identity]
        answer = service.answer(request)
        if self.repeats == "asked":
            happened = answer.succeeded and not (known and self._answers[reading.identity] == answer)
        else:
            happened = not known
        if happened:
            self.effects.append(Effect(reading.member, self.call))
        if reading.identity is not None and (happened or self.repeats != "asked"):
            self._answers.setdefault(reading.identity, answer)
        return answer

    @property
    def counts(self) -> Counter[Hashable]:
        """How often each expected effect happened."""
        return Counter(effect.member for effect in self.effects)

    def caused_by(self, call: int) -> int:
        """How many effects a call had."""
        return sum(effect.call == call for effect in self.effects)
