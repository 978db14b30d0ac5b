"""The loopback server: connections of the network's, and nobody else's."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from wire.laying import HELLO, traced

from automate_connectors.wire import originals
from automate_connectors.wire.messages import Answer, SentRequest
from automate_connectors.wire.server import LoopbackServer, Reply, Visit

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class Desk:
    """A handler that knows every caller and replies as it is told."""

    def __init__(self, reply: Reply | None = None, *, known: bool = True) -> None:
        self.reply = reply or Reply("say", HELLO)
        self.known = known
        self.requests: list[SentRequest] = []

    def visit(self, local_port: int) -> Visit | None:
        """Everybody calls on the same host."""
        return Visit("api.acme.test", 80, local_port) if self.known else None

    def handle(self, _visit: Visit, request: SentRequest, _connection: int) -> Reply:
        """Keep the request, and reply."""
        self.requests.append(request)
        return self.reply


@contextlib.contextmanager
def serving(desk: Desk) -> Iterator[tuple[LoopbackServer, Callable[[], socket.socket]]]:
    """A server with that desk, and how to connect to it; everything ends with the block."""
    server = LoopbackServer(desk, traced)
    with contextlib.ExitStack() as stack:

        def connect() -> socket.socket:
            sock = stack.enter_context(socket.socket())
            originals.settimeout(sock, 5)
            originals.connect(sock, ("127.0.0.1", server.port))
            return sock

        yield server, connect
        server.close()


def ends(sock: socket.socket) -> bytes:
    """Everything that comes until the connection ends."""
    found = b""
    while part := sock.recv(65536):
        found += part
    return found


def test_requests_of_one_connection_are_answered_one_by_one() -> None:
    """It is kept until either side closes it."""
    desk = Desk()
    with serving(desk) as (server, connect):
        sock = connect()
        for _ in range(2):
            sock.sendall(GET)
            assert sock.recv(65536).startswith(b"HTTP/1.1 200 OK")
        assert [visit.local_port for visit in server.connections] == [sock.getsockname()[1]]
        server.drop()
        assert ends(sock) == b""
    assert [request.url for request in desk.requests] == ["http://api.acme.test/"] * 2


def test_a_stranger_is_shown_out() -> None:
    """Who did not come through the redirect gets nothing."""
    desk = Desk(known=False)
    with serving(desk) as (server, connect):
        assert ends(connect()) == b""
        assert server.connections == []
    assert not desk.requests


def test_what_is_no_http_ends_the_connection() -> None:
    """Without an answer, and without harm to others."""
    with serving(Desk()) as (_, connect):
        sock = connect()
        sock.sendall(b"hello\r\n\r\n")
        assert ends(sock) == b""
        other = connect()
        other.sendall(GET)
        assert other.recv(65536).startswith(b"HTTP/1.1 200 OK")


def test_an_answer_may_be_the_last_of_its_connection() -> None:
    """The client is told so."""
    with serving(Desk(Reply("say", HELLO, close=True))) as (_, connect):
        sock = connect()
        sock.sendall(GET)
        assert b"Connection: close" in ends(sock)


def test_a_drop_says_nothing_and_a_reset_breaks_the_connection() -> None:
    """An end without an answer, and a reset (RFC 9293)."""
    with serving(Desk(Reply("drop"))) as (_, connect):
        sock = connect()
        sock.sendall(GET)
        assert ends(sock) == b""
    with serving(Desk(Reply("reset"))) as (_, connect):
        sock = connect()
        sock.sendall(GET)
        with pytest.raises(ConnectionResetError):
            ends(sock)


def test_silence_lasts_until_it_is_ended() -> None:
    """By dropping the connections of that port, or by a reset; others stay."""
    desk = Desk(Reply("hold"))
    with serving(desk) as (server, connect):
        first, second = connect(), connect()
        for sock in (first, second):
            sock.sendall(GET)
            sock.sendall(b"and more")
            originals.settimeout(sock, 0.05)
            with pytest.raises(TimeoutError):
                sock.recv(1)
            originals.settimeout(sock, 5)
        server.drop(local_port=first.getsockname()[1])
        assert ends(first) == b""
        server.drop(local_port=second.getsockname()[1], reset=True)
        with contextlib.suppress(ConnectionResetError):
            ends(second)
    assert len(desk.requests) == 2


def test_a_reply_without_an_answer_ends_the_connection() -> None:
    """There is nothing to say."""
    with serving(Desk(Reply("say"))) as (_, connect):
        sock = connect()
        sock.sendall(GET)
        assert ends(sock) == b""


def test_another_port_than_the_standard_one_is_part_of_the_url() -> None:
    """And so are the brackets of an IPv6 address."""
    seen: list[str] = []

    class Elsewhere(Desk):
        def visit(self, local_port: int) -> Visit | None:
            return Visit("::1", 8080, local_port)

        def handle(self, visit: Visit, request: SentRequest, connection: int) -> Reply:
            seen.append(request.url)
            return super().handle(visit, request, connection)

    with serving(Elsewhere(Reply("say", Answer(204), close=True))) as (_, connect):
        sock = connect()
        sock.sendall(GET)
        ends(sock)
    assert seen == ["http://[::1]:8080/"]


def test_a_closed_server_takes_no_connection() -> None:
    """Closing twice does no harm."""
    server = LoopbackServer(Desk(), traced)
    server.close()
    server.close()
    with socket.socket() as sock, pytest.raises(ConnectionRefusedError):
        originals.connect(sock, ("127.0.0.1", server.port))


def test_the_servers_threads_are_none_that_a_program_counts() -> None:
    """An adapter that lists its threads does not see them."""
    before = set(threading.enumerate())
    server = LoopbackServer(Desk())
    sock = socket.socket()
    originals.settimeout(sock, 5)
    originals.connect(sock, ("127.0.0.1", server.port))
    sock.sendall(GET)
    assert sock.recv(65536).startswith(b"HTTP/1.1 200 OK")
    assert set(threading.enumerate()) <= before
    sock.close()
    server.close()
