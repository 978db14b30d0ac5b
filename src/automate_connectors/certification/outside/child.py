"""The child: alone imports adapter and case, does what the judge asks for, and answers in plain JSON."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from automate_connectors.certification.crowd import Job
from automate_connectors.certification.hosts import InlineHost
from automate_connectors.certification.outside import unasked
from automate_connectors.certification.outside.channel import Channel, ClosedError, encoded
from automate_connectors.certification.outside.finding import Finder
from automate_connectors.certification.outside.guarding import Watch
from automate_connectors.certification.outside.remote_router import RemoteRouter
from automate_connectors.certification.outside.side import answer_beside
from automate_connectors.certification.outside.telling import call_facts, plain, tell_case
from automate_connectors.certification.ports import PortFault
from automate_connectors.errors import ConfigurationError
from automate_connectors.profiles import ConnectionProfile
from automate_connectors.testing import ConnectorTestCase
from automate_connectors.wire.bypasses import close_bypasses
from automate_connectors.wire.clock import CLOCK
from automate_connectors.wire.install import install
from automate_connectors.wire.redirect import REDIRECT

#: Orders after which it is not looked for what was replaced: ``close`` follows, after which it is.
_FOLLOWED_BY_CLOSE: Final = frozenset({"open", "connect", "accepts"})


def serve(main_end: socket.socket, questions: socket.socket, side: socket.socket, isolation: str) -> None:
    """Answer the judge until it hangs up."""
    channel = Channel(main_end)
    child = Child(questions, isolation)
    answer_beside(Channel(side), child)
    # In place before any adapter's module is imported.
    install()
    child.lead(contextlib.ExitStack())
    watch = Watch()
    while True:
        try:
            order = json.loads(channel.receive())
        except ClosedError:
            os._exit(0)
        answer: dict[str, Any] = {"id": order.pop("id")}
        do = order.pop("do")
        CLOCK.catch_up(order.pop("clock"))
        _zone(order.pop("zone"))
        try:
            answer["told"] = child.orders[do](**order)
        except NotImplementedError as error:
            answer["raised"] = ["NotImplementedError", str(error)]
        except ConfigurationError as error:
            answer["raised"] = ["ConfigurationError", error.message]
        except Exception as error:  # noqa: BLE001 - the author's own code; the judge says what it makes of it
            answer["raised"] = [type(error).__name__, str(error)]
        if do not in _FOLLOWED_BY_CLOSE and (replaced := watch.replaced()):
            answer["replaced"] = replaced
        channel.send(encoded(answer))


def _zone(name: str | None) -> None:
    """Take over the judge's time zone, which checks change (E08)."""
    if os.environ.get("TZ") != name:
        os.environ.pop("TZ", None)
        if name is not None:
            os.environ["TZ"] = name
        time.tzset()


class Child:
    """What the judge may ask for, each by its name."""

    def __init__(self, questions: socket.socket, isolation: str) -> None:
        self.case: ConnectorTestCase | None = None
        self.router = RemoteRouter(questions)
        self._isolation = isolation
        self._host: InlineHost | None = None
        self._finder = Finder()
        self._session = contextlib.ExitStack()
        self._name = ""
        self.orders: Final[dict[str, Callable[..., Any]]] = {
            "hello": lambda: self._isolation,
            "find": lambda files, names: plain(self._finder.find(files, names)),
            "load": self.load,
            "measure": self.measure,
            "session": self.begin,
            "session_end": self.end,
            "open": lambda options, secrets: call_facts(self.host.open(self._profile(options, secrets))),
            "connect": lambda within: call_facts(self.host.connect(within)),
            "execute": lambda action, payload, within: call_facts(self.host.execute(action, payload, within)),
            "close": lambda: call_facts(self.host.close()),
            "accepts": self.accepts,
            "effects": lambda: len(self.host.effects()),
            "reset": self.reset,
            "arm": self.arm,
            "entered": lambda: list(self.host.ports_entered()),
            "crowd": self.crowd,
            "collect": gc.collect,
            "lines": lambda: sorted(self.host.lines_run() or ()),
            "import": unasked.importing,
            "construct": unasked.constructing,
        }

    @property
    def host(self) -> InlineHost:
        """What drives the adapter."""
        if self._host is None:
            raise ConfigurationError("nothing is loaded yet")
        return self._host

    def load(self, name: str, root: str) -> Any:
        """Take the case of a connector that was found."""
        adapter_class, kind = self._finder.chosen(name)
        self._name = name
        try:
            case = kind()
            told = plain(tell_case(name, adapter_class, case, Path(root)))
        except ConfigurationError:
            raise
        except Exception as error:
            raise ConfigurationError(
                f"{kind.__qualname__} cannot be read ({type(error).__name__}: {error}): "
                "compare its attributes with those of automate_connectors.testing.ConnectorTestCase"
            ) from error
        close_bypasses()
        self.case = case
        self._host = InlineHost(adapter_class, case)
        return told

    def measure(self, file: str) -> None:
        """Measure which lines of a file are run."""
        self.host.measure(file)

    def accepts(self, action: str, payload: dict[str, Any]) -> bool | None:
        """Whether the action's input model accepts a payload."""
        return self.host.accepts(action, payload)

    def reset(self) -> None:
        """Call the case's ``reset()``."""
        self.host.reset_effects()

    def begin(self, origins: list[list[Any]], hosts: dict[str, str], ca_pem: str) -> None:
        """Lead the sockets to the judge's network."""
        self.router.origins = frozenset((host, port) for host, port in origins)
        self.router.hosts, self.router.ca_pem = hosts, ca_pem
        self._session.close()
        self._session = contextlib.ExitStack()
        self._session.enter_context(self.host.led_to(self.router, self.router.holding, lambda: self.router.stuck(None)))

    def end(self) -> None:
        """End the session; nothing outside is reachable even then."""
        self._session.close()
        self.lead(contextlib.ExitStack())

    def lead(self, stack: contextlib.ExitStack) -> None:
        """Lead every socket to the judge, who refuses what no session knows."""
        self._session = stack
        stack.enter_context(REDIRECT.through(self.router))
        CLOCK.moved = self.router.moved

    def arm(self, steps: list[list[str] | None], after: list[str] | None) -> None:
        """Decide about the calls of the ports that follow."""
        self.host.arm_ports([_fault(step) for step in steps], _fault(after))

    def crowd(self, profiles: list[dict[str, Any]], jobs: list[list[Any]], within: float) -> Any:
        """Run many calls at once."""
        made = [self._profile(**one) for one in profiles]
        return call_facts(self.host.crowd(made, [Job(*job) for job in jobs], within))

    def stop(self) -> None:
        """End the call that runs."""
        self.host.stop()

    def _profile(self, options: dict[str, Any], secrets: dict[str, str]) -> ConnectionProfile:
        return ConnectionProfile(self._name, options=options, secrets=secrets)


def _fault(told: list[str] | None) -> PortFault | None:
    return None if told is None else PortFault(told[0], told[1])  # type: ignore[arg-type]  # the judge's own words
