"""Every fault reaches every client as the exception that a real network gives it (study on cassettes, section 2)."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from wire.clients import CLIENTS, Client, by_urllib3_as_it_comes
from wire.laying import meeting, raised_by

from automate_connectors.wire import originals
from automate_connectors.wire.clock import CLOCK
from automate_connectors.wire.faults import Fault, FaultPlan

HTTPS = "https://api.acme.test/v1/me"
HTTP = "http://plain.acme.test/me"

#: What each client raises, and after ``<`` what caused it; None: nothing. In the order of `wire.clients.CLIENTS`.
EXPECTED: dict[str, tuple[str | None, ...]] = {
    "status": (
        "HTTPError", "HTTPStatusError", "HTTPStatusError", "ClientResponseError", None, "HTTPError", "SlackApiError",
    ),
    "invalid_json": ("JSONDecodeError",) * 7,
    "html": (*("JSONDecodeError",) * 3, "ContentTypeError", "JSONDecodeError", "JSONDecodeError", "SlackApiError"),
    "empty": (*("JSONDecodeError",) * 3, None, "JSONDecodeError", "JSONDecodeError", "SlackApiError"),
    "truncated": (
        "ChunkedEncodingError", "RemoteProtocolError", "RemoteProtocolError", "ClientPayloadError",
        "ProtocolError<IncompleteRead", "IncompleteRead", "IncompleteRead",
    ),
    "dns": (
        "ConnectionError<MaxRetryError<NameResolutionError", "ConnectError", "ConnectError", "ClientConnectorDNSError",
        "NameResolutionError", "URLError<gaierror", "URLError<gaierror",
    ),
    "refused": (
        "ConnectionError<MaxRetryError<NewConnectionError", "ConnectError", "ConnectError", "ClientConnectorError",
        "NewConnectionError", "URLError<ConnectionRefusedError", "URLError<ConnectionRefusedError",
    ),
    "connect_timeout": (
        "ConnectTimeout", "ConnectTimeout", "ConnectTimeout", "ConnectionTimeoutError",
        "ConnectTimeoutError", "URLError<TimeoutError", "URLError<TimeoutError",
    ),
    "tls": (
        "SSLError", "ConnectError<SSLCertVerificationError", "ConnectError<SSLCertVerificationError",
        "ClientConnectorCertificateError", "SSLError", "URLError<SSLCertVerificationError",
        "URLError<SSLCertVerificationError",
    ),
    "read_timeout": (
        "ReadTimeout", "ReadTimeout", "ReadTimeout", "SocketTimeoutError", "ReadTimeoutError", "TimeoutError",
        "TimeoutError",
    ),
    "reset": (
        "ConnectionError<ProtocolError<ConnectionResetError", "ReadError", "ReadError", "ClientOSError",
        "ProtocolError<ConnectionResetError", "ConnectionResetError", "ConnectionResetError",
    ),
    "lost_response": (
        "ConnectionError<ProtocolError<RemoteDisconnected", "RemoteProtocolError", "RemoteProtocolError",
        "ServerDisconnectedError", "ProtocolError<RemoteDisconnected", "RemoteDisconnected", "RemoteDisconnected",
    ),
}  # fmt: skip
FAULTS = {
    **{f"status-{status}": Fault.status(status) for status in (401, 429, 500, 503)},
    **{kind: Fault.body(kind) for kind in ("invalid_json", "html", "empty", "truncated", "truncated_chunked")},
    **{kind: Fault.network(kind) for kind in ("dns", "refused", "connect_timeout", "tls", "read_timeout")},
    **{kind: Fault.network(kind) for kind in ("reset", "lost_response")},
}
#: Requests that the service receives for one call whose answer is lost, by GET and by POST.
LOST = {"aiohttp": (2, 1), "slack_sdk": (2, 2)}
# Some clients leave a failed request's socket to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
by_client = pytest.mark.parametrize("client", CLIENTS, ids=[client.name for client in CLIENTS])


@pytest.fixture(autouse=True, scope="module")
def _quick_collections() -> Iterator[None]:
    """Leave what other tests hold out of the collections below."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Collect what a client left while this module's filter for warnings holds."""
    yield
    gc.collect()


def row_of(fault: str) -> str:
    """The row of the table that a fault belongs to."""
    return "status" if fault.startswith("status") else fault.removesuffix("_chunked")


def causes(error: BaseException | None) -> Iterator[str]:
    """An exception's class, then those of what led to it."""
    while isinstance(error, BaseException):
        yield type(error).__name__
        error = error.__cause__ or error.__context__ or getattr(error, "reason", None)


@by_client
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_raises_what_a_real_network_raises(client: Client, name: str) -> None:
    """The same class and the same causes, client by client, and a fault that the client survives is survived."""
    wanted = EXPECTED[row_of(name)][CLIENTS.index(client)]
    url = HTTP if name == "reset" else HTTPS
    with meeting(plan=FaultPlan.persistent(FAULTS[name])) as call:
        error = raised_by(lambda: client.call("GET", url, 30.0))
    assert call.exchanges
    assert all(exchange.fault is FAULTS[name] for exchange in call.exchanges)
    if wanted is None:
        assert error is None
        return
    # urllib3 and http.client each have an IncompleteRead.
    seen = list(dict.fromkeys(causes(error)))
    first, *rest = wanted.split("<")
    assert seen[0] == first
    assert [cause for cause in seen if cause in rest] == rest


@by_client
def test_a_client_reads_a_healthy_answer(client: Client) -> None:
    """Without a fault the redirect disturbs nobody, over TLS and without."""
    for url in (HTTPS, HTTP):
        with meeting() as call:
            assert client.call("GET", url, 30.0) == {"ok": True, "text": "hello"}
        (exchange,) = call.exchanges
        assert exchange.request is not None
        assert exchange.request.origin == url.rpartition("/")[0].removesuffix("/v1")


@by_client
def test_a_wrong_type_reaches_the_client_as_it_is(client: Client) -> None:
    """A list where an object was recorded is valid JSON: only who looks at it can notice."""
    with meeting(plan=FaultPlan.persistent(Fault.body("wrong_type"))):
        error = raised_by(lambda: client.call("GET", HTTPS, 30.0))
    assert (type(error).__name__ if error else None) == ("AttributeError" if client.name == "slack_sdk" else None)


@by_client
def test_a_reset_under_tls_is_a_transport_error(client: Client) -> None:
    """Which one it is, depends on CPython's release: it is one in any case, and no answer."""
    with meeting(plan=FaultPlan.persistent(Fault.network("reset"))):
        seen = set(causes(raised_by(lambda: client.call("GET", HTTPS, 30.0))))
    transport = {"RemoteDisconnected", "ConnectionResetError", "RemoteProtocolError", "ReadError", "ClientOSError"}
    assert seen & transport


@by_client
@pytest.mark.parametrize(("method", "place"), [("GET", 0), ("POST", 1)])
def test_the_service_counts_what_a_client_resends_by_itself(client: Client, method: str, place: int) -> None:
    """After a lost response the request arrived, and some clients send it once more without being asked."""
    with meeting(plan=FaultPlan.persistent(Fault.network("lost_response"))) as call:
        assert raised_by(lambda: client.call(method, HTTPS, 30.0)) is not None
    assert len(call.requests) == LOST.get(client.name, (1, 1))[place]
    assert all(exchange.acted == 1 for exchange in call.exchanges)


def test_the_default_retries_of_urllib3_are_counted() -> None:
    """Three retries of a GET, none of a POST."""
    for method, count in (("GET", 4), ("POST", 1)):
        with meeting(plan=FaultPlan.persistent(Fault.network("lost_response"))) as call:
            assert raised_by(lambda: by_urllib3_as_it_comes(method, HTTPS)) is not None  # noqa: B023 - called here
        assert len(call.requests) == count


@by_client
@pytest.mark.parametrize("kind", ["read_timeout", "connect_timeout"])
def test_a_silent_service_costs_next_to_no_real_time(client: Client, kind: str) -> None:
    """A timeout of 30 seconds fires at once, and nothing says that it was not set."""
    began = originals.monotonic()
    plan = FaultPlan.persistent(Fault.network("read_timeout" if kind == "read_timeout" else "connect_timeout"))
    with meeting(plan=plan) as call:
        error = raised_by(lambda: client.call("GET", HTTPS, 30.0))
    assert any("Timeout" in cause for cause in causes(error))
    assert not call.untimed
    assert originals.monotonic() - began < 3


@by_client
@pytest.mark.parametrize("kind", ["read_timeout", "connect_timeout"])
def test_a_request_without_a_timeout_is_noted_and_let_go(client: Client, kind: str) -> None:
    """The watchdog's tick, or the event loop itself, finds who would wait for ever."""
    began = originals.monotonic()
    plan = FaultPlan.persistent(Fault.network("read_timeout" if kind == "read_timeout" else "connect_timeout"))
    with meeting(plan=plan) as call:
        assert raised_by(lambda: client.call("GET", HTTPS, None)) is not None
    assert call.untimed == [exchange.number for exchange in call.exchanges]
    assert originals.monotonic() - began < 10


@by_client
@pytest.mark.parametrize("kind", ["read_timeout", "connect_timeout"])
@pytest.mark.parametrize("url", [HTTPS, HTTP])
def test_a_timeout_that_fired_at_once_took_its_time_on_the_virtual_clock(client: Client, kind: str, url: str) -> None:
    """Who tries again until a deadline tries as often as on a real network."""
    plan = FaultPlan.persistent(Fault.network("read_timeout" if kind == "read_timeout" else "connect_timeout"))
    with meeting(plan=plan) as call:
        began = CLOCK.now()
        assert raised_by(lambda: client.call("GET", url, 30.0)) is not None
        seconds = CLOCK.now() - began
    assert 29.9 <= seconds / len(call.exchanges) < 33
