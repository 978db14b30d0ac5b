"""Runs an adapter and says what each call showed. Lives in the process where the adapter does.

What it returns is plain data (`facts.py`); it decides nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import inspect
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from automate_connectors.certification import facts
from automate_connectors.certification.crowd import Job, run_crowd
from automate_connectors.certification.facts import CallFacts, Emission
from automate_connectors.certification.listening import Listener
from automate_connectors.certification.watchdog import LIMIT, CallHung, CallStopped, Watchdog
from automate_connectors.certification.watching import watch
from automate_connectors.profiles import ConnectionProfile
from automate_connectors.wire import originals
from automate_connectors.wire.clock import CLOCK


class Driver:
    """Drives one adapter class: makes an instance, calls it, closes it."""

    def __init__(self, adapter_class: type[Any]) -> None:
        self.adapter_class = adapter_class
        module = sys.modules.get(adapter_class.__module__)
        self.watchdog = Watchdog()
        #: Entered around each call.
        self.measured: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext
        self._listener = Listener(adapter_class.__module__.partition(".")[0], getattr(module, "__file__", None))

    def open(self, profile: ConnectionProfile) -> tuple[Driven, CallFacts]:
        """Make an instance; what its construction showed comes with it."""
        driven = Driven(self)
        return driven, driven.construct(profile)

    def accepts(self, action: str, payload: dict[str, Any]) -> bool | None:
        """Whether the input model of an action accepts a payload; None where it has none."""
        spec = self.adapter_class.actions.get(action)
        model = spec.input if spec is not None else None
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            return None
        try:
            model.model_validate_json(json.dumps(payload))
        except ValueError:
            return False
        return True

    def observe(self, call: Callable[[], Any], *, limit: float = LIMIT) -> CallFacts:
        """Call, and gather what it showed."""
        began = originals.monotonic()
        outcome: dict[str, Any] = {}
        with watch().noting() as watched, self._listener.listening() as emissions:
            CLOCK.start()
            try:
                with self.watchdog.watching(limit), self.measured():
                    outcome["result"] = call()
            except CallHung:
                outcome["ended"] = "hung"
            except CallStopped:
                outcome["ended"] = "stopped"
            except BaseException as error:
                # Whatever leaves an adapter is a fact to be judged; the user's own Ctrl-C is not the adapter's.
                if self.watchdog.interrupted:
                    raise
                outcome["error"] = error
            finally:
                CLOCK.stop()
        seconds = originals.monotonic() - began
        found = _gathered(outcome, emissions, tuple(watched), seconds)
        return replace(found, unclosed=self._listener.unclosed)

    def crowd(self, profiles: Sequence[ConnectionProfile], jobs: Sequence[Job], *, limit: float = LIMIT) -> CallFacts:
        """Run many calls at once on fresh instances; the result lists what each returned or raised."""
        return self.observe(lambda: run_crowd([self.adapter_class(profile) for profile in profiles], jobs), limit=limit)


def _gathered(
    outcome: Mapping[str, Any], emissions: list[Emission], watched: tuple[str, ...], seconds: float
) -> CallFacts:
    error = outcome.get("error")
    result = outcome.get("result")
    value, problems = facts.plain(result)
    if error is not None:
        emissions.extend(facts.error_emissions(error))
    elif result is not None and not isinstance(result, bool):
        emissions.append(Emission("result", facts.shown(result)))
    return CallFacts(
        result=value,
        result_problems=tuple(problems),
        result_type=facts.class_name(type(result)),
        error=facts.error_facts(error) if error is not None else None,
        emissions=tuple(emissions),
        sleeps=tuple(sleep.seconds for sleep in CLOCK.sleeps),
        ended=outcome.get("ended", "returned"),
        seconds=seconds,
        watched=watched,
    )


class Driven:
    """One adapter instance and, for an asynchronous one, its event loop."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._adapter: Any = None
        self._runner: asyncio.Runner | None = None

    @property
    def adapter(self) -> Any:
        """The instance."""
        return self._adapter

    def construct(self, profile: ConnectionProfile) -> CallFacts:
        """Make the instance."""

        def make() -> None:
            self._adapter = self._driver.adapter_class(profile)

        return self._driver.observe(make)

    def connect(self, *, limit: float = LIMIT) -> CallFacts:
        """Call ``connect()``."""
        return self._with_repr(self._driver.observe(lambda: self.settle(self._adapter.connect()), limit=limit))

    def execute(self, action: str, payload: dict[str, Any], *, limit: float = LIMIT) -> CallFacts:
        """Call ``execute()`` with a copy of the payload, and say whether the adapter changed it."""
        given = copy.deepcopy(payload)
        shown = self._driver.observe(lambda: self.settle(self._adapter.execute(action, given)), limit=limit)
        return self._with_repr(shown, changed=facts.difference(payload, given))

    def close(self) -> CallFacts:
        """Call ``close()`` and end the loop."""
        try:
            return self._driver.observe(lambda: self.settle(self._adapter.close()))
        finally:
            self.end_loop()

    def end_loop(self) -> None:
        """End the event loop, if there is one."""
        if self._runner:
            with contextlib.suppress(Exception):
                self._runner.close()
            self._runner = None

    def settle(self, value: Any) -> Any:
        """What a call returned, awaited where it is awaitable."""
        if not inspect.isawaitable(value):
            return value
        if self._runner is None:
            self._runner = asyncio.Runner()
        return self._runner.run(_awaited(value))

    def _with_repr(self, shown: CallFacts, *, changed: str | None = None) -> CallFacts:
        text = Emission("repr of the adapter", facts.shown(self._adapter))
        return replace(shown, changed=changed, emissions=(*shown.emissions, text))


async def _awaited(value: Any) -> Any:
    return await value


@contextlib.contextmanager
def closing(driven: Driven) -> Iterator[Driven]:
    """Close the instance after the block."""
    try:
        yield driven
    finally:
        driven.close()
