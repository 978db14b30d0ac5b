"""A network for one test: a service that answers by a function, and clients that meet it at its production address."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from automate_connectors.certification.watchdog import Watchdog
from automate_connectors.wire.clock import CLOCK
from automate_connectors.wire.faults import FaultPlan
from automate_connectors.wire.install import install
from automate_connectors.wire.messages import Answer, SentRequest
from automate_connectors.wire.network import Call, Network
from automate_connectors.wire.redirect import REDIRECT

install()

JSON = (("Content-Type", "application/json"),)
HELLO = Answer(200, "OK", JSON, b'{"ok": true, "text": "hello"}')
URLS = ("https://api.acme.test/v1", "http://plain.acme.test/")


def traced(work: Callable[..., None], *args: Any) -> None:
    """Start a thread that coverage sees."""
    threading.Thread(target=work, args=args, daemon=True).start()


@dataclass
class Says:
    """A service that answers by a function of the request, or with one answer."""

    answer_with: Answer | Callable[[SentRequest], Answer] = HELLO
    heard: list[SentRequest] = field(default_factory=list)

    def answer(self, request: SentRequest) -> Answer:
        """The answer; the request is kept."""
        self.heard.append(request)
        return self.answer_with if isinstance(self.answer_with, Answer) else self.answer_with(request)


@contextlib.contextmanager
def laid(urls: Iterable[str] = URLS, **options: Any) -> Iterator[Network]:
    """A network that serves these URLs; the sockets of this process are redirected meanwhile."""
    network = Network(**{"spawn": traced, **options})
    network.serve(urls)
    CLOCK.silent, CLOCK.stuck = network.holding, lambda: network.stuck(None)
    try:
        with REDIRECT.through(network):
            yield network
    finally:
        network.close()


@contextlib.contextmanager
def calling(network: Network, service: Says | None = None, plan: FaultPlan = FaultPlan()) -> Iterator[Call]:  # noqa: B008 - frozen
    """One call in virtual time, under the watchdog."""
    call = Call(service or Says(), plan)
    network.begin(call)
    CLOCK.start()
    try:
        with Watchdog().watching(20.0):
            yield call
    finally:
        CLOCK.stop()
        network.end()


@contextlib.contextmanager
def meeting(service: Says | None = None, plan: FaultPlan = FaultPlan(), **options: Any) -> Iterator[Call]:  # noqa: B008 - frozen
    """One call on a network of its own."""
    with laid(**options) as network, calling(network, service, plan) as call:
        yield call


def raised_by(work: Callable[[], Any]) -> BaseException | None:
    """The exception that ends some work; None where it returns."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - which one it is, is what the test is about
        return error
    return None
