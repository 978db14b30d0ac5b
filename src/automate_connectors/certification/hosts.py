"""Where the adapter runs: the one protocol between the judge and it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from automate_connectors.certification.crowd import Job
from automate_connectors.certification.driving import Driven, Driver
from automate_connectors.certification.exercise import Exercise, Exercised
from automate_connectors.certification.facts import CallFacts
from automate_connectors.certification.leftovers import Held, held_before, left_over
from automate_connectors.certification.ports import PortBoard, PortFault
from automate_connectors.profiles import ConnectionProfile
from automate_connectors.testing import ConnectorTestCase
from automate_connectors.wire.clock import CLOCK
from automate_connectors.wire.redirect import REDIRECT, Router

if TYPE_CHECKING:
    from automate_connectors.wire.network import Network


@dataclass(frozen=True, slots=True)
class Unasked:
    """What each phase did that it should not have (C02)."""

    importing: tuple[str, ...]
    constructing: tuple[str, ...]

    def phases(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The phases by name."""
        yield "import", self.importing
        yield "construction", self.constructing


class Host(Protocol):
    """Runs one adapter instance at a time, and says what each call showed."""

    name: str

    def open(self, profile: ConnectionProfile) -> CallFacts:
        """Make an instance."""

    def connect(self, limit: float) -> CallFacts:
        """Call ``connect()``, for ``limit`` real seconds at most."""

    def execute(self, action: str, payload: dict[str, Any], limit: float) -> CallFacts:
        """Call ``execute()`` likewise."""

    def close(self) -> CallFacts:
        """Call ``close()``."""

    def accepts(self, action: str, payload: dict[str, Any]) -> bool | None:
        """Whether the action's input model accepts a payload; None where it has none."""

    def effects(self) -> Sequence[Any]:
        """What the case's ``effects()`` tells."""

    def reset_effects(self) -> None:
        """Call the case's ``reset()``."""

    def port_codes(self) -> list[str]:
        """The codes that the declared ports can fail with."""

    def arm_ports(self, steps: Sequence[PortFault | None] = (), after: PortFault | None = None) -> None:
        """Decide about the calls of the ports that follow."""

    def ports_entered(self) -> tuple[int, int]:
        """How many calls of the ports there were since, and how many failed on purpose."""

    def session(self, network: Network) -> contextlib.AbstractContextManager[None]:
        """Lead the adapter's sockets to a network, put the ports' stand-ins in place and measure, in the block."""

    def measure(self, file: str) -> None:
        """Measure which lines of a file are run in sessions."""

    def measured(self) -> contextlib.AbstractContextManager[None]:
        """Entered where code of the adapter's file, or of its case, is run by this thread."""

    def exercised(
        self, class_name: str, others: frozenset[str], also: frozenset[int] = frozenset()
    ) -> Exercised | None:
        """What was run of it, with lines that were run elsewhere; None where nobody measured."""

    def lines_run(self) -> frozenset[int] | None:
        """Which lines of the file; None where nobody measured."""

    @property
    def isolation(self) -> str:
        """What keeps the adapter from its judge and from the network, in a sentence."""

    @property
    def conduct(self) -> Sequence[str]:
        """What the adapter's process did that none may: it forged, flooded, or died unasked."""

    def unasked(self) -> Unasked | None:
        """What it does unasked when it is imported and constructed; None where this process must not look."""

    def crowd(self, profiles: Sequence[ConnectionProfile], jobs: Sequence[Job], limit: float) -> CallFacts:
        """Run many calls at once, on an instance for each profile."""

    def held(self) -> Held:
        """What the adapter's process holds."""

    def left_over(self, before: Held, connections: Callable[[], int]) -> list[str]:
        """What it holds now and did not before."""

    def stop(self) -> None:
        """End the call that runs; safe from any thread."""


class InlineHost:
    """Runs the adapter in this process."""

    name = "inline"

    def __init__(self, adapter_class: type[Any], test_case: ConnectorTestCase) -> None:
        self._driver = Driver(adapter_class)
        self._driven: Driven | None = None
        self._case = test_case
        self._ports = PortBoard(test_case.ports)
        self._exercise: Exercise | None = None

    @property
    def driven(self) -> Driven:
        """The instance."""
        if self._driven is None:
            raise RuntimeError("no adapter instance is open: call open() first")
        return self._driven

    def open(self, profile: ConnectionProfile) -> CallFacts:
        """Make an instance."""
        self._driven, shown = self._driver.open(profile)
        return shown

    def connect(self, limit: float) -> CallFacts:
        """Call ``connect()``."""
        return self.driven.connect(limit=limit)

    def execute(self, action: str, payload: dict[str, Any], limit: float) -> CallFacts:
        """Call ``execute()``."""
        return self.driven.execute(action, payload, limit=limit)

    def close(self) -> CallFacts:
        """Call ``close()``."""
        return self.driven.close()

    def effects(self) -> Sequence[Any]:
        """What the case's ``effects()`` tells."""
        with self.measured():
            return self._case.effects()

    def reset_effects(self) -> None:
        """Call the case's ``reset()``."""
        with self.measured():
            self._case.reset()

    def port_codes(self) -> list[str]:
        """The codes that the declared ports can fail with."""
        return self._ports.codes

    def arm_ports(self, steps: Sequence[PortFault | None] = (), after: PortFault | None = None) -> None:
        """Decide about the calls of the ports that follow."""
        self._ports.arm(steps, after)

    def ports_entered(self) -> tuple[int, int]:
        """How many calls of the ports there were since, and how many failed on purpose."""
        return len(self._ports.entered), self._ports.struck

    @contextlib.contextmanager
    def session(self, network: Network) -> Iterator[None]:
        """Lead the sockets of this process to the network."""
        with self.led_to(network, network.holding, lambda: network.stuck(None)):
            yield

    @contextlib.contextmanager
    def led_to(self, router: Router, silent: Callable[[], bool], stuck: Callable[[], None]) -> Iterator[None]:
        """The same by a router, which may lead to another process."""
        CLOCK.silent, CLOCK.stuck = silent, stuck
        measuring = self._exercise.measuring() if self._exercise else contextlib.nullcontext()
        ports = self._ports.replaced(self._driver.adapter_class.__module__)
        with REDIRECT.through(router), ports, measuring:
            yield

    def measure(self, file: str) -> None:
        """Measure which lines of a file are run in sessions."""
        self._exercise = Exercise(file)
        self._driver.measured = self._exercise.calls

    def measured(self) -> contextlib.AbstractContextManager[None]:
        """Entered where code of the adapter's file, or of its case, is run by this thread."""
        return self._driver.measured()

    def exercised(
        self, class_name: str, others: frozenset[str], also: frozenset[int] = frozenset()
    ) -> Exercised | None:
        """What was run of it."""
        return self._exercise.result(class_name, others, also) if self._exercise else None

    def lines_run(self) -> frozenset[int] | None:
        """Which lines of it."""
        return self._exercise.lines_run() if self._exercise else None

    @property
    def isolation(self) -> str:
        """Nothing does."""
        return "none: the adapter ran in the judge's process; clients beside Python's sockets are not contained"

    @property
    def conduct(self) -> Sequence[str]:
        """Nobody looks from outside."""
        return ()

    def unasked(self) -> Unasked | None:
        """It was imported here long ago."""
        return None

    def crowd(self, profiles: Sequence[ConnectionProfile], jobs: Sequence[Job], limit: float) -> CallFacts:
        """Run many calls at once, on an instance for each profile."""
        with self._exercise.paused() if self._exercise else contextlib.nullcontext():
            return self._driver.crowd(profiles, jobs, limit=limit)

    def held(self) -> Held:
        """What this process holds."""
        return held_before()

    def left_over(self, before: Held, connections: Callable[[], int]) -> list[str]:
        """What it holds now and did not before."""
        return left_over(before, connections)

    def accepts(self, action: str, payload: dict[str, Any]) -> bool | None:
        """Whether the action's input model accepts a payload."""
        with self.measured():
            return self._driver.accepts(action, payload)

    def stop(self) -> None:
        """End the call that runs."""
        self._driver.watchdog.stop()
