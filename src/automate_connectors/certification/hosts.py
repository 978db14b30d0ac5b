"""Where the adapter runs: the one protocol between the judge and it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from automate_connectors.certification.crowd import Job
from automate_connectors.certification.driving import Driven, Driver
from automate_connectors.certification.facts import CallFacts
from automate_connectors.certification.leftovers import Held, held, left_over
from automate_connectors.profiles import ConnectionProfile


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

    def accepts(self, action: str, payload: dict[str, Any]) -> bool:
        """Whether the action's input model accepts a payload; True where it has none."""

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

    def __init__(self, adapter_class: type[Any]) -> None:
        self._driver = Driver(adapter_class)
        self._driven: Driven | None = None

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

    def crowd(self, profiles: Sequence[ConnectionProfile], jobs: Sequence[Job], limit: float) -> CallFacts:
        """Run many calls at once, on an instance for each profile."""
        return self._driver.crowd(profiles, jobs, limit=limit)

    def held(self) -> Held:
        """What this process holds."""
        return held()

    def left_over(self, before: Held, connections: Callable[[], int]) -> list[str]:
        """What it holds now and did not before."""
        self._driven = None
        return left_over(before, connections)

    def accepts(self, action: str, payload: dict[str, Any]) -> bool:
        """Whether the action's input model accepts a payload."""
        return self._driver.accepts(action, payload)

    def stop(self) -> None:
        """End the call that runs."""
        self._driver.watchdog.stop()
