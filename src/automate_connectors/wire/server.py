"""The loopback server: real sockets, real TLS, one thread a connection.

It knows the origin of a connection by the client's port, serves TLS when the first byte says so, and leaves every
decision to its `Handler`.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import h11

from automate_connectors.wire import originals, tls
from automate_connectors.wire.http1 import Cut, Http1Connection
from automate_connectors.wire.messages import Answer, SentRequest
from automate_connectors.wire.threads import untraced

_TLS_HANDSHAKE = b"\x16"


@dataclass(frozen=True, slots=True)
class Visit:
    """A connection, as the network knows it: its origin, and how it is to be served."""

    host: str
    port: int
    local_port: int
    certificate: str = "right"  # or "stranger", "other-host"


@dataclass(frozen=True, slots=True)
class Reply:
    """What to do with a request.

    ``say`` an answer (``cut``: short of its end), ``hold`` the connection in silence, ``reset`` it, or ``drop`` it
    without a word. ``close`` ends the connection after the answer.
    """

    do: str
    answer: Answer | None = None
    cut: Cut | None = None
    close: bool = False


class Handler(Protocol):
    """Who decides: the network."""

    def visit(self, local_port: int) -> Visit | None:
        """Who connects from this port; None for a stranger."""

    def handle(self, visit: Visit, request: SentRequest, connection: int) -> Reply:
        """What to do with a request that came whole."""


class LoopbackServer:
    """Accepts on a free port of 127.0.0.1 until closed; ``spawn`` starts its threads."""

    def __init__(self, handler: Handler, spawn: Callable[..., None] = untraced) -> None:
        self._handler = handler
        self._spawn = spawn
        self._lock = threading.Lock()
        self._open: dict[int, tuple[socket.socket, Visit | None]] = {}
        self._released = threading.Event()
        self._count = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        spawn(self._accept, self._listener)

    def close(self) -> None:
        """Stop, and drop every connection."""
        unlisten(self._listener)
        self.drop()

    def listen(self, listener: socket.socket) -> None:
        """Accept on a further socket, such as one of another network, until it is closed by `unlisten`."""
        self._spawn(self._accept, listener)

    def drop(self, *, local_port: int | None = None, reset: bool = False) -> None:
        """Drop every open connection, or that of one client port."""
        with self._lock:
            chosen = [
                s for s, visit in self._open.values() if local_port in (None, visit.local_port if visit else None)
            ]
        for sock in chosen:
            if reset:
                _set_reset(sock)
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    @property
    def connections(self) -> list[Visit]:
        """The connections that stand open."""
        with self._lock:
            return [visit for _, visit in self._open.values() if visit]

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                sock, address = listener.accept()
            except OSError:
                return
            with self._lock:
                self._count += 1
                number = self._count
                self._open[number] = (sock, None)
            self._spawn(self._serve, number, sock, address[1])

    def _serve(self, number: int, sock: socket.socket, local_port: int) -> None:
        try:
            with contextlib.suppress(OSError, h11.ProtocolError):
                if visit := self._handler.visit(local_port):
                    with self._lock:
                        self._open[number] = (sock, visit)
                    self._talk(number, sock, visit)
        finally:
            with self._lock:
                current, _ = self._open.pop(number)
            current.close()

    def _talk(self, number: int, sock: socket.socket, visit: Visit) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        scheme, standard = "http", 80
        if sock.recv(1, socket.MSG_PEEK) == _TLS_HANDSHAKE:
            sock = self._handshake(number, sock, visit)
            scheme, standard = "https", 443
        netloc = f"[{visit.host}]" if ":" in visit.host else visit.host
        base = f"{scheme}://{netloc}" + ("" if visit.port == standard else f":{visit.port}")
        connection = Http1Connection(sock, base)
        while request := connection.read():
            reply = self._handler.handle(visit, request, number)
            if not self._reply(connection, sock, reply):
                return

    def _handshake(self, number: int, sock: socket.socket, visit: Visit) -> ssl.SSLSocket:
        authority = tls.stranger() if visit.certificate == "stranger" else tls.authority()
        host = tls.OTHER_HOST if visit.certificate == "other-host" else visit.host
        context = authority.context(host)
        with self._lock:
            # The plain socket gives up its descriptor when the TLS one takes over.
            wrapped = originals.wrap_socket(context, sock, True, False)
            self._open[number] = (wrapped, visit)
        wrapped.do_handshake()
        return wrapped

    def _reply(self, connection: Http1Connection, sock: socket.socket, reply: Reply) -> bool:
        if reply.do == "say" and reply.answer is not None:
            return connection.write(reply.answer, close=reply.close, cut=reply.cut) and not reply.close
        if reply.do == "hold":
            _wait_for_close(sock)
        if reply.do == "reset":
            _set_reset(sock)
        return False


def unlisten(listener: socket.socket) -> None:
    """Close a listening socket; a blocked accept() is woken by a shutdown, not by a close."""
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def _wait_for_close(sock: socket.socket) -> None:
    """Say nothing until the client, or `LoopbackServer.drop`, ends the connection."""
    while sock.recv(65536):
        pass


def _set_reset(sock: socket.socket) -> None:
    """Make the close of a socket a reset (RFC 9293 section 3.5)."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
