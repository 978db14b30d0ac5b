"""The effect an error tells is that of the whole call, and of that call alone."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import respx
from adapters.http_probe import BASE, Probe, answering, failing

from automate_connectors.adapters.http import HttpConnectorAdapter
from automate_connectors.errors import ConflictError, ConnectorError, Effect, NotFoundError, ServiceUnavailableError

OK, LIMITED, BROKEN = httpx.Response(200, json={}), httpx.Response(429), httpx.Response(500)


def _write(probe: HttpConnectorAdapter, expect: set[int] | None = None) -> httpx.Response:
    return probe.request("POST", "/things", json={}, expect=expect)


def _twice(probe: Probe) -> httpx.Response:
    with contextlib.suppress(ConnectorError):
        _write(probe)
    return _write(probe)


@pytest.mark.parametrize(
    "first", [OK, BROKEN, httpx.Response(302), httpx.ReadTimeout("slow"), httpx.ReadError("reset")]
)
def test_after_a_write_that_may_have_acted_no_error_says_none(first: httpx.Response | Exception) -> None:
    """The second request was refused, the first one may have changed something."""
    with answering(first, LIMITED):
        error = failing(Probe(script=_twice), "put")
    assert (error.status, error.effect, error.retryable) == (429, Effect.UNKNOWN, True)


@pytest.mark.parametrize("first", [LIMITED, httpx.Response(404), httpx.ConnectError("refused")])
def test_after_a_write_that_cannot_have_acted_errors_still_say_none(first: httpx.Response | Exception) -> None:
    """A refused request changed nothing."""
    with answering(first, LIMITED):
        error = failing(Probe(script=_twice), "post")
    assert (error.effect, error.retryable) == (Effect.NONE, True)


def test_an_unsafe_action_is_not_retryable_once_it_may_have_acted() -> None:
    """Nobody may be told to send a second message."""
    with answering(OK, LIMITED):
        error = failing(Probe(script=_twice), "post")
    assert (error.status, error.effect, error.retryable) == (429, Effect.UNKNOWN, False)


@pytest.mark.parametrize(("action", "retryable"), [("post", False), ("put", True), ("plain", True)])
def test_an_ambiguous_failure_is_retryable_by_the_declared_idempotency(action: str, retryable: bool) -> None:
    """Only an unsafe action departs from the row of the code."""
    with answering(BROKEN):
        assert failing(Probe(), action).retryable is retryable


def test_expected_statuses_count_by_what_they_say() -> None:
    """A 404 that is returned changed nothing, a 503 may have."""
    for status, effect in ((404, Effect.NONE), (503, Effect.UNKNOWN)):

        def script(probe: Probe, status: int = status) -> httpx.Response:
            _write(probe, expect={status})
            return _write(probe)

        with answering(httpx.Response(status), LIMITED):
            assert failing(Probe(script=script), "plain").effect is effect


def test_the_authors_own_errors_are_told_truly_too() -> None:
    """An error that the action raises itself after a write cannot say none, and keeps `applied`."""

    def refuse(probe: Probe) -> None:
        _write(probe)
        raise NotFoundError("no such thing")

    def confess(probe: Probe) -> None:
        _write(probe)
        raise ConflictError("half done", effect="applied")

    with answering(OK, OK):
        assert failing(Probe(script=refuse), "put").effect is Effect.UNKNOWN
        assert failing(Probe(script=confess), "put").effect is Effect.APPLIED


def test_a_read_only_actions_own_errors_have_no_effect() -> None:
    """What declares to change nothing is believed."""

    def script(probe: Probe) -> None:
        _write(probe)
        raise ServiceUnavailableError("no page left")

    with answering(OK):
        assert failing(Probe(script=script), "read").effect is Effect.NONE


class InBand(Probe):
    """Its service answers errors with 200."""

    def check_response(self, response: httpx.Response) -> None:
        """Raise what the answer says."""
        problem = response.headers.get("x-error")
        if problem == "bug":
            raise KeyError(problem)
        if problem:
            raise NotFoundError("in band") if problem == "none" else ServiceUnavailableError("in band")


def _in_band(problem: str) -> httpx.Response:
    return httpx.Response(200, headers={"x-error": problem})


def test_an_in_band_refusal_changed_nothing() -> None:
    """An error of `check_response` with effect none says that the request had none."""
    with answering(_in_band("none"), LIMITED):
        assert failing(InBand(script=_twice), "post").effect is Effect.NONE


def test_an_in_band_failure_may_have_changed_something() -> None:
    """An error of `check_response` with effect unknown counts like a 5xx, for reads as none."""
    with answering(_in_band("unknown"), LIMITED, _in_band("unknown")):
        assert failing(InBand(script=_twice), "put").effect is Effect.UNKNOWN
        assert failing(InBand(), "read").effect is Effect.NONE


def test_a_bug_in_check_response_leaves_the_write_in_the_account() -> None:
    """The request was answered 2xx, whatever the adapter made of it."""

    def script(probe: Probe) -> httpx.Response:
        with contextlib.suppress(KeyError):
            _write(probe)
        return _write(probe)

    with answering(_in_band("bug"), LIMITED):
        assert failing(InBand(script=script), "put").effect is Effect.UNKNOWN


def test_each_call_begins_with_a_clean_account() -> None:
    """What an earlier call on the instance did is not this call's."""
    with answering(OK, LIMITED):
        probe = Probe()
        probe.execute("plain", {})
        assert failing(probe, "plain").effect is Effect.NONE


def test_threads_on_one_instance_keep_separate_accounts() -> None:
    """One thread's write does not colour another thread's error."""
    wrote, refused = threading.Event(), threading.Event()

    def script(probe: Probe) -> httpx.Response:
        if threading.current_thread() is threading.main_thread():
            return _write(probe)
        _write(probe)
        wrote.set()
        refused.wait(5)
        return _write(probe)

    errors: list[ConnectorError] = []
    probe = Probe(script=script)
    with answering(OK, LIMITED, LIMITED):
        other = threading.Thread(target=lambda: errors.append(failing(probe, "put")))
        other.start()
        wrote.wait(5)
        own = failing(probe, "put")
        refused.set()
        other.join()
    assert own.effect is Effect.NONE
    assert errors[0].effect is Effect.UNKNOWN


def test_a_thread_that_the_action_starts_belongs_to_the_call() -> None:
    """Context variables do not reach pool threads; the account must."""

    def script(probe: Probe) -> httpx.Response:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_write, probe).result()
            return pool.submit(_write, probe).result()

    with answering(OK, LIMITED):
        assert failing(Probe(script=script), "put").effect is Effect.UNKNOWN
    with answering(BROKEN):
        assert failing(Probe(script=script), "read").effect is Effect.NONE


def test_an_action_that_executes_another_shares_its_account() -> None:
    """A look-up inside a write is harmless, and its failure after a write is not."""

    def script(probe: Probe) -> Any:
        probe.script = _write
        probe.execute("read", {})
        probe.execute("put", {})
        return probe.execute("read", {})

    with answering(OK, OK, LIMITED):
        error = failing(Probe(script=script), "put")
    assert error.effect is Effect.UNKNOWN
    with answering(OK, LIMITED):
        assert failing(Probe(script=script), "put").effect is Effect.NONE


def test_two_adapters_in_one_call_share_its_account() -> None:
    """What a second adapter did within the call, the call did."""

    def script(probe: Probe) -> httpx.Response:
        _write(Probe())
        return _write(probe)

    with answering(OK, LIMITED):
        assert failing(Probe(script=script), "put").effect is Effect.UNKNOWN


class WholeExecute(HttpConnectorAdapter):
    """Overrides `execute`, as the quick start does, and calls it by keyword."""

    name = "whole"
    version = "1.0.0"
    base_url = BASE

    def connect(self) -> bool:
        """Ask for something harmless."""
        return True

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Do the same for every action."""
        _write(self)
        return {action: _write(self).status_code, **payload}


def test_an_execute_of_ones_own_keeps_its_account() -> None:
    """Adapters without declared actions tell the truth as well."""
    with answering(OK, LIMITED), pytest.raises(ConnectorError) as caught:
        WholeExecute().execute(action="anything", payload={})
    assert caught.value.effect is Effect.UNKNOWN


class SignsIn(Probe):
    """Signs in by POST, in `connect` and again in its action."""

    def connect(self) -> bool:
        """Ask for something harmless."""
        self._sign_in()
        return True

    def sign_in_and_write(self) -> httpx.Response:
        """Do both."""
        self._sign_in()
        return _write(self)

    def _sign_in(self) -> None:
        self.request("POST", "/login", data={"user": "bot"}, authenticate=False)


def _sign_in_and_write(probe: Probe) -> httpx.Response:
    assert isinstance(probe, SignsIn)
    return probe.sign_in_and_write()


def test_signing_in_is_no_effect() -> None:
    """A request that `connect` sends as well changes nothing, so a later refusal leaves none."""
    with answering(OK, OK, LIMITED, BROKEN):
        probe = SignsIn(script=_sign_in_and_write)
        probe.connect()
        refused = failing(probe, "post")
        broken = failing(probe, "post")
    assert (refused.effect, refused.retryable) == (Effect.NONE, True)
    assert (broken.effect, broken.retryable) == (Effect.NONE, True)


def test_memory_of_sign_ins_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A `connect` that never sends the same request twice costs nothing but the exemption."""
    monkeypatch.setattr("automate_connectors.adapters.http._MOST_SIGN_INS", 0)
    with answering(OK, OK, LIMITED):
        probe = SignsIn(script=_sign_in_and_write)
        probe.connect()
        assert failing(probe, "put").effect is Effect.UNKNOWN


def test_a_failed_health_check_has_no_effect() -> None:
    """What `connect` sends is harmless whatever its method."""
    with answering(BROKEN), pytest.raises(ServiceUnavailableError) as caught:
        SignsIn().connect()
    assert caught.value.effect is Effect.NONE


@respx.mock
def test_a_bad_payload_is_refused_before_anything_is_sent() -> None:
    """The check of the payload precedes all I/O."""
    error = failing(Probe(), "nothing_of_the_kind")
    assert error.effect is Effect.NONE
