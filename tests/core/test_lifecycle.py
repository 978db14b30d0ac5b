"""The runner: connect, execute, and again where that is safe. Each test of the flow drives both kinds of adapter."""

import asyncio
import itertools
import threading
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel

from automate_connectors.actions import ActionSpec, Idempotency, action
from automate_connectors.adapters.base import AsyncConnectorAdapter, ConnectorAdapter
from automate_connectors.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectorError,
    InvalidPayloadError,
    NetworkError,
    RateLimitedError,
    ServiceTimeoutError,
    ServiceUnavailableError,
)
from automate_connectors.lifecycle import ConnectorRunner, RetryPolicy
from automate_connectors.profiles import ConnectionProfile
from automate_connectors.registry import ConnectorRegistry


class Order(BaseModel):
    """A payload."""

    item: str
    idempotency_key: str | None = None


class Script:
    """What the adapters of one test do, in turn, and what happened."""

    def __init__(
        self, *outcomes: object, connects: tuple[object, ...] = (), close: BaseException | None = None
    ) -> None:
        self.outcomes = iter(outcomes)
        self.connects = itertools.chain(connects, itertools.repeat(True))
        self.close_error = close
        self.events: list[str] = []
        self.payloads: list[dict[str, Any]] = []
        self.profiles: list[ConnectionProfile] = []
        self.threads: set[str] = set()

    def connect(self) -> Any:
        """Answer the health check."""
        self.events.append("connect")
        return self._play(next(self.connects))

    def execute(self, payload: dict[str, Any]) -> Any:
        """Answer an action."""
        self.events.append("execute")
        self.payloads.append(payload)
        self.threads.add(threading.current_thread().name)
        return self._play(next(self.outcomes))

    def close(self) -> None:
        """Close as told."""
        self.events.append("close")
        if self.close_error is not None:
            raise self.close_error

    @staticmethod
    def _play(outcome: object) -> object:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


def sync_adapter(script: Script) -> type[ConnectorAdapter]:
    """Return an adapter of plain calls that follows the script."""

    class Adapter(ConnectorAdapter):
        name = "shop"
        version = "1.0.0"

        def __init__(self, profile: ConnectionProfile | None = None) -> None:
            super().__init__(profile)
            script.profiles.append(self.profile)
            script.events.append("create")

        def connect(self) -> bool:
            return script.connect()  # type: ignore[no-any-return]  # the script says what comes

        @action(idempotency=Idempotency.keyed(header="Idempotency-Key"))
        def order(self, payload: Order) -> dict[str, Any]:
            """Order."""
            return script.execute(payload.model_dump())  # type: ignore[no-any-return]  # as above

        @action
        def look(self, payload: dict[str, Any]) -> dict[str, Any]:
            """Look."""
            result = script.execute(dict(payload))
            payload.clear()
            return result  # type: ignore[no-any-return]  # as above

        def close(self) -> None:
            script.close()

    return Adapter


def async_adapter(script: Script) -> type[AsyncConnectorAdapter]:
    """Return an adapter of awaits that follows the script."""

    class Adapter(AsyncConnectorAdapter):
        name = "shop"
        version = "1.0.0"

        def __init__(self, profile: ConnectionProfile | None = None) -> None:
            super().__init__(profile)
            asyncio.get_running_loop()
            script.profiles.append(self.profile)
            script.events.append("create")

        async def connect(self) -> bool:
            return script.connect()  # type: ignore[no-any-return]  # the script says what comes

        @action(idempotency=Idempotency.keyed(header="Idempotency-Key"))
        async def order(self, payload: Order) -> dict[str, Any]:
            """Order."""
            return script.execute(payload.model_dump())  # type: ignore[no-any-return]  # as above

        @action
        async def look(self, payload: dict[str, Any]) -> dict[str, Any]:
            """Look."""
            result = script.execute(dict(payload))
            payload.clear()
            return result  # type: ignore[no-any-return]  # as above

        async def close(self) -> None:
            script.close()

    return Adapter


AdapterOf = Callable[[Script], type[ConnectorAdapter] | type[AsyncConnectorAdapter]]
both_kinds = pytest.mark.parametrize("adapter_of", [sync_adapter, async_adapter])


class Waits(list[float]):
    """The waits between attempts, recorded in place of being slept."""

    def sleep(self, seconds: float) -> None:
        """Record a wait."""
        self.append(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Record a wait."""
        self.append(seconds)


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Waits:
    """Record waits, and keep the profiles of whoever runs the tests out of them."""
    recorded = Waits()
    monkeypatch.setattr("time.sleep", recorded.sleep)
    monkeypatch.setattr("asyncio.sleep", recorded.sleep_async)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return recorded


def runner(
    adapter: type[ConnectorAdapter] | type[AsyncConnectorAdapter], retry: RetryPolicy | None = None
) -> ConnectorRunner:
    """Return a runner that knows this adapter alone."""
    registry = ConnectorRegistry(discover=list)
    registry.register("shop", adapter)
    return ConnectorRunner(registry) if retry is None else ConnectorRunner(registry, retry)


@both_kinds
def test_lifecycle(adapter_of: AdapterOf, waits: Waits) -> None:
    """Instantiate, connect, execute, close."""
    script = Script({"ok": 1})
    assert runner(adapter_of(script)).run("shop", "look", {"a": 1}) == {"ok": 1}
    assert script.events == ["create", "connect", "execute", "close"]
    assert script.payloads == [{"a": 1}]
    assert waits == []


@both_kinds
def test_retryable_errors_are_retried(adapter_of: AdapterOf, waits: Waits) -> None:
    """One adapter serves all attempts, every one with the same payload, and waits lie between."""
    script = Script(NetworkError("reset"), ServiceTimeoutError("late"), {"ok": 1})
    payload = {"a": 1}
    assert runner(adapter_of(script)).run("shop", "look", payload) == {"ok": 1}
    assert script.events == ["create", "connect", "execute", "execute", "execute", "close"]
    assert script.payloads == [{"a": 1}] * 3
    assert payload == {"a": 1}
    assert 0.25 <= waits[0] <= 0.5 <= waits[1] <= 1.0


@both_kinds
def test_last_error_comes_out(adapter_of: AdapterOf, waits: Waits) -> None:
    """After the last attempt its error comes out, and nothing is waited for."""
    errors = [NetworkError(f"reset {n}") for n in range(3)]
    script = Script(*errors)
    with pytest.raises(NetworkError) as caught:
        runner(adapter_of(script)).run("shop", "look", {})
    assert caught.value is errors[-1]
    assert (caught.value.connector, caught.value.action) == ("shop", "look")
    assert "operation_id" not in caught.value.details
    assert script.events[-1] == "close"
    assert len(waits) == 2


@both_kinds
def test_other_errors_are_not_retried(adapter_of: AdapterOf) -> None:
    """An error that does not say retryable ends the operation."""
    for error in (AuthenticationError("no"), NetworkError("reset", retryable=False)):
        script = Script(error)
        with pytest.raises(type(error)):
            runner(adapter_of(script)).run("shop", "look", {})
        assert script.events == ["create", "connect", "execute", "close"]


@both_kinds
def test_waits_as_the_service_asks(adapter_of: AdapterOf, waits: Waits) -> None:
    """At least retry_after is waited, also above max_delay; a shorter one does not shorten the wait."""
    script = Script(RateLimitedError("slow", retry_after=90), RateLimitedError("slow", retry_after=0), {})
    runner(adapter_of(script), RetryPolicy(max_delay=2.0)).run("shop", "look", {})
    assert waits[0] == 90
    assert 0.5 <= waits[1] <= 1.0


def test_backoff_grows_up_to_max_delay(waits: Waits) -> None:
    """Waits double from base_delay to max_delay, each with jitter."""
    script = Script(*[NetworkError("reset") for _ in range(8)])
    with pytest.raises(NetworkError):
        runner(sync_adapter(script), RetryPolicy(attempts=8, base_delay=1.0, max_delay=10.0)).run("shop", "look", {})
    longest = [1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 10.0]
    assert all(most / 2 <= wait <= most for wait, most in zip(waits, longest, strict=True))


def test_waiting_for_ever_is_not_tried(waits: Waits) -> None:
    """A service that asks to wait without end is not asked again."""
    with pytest.raises(RateLimitedError):
        runner(sync_adapter(Script(RateLimitedError("never", retry_after=float("inf"))))).run("shop", "look", {})
    assert waits == []


def test_retry_after_that_is_no_number(waits: Waits) -> None:
    """An adapter that hands on a malformed header is retried with the usual wait."""
    script = Script(RateLimitedError("slow", retry_after="soon"), {"ok": 1})  # type: ignore[arg-type]  # wrong by intention
    assert runner(sync_adapter(script)).run("shop", "look", {}) == {"ok": 1}
    assert 0.25 <= waits[0] <= 0.5


@both_kinds
def test_operation_id_is_filled_once(adapter_of: AdapterOf) -> None:
    """A keyed action without an id gets a UUID that all attempts share and the error tells."""
    script = Script(*[NetworkError("reset") for _ in range(3)])
    payload = {"item": "book"}
    with pytest.raises(NetworkError) as caught:
        runner(adapter_of(script)).run("shop", "order", payload)
    used = {sent["idempotency_key"] for sent in script.payloads}
    assert used == {caught.value.details["operation_id"]}
    assert uuid.UUID(used.pop()).version == 4
    assert payload == {"item": "book"}


@both_kinds
def test_given_operation_id_is_kept(adapter_of: AdapterOf) -> None:
    """An id of the caller's is used and told; details that were there stay. None is no id."""
    script = Script(AuthenticationError("no", details={"why": "x"}), {})
    with pytest.raises(AuthenticationError) as caught:
        runner(adapter_of(script)).run("shop", "order", {"item": "book", "idempotency_key": "mine"})
    assert caught.value.details == {"why": "x", "operation_id": "mine"}
    runner(adapter_of(script)).run("shop", "order", {"item": "book", "idempotency_key": None})
    assert [bool(sent["idempotency_key"]) for sent in script.payloads] == [True, True]


@both_kinds
@pytest.mark.parametrize("answer", [False, None])
def test_health_check_that_says_no(adapter_of: AdapterOf, answer: object) -> None:
    """No is ServiceUnavailableError without effect, and is asked again; execute waits for a yes."""
    script = Script({}, connects=(answer, answer))
    runner(adapter_of(script)).run("shop", "look", {})
    assert script.events == ["create", "connect", "connect", "connect", "execute", "close"]
    with pytest.raises(ServiceUnavailableError) as caught:
        runner(adapter_of(Script(connects=(answer,) * 3))).run("shop", "order", {"item": "book"})
    error = caught.value
    assert (error.code, error.effect, error.retryable, error.connector) == ("UPSTREAM_5XX", "none", True, "shop")
    assert error.details["operation_id"]


@both_kinds
def test_errors_of_connect(adapter_of: AdapterOf) -> None:
    """A retryable error of connect is retried, another one ends the operation, a bug has no effect at the service."""
    script = Script({}, connects=(NetworkError("reset"),))
    runner(adapter_of(script)).run("shop", "look", {})
    assert script.events.count("connect") == 2
    with pytest.raises(AuthenticationError):
        runner(adapter_of(Script(connects=(AuthenticationError("no"),)))).run("shop", "look", {})
    with pytest.raises(ConnectorError, match="KeyError") as caught:
        runner(adapter_of(Script(connects=(KeyError("bug"),)))).run("shop", "look", {})
    assert (caught.value.code, caught.value.effect) == ("INTERNAL_ERROR", "none")


@both_kinds
@pytest.mark.parametrize("bug", [KeyError("hunter2"), StopIteration("hunter2")])
def test_other_exceptions_become_internal_errors(adapter_of: AdapterOf, bug: Exception) -> None:
    """What is no ConnectorError becomes one, with the exception as its cause and not in its message."""
    script = Script(bug)
    with pytest.raises(ConnectorError) as caught:
        runner(adapter_of(script)).run("shop", "look", {})
    error = caught.value
    assert (type(error), error.code, error.retryable) == (ConnectorError, "INTERNAL_ERROR", False)
    assert (error.effect, error.connector, error.action) == ("unknown", "shop", "look")
    assert isinstance(error.__cause__, Exception)
    assert "hunter2" not in error.message
    assert script.events[-1] == "close"


@both_kinds
def test_interrupts_pass_and_close(adapter_of: AdapterOf) -> None:
    """An exit is no error of the connector; the adapter is closed."""
    script = Script(SystemExit(3))
    with pytest.raises(SystemExit):
        runner(adapter_of(script)).run("shop", "look", {})
    assert script.events[-1] == "close"


@both_kinds
def test_close_hides_nothing(adapter_of: AdapterOf, caplog: pytest.LogCaptureFixture) -> None:
    """A failing close hides neither result nor error, and is logged without its text."""
    closing = OSError("hunter2")
    assert runner(adapter_of(Script({"ok": 1}, close=closing))).run("shop", "look", {}) == {"ok": 1}
    with pytest.raises(AuthenticationError):
        runner(adapter_of(Script(AuthenticationError("no"), close=closing))).run("shop", "look", {})
    assert "Closing the connector shop failed with OSError" in caplog.text
    assert "hunter2" not in caplog.text


@both_kinds
def test_constructor_that_fails(adapter_of: AdapterOf) -> None:
    """An adapter that cannot be made is an internal error without effect, and nothing is closed."""
    script = Script()
    bodies: dict[str, Any] = {}
    failing = type("Failing", (adapter_of(script),), {"__init__": lambda *_: bodies["bug"]})
    with pytest.raises(ConnectorError, match="KeyError") as caught:
        runner(failing).run("shop", "look", {})
    assert (caught.value.code, caught.value.effect) == ("INTERNAL_ERROR", "none")
    assert script.events == []


def test_unknown_connector_and_bad_payload() -> None:
    """Errors before the first request come out complete; a payload that is no dict is for the adapter to refuse."""
    run = runner(sync_adapter(Script())).run
    with pytest.raises(ConfigurationError, match="did you mean shop") as caught:
        run("shp", "order", {})
    assert (caught.value.connector, caught.value.action) == ("shp", "order")
    with pytest.raises(InvalidPayloadError):
        run("shop", "order", ["item"])  # type: ignore[arg-type]  # wrong by intention


@both_kinds
def test_profiles(adapter_of: AdapterOf, tmp_path: Path) -> None:
    """None loads the default profile, a string names one, a profile is used as it is."""
    (tmp_path / "connectors.toml").write_text("[shop.default]\noptions.a = 1\n[shop.work]\noptions.a = 2\n")
    script = Script({}, {}, {})
    run = runner(adapter_of(script)).run
    run("shop", "look", {})
    run("shop", "look", {}, "work")
    run("shop", "look", {}, ConnectionProfile("shop", options={"a": 3}))
    assert [profile.option("a") for profile in script.profiles] == [1, 2, 3]
    with pytest.raises(ConfigurationError, match=r"\[shop.play\]"):
        run("shop", "look", {}, "play")


def test_own_execute() -> None:
    """The guide's adapter, with execute overridden and no actions, runs; its ValueError is an internal error."""

    class Guide(ConnectorAdapter):
        name = "shop"
        version = "1.0.0"

        def connect(self) -> bool:
            return True

        def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
            if action == "send_message":
                return {"sent": payload}
            raise ValueError(action)

    assert runner(Guide).run("shop", "send_message", {"text": "a"}) == {"sent": {"text": "a"}}
    with pytest.raises(ConnectorError, match="ValueError") as caught:
        runner(Guide).run("shop", "other", {})
    assert isinstance(caught.value.__cause__, ValueError)


def test_keys_of_hand_written_actions() -> None:
    """A keyed action that is declared by hand gets its id in the field it names."""
    seen: list[dict[str, Any]] = []

    class Hand(ConnectorAdapter):
        name = "shop"
        version = "1.0.0"
        actions: ClassVar[Mapping[str, ActionSpec]] = {
            "send": ActionSpec("Send.", idempotency=Idempotency.keyed(field="op"))
        }

        def connect(self) -> bool:
            return True

        def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
            seen.append({"action": action, **payload})
            return {}

    runner(Hand).run("shop", "send", {"text": "a"})
    assert uuid.UUID(seen[0].pop("op")).version == 4
    assert seen == [{"action": "send", "text": "a"}]


def test_async_adapter_inside_a_running_loop() -> None:
    """Where a loop is running already, an async adapter runs in a thread of its own."""
    script = Script({"ok": 1}, AuthenticationError("no"))
    run = runner(async_adapter(script)).run

    async def inside() -> dict[str, Any]:
        return run("shop", "look", {})

    assert asyncio.run(inside()) == {"ok": 1}
    assert threading.current_thread().name not in script.threads
    with pytest.raises(AuthenticationError):
        asyncio.run(inside())


@pytest.mark.parametrize("wrong", [{"attempts": 0}, {"base_delay": -1}, {"max_delay": -0.1}])
def test_policy_refuses_nonsense(wrong: dict[str, Any]) -> None:
    """A policy needs an attempt and no negative delay."""
    with pytest.raises(ValueError, match="at least one attempt"):
        RetryPolicy(**wrong)


def test_policy_defaults() -> None:
    """The contract's defaults, also the runner's."""
    assert RetryPolicy() == RetryPolicy(attempts=3, base_delay=0.5, max_delay=30.0)
    assert ConnectorRunner().retry == RetryPolicy()
