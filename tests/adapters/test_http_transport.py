"""Failures of the transport become errors with an effect that is true."""

import ssl
import traceback

import httpx
import pytest
from adapters.http_probe import TOKEN, Probe, answering, failing

from automate_connectors.adapters._presentable import Redactor
from automate_connectors.adapters._transport_errors import transport_error
from automate_connectors.errors import ConnectorErrorCode as Code
from automate_connectors.errors import Effect
from automate_connectors.profiles import ConnectionProfile


@pytest.mark.parametrize(
    ("failure", "code", "retryable", "effect"),
    [
        (httpx.ConnectError("[Errno 111] Connection refused"), Code.TRANSIENT_NETWORK, True, Effect.NONE),
        (httpx.ProxyError("407"), Code.TRANSIENT_NETWORK, True, Effect.NONE),
        (httpx.ConnectTimeout("slow"), Code.TIMEOUT, True, Effect.NONE),
        (httpx.PoolTimeout("busy"), Code.TIMEOUT, True, Effect.NONE),
        (httpx.ReadTimeout("slow"), Code.TIMEOUT, True, Effect.UNKNOWN),
        (httpx.WriteTimeout("slow"), Code.TIMEOUT, True, Effect.UNKNOWN),
        (httpx.ReadError("[Errno 104] Connection reset by peer"), Code.TRANSIENT_NETWORK, True, Effect.UNKNOWN),
        (httpx.WriteError("broken pipe"), Code.TRANSIENT_NETWORK, True, Effect.UNKNOWN),
        (httpx.RemoteProtocolError(""), Code.TRANSIENT_NETWORK, True, Effect.UNKNOWN),
        (httpx.LocalProtocolError("odd"), Code.INVALID_INPUT, False, Effect.UNKNOWN),
        (OSError("odd"), Code.TRANSIENT_NETWORK, True, Effect.UNKNOWN),
        (UnicodeError("label too long"), Code.CONFIG_INVALID, False, Effect.NONE),
    ],
)
def test_each_failure_is_an_error_with_the_effect_of_its_phase(
    failure: Exception,
    code: Code,
    retryable: bool,
    effect: Effect,
) -> None:
    """Nothing is sent before there is a connection; from then on nobody knows."""
    with answering(failure, failure):
        error = failing(Probe(), "plain")
        read = failing(Probe(), "read")
    assert (error.code, error.retryable, error.effect) == (code, retryable, effect)
    assert error.__cause__ is failure
    assert read.effect is Effect.NONE
    assert error.message.isprintable()


def _broken_body(status: int) -> httpx.Response:
    def stream() -> object:
        yield b'{"a"'
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")

    return httpx.Response(status, content=stream())  # type: ignore[arg-type]  # a generator of bytes


def test_a_truncated_success_is_a_network_error() -> None:
    """The status came, the body did not: the effect is unknown."""
    with answering(_broken_body(200)):
        error = failing(Probe(), "plain")
    assert (error.code, error.effect) == (Code.TRANSIENT_NETWORK, Effect.UNKNOWN)


def test_a_success_without_its_body_is_enough_for_an_action_that_does_not_read() -> None:
    """`reads_response=False`: a 2xx is success whatever its body."""
    with answering(_broken_body(200)):
        assert Probe().execute("fire", {}) == {"result": 200}


def test_a_status_counts_even_where_its_body_breaks() -> None:
    """An error's body explains it and is not needed."""
    with answering(_broken_body(429)):
        assert failing(Probe(), "plain").code is Code.RATE_LIMITED


def test_an_undecodable_answer_is_a_bad_response() -> None:
    """A body that is not gzip although its headers say so is the service's mistake."""
    stream = httpx.ByteStream(b"no gzip")
    with answering(httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=stream)):
        error = failing(Probe(), "plain")
    assert (error.code, error.effect) == (Code.BAD_RESPONSE, Effect.UNKNOWN)
    assert isinstance(error.__cause__, httpx.DecodingError)


def _chained(text: str, reason: Exception) -> httpx.ConnectError:
    error = httpx.ConnectError(text)
    error.__cause__ = reason
    return error


def test_a_certificate_that_cannot_be_trusted_is_not_retryable() -> None:
    """The next attempt meets the same certificate."""
    failure = _chained("refused", ssl.SSLCertVerificationError("self-signed certificate"))
    error = transport_error(failure, "api.example.com", Redactor())
    assert (error.code, error.retryable, error.effect) == (Code.TRANSIENT_NETWORK, False, Effect.NONE)
    assert "certificate" in error.message


def test_a_chain_that_closes_upon_itself_is_read_once() -> None:
    """A client that keeps its exceptions can make a circle of them."""
    inner = OSError("inner")
    failure = _chained("outer", inner)
    inner.__context__ = failure
    assert transport_error(failure, "api.example.com", Redactor()).retryable


def test_no_secret_is_printed_with_the_cause() -> None:
    """Where the text of an exception, or of one behind it, holds a secret, one of its type stands in."""
    secret = Redactor([TOKEN])
    told, hidden = _chained(f"sent {TOKEN}", OSError("x")), _chained("sent", OSError(f"odd {TOKEN.encode().hex()}"))
    harmless = _chained("sent", OSError("odd"))
    for failure in (told, hidden):
        shown = secret.cause(failure)
        assert type(shown) is httpx.ConnectError
        assert not secret.finds("".join(traceback.format_exception(shown)) + repr(shown))
    assert secret.cause(harmless) is harmless
    assert str(secret.cause(told)) == "sent ***"
    assert TOKEN not in transport_error(told, "h", secret).message


@pytest.mark.parametrize("timeout", [0, -1, "soon", "", None, True, float("nan"), float("inf"), "1e99", 10**400, [1]])
def test_a_timeout_must_be_finite(timeout: object) -> None:
    """Anything but a number of seconds is refused before a request."""
    with answering():
        error = failing(
            Probe(ConnectionProfile("probe", options={"timeout": timeout}, secrets={"token": TOKEN})), "plain"
        )
    assert error.code is Code.CONFIG_INVALID
    assert "timeout" in error.message


@pytest.mark.parametrize(("options", "seconds"), [({}, 10.0), ({"timeout": 3}, 3.0), ({"timeout": "2.5"}, 2.5)])
def test_every_request_has_the_timeout(options: dict[str, object], seconds: float) -> None:
    """Connecting, reading, writing and waiting for a connection are bounded."""
    with answering(httpx.Response(200)) as router:
        Probe(ConnectionProfile("probe", options=options, secrets={"token": TOKEN})).execute("plain", {})
        timeouts = router.calls.last.request.extensions["timeout"]
    assert timeouts == dict.fromkeys(("connect", "read", "write", "pool"), seconds)


@pytest.mark.parametrize(
    "base_url",
    [
        "api.example.com",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://example.com",
        "https://",
        "https://user:hunter2hunter2@example.com",
        "https://example.com?key=hunter2hunter2",
        "https://example.com/#hunter2hunter2",
        "https://example.com:port",
        "https://" + "a" * 64 + ".example.com",
        "https://exa mple.com\n",
        "",
        7,
        None,
    ],
)
def test_a_hostile_base_url_is_refused(base_url: object) -> None:
    """Only an http or https address is one, and the message does not repeat it."""
    profile = ConnectionProfile("probe", options={"base_url": base_url}, secrets={"token": TOKEN})
    with answering():
        error = failing(Probe(profile), "plain")
    assert error.code is Code.CONFIG_INVALID
    assert "base_url" in error.message
    assert "hunter2" not in error.message


def test_an_unusable_environment_is_a_configuration_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken proxy variable is told without its value."""
    monkeypatch.setenv("HTTPS_PROXY", "odd://user:hunter2@proxy")
    error = failing(Probe(), "plain")
    assert error.code is Code.CONFIG_INVALID
    assert "hunter2" not in "".join(traceback.format_exception(error))


def test_a_closed_adapter_opens_again() -> None:
    """`close` may be called twice and before any request, and the next request works."""
    with answering(httpx.Response(200), httpx.Response(200)):
        probe = Probe()
        probe.close()
        with probe:
            assert probe.execute("plain", {}) == {"result": 200}
        probe.close()
        assert probe.execute("plain", {}) == {"result": 200}
        probe.close()


def test_cookies_are_not_kept() -> None:
    """One request's cookie does not travel with another's."""
    with answering(httpx.Response(200, headers={"Set-Cookie": "session=1"}), httpx.Response(200)) as router:
        probe = Probe()
        probe.execute("plain", {})
        probe.execute("plain", {})
        assert "cookie" not in router.calls.last.request.headers
