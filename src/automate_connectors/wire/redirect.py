"""Sockets led to the loopback service: every client meets it at its production address.

Host names of the service get synthetic addresses (198.18.0.0/15, RFC 2544); a connection to one of them, or to a
loopback address that a cassette holds, is made to the loopback server instead. Certificate checks stay on: a
context that verifies gets our throw-away CA in place of the system's. What belongs to nobody is refused, and noted.
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import socket
import ssl
import weakref
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from automate_connectors.wire import originals
from automate_connectors.wire.clock import CLOCK
from automate_connectors.wire.messages import ascii_host

#: Seconds that a timeout lasts on a connection whose other side stays silent on purpose.
QUICK = 0.06
#: How often it is waited anew for a request to arrive at a service that is busy, not silent yet.
_PATIENCE = 50
#: The optional parameters of `socket.getaddrinfo`, in order.
_HINTS = ("family", "type", "proto", "flags")
_THIS_MACHINE = ("", "localhost")


@dataclass(frozen=True, slots=True)
class Route:
    """Where a connection goes.

    ``server``: the loopback server at ``port``; ``silent`` says that the answer will not come. ``refused`` and
    ``timeout`` fail; ``blocked`` fails as unreachable; ``outside`` is left alone.
    """

    kind: Literal["server", "refused", "timeout", "blocked", "outside"]
    port: int = 0
    silent: bool = False


class Router(Protocol):
    """Decides about names and connections: the network itself, or a pipe to it."""

    ca_pem: str

    def serves(self, host: str) -> bool:
        """Whether a name of this machine is one of the service's."""

    def resolve(self, host: str) -> str | None:
        """The synthetic address of a host; None where the name does not resolve."""

    def knows(self, address: str, port: int) -> bool:
        """Whether an address is one of the service's."""

    def route(self, address: str, port: int, local_port: int) -> Route:
        """Where the connection from ``local_port`` goes; noted as an attempt."""

    def stuck(self, local_port: int | None) -> None:
        """A request waits without any timeout, on that connection or on an event loop's."""


class Redirect:
    """The replaced functions, and the router they ask; without a router they are the originals."""

    def __init__(self) -> None:
        self.router: Router | None = None
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._silent_ports: set[int] = set()
        #: What was asked for where a timeout was cut short, in seconds by local port.
        self._asked: dict[int, float] = {}
        self._trusting: weakref.WeakSet[ssl.SSLContext] = weakref.WeakSet()

    @contextlib.contextmanager
    def through(self, router: Router) -> Any:
        """Ask this router while the block runs.

        Raises:
            RuntimeError: where another one is asked already.
        """
        if self.router is not None:
            raise RuntimeError("another replay is active: one cassette set answers a process at a time; leave it first")
        self.router = router
        self._trusting.clear()
        try:
            yield
        finally:
            self.router = None
            self._silent_ports.clear()
            self._asked.clear()

    def getaddrinfo(self, host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        """`socket.getaddrinfo`."""
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if name is None or not self._answers_for(name):
            return originals.getaddrinfo(host, port, *args, **kwargs)
        hints = {"family": 0, "type": 0, "proto": 0} | dict(zip(_HINTS, args, strict=False)) | kwargs
        if hints["family"] not in (0, socket.AF_INET):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        kind = socket.SocketKind(hints["type"] or socket.SOCK_STREAM)
        protocol = hints["proto"] or socket.IPPROTO_TCP
        return [(socket.AF_INET, kind, protocol, "", (self._address(name), _port(port)))]

    def gethostbyname(self, hostname: str) -> str:
        """`socket.gethostbyname`."""
        if not self._answers_for(hostname):
            return originals.gethostbyname(hostname)
        return self._address(hostname)

    def _address(self, name: str) -> str:
        router = self.router
        address = router.resolve(ascii_host(name.rstrip("."))) if router else None
        if address is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return address

    def connect(self, sock: socket.socket, address: Any) -> None:
        """`socket.socket.connect`."""
        self._connect(sock, address, originals.connect)

    def connect_ex(self, sock: socket.socket, address: Any) -> int:
        """`socket.socket.connect_ex`."""
        try:
            return int(self._connect(sock, address, originals.connect_ex) or 0)
        except TimeoutError:
            return errno.ETIMEDOUT if sock.gettimeout() is None else errno.EAGAIN
        except OSError as error:
            return error.errno or errno.EIO

    def _connect(self, sock: socket.socket, address: Any, real: Any) -> Any:
        router = self.router
        if router is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
            return real(sock, address)
        host = self._numeric(address[0])
        local_port = _bound_port(sock) if router.knows(host, address[1]) else 0
        route = router.route(host, address[1], local_port)
        if route.kind == "outside":
            return real(sock, address)
        CLOCK.join()
        if route.kind == "blocked":
            raise OSError(errno.ENETUNREACH, "Network is unreachable")
        if route.kind == "refused":
            raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
        if route.kind == "timeout" and sock.gettimeout() != 0:
            self._time_out(sock, local_port)
        self._sockets.add(sock)
        self._silent_ports.discard(local_port)
        self._asked.pop(local_port, None)
        if route.silent:
            self._silent_ports.add(local_port)
            self.settimeout(sock, sock.gettimeout())
        return real(sock, ("127.0.0.1" if sock.family == socket.AF_INET else "::ffff:127.0.0.1", route.port))

    def _numeric(self, host: str) -> str:
        """The address that a socket was told to connect to: it takes names as well."""
        if self._answers_for(host):
            return self._address(host)
        return "127.0.0.1" if host in _THIS_MACHINE else host

    def _answers_for(self, host: str) -> bool:
        return self.router is not None and (not _is_local(host) or self.router.serves(host))

    def _time_out(self, sock: socket.socket, local_port: int) -> None:
        limit = sock.gettimeout()
        if limit is None:
            # The kernel itself gives up after about two minutes; nobody waits that long here.
            assert self.router is not None
            self.router.stuck(local_port)
            raise TimeoutError(errno.ETIMEDOUT, "Connection timed out")
        CLOCK.advance(limit)
        raise TimeoutError("timed out")

    def settimeout(self, sock: socket.socket, value: float | None) -> None:
        """`socket.socket.settimeout`: short where the other side stays silent on purpose."""
        if self._silent_ports and (port := _local_port(sock)) in self._silent_ports:
            if value is not None and value > QUICK:
                self._asked[port] = value
                value = QUICK
            elif value != QUICK:
                self._asked.pop(port, None)
        originals.settimeout(sock, value)

    def is_early(self, sock: socket.socket) -> bool:
        """Whether a timeout was cut so short that the request has not even arrived: the machine is busy."""
        return bool(self._asked) and _local_port(sock) in self._asked and not CLOCK.silent()

    @contextlib.contextmanager
    def unhurried(self, sock: Any) -> Any:
        """Let a handshake take its time: the silence begins after the request."""
        port = _local_port(sock) if self._silent_ports else 0
        if port not in self._silent_ports:
            yield
            return
        self._silent_ports.discard(port)
        originals.settimeout(sock, self._asked.get(port, sock.gettimeout()))
        try:
            yield
        finally:
            self._silent_ports.add(port)

    def timed_out(self, sock: socket.socket) -> None:
        """Move the clocks on by the rest of a timeout that was cut short: who counts seconds sees all of them."""
        if self._asked and (asked := self._asked.get(_local_port(sock))):
            CLOCK.advance(asked - QUICK)

    def sendto(self, sock: socket.socket, *args: Any) -> int:
        """`socket.socket.sendto`: datagrams leave for nowhere but loopback."""
        address = args[-1]
        if self.router is not None and isinstance(address, tuple):
            host = self._numeric(str(address[0]))
            if ipaddress.ip_address(host.partition("%")[0]).is_loopback:
                return originals.sendto(sock, *args)
            self.router.route(host, int(address[1]), 0)
            raise OSError(errno.ENETUNREACH, "Network is unreachable")
        return originals.sendto(sock, *args)

    def waits_without_timeout(self) -> list[int]:
        """Local ports of connections to a silent service that are set to block for ever."""
        found = []
        for sock in list(self._sockets):
            with contextlib.suppress(OSError):
                if sock.fileno() >= 0 and sock.gettimeout() is None:
                    found.append(sock.getsockname()[1])
        return found

    def note(self, sock: socket.socket) -> None:
        """Keep an eye on a TLS socket: it took the place of the plain one."""
        self._sockets.add(sock)

    def trust(self, context: ssl.SSLContext, *, server_side: bool) -> None:
        """Let a verifying client context accept our throw-away CA."""
        router = self.router
        if router is None or server_side or context.verify_mode == ssl.CERT_NONE or context in self._trusting:
            return
        originals.load_verify_locations(context, cadata=router.ca_pem)
        self._trusting.add(context)


REDIRECT = Redirect()


def _connect(sock: socket.socket, address: Any) -> None:
    REDIRECT.connect(sock, address)


def _connect_ex(sock: socket.socket, address: Any) -> int:
    return REDIRECT.connect_ex(sock, address)


def _settimeout(sock: socket.socket, value: float | None) -> None:
    REDIRECT.settimeout(sock, value)


def _sendto(sock: socket.socket, *args: Any) -> int:
    return REDIRECT.sendto(sock, *args)


def _telling_timeouts(real: Any) -> Any:
    """A way to read from a socket, whose timeouts the clocks are told of."""

    def read(sock: Any, *args: Any, **kwargs: Any) -> Any:
        for _ in range(_PATIENCE):
            try:
                return real(sock, *args, **kwargs)
            except TimeoutError:
                if REDIRECT.is_early(sock):
                    continue
                REDIRECT.timed_out(sock)
                raise
        return real(sock, *args, **kwargs)

    return read


def _wrap_socket(context: ssl.SSLContext, sock: Any, server_side: Any = False, *args: Any, **kwargs: Any) -> Any:
    REDIRECT.trust(context, server_side=server_side)
    if REDIRECT.router is None or server_side:
        return originals.wrap_socket(context, sock, server_side, *args, **kwargs)
    with REDIRECT.unhurried(sock):
        wrapped = originals.wrap_socket(context, sock, server_side, *args, **kwargs)
    wrapped.settimeout(wrapped.gettimeout())
    REDIRECT.note(wrapped)
    return wrapped


def _wrap_bio(
    context: ssl.SSLContext, incoming: Any, outgoing: Any, server_side: Any = False, *args: Any, **kwargs: Any
) -> Any:
    REDIRECT.trust(context, server_side=server_side)
    return originals.wrap_bio(context, incoming, outgoing, server_side, *args, **kwargs)


def _skipped_in_replay(real: Any) -> Any:
    """The system's CA bundle costs 30 ms a context, and no host it vouches for is reachable in a replay."""

    def load(context: ssl.SSLContext, *args: Any, **kwargs: Any) -> None:
        if REDIRECT.router is None:
            real(context, *args, **kwargs)

    return load


def install() -> None:
    """Put the redirect in the place of the real functions; it is inert without a router."""
    socket.getaddrinfo = REDIRECT.getaddrinfo
    socket.gethostbyname = REDIRECT.gethostbyname
    sockets: Any = socket.socket
    sockets.connect, sockets.connect_ex = _connect, _connect_ex
    sockets.settimeout, sockets.sendto = _settimeout, _sendto
    sockets.recv, sockets.recv_into = _telling_timeouts(originals.recv), _telling_timeouts(originals.recv_into)
    tls_sockets: Any = ssl.SSLSocket
    tls_sockets.read = _telling_timeouts(originals.read)
    context: Any = ssl.SSLContext
    context.wrap_socket = _wrap_socket
    context.wrap_bio = _wrap_bio
    for name in ("load_verify_locations", "load_default_certs", "set_default_verify_paths"):
        setattr(context, name, _skipped_in_replay(getattr(originals, name)))


def _is_local(host: str) -> bool:
    """Whether a host needs no name service: an address, or this machine."""
    if host in _THIS_MACHINE:
        return True
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _port(port: Any) -> int:
    if port is None:
        return 0
    text = port.decode() if isinstance(port, bytes) else str(port)
    return int(text) if text.isdigit() else socket.getservbyname(text)


def _local_port(sock: socket.socket) -> int:
    try:
        name = sock.getsockname()
    except OSError:
        return 0
    return int(name[1]) if isinstance(name, tuple) else 0


def _bound_port(sock: socket.socket) -> int:
    """The local port of a socket, bound now if it was not: the server knows a connection's origin by it."""
    if not (port := _local_port(sock)):
        sock.bind(("127.0.0.1" if sock.family == socket.AF_INET else "::ffff:127.0.0.1", 0))
        port = _local_port(sock)
    return port
