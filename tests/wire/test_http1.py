"""HTTP/1.1 on one connection, spoken by hand from the other end."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import h11
import pytest

from automate_connectors.wire.http1 import Cut, Http1Connection
from automate_connectors.wire.messages import Answer

BASE = "https://api.acme.test"


@contextlib.contextmanager
def line() -> Iterator[tuple[socket.socket, Http1Connection]]:
    """The client's end of a connection, and the server's."""
    client, server = socket.socketpair()
    client.settimeout(5)
    server.settimeout(5)
    with client, server:
        yield client, Http1Connection(server, BASE)


def got(client: socket.socket) -> bytes:
    """What has arrived at the client."""
    return client.recv(65536)


def test_a_request_is_read_whole() -> None:
    """Method, absolute URL, headers with their case, and the body however it is framed."""
    with line() as (client, connection):
        client.sendall(b"POST /a?x=1 HTTP/1.1\r\nHost: api\r\nX-Id: 7\r\nContent-Length: 5\r\n\r\nhello")
        request = connection.read()
        assert request is not None
        assert (request.method, request.url, request.body) == ("POST", f"{BASE}/a?x=1", b"hello")
        assert ("X-Id", "7") in request.headers.raw
    with line() as (client, connection):
        client.sendall(b"PUT / HTTP/1.1\r\nHost: api\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.sendall(b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")
        request = connection.read()
        assert request is not None
        assert request.body == b"hello"


def test_a_request_to_a_proxy_names_its_url() -> None:
    """Absolute form (RFC 9112 section 3.2.2)."""
    with line() as (client, connection):
        client.sendall(b"GET http://other.test/x HTTP/1.1\r\nHost: other.test\r\n\r\n")
        request = connection.read()
        assert request is not None
        assert request.url == "http://other.test/x"


def test_a_client_that_closes_has_nothing_more_to_say() -> None:
    """Before a request, and in the middle of one."""
    with line() as (client, connection):
        client.shutdown(socket.SHUT_WR)
        assert connection.read() is None
    with line() as (client, connection):
        client.sendall(b"POST / HTTP/1.1\r\nHost: api\r\nContent-Length: 50\r\n\r\nhe")
        client.shutdown(socket.SHUT_WR)
        with pytest.raises(h11.RemoteProtocolError):
            connection.read()


def test_what_is_no_http_is_an_error() -> None:
    """So is a request sent on without waiting for its answer."""
    with line() as (client, connection):
        client.sendall(b"\x00\x01\x02\r\n\r\n")
        with pytest.raises(h11.RemoteProtocolError):
            connection.read()
    with line() as (client, connection):
        client.sendall(b"GET /1 HTTP/1.1\r\nHost: api\r\n\r\nGET /2 HTTP/1.1\r\nHost: api\r\n\r\n")
        assert connection.read() is not None
        with pytest.raises(h11.RemoteProtocolError, match="without waiting"):
            connection.read()


def test_a_client_that_asks_before_it_sends_its_body_is_told_to_go_on() -> None:
    """RFC 9110 section 10.1.1."""
    with line() as (client, connection):
        client.sendall(b"POST / HTTP/1.1\r\nHost: api\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        client.shutdown(socket.SHUT_WR)
        with pytest.raises(h11.RemoteProtocolError):
            connection.read()
        assert got(client).startswith(b"HTTP/1.1 100 ")


def test_an_answer_is_framed_by_us() -> None:
    """Recorded framing fields give way; the reason phrase is the recorded one, or a usual one."""
    fields = (("Content-Type", "text/plain"), ("content-length", "99"), ("Transfer-Encoding", "chunked"))
    with line() as (client, connection):
        client.sendall(b"GET / HTTP/1.1\r\nHost: api\r\n\r\n")
        connection.read()
        assert connection.write(Answer(200, "", fields, b"hello"), close=False) is True
        assert got(client) == b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"
        client.sendall(b"GET / HTTP/1.1\r\nHost: api\r\n\r\n")
        assert connection.read() is not None
        assert connection.write(Answer(404, "Gone Fishing"), close=True) is False
        assert got(client) == b"HTTP/1.1 404 Gone Fishing\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def test_an_answer_in_chunks_is_sent_in_chunks() -> None:
    """As it was recorded."""
    with line() as (client, connection):
        client.sendall(b"GET / HTTP/1.1\r\nHost: api\r\n\r\n")
        connection.read()
        assert connection.write(Answer(200, body=b"hello", chunked=True), close=False)
        assert got(client).endswith(b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")


def test_an_answer_to_head_has_no_body() -> None:
    """Its length is told all the same (RFC 9110 section 9.3.2)."""
    with line() as (client, connection):
        client.sendall(b"HEAD / HTTP/1.1\r\nHost: api\r\n\r\n")
        connection.read()
        assert connection.write(Answer(200, body=b"hello"), close=False)
        assert got(client) == b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body_has_no_framing(status: int) -> None:
    """RFC 9110 section 8.6."""
    with line() as (client, connection):
        client.sendall(b"GET / HTTP/1.1\r\nHost: api\r\n\r\n")
        connection.read()
        connection.write(Answer(status), close=False)
        assert b"ontent-" not in got(client)


@pytest.mark.parametrize(
    ("cut", "end"),
    [
        (Cut(chunked=False), b"Content-Length: 5\r\nConnection: close\r\n\r\nhe"),
        (Cut(chunked=True), b"\r\n\r\n5\r\nhe"),
    ],
)
def test_a_cut_answer_promises_more_than_it_sends(cut: Cut, end: bytes) -> None:
    """By its length, or by the size of its chunk; then the connection ends."""
    with line() as (client, connection):
        client.sendall(b"GET / HTTP/1.1\r\nHost: api\r\n\r\n")
        connection.read()
        assert connection.write(Answer(200, body=b"hello"), close=False, cut=cut) is False
        assert got(client).endswith(end)


def test_a_cut_answer_of_one_byte_sends_none() -> None:
    """It is short all the same."""
    with line() as (client, connection):
        client.sendall(b"GET / HTTP/1.1\r\nHost: api\r\n\r\n")
        connection.read()
        connection.write(Answer(200, body=b"x"), close=False, cut=Cut(chunked=False))
        assert got(client).endswith(b"\r\n\r\n")


def test_a_client_of_http_1_0_gets_one_answer() -> None:
    """It does not keep its connection."""
    with line() as (client, connection):
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        connection.read()
        assert connection.write(Answer(200), close=False) is False
