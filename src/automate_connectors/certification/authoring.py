"""The kit inside an author's own tests: cassettes answer, calls are told apart, faults strike on request."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from automate_connectors.certification.case import Case, resolve
from automate_connectors.testing import ConnectorTestCase
from automate_connectors.wire.bypasses import close_bypasses
from automate_connectors.wire.clock import CLOCK
from automate_connectors.wire.faults import Allowance, Fault, FaultPlan
from automate_connectors.wire.install import install, rebind
from automate_connectors.wire.messages import SentRequest
from automate_connectors.wire.network import Call, Network
from automate_connectors.wire.redirect import REDIRECT


class Wire:
    """What goes over the wire while a replay is active."""

    def __init__(self, case: Case, network: Network, fault: Fault | None) -> None:
        self._case = case
        self._network = network
        self._plan = FaultPlan.of(fault)
        self._allowance = Allowance()
        self._calls: list[Call] = []

    @property
    def requests(self) -> list[SentRequest]:
        """Every request that arrived, in order."""
        return [request for call in self._calls for request in call.requests]

    def begin(self, action: str, payload: Mapping[str, Any]) -> None:
        """Start a call: recorded answers and the fault's count begin anew."""
        own = next((e.cassette for e in self._case.examples_of(action) if e.payload == payload), None)
        playback = self._case.library.play(action, payload, own="connect" if action == "connect" else own)
        call = Call(playback, self._plan, self._allowance)
        self._calls.append(call)
        self._network.begin(call)


class Bench:
    """The replay of one test: a stack of wires, the innermost of which answers."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.network = Network(open_loopback=True)
        self.network.serve(case.library.urls)
        self._wires: list[Wire] = []
        self._adapters: list[Any] = []

    def keep(self, adapter: Any) -> None:
        """Keep an adapter until the test ends, so that it is closed then: the guide's tests close none."""
        self._adapters.append(adapter)

    def close(self) -> None:
        """Close what the test opened."""
        for adapter in self._adapters:
            if not inspect.iscoroutinefunction(adapter.close):
                # Closing is not what the test is about, and its author may have closed it already.
                with contextlib.suppress(Exception):
                    adapter.close()
        self.network.close()

    @property
    def wire(self) -> Wire:
        """The innermost."""
        return self._wires[-1]

    @contextlib.contextmanager
    def wired(self, fault: Fault | None) -> Iterator[Wire]:
        """Answer from the cassettes, with ``fault`` among the answers."""
        wire = Wire(self.case, self.network, fault)
        self._wires.append(wire)
        # What an author sends without an adapter is a call as well.
        wire.begin("", {})
        try:
            yield wire
        finally:
            self._wires.pop()
            self.network.end()
            if self._wires:
                self.wire.begin("", {})


_active: list[Bench] = []


@contextlib.contextmanager
def bench(case_class: type[ConnectorTestCase], root: Path) -> Iterator[Bench]:
    """Lay the network of one test; the sockets of this process are redirected meanwhile."""
    install()
    close_bypasses()
    rebind(case_class.adapter_class.__module__)
    case = resolve(case_class.adapter_class.name, case_class.adapter_class, case_class, root=root)
    current = Bench(case)
    CLOCK.silent, CLOCK.stuck = current.network.holding, lambda: current.network.stuck(None)
    _active.append(current)
    try:
        with REDIRECT.through(current.network), current.wired(None):
            yield current
    finally:
        _active.remove(current)
        current.close()


@contextlib.contextmanager
def replaying(test_case: ConnectorTestCase, *, fault: Fault | None) -> Iterator[Wire]:
    """A replay inside a test, or anywhere else for a case's class."""
    with contextlib.ExitStack() as stack:
        current = _active[-1] if _active else stack.enter_context(bench(type(test_case), Path.cwd()))
        yield stack.enter_context(current.wired(fault))


def adapter_for(test_case: ConnectorTestCase, options: Mapping[str, Any]) -> Any:
    """A fresh adapter on the replay profile whose calls are told apart."""
    case_class = type(test_case)
    if _active:
        case = _active[-1].case
    else:
        case = resolve(case_class.adapter_class.name, case_class.adapter_class, case_class, root=Path.cwd())
    adapter = case_class.adapter_class(case.profile(options=options))
    for name in ("connect", "execute"):
        # An adapter with slots keeps its own methods: its calls then count as one.
        with contextlib.suppress(AttributeError):
            setattr(adapter, name, _bounded(getattr(adapter, name), name))
    if _active:
        _active[-1].keep(adapter)
    return adapter


def _bounded(method: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The method, with a call of the wire around it and virtual time inside."""
    if inspect.iscoroutinefunction(method):

        @functools.wraps(method)
        async def called_async(*args: Any, **kwargs: Any) -> Any:
            with _call(name, args, kwargs):
                return await method(*args, **kwargs)

        return called_async

    @functools.wraps(method)
    def called(*args: Any, **kwargs: Any) -> Any:
        with _call(name, args, kwargs):
            return method(*args, **kwargs)

    return called


@contextlib.contextmanager
def _call(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Iterator[None]:
    if not _active:
        yield
        return
    given = dict(zip(("action", "payload"), args, strict=False)) | dict(kwargs) if name == "execute" else {}
    action, payload = given.get("action", "connect"), given.get("payload", {})
    _active[-1].wire.begin(action if isinstance(action, str) else "", payload if isinstance(payload, dict) else {})
    CLOCK.start()
    try:
        yield
    finally:
        CLOCK.stop()
