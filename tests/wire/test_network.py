"""The network of one connector: calls, their exchanges, and the faults among them."""

from __future__ import annotations

import http.client
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import requests
from wire.laying import HELLO, JSON, Says, calling, laid, meeting, raised_by

from automate_connectors.wire.clock import CLOCK
from automate_connectors.wire.faults import Allowance, Fault, FaultPlan
from automate_connectors.wire.messages import Answer, SentRequest
from automate_connectors.wire.network import ELSEWHERE, Call, Network
from automate_connectors.wire.server import Reply, Visit
from automate_connectors.wire.threads import untraced

URL = "https://api.acme.test/v1/me"


def echoing(request: SentRequest) -> Answer:
    """An answer that says what was asked."""
    return Answer(200, "OK", JSON, b'"' + request.query.encode() + b'"')


def test_a_call_notes_every_request_in_order() -> None:
    """With its number, its time on the virtual clock, and what was answered."""
    with meeting() as call, requests.Session() as session:
        session.get(URL, timeout=5)
        CLOCK.advance(100)
        session.post(URL, json={"a": 1}, timeout=5)
    first, second = call.exchanges
    assert (first.number, second.number) == (1, 2)
    assert second.at - first.at >= 100
    assert first.answer == second.answer == HELLO
    assert [request.method for request in call.requests] == ["GET", "POST"]
    assert call.requests[1].json() == {"a": 1}


def test_a_connection_is_kept_over_calls_and_dropped_before_a_connection_fault() -> None:
    """Otherwise a fault of connecting would never be met."""
    with laid() as network, requests.Session() as session:
        with calling(network):
            session.get(URL, timeout=5)
            assert network.connections == 1
        with calling(network) as call:
            session.get(URL, timeout=5)
            assert network.connections == 1
            assert call.exchanges[0].answer == HELLO
        refused = FaultPlan.persistent(Fault.network("refused"))
        with calling(network, plan=refused) as call, pytest.raises(requests.ConnectionError):
            session.get(URL, timeout=5)
        assert [exchange.request for exchange in call.exchanges] == [None]


def test_a_connection_fault_at_a_later_request_gets_a_connection_of_its_own() -> None:
    """The answer before it ends the connection."""
    plan = FaultPlan.persistent(Fault.network("connect_timeout"), 2)
    with meeting(plan=plan) as call, requests.Session() as session:
        assert session.get(URL, timeout=30).headers["Connection"] == "close"
        with pytest.raises(requests.ConnectTimeout):
            session.get(URL, timeout=30)
    assert [exchange.fault.name if exchange.fault else None for exchange in call.exchanges] == [None, "connect_timeout"]


def test_a_connection_that_outlived_the_drop_is_reset() -> None:
    """A connection fault cannot spare a request that arrives all the same."""
    network = Network()
    network.begin(call := Call(Says(), FaultPlan.persistent(Fault.network("refused"))))
    reply = network.handle(Visit("api.acme.test", 443, 1), SentRequest("GET", URL), 1)
    assert reply.do == "reset"
    assert [exchange.fault is not None for exchange in call.exchanges] == [True]
    network.close()


def test_outside_a_call_a_request_is_dropped() -> None:
    """Nobody answers for it."""
    network = Network()
    assert network.handle(Visit("api.acme.test", 443, 1), SentRequest("GET", URL), 1) == Reply("drop")
    assert network.visit(1) is None
    assert network.resolve("api.acme.test") is None
    network.stuck(None)
    network.end()
    assert not network.holding()
    network.close()


def test_a_fault_that_has_happened_often_enough_happens_no_more() -> None:
    """``times`` is counted over calls."""
    allowance = Allowance()
    plan = FaultPlan.persistent(Fault.network("refused", times=2))
    with laid() as network:
        seen = []
        for _ in range(4):
            network.begin(Call(Says(), plan, allowance))
            seen.append(raised_by(lambda: requests.get(URL, timeout=5)) is None)
            network.end()
    assert seen == [False, False, True, True]


def test_an_unresolved_name_is_one_attempt_each() -> None:
    """A look-up that fails is an exchange without a request."""
    with meeting(plan=FaultPlan.once(Fault.network("dns"))) as call:
        with pytest.raises(requests.ConnectionError):
            requests.get(URL, timeout=5)
        assert requests.get(URL, timeout=5).json()["ok"]
    assert [exchange.request is not None for exchange in call.exchanges] == [False, True]


def test_a_name_that_was_resolved_before_is_refused_under_the_dns_fault() -> None:
    """Who kept the address does not get round the fault."""
    with laid() as network:
        address = socket.gethostbyname("api.acme.test")
        with calling(network, plan=FaultPlan.persistent(Fault.network("dns"))) as call, socket.socket() as sock:
            assert isinstance(raised_by(lambda: sock.connect((address, 443))), ConnectionRefusedError)
        assert len(call.exchanges) == 1


def test_a_request_behind_a_wrong_certificate_is_the_same_attempt() -> None:
    """Connecting and sending are one exchange, not two."""
    for name in ("tls", "tls_name"):
        plan = FaultPlan.persistent(Fault.network("tls" if name == "tls" else "tls_name"))
        with meeting(plan=plan) as call, httpx.Client(verify=False) as client:  # noqa: S501 - what the fault is about
            assert client.get(URL).json()["ok"]
        assert [(e.number, e.request is not None, e.acted) for e in call.exchanges] == [(1, True, 1)]


def test_a_call_that_runs_away_is_ended() -> None:
    """After the given number of requests, once."""
    ended: list[int] = []
    with laid() as network:
        call = Call(Says(), runaway=3, on_runaway=lambda: ended.append(len(call.exchanges)))
        network.begin(call)
        with requests.Session() as session:
            for _ in range(5):
                session.get(URL, timeout=5)
        network.end()
    assert ended == [3]


def test_who_still_waits_when_a_call_ends_is_let_go() -> None:
    """A thread that the adapter left behind gets an error instead of silence."""
    with laid() as network:
        network.begin(Call(Says(), FaultPlan.persistent(Fault.network("read_timeout"))))
        connection = http.client.HTTPConnection("plain.acme.test")
        connection.request("GET", "/")
        waiting = threading.Event()
        seen: list[BaseException | None] = []

        def wait() -> None:
            waiting.set()
            seen.append(raised_by(connection.getresponse))

        thread = threading.Thread(target=wait)
        thread.start()
        waiting.wait()
        while not network.holding():
            pass
        network.end()
        thread.join()
        connection.close()
    assert isinstance(seen[0], ConnectionError)


def test_only_a_request_in_silence_can_be_stuck() -> None:
    """Once, and only on the connection where it waits."""
    with laid() as network, calling(network, plan=FaultPlan.persistent(Fault.network("connect_timeout"))) as call:
        network.stuck(None)
        assert not call.untimed
        sock = socket.socket()
        sock.settimeout(0)
        sock.connect_ex((socket.gethostbyname("plain.acme.test"), 80))
        port = sock.getsockname()[1]
        assert network.holding()
        network.stuck(port + 1)
        assert not call.untimed
        network.stuck(port)
        network.stuck(None)
        assert call.untimed == [1]
        sock.close()


def test_the_place_where_redirects_lead_is_always_served() -> None:
    """S04 looks at what an adapter sends there."""
    with meeting(urls=[]) as call:
        assert requests.get(f"https://{ELSEWHERE}/moved", timeout=5).ok
        assert requests.get(f"http://{ELSEWHERE}/moved", timeout=5).ok
    assert [request.origin for request in call.requests] == [f"https://{ELSEWHERE}", f"http://{ELSEWHERE}"]


def test_other_origins_take_the_place_of_the_first() -> None:
    """Addresses stay, what is not served any more does not resolve."""
    with laid(urls=["https://a.test/", "https://b.test/"]) as network, calling(network):
        before = socket.gethostbyname("b.test")
        network.serve(["https://b.test/", "https://c.test/"])
        assert socket.gethostbyname("b.test") == before
        assert socket.gethostbyname("c.test") != before
        with pytest.raises(socket.gaierror):
            socket.gethostbyname("a.test")


def test_every_connection_can_be_dropped() -> None:
    """Between two lives of an adapter."""
    with laid() as network, calling(network), requests.Session() as session:
        session.get(URL, timeout=5)
        network.reset()
        assert session.get(URL, timeout=5).ok


def test_a_network_without_a_call_notes_nothing() -> None:
    """What is reached for between calls is refused all the same."""
    with laid(), socket.socket() as sock:
        assert sock.connect_ex(("192.0.2.1", 443)) != 0


def test_eight_clients_at_once_get_their_own_answers() -> None:
    """Each thread's requests are answered by what it asked, and every one is noted once."""
    # CPython 3.11 cannot trace two threads that start at once: coverage does not see these.
    with laid(spawn=untraced) as network:
        network.begin(call := Call(Says(echoing)))

        def ask(number: int) -> list[bool]:
            with requests.Session() as session:
                return [session.get(f"{URL}?{number}-{i}", timeout=5).json() == f"{number}-{i}" for i in range(10)]

        with ThreadPoolExecutor(8) as pool:
            right = list(pool.map(ask, range(8)))
        network.end()
    assert right == [[True] * 10] * 8
    assert sorted(exchange.number for exchange in call.exchanges) == list(range(1, 81))
    assert len({request.url for request in call.requests}) == 80
