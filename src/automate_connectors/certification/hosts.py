"""Where the adapter runs: the one protocol between the judge and it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from automate_connectors.certification.crowd import Job
from automate_connectors.certification.driving import Driven, Driver
from automate_connectors.certification.facts import CallFacts
from automate_connectors.certification.leftovers import Held, held, left_over
from automate_connectors.certification.ports import PortBoard, PortFault
from automate_connectors.profiles import ConnectionProfile
from automate_connectors.testing import ConnectorTestCase


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

    def ports_in_place(self) -> contextlib.AbstractContextManager[None]:
        """Put the ports' stand-ins in place while the block runs."""

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
        return self._case.effects()

    def reset_effects(self) -> None:
        """Call the case's ``reset()``."""
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

    def ports_in_place(self) -> contextlib.AbstractContextManager[None]:
        """Put the ports' stand-ins in place while the block runs."""
        return self._ports.replaced(self._driver.adapter_class.__module__)

    def crowd(self, profiles: Sequence[ConnectionProfile], jobs: Sequence[Job], limit: float) -> CallFacts:
        """Run many calls at once, on an instance for each profile."""
        return self._driver.crowd(profiles, jobs, limit=limit)

    def held(self) -> Held:
        """What this process holds."""
        return held()

    def left_over(self, before: Held, connections: Callable[[], int]) -> list[str]:
        """What it holds now and did not before."""
        return left_over(before, connections)

    def accepts(self, action: str, payload: dict[str, Any]) -> bool | None:
        """Whether the action's input model accepts a payload."""
        return self._driver.accepts(action, payload)

    def stop(self) -> None:
        """End the call that runs."""
        self._driver.watchdog.stop()
