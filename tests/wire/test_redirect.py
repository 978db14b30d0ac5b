"""Sockets are led to the loopback service, and nowhere else."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
import urllib.request
from typing import Any

import pytest
from wire.laying import calling, laid, meeting

from automate_connectors.wire import originals, tls
from automate_connectors.wire.clock import CLOCK
from automate_connectors.wire.faults import Fault, FaultPlan, NetworkKind
from automate_connectors.wire.network import Network
from automate_connectors.wire.redirect import QUICK, REDIRECT, _telling_timeouts

NOBODY = ("192.0.2.1", 443)


def persistent(kind: NetworkKind) -> FaultPlan:
    """This fault at every request."""
    return FaultPlan.persistent(Fault.network(kind))


def fetch(url: str) -> bytes:
    """What a plain GET gets."""
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - the tests' own URLs
        body: bytes = answer.read()
    return body


def test_a_host_of_the_service_resolves_to_a_synthetic_address() -> None:
    """From 198.18.0.0/15, the same one each time, however it is asked for."""
    with meeting():
        ((family, kind, protocol, _, address),) = socket.getaddrinfo("api.acme.test", 443)
        assert (family, kind, protocol) == (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        assert str(address[0]).startswith("198.18.0.")
        assert address[1] == 443
        for host in (b"api.acme.test", "API.ACME.TEST", "api.acme.test."):
            assert socket.getaddrinfo(host, 443)[0][4] == address
        assert socket.gethostbyname("api.acme.test") == address[0]


def test_hints_of_a_look_up_are_kept() -> None:
    """By place and by name; there is no IPv6 address."""
    with meeting():
        ((_, kind, protocol, _, _),) = socket.getaddrinfo(
            "api.acme.test", None, socket.AF_INET, socket.SOCK_DGRAM, proto=socket.IPPROTO_UDP
        )
        assert (kind, protocol) == (socket.SOCK_DGRAM, socket.IPPROTO_UDP)
        with pytest.raises(socket.gaierror):
            socket.getaddrinfo("api.acme.test", 443, family=socket.AF_INET6)


@pytest.mark.parametrize(("port", "number"), [(None, 0), ("443", 443), (b"80", 80), ("https", 443)])
def test_a_port_may_be_given_in_any_form(port: Any, number: int) -> None:
    """As the real function takes it."""
    with meeting():
        assert socket.getaddrinfo("api.acme.test", port)[0][4][1] == number


def test_addresses_and_this_machine_need_no_name_service() -> None:
    """They are looked up as ever."""
    with meeting() as call:
        assert socket.getaddrinfo("127.0.0.1", 80)[0][4] == ("127.0.0.1", 80)
        assert socket.getaddrinfo(None, 80)
        assert socket.gethostbyname("localhost") == "127.0.0.1"
        assert not call.blocked


def test_a_host_of_nobody_does_not_resolve_and_is_noted() -> None:
    """The report says what an adapter reached for."""
    with meeting() as call:
        for look_up in (socket.gethostbyname, lambda name: socket.getaddrinfo(name, 443)):
            with pytest.raises(socket.gaierror):
                look_up("example.com")
    assert call.blocked == ["example.com (name look-up)"] * 2


def test_a_name_in_unicode_is_the_one_on_the_wire() -> None:
    """A cassette may hold either form."""
    with meeting(urls=["https://bücher.test/"]):
        assert socket.gethostbyname("bücher.test") == socket.gethostbyname("xn--bcher-kva.test")


def test_a_connection_to_nobody_is_refused_and_noted() -> None:
    """By either function, and datagrams too."""
    with meeting() as call:
        with socket.socket() as sock, pytest.raises(OSError, match="Network is unreachable"):
            sock.connect(NOBODY)
        with socket.socket() as sock:
            assert sock.connect_ex(NOBODY) == errno.ENETUNREACH
        with socket.socket(type=socket.SOCK_DGRAM) as sock, pytest.raises(OSError, match="Network is unreachable"):
            sock.sendto(b"?", ("192.0.2.1", 53))
    assert call.blocked == ["192.0.2.1:443", "192.0.2.1:443", "192.0.2.1:53"]


def test_a_socket_may_be_told_a_name_instead_of_an_address() -> None:
    """The real function looks it up itself; ours does the same among the service's hosts."""
    with meeting(urls=["http://plain.acme.test/", "http://localhost:9/"]) as call:
        for address in (("plain.acme.test", 80), ("localhost", 9)):
            with socket.socket() as sock:
                sock.connect(address)
                sock.sendall(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
                assert sock.recv(15) == b"HTTP/1.1 200 OK"
        with socket.socket() as sock, pytest.raises(socket.gaierror):
            sock.connect(("example.com", 80))
        with socket.socket(type=socket.SOCK_DGRAM) as sock, pytest.raises(socket.gaierror):
            sock.sendto(b"?", ("example.com", 53))
    assert [request.url for request in call.requests] == ["http://plain.acme.test/", "http://localhost:9/"]
    assert call.blocked == ["example.com (name look-up)"] * 2


def test_an_origin_of_the_service_at_another_port_is_nobody() -> None:
    """Its host resolves, and the report names it."""
    with meeting() as call, socket.socket() as sock, pytest.raises(OSError, match="unreachable"):
        sock.connect((socket.gethostbyname("api.acme.test"), 22))
    assert call.blocked == ["api.acme.test:22"]


def test_loopback_is_open_for_an_authors_own_tests_only() -> None:
    """What an author's fixture serves stays reachable; a certification reaches nothing but the cassettes."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = listener.getsockname()
    with meeting(open_loopback=True) as call, socket.socket() as sock:
        sock.connect(address)
        assert not call.blocked
    with meeting() as call, socket.socket() as sock, pytest.raises(OSError, match="unreachable"):
        sock.connect(address)
    assert call.blocked == [f"127.0.0.1:{address[1]}"]
    listener.close()


def test_datagrams_to_this_machine_and_other_families_are_left_alone() -> None:
    """Only the Internet is redirected."""
    with meeting() as call:
        with socket.socket(type=socket.SOCK_DGRAM) as there, socket.socket(type=socket.SOCK_DGRAM) as here:
            there.bind(("127.0.0.1", 0))
            assert here.sendto(b"hello", there.getsockname()) == 5
            assert there.recv(5) == b"hello"
            assert here.sendto(b"again", ("localhost", there.getsockname()[1])) == 5
        with socket.socket(socket.AF_UNIX) as sock, pytest.raises(FileNotFoundError):
            sock.connect("/nowhere/at/all.sock")
    assert not call.blocked


def test_a_recorded_loopback_address_is_the_services() -> None:
    """A cassette recorded from a loopback server is answered without it."""
    with meeting(urls=["http://127.0.0.1:9/x"]) as call:
        assert b"hello" in fetch("http://127.0.0.1:9/x")
    assert call.requests[0].url == "http://127.0.0.1:9/x"


def test_a_recorded_ipv6_address_is_the_services() -> None:
    """The same over IPv6; its URL keeps the brackets."""
    with meeting(urls=["http://[::1]:9/x"]) as call:
        assert b"hello" in fetch("http://[::1]:9/x")
    assert call.requests[0].url == "http://[::1]:9/x"


def test_connect_ex_tells_what_connect_raises() -> None:
    """0 for success, else the number of the error."""
    with laid() as network:
        with calling(network), socket.socket() as sock:
            assert sock.connect_ex((socket.gethostbyname("plain.acme.test"), 80)) == 0
        for kind, limit, number in (
            ("refused", None, errno.ECONNREFUSED),
            ("connect_timeout", 30.0, errno.EAGAIN),
            ("connect_timeout", None, errno.ETIMEDOUT),
            ("connect_timeout", 0.0, errno.EINPROGRESS),
        ):
            plan = persistent("refused" if kind == "refused" else "connect_timeout")
            with calling(network, plan=plan), socket.socket() as sock:
                address = socket.gethostbyname("plain.acme.test")
                sock.settimeout(limit)
                assert sock.connect_ex((address, 80)) == number


def test_an_error_without_a_number_is_an_input_output_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """`connect_ex` always has one to tell."""

    class Odd:
        """A router that fails oddly."""

        ca_pem = ""

        def serves(self, _host: str) -> bool:
            return False

        def knows(self, _address: str, _port: int) -> bool:
            return False

        def route(self, *_place: Any) -> Any:
            raise OSError("odd")

    monkeypatch.setattr(REDIRECT, "router", Odd())
    with socket.socket() as sock:
        assert sock.connect_ex(NOBODY) == errno.EIO


def test_a_timeout_is_short_only_where_silence_was_planned() -> None:
    """30 seconds stay 30 on a connection that is going to be answered, and shorter ones stay what they are."""
    with laid() as network:
        for plan, wanted in ((FaultPlan(), 30.0), (persistent("read_timeout"), QUICK)):
            with calling(network, plan=plan), socket.socket() as sock:
                sock.settimeout(30.0)
                sock.connect((socket.gethostbyname("plain.acme.test"), 80))
                assert sock.gettimeout() == wanted
                sock.settimeout(QUICK / 2)
                assert sock.gettimeout() == QUICK / 2
                sock.settimeout(20.0)
                assert sock.gettimeout() == (20.0 if wanted == 30.0 else QUICK)


def test_a_shortened_timeout_waits_for_the_request_to_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine silence has not begun when the time is over: the fault would not be met."""
    waits: list[bool] = []
    holding = iter([False, False, True])

    def late(_sock: socket.socket) -> bytes:
        waits.append(True)
        raise TimeoutError("timed out")

    with laid() as network, calling(network, plan=persistent("read_timeout")), socket.socket() as sock:
        sock.settimeout(30.0)
        sock.connect((socket.gethostbyname("plain.acme.test"), 80))
        monkeypatch.setattr(CLOCK, "silent", lambda: next(holding))
        before = CLOCK.offset
        with pytest.raises(TimeoutError):
            _telling_timeouts(late)(sock)
    assert len(waits) == 3
    assert CLOCK.offset - before == pytest.approx(30.0 - QUICK)


def test_a_handshake_takes_its_time_before_the_silence() -> None:
    """Its timeout is the one that was asked for; afterwards it is short."""
    with laid() as network, calling(network, plan=persistent("read_timeout")), socket.socket() as sock:
        sock.settimeout(30.0)
        sock.connect((socket.gethostbyname("api.acme.test"), 443))
        assert sock.gettimeout() == QUICK
        with REDIRECT.unhurried(sock):
            assert sock.gettimeout() == 30.0
        wrapped = ssl.create_default_context().wrap_socket(sock, server_hostname="api.acme.test")
        with wrapped:
            assert wrapped.gettimeout() == QUICK


def test_sockets_that_would_wait_for_ever_are_found() -> None:
    """Open ones without a timeout, by their local port."""
    with meeting():
        sock, other = socket.socket(), socket.socket()
        for each in (sock, other):
            each.connect((socket.gethostbyname("plain.acme.test"), 80))
        other.settimeout(1)
        assert REDIRECT.waits_without_timeout() == [sock.getsockname()[1]]
        sock.close()
        other.close()
        assert REDIRECT.waits_without_timeout() == []


def test_one_replay_at_a_time() -> None:
    """Two would answer each other's requests."""
    with laid() as network, pytest.raises(RuntimeError, match="another replay is active"), REDIRECT.through(network):
        pass


def test_verifying_clients_trust_the_throw_away_authority_meanwhile() -> None:
    """Verification stays on, the system's bundle is not even read, and a context is given the CA once."""
    with meeting() as call:
        context = ssl.create_default_context()
        assert not context.get_ca_certs()
        for _ in range(2):
            connection = http.client.HTTPSConnection("api.acme.test", context=context, timeout=5)
            connection.request("GET", "/v1/me")
            assert connection.getresponse().status == 200
            connection.close()
        assert len(context.get_ca_certs()) == 1
    assert len(call.requests) == 2


def test_a_client_that_verifies_nothing_is_left_as_it_is() -> None:
    """It accepts the untrusted certificate, and its request arrives: the standard's S02 sees that."""
    with meeting(plan=persistent("tls")) as call:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection("api.acme.test", context=context, timeout=5)
        connection.request("GET", "/v1/me")
        assert connection.getresponse().status == 200
        connection.close()
        assert not context.get_ca_certs()
    (exchange,) = call.exchanges
    assert exchange.request is not None
    assert exchange.fault is not None


def test_a_certificate_for_another_host_is_refused_by_its_name() -> None:
    """It comes from the trusted authority."""
    with meeting(plan=persistent("tls_name")) as call, pytest.raises(OSError, match="Hostname mismatch"):
        fetch("https://api.acme.test/v1/me")
    assert [exchange.request for exchange in call.exchanges] == [None]


def test_a_server_context_of_the_programs_own_is_left_alone() -> None:
    """Its handshake is no client's."""
    ours, theirs = socket.socketpair()
    with laid():
        served = (
            tls.authority().context("own.test").wrap_socket(theirs, server_side=True, do_handshake_on_connect=False)
        )
        assert not REDIRECT.waits_without_timeout()
    served.close()
    ours.close()


def test_a_socket_without_a_name_has_no_port() -> None:
    """A closed one, or one of another family, is no connection of the service's."""
    with meeting(plan=persistent("read_timeout")):
        held = socket.create_connection((socket.gethostbyname("plain.acme.test"), 80))
        closed = socket.socket()
        closed.close()
        with pytest.raises(OSError, match="Bad file descriptor"):
            closed.settimeout(30)
        with socket.socket(socket.AF_UNIX) as unix:
            unix.settimeout(30)
            assert unix.gettimeout() == 30
        held.close()


def test_without_a_replay_sockets_go_where_they_are_sent() -> None:
    """The redirect is inert."""
    listener = socket.create_server(("127.0.0.1", 0))
    with socket.socket() as sock:
        sock.connect(listener.getsockname())
        assert sock.getpeername() == listener.getsockname()
    with socket.socket() as sock:
        assert sock.connect_ex(listener.getsockname()) == 0
    listener.close()
    with socket.socket(type=socket.SOCK_DGRAM) as there, socket.socket(type=socket.SOCK_DGRAM) as here:
        there.bind(("127.0.0.1", 0))
        assert here.sendto(b"hello", there.getsockname()) == 5
    assert socket.getaddrinfo is not originals.getaddrinfo
    assert socket.getaddrinfo("127.0.0.1", 1) == originals.getaddrinfo("127.0.0.1", 1)


def test_a_name_whose_replay_has_ended_meanwhile_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that outlives its call gets an error, no address."""
    network = Network()
    monkeypatch.setattr(REDIRECT, "router", network)
    monkeypatch.setattr(network, "resolve", lambda _host: None)
    with pytest.raises(socket.gaierror):
        socket.gethostbyname("api.acme.test")
    network.close()
