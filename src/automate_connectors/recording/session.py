"""One recording session: `connect()` once, then each example on that adapter, heard call by call.

`prepare` has an adapter of its own, connected before the session and unheard: what an adapter remembers of its first
requests, such as a token, would be missing in the cassettes. `cleanup` has the session's adapter, unheard too.

Source: contract, sections 2 and 4.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from automate_connectors.cassettes.scrubbing import Scrubber
from automate_connectors.cassettes.traffic import Cassette, CassetteError, Interaction
from automate_connectors.certification.describing import Description
from automate_connectors.recording.cleaning import Cleaner
from automate_connectors.recording.failures import RecordingError, answered, raised
from automate_connectors.recording.listening import Tape
from automate_connectors.recording.plans import CONNECT, Take, plan
from automate_connectors.recording.stage import Stage
from automate_connectors.testing import ConnectorTestCase

__all__ = ["Heard", "Session"]


@dataclass(frozen=True, slots=True)
class Heard:
    """One call and what it sent."""

    take: Take
    interactions: tuple[Interaction, ...]


@dataclass
class Session:
    """Calls a live adapter and keeps what was heard.

    Attributes:
        stage: Where adapters live.
        tape: What is heard.
        case: The author's case.
        description: What the adapter says of itself.
        known: The profile's secrets.
        heard: The calls so far.
        aside: What was heard outside of them.
        problems: What went wrong after the last example.
    """

    stage: Stage
    tape: Tape
    case: ConnectorTestCase
    description: Description
    known: Mapping[str, str]
    heard: list[Heard] = field(default_factory=list)
    aside: list[Interaction] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def run(self, recorded: Sequence[Cassette]) -> None:
        """Run the session.

        Args:
            recorded: The cassettes of an earlier one, whose payloads stand in where nothing else is declared.

        Raises:
            RecordingError: A call failed; the message says which, how, and what the service answered.
        """
        with self._prepared() as prepared:
            adapter = self._called("the adapter's construction", self.stage.open)
            with self._tidied(adapter):
                self._record(CONNECT, lambda: self._connected(adapter))
                for take in plan(self.case, self.description, recorded, prepared):
                    self._record(take, partial(adapter.execute, take.action, copy.deepcopy(take.payload)))

    @contextmanager
    def _prepared(self) -> Iterator[Mapping[str, Sequence[dict[str, Any]]] | None]:
        """Set up; where the session's own adapter is not made, tidy up with the one that did it."""
        if type(self.case).prepare is ConnectorTestCase.prepare:
            yield None
            return
        with self._unheard():
            adapter = self._called("the adapter's construction", self.stage.open)
            self._called("connect(), before prepare()", lambda: self._connected(adapter))
            try:
                prepared = self._called("prepare()", lambda: self.case.prepare(adapter))
            except RecordingError as error:
                self._clean_up(adapter, error)
                raise
        yield prepared

    @contextmanager
    def _tidied(self, adapter: Any) -> Iterator[None]:
        try:
            yield
        except RecordingError as error:
            self._clean_up(adapter, error)
            raise
        except BaseException:
            self._clean_up(adapter, None)
            raise
        self._clean_up(adapter, None)

    def _clean_up(self, adapter: Any, failure: RecordingError | None) -> None:
        if type(self.case).cleanup is ConnectorTestCase.cleanup:
            return
        with self._unheard():
            try:
                self._called("cleanup()", lambda: self.case.cleanup(adapter))
            except RecordingError as error:
                if failure is not None:
                    failure.message += f". Then {error.message}"
                self.problems.append(error.message)

    @contextmanager
    def _unheard(self) -> Iterator[None]:
        """Keep what is heard out of the cassettes; what it shows of secrets is remembered."""
        mark = self.tape.mark()
        try:
            yield
        finally:
            self.aside += self.tape.since(mark)
            self.tape.forget(mark)

    def _record(self, take: Take, call: Callable[[], Any]) -> None:
        mark = self.tape.mark()
        self._called(take.label, call)
        try:
            self.heard.append(Heard(take, self.tape.since(mark)))
        except CassetteError as error:
            raise RecordingError(f"{take.label}: {error.message}") from error

    def _connected(self, adapter: Any) -> Any:
        result = self.stage.call(adapter.connect)
        if result is not True:
            shown = "False" if result is False else f"a {type(result).__name__}"
            raise _UnhealthyError(f"it returned {shown}, not True")
        return result

    def _called(self, label: str, call: Callable[[], Any]) -> Any:
        mark = self.tape.mark()
        try:
            return self.stage.call(call)
        except Exception as error:
            heard = _readable(self.tape, mark)
            clean = self._cleaned(heard)
            told = str(error) if isinstance(error, _UnhealthyError) else raised(error, clean)
            raise RecordingError(f"{label} failed: {told}; {answered(heard, clean)}") from error

    def _cleaned(self, heard: Sequence[Interaction]) -> Callable[[str], str]:
        traffic = [each for one in self.heard for each in one.interactions]
        try:
            return Cleaner(self.known, [*traffic, *heard, *self.aside], self.case.scrub).scrubber.text
        except CassetteError:
            return Scrubber(self.known).text


class _UnhealthyError(Exception):
    """`connect()` came back, and does not say that all is well."""


def _readable(tape: Tape, mark: int) -> tuple[Interaction, ...]:
    try:
        return tape.since(mark)
    except CassetteError:
        return ()
