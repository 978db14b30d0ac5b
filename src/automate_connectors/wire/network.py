"""The network that an adapter meets: names, connections, requests and the faults among them.

One `Network` lives in the judging process. It is the router that redirected sockets ask and the handler of the
loopback server; a `Call` is what one ``connect`` or ``execute`` meets there.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from automate_connectors.wire import tls
from automate_connectors.wire.blackhole import Blackhole
from automate_connectors.wire.clock import CLOCK
from automate_connectors.wire.faults import Allowance, Fault, FaultPlan
from automate_connectors.wire.messages import Answer, SentRequest, ascii_host
from automate_connectors.wire.redirect import Route
from automate_connectors.wire.replies import reply_to
from automate_connectors.wire.server import LoopbackServer, Reply, Visit, unlisten
from automate_connectors.wire.threads import untraced

#: Where redirects of the standard's S04 lead: a host that belongs to nobody.
ELSEWHERE = "elsewhere.invalid"
_FIRST_ADDRESS = ipaddress.IPv4Address("198.18.0.1")


class Service(Protocol):
    """Who answers the requests that arrive."""

    def answer(self, request: SentRequest) -> Answer:
        """The service acts, and this is what it says."""


@dataclass(slots=True)
class Exchange:
    """One request of a call, or the attempt to connect for one.

    Attributes:
        number: its place among the call's requests, from 1.
        request: what arrived; None where no connection stood.
        fault: what it met.
        at: when it arrived, in virtual seconds.
        acted: how often the service acted on it.
        answer: what the service answered, faults aside.
        local_port: the client's end of the connection.
    """

    number: int
    request: SentRequest | None
    fault: Fault | None
    at: float
    acted: int = 0
    answer: Answer | None = None
    local_port: int = 0


@dataclass(slots=True)
class Call:
    """What one ``connect`` or ``execute`` met: the plan of faults, and everything that was sent."""

    service: Service
    plan: FaultPlan = field(default_factory=FaultPlan)
    allowance: Allowance = field(default_factory=Allowance)
    exchanges: list[Exchange] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    untimed: list[int] = field(default_factory=list)
    #: After so many requests the call is ended by ``on_runaway``; 0: never.
    runaway: int = 0
    on_runaway: Callable[[], None] = lambda: None
    #: Attempts to connect that a connection fault took, by local port: their request is the same attempt.
    taken: dict[int, Exchange] = field(default_factory=dict)

    def fault_at(self, number: int) -> Fault | None:
        """The fault that meets this request, unless it has happened often enough."""
        fault = self.plan.at(number)
        return fault if fault and self.allowance.take(fault) else None

    def record(self, request: SentRequest | None, fault: Fault | None, local_port: int) -> Exchange:
        """Note one more request, or attempt."""
        exchange = Exchange(len(self.exchanges) + 1, request, fault, CLOCK.now(), local_port=local_port)
        self.exchanges.append(exchange)
        if exchange.number == self.runaway:
            self.on_runaway()
        return exchange

    @property
    def requests(self) -> list[SentRequest]:
        """What arrived."""
        return [exchange.request for exchange in self.exchanges if exchange.request]


class Network:
    """The router and the server's handler for one connector at a time."""

    def __init__(self, *, open_loopback: bool = False, spawn: Callable[..., None] = untraced) -> None:
        self.ca_pem = tls.authority().pem
        self._lock = threading.RLock()
        self._server = LoopbackServer(self, spawn)
        self._port = self._server.port
        self._blackhole = Blackhole()
        self._open_loopback = open_loopback
        self._addresses: dict[str, str] = {}
        self._hosts: dict[str, str] = {}
        self._origins: set[tuple[str, int]] = set()
        self._visits: dict[int, Visit] = {}
        self._call: Call | None = None

    def close(self) -> None:
        """End the server."""
        self._server.close()
        self._blackhole.close()

    @contextlib.contextmanager
    def beside(self, listener: socket.socket, blackhole: Blackhole) -> Iterator[None]:
        """Send connections to these sockets of the adapter's own network while the block runs, then close both."""
        before = self._port, self._blackhole
        self._server.listen(listener)
        self._port, self._blackhole = listener.getsockname()[1], blackhole
        try:
            yield
        finally:
            self._port, self._blackhole = before
            unlisten(listener)
            blackhole.close()

    @property
    def known(self) -> tuple[list[tuple[str, int]], dict[str, str]]:
        """The origins that have an address, and the hosts by their addresses."""
        with self._lock:
            return sorted(self._origins), dict(self._hosts)

    def serve(self, urls: Iterable[str]) -> None:
        """Give the origins of these URLs an address, and no others."""
        with self._lock:
            self._origins = {_origin(url) for url in urls} | {(ELSEWHERE, 443), (ELSEWHERE, 80)}
            for host, _ in sorted(self._origins):
                if host not in self._addresses:
                    address = host if _is_address(host) else str(_FIRST_ADDRESS + len(self._addresses))
                    self._addresses[host] = address
                    self._hosts[address] = host

    def begin(self, call: Call) -> None:
        """Let this call meet the network; connections are dropped where its first request may not use them."""
        with self._lock:
            self._call = call
            self._visits = {port: visit for port, visit in self._visits.items() if visit in self._server.connections}
        if _needs_fresh(call.plan.at(1)):
            self._server.drop()

    def end(self) -> None:
        """End the call: whoever still waits for an answer is let go."""
        with self._lock:
            call, self._call = self._call, None
        if call and any(exchange.fault and exchange.fault.silent for exchange in call.exchanges):
            self._server.drop()

    def reset(self) -> None:
        """Drop every connection."""
        self._server.drop()

    @property
    def connections(self) -> int:
        """How many connections stand open."""
        return len(self._server.connections)

    def holding(self) -> bool:
        """Whether a request of the current call is met by silence."""
        call = self._call
        return bool(call and call.exchanges and call.exchanges[-1].fault and call.exchanges[-1].fault.silent)

    # The router.

    def serves(self, host: str) -> bool:
        """Whether a host is the service's and has a name, not an address."""
        return not _is_address(host) and any(host == known for known, _ in self._origins)

    def resolve(self, host: str) -> str | None:
        """The synthetic address of a host of the service."""
        with self._lock:
            if not any(host == known for known, _ in self._origins):
                self._note_blocked(f"{host} (name look-up)")
                return None
            if (fault := self._connection_fault("dns")) and self._call:
                self._call.record(None, fault, 0)
                return None
            return self._addresses[host]

    def knows(self, address: str, port: int) -> bool:
        """Whether an address belongs to the service."""
        return (self._hosts.get(address, ""), port) in self._origins

    def route(self, address: str, port: int, local_port: int) -> Route:
        """Where a connection goes; a connection fault counts it as an attempt."""
        with self._lock:
            host = self._hosts.get(address)
            if host is None or (host, port) not in self._origins:
                return self._foreign(address, port)
            fault = self._connection_fault()
            exchange = self._call.record(None, fault, local_port) if fault and self._call else None
            certificate = "right"
            if fault and exchange and self._call:
                if fault.name in ("dns", "refused"):
                    return Route("refused")
                if fault.name == "connect_timeout":
                    return Route("timeout", self._blackhole.port, silent=True)
                self._call.taken[local_port] = exchange
                certificate = "stranger" if fault.name == "tls" else "other-host"
            self._visits[local_port] = Visit(host, port, local_port, certificate)
            return Route("server", self._port, silent=self._next_is_silent())

    def stuck(self, local_port: int | None) -> None:
        """A request without any timeout waits for ever: note it, and let it go."""
        with self._lock:
            held = self._held(local_port)
            if held is None or self._call is None:
                return
            self._call.untimed.append(held.number)
            if held.fault is not None and held.fault.name == "connect_timeout":
                # Whoever still waits there is refused when he knocks again.
                self._blackhole.close()
        self._server.drop(local_port=held.local_port, reset=True)

    def _held(self, local_port: int | None) -> Exchange | None:
        """The request that silence meets, on this connection or on any."""
        if self._call is None or not self._call.exchanges:
            return None
        last = self._call.exchanges[-1]
        silent = last.fault is not None and last.fault.silent and last.number not in self._call.untimed
        return last if silent and local_port in (None, last.local_port) else None

    def _foreign(self, address: str, port: int) -> Route:
        loopback = ipaddress.ip_address(address.partition("%")[0]).is_loopback
        if self._open_loopback and loopback:
            return Route("outside")
        self._note_blocked(f"{self._hosts.get(address, address)}:{port}")
        return Route("blocked")

    def _note_blocked(self, what: str) -> None:
        if self._call:
            self._call.blocked.append(what)

    def _connection_fault(self, *names: str) -> Fault | None:
        """The connection fault (of these names, or any) that meets the next request, if one does."""
        call = self._call
        if call is None:
            return None
        number = len(call.exchanges) + 1
        planned = call.plan.at(number)
        if planned is None or planned.connects or (names and planned.name not in names):
            return None
        return call.fault_at(number)

    def _next_is_silent(self) -> bool:
        call = self._call
        planned = call.plan.at(len(call.exchanges) + 1) if call else None
        return bool(planned and planned.silent)

    # The server's handler.

    def visit(self, local_port: int) -> Visit | None:
        """Who connects from this port."""
        with self._lock:
            return self._visits.get(local_port)

    def handle(self, visit: Visit, request: SentRequest, connection: int) -> Reply:
        """Note a request, let the service act as the fault allows, and say what comes back."""
        del connection
        with self._lock:
            call = self._call
            if call is None:
                return Reply("drop")
            exchange = call.taken.pop(visit.local_port, None)
            if exchange is None:
                number = len(call.exchanges) + 1
                planned = call.plan.at(number)
                # A kept-alive connection that outlived the drop: a connection fault cannot spare it.
                fault = call.fault_at(number) if planned else None
                if fault and fault.name in ("tls", "tls_name"):
                    # Its connection stood, with the right certificate, before the fault's turn came.
                    call.record(None, fault, visit.local_port)
                    return Reply("reset")
                exchange = call.record(request, fault, visit.local_port)
            else:
                exchange.request = request
            fresh = _needs_fresh(call.plan.at(exchange.number + 1))
        return reply_to(exchange, call.service, close=fresh)


def _needs_fresh(fault: Fault | None) -> bool:
    """Whether a request that meets this fault must go out on a connection of its own."""
    return bool(fault and (not fault.connects or fault.silent))


def _origin(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return ascii_host(parts.hostname or ""), parts.port or (443 if parts.scheme == "https" else 80)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
