"""Credentials go home only, and are renewed once after a 401."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from adapters.http_probe import TOKEN, Probe, answering, failing

from automate_connectors.errors import AuthenticationError, ConfigurationError, ConnectorErrorCode, Effect
from automate_connectors.profiles import ConnectionProfile

OK, REFUSED = httpx.Response(200, json={}), httpx.Response(401)
ELSEWHERE = "https://files.example.net/upload"


class Renewing(Probe):
    """Holds a token that `refresh_auth` replaces."""

    token = "first-token"
    renewals = 0
    renew: Callable[["Renewing"], bool] | None = None

    def auth_headers(self) -> dict[str, str]:
        """Return the credentials."""
        return {"Authorization": f"Bearer {self.token}"}

    def refresh_auth(self) -> bool:
        """Get new credentials."""
        self.renewals += 1
        if self.renew is not None:
            return type(self).renew(self)  # type: ignore[misc]  # a function kept on the class
        self.token = "second-token"
        return True


def test_after_a_401_the_request_goes_out_once_more_with_new_credentials() -> None:
    """The hook is asked once, and the same request is sent."""
    with answering(REFUSED, OK) as router:
        probe = Renewing()
        assert probe.execute("post", {}) == {"result": 200}
        first, second = (call.request for call in router.calls)
        assert first.content == second.content
        assert [call.request.headers["authorization"] for call in router.calls] == [
            "Bearer first-token",
            "Bearer second-token",
        ]


def test_a_second_401_is_final() -> None:
    """New credentials that are refused as well are an AUTH_FAILED."""
    with answering(REFUSED, REFUSED):
        probe = Renewing()
        assert failing(probe, "post").code is ConnectorErrorCode.AUTH_FAILED
    assert probe.renewals == 1


def test_the_health_check_renews_too() -> None:
    """`connect` is a request like others."""
    with answering(REFUSED, OK):
        assert Renewing().connect() is True


def test_without_the_hook_a_401_is_final() -> None:
    """The default hook renews nothing."""
    with answering(REFUSED):
        assert failing(Probe(), "post").code is ConnectorErrorCode.AUTH_FAILED


@pytest.mark.parametrize("authenticate", [True, False])
def test_a_401_that_is_expected_or_not_about_our_credentials_renews_nothing(authenticate: bool) -> None:
    """There is nothing to renew where the answer is wanted, or no credentials were sent."""

    def script(probe: Probe) -> httpx.Response:
        return probe.request("GET", "/me", authenticate=authenticate, expect={401} if authenticate else None)

    with answering(REFUSED):
        probe = Renewing(script=script)
        if authenticate:
            assert probe.execute("plain", {}) == {"result": 401}
        else:
            assert failing(probe, "plain").status == 401
    assert probe.renewals == 0


class SigningIn(Renewing):
    """Signs in by a request of its own."""

    def refresh_auth(self) -> bool:
        """Get new credentials."""
        self.renewals += 1
        self.token = self.json(self.request("POST", "/token", authenticate=False))["token"]
        return True


def test_signing_in_anew_is_no_effect() -> None:
    """The token request inside the hook does not colour the error of the write."""
    with answering(REFUSED, httpx.Response(200, json={"token": "t"}), httpx.Response(429)):
        error = failing(SigningIn(), "post")
    assert (error.effect, error.retryable) == (Effect.NONE, True)


def test_a_401_to_the_sign_in_itself_is_the_end() -> None:
    """The hook is not asked about its own request, with credentials or without."""
    with answering(REFUSED, REFUSED):
        probe = SigningIn()
        error = failing(probe, "post")
    assert (error.code, error.effect) == (ConnectorErrorCode.AUTH_FAILED, Effect.NONE)
    assert probe.renewals == 1

    def renew(adapter: Renewing) -> bool:
        adapter.request("POST", "/token")
        return True

    class WithCredentials(Renewing):
        pass

    WithCredentials.renew = renew
    with answering(REFUSED, REFUSED):
        other = WithCredentials()
        assert failing(other, "post").code is ConnectorErrorCode.AUTH_FAILED
    assert other.renewals == 1


def test_a_failed_renewal_after_a_write_is_told_truly() -> None:
    """The error of the sign-in is an error of the call."""

    def script(probe: Probe) -> httpx.Response:
        probe.request("POST", "/things")
        return probe.request("POST", "/things")

    with answering(OK, REFUSED, httpx.Response(503)):
        error = failing(SigningIn(script=script), "post")
    assert (error.status, error.effect, error.retryable) == (503, Effect.UNKNOWN, False)


def test_threads_that_were_refused_together_renew_once() -> None:
    """Those that wait for the lock use what the first one got."""
    threads = 8
    together = threading.Barrier(threads)
    turn = threading.Lock()

    class Shared(Renewing):
        def refresh_auth(self) -> bool:
            """Get new credentials."""
            with turn:
                return super().refresh_auth()

    def script(probe: Probe) -> int:
        return probe.request("GET", "/me").status_code

    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers["authorization"] == "Bearer first-token":
            together.wait(10)
            return httpx.Response(401)
        return httpx.Response(200)

    probe = Shared(script=script)
    with answering() as router:
        router.routes.clear()
        router.route().mock(side_effect=answer)
        with ThreadPoolExecutor(threads) as pool:
            results = list(pool.map(lambda _n: probe.execute("read", {}), range(threads)))
    assert results == [{"result": 200}] * threads
    assert probe.renewals == 1


def test_credentials_may_be_fetched_while_they_are_built() -> None:
    """A request inside `auth_headers` waits for no credentials, and is no effect."""

    class Lazy(Probe):
        def auth_headers(self) -> dict[str, str]:
            """Return the credentials."""
            token = self.json(self.request("POST", "/token"))["token"]
            return {"Authorization": f"Bearer {token}"}

    with answering(httpx.Response(200, json={"token": "t"}), httpx.Response(429)) as router:
        error = failing(Lazy(), "post")
        assert "authorization" not in router.calls[0].request.headers
        assert router.calls[1].request.headers["authorization"] == "Bearer t"
    assert (error.effect, error.retryable) == (Effect.NONE, True)


def test_a_missing_secret_is_a_configuration_error() -> None:
    """It is found before anything is sent."""
    with answering():
        assert failing(Probe(ConnectionProfile("probe")), "post").code is ConnectorErrorCode.CONFIG_INVALID


def test_a_secret_that_no_header_can_carry_is_a_configuration_error() -> None:
    """A line break inside is refused without being shown; one at the end is dropped."""
    with answering(OK) as router:
        bad = ConnectionProfile("probe", secrets={"token": "abcd\nInjected: yes"})
        error = failing(Probe(bad), "post")
        assert error.code is ConnectorErrorCode.CONFIG_INVALID
        assert "abcd" not in error.message
        Probe(ConnectionProfile("probe", secrets={"token": "abcdef\n"})).execute("post", {})
        assert router.calls.last.request.headers["authorization"] == "Bearer abcdef"


@pytest.mark.parametrize(
    "address",
    [
        ELSEWHERE,
        "http://api.example.com/v1/x",
        "https://api.example.com:8443/v1/x",
        "https://api.example.com.evil.net/",
    ],
)
def test_another_origin_gets_no_credentials(address: str) -> None:
    """Scheme, host and port make an origin."""
    with answering(OK, REFUSED) as router:
        probe = Renewing(script=lambda probe: probe.request("GET", address))
        probe.execute("plain", {})
        assert "authorization" not in router.calls.last.request.headers
        assert isinstance(failing(probe, "plain"), AuthenticationError)
    assert probe.renewals == 0


@pytest.mark.parametrize("address", ["https://api.example.com/v2/x", "https://API.example.com:443/v1/x"])
def test_the_own_origin_gets_credentials_at_every_path(address: str) -> None:
    """An absolute address of the same origin is home."""
    with answering(OK) as router:
        Probe(script=lambda probe: probe.request("GET", address)).execute("plain", {})
        assert TOKEN in router.calls.last.request.headers["authorization"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"headers": {"X-Key": f"key {TOKEN}"}},
        {"params": {"key": TOKEN}},
        {"json": {"deep": [{"key": TOKEN}]}},
        {"data": {"key": TOKEN}},
        {"data": TOKEN.encode().hex()},
    ],
)
def test_a_secret_anywhere_in_a_request_to_another_origin_is_refused(arguments: dict[str, object]) -> None:
    """Unless the author says that the other origin is meant to have it."""

    def script(probe: Probe, *, authenticate: bool = True) -> httpx.Response:
        return probe.request("POST", ELSEWHERE, authenticate=authenticate, **arguments)  # type: ignore[arg-type]  # a table of arguments

    with answering(OK):
        error = failing(Probe(script=script), "plain")
        assert isinstance(error, ConfigurationError)
        assert error.effect is Effect.NONE
        assert Probe(script=lambda probe: script(probe, authenticate=False)).execute("plain", {}) == {"result": 200}
