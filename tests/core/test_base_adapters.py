"""The base classes of adapters: the lifecycle, and what happens around an action. Each test drives both kinds."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel

from automate_connectors.actions import ActionSpec, Idempotency, action
from automate_connectors.adapters.base import AsyncConnectorAdapter, ConnectorAdapter
from automate_connectors.errors import (
    ConnectorError,
    Effect,
    InvalidPayloadError,
    NetworkError,
    RateLimitedError,
    UnknownActionError,
)
from automate_connectors.profiles import ConnectionProfile

Execute = Callable[[Any, Any], Any]


class Order(BaseModel):
    """A payload."""

    item: str
    tags: list[str] = []


class Placed(BaseModel):
    """A result."""

    item: str


class Shop:
    """What the actions of both shops do."""

    calls = 0
    error: Exception | None = None

    def place_order(self, payload: Order) -> Placed:
        """Place it, or fail as told."""
        type(self).calls += 1
        payload.tags.append("changed")
        if self.error is not None:
            raise self.error
        return Placed(item=payload.item)


class SyncShop(Shop, ConnectorAdapter):
    """The shop by plain calls."""

    name = "shop"
    version = "1.0.0"
    closed = False

    def connect(self) -> bool:
        """Say yes."""
        return True

    @action(idempotency=Idempotency.unsafe())
    def order(self, payload: Order) -> Placed:
        """Place an order."""
        return self.place_order(payload)

    @action
    def echo(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Return and then change the payload."""
        result = {"echo": dict(payload)}
        payload.clear()
        return result

    def close(self) -> None:
        """Remember it."""
        super().close()
        self.closed = True


class AsyncShop(Shop, AsyncConnectorAdapter):
    """The shop by awaits."""

    name = "shop"
    version = "1.0.0"
    closed = False

    async def connect(self) -> bool:
        """Say yes."""
        return True

    @action(idempotency=Idempotency.unsafe())
    async def order(self, payload: Order) -> Placed:
        """Place an order."""
        await asyncio.sleep(0)
        return self.place_order(payload)

    @action
    def echo(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Return at once: a plain method is an action here too."""
        result = {"echo": dict(payload)}
        payload.clear()
        return result

    async def close(self) -> None:
        """Remember it."""
        await super().close()
        self.closed = True


def sync_execute(error: Exception | None = None) -> Execute:
    """Return the execute of a new shop."""
    shop = SyncShop()
    shop.error = error
    return shop.execute


def async_execute(error: Exception | None = None) -> Execute:
    """Return the execute of a new async shop, run to its end."""
    shop = AsyncShop()
    shop.error = error
    return lambda name, payload: asyncio.run(shop.execute(name, payload))


both_kinds = pytest.mark.parametrize("execute_of", [sync_execute, async_execute])


@both_kinds
def test_models_in_and_plain_data_out(execute_of: Callable[..., Execute]) -> None:
    """The method gets its model, the caller plain data."""
    assert execute_of()("order", {"item": "book"}) == {"item": "book"}


@both_kinds
def test_payload_is_left_alone(execute_of: Callable[..., Execute]) -> None:
    """Neither an action on a model nor one on a dict can change the caller's payload."""
    execute = execute_of()
    order, anything = {"item": "book", "tags": ["a"]}, {"deep": [1]}
    execute("order", order)
    assert execute("echo", anything) == {"echo": {"deep": [1]}}
    assert (order, anything) == ({"item": "book", "tags": ["a"]}, {"deep": [1]})


@both_kinds
def test_unknown_action(execute_of: Callable[..., Execute]) -> None:
    """An unknown action suggests the nearest and lists all."""
    with pytest.raises(UnknownActionError, match="did you mean 'order'") as caught:
        execute_of()("ordr", {})
    error = caught.value
    assert error.details == {"known": ["echo", "order"]}
    assert (error.connector, error.action, error.retryable, error.effect) == ("shop", "ordr", False, "none")


@pytest.mark.parametrize("name", ["zzz", "", None, ["order"], "connect", "__init__", "place_order", "x\n" * 400])
def test_names_that_are_no_actions(name: object) -> None:
    """Whatever is no action is refused in one line, and methods that are not marked are none."""
    with pytest.raises(UnknownActionError, match=r"it has echo, order|did you mean") as caught:
        sync_execute()(name, {})
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 200


@both_kinds
@pytest.mark.parametrize("payload", [{}, {"item": ["hunter2"]}, None, [("item", "hunter2")], "hunter2"])
def test_bad_payloads_are_refused_early(execute_of: Callable[..., Execute], payload: object) -> None:
    """A bad payload never reaches the method, and the error shows no value."""
    before = Shop.calls, SyncShop.calls, AsyncShop.calls
    with pytest.raises(InvalidPayloadError) as caught:
        execute_of()("order", payload)
    error = caught.value
    assert (Shop.calls, SyncShop.calls, AsyncShop.calls) == before
    assert (error.connector, error.action, error.retryable, error.effect) == ("shop", "order", False, "none")
    assert "hunter2" not in str(error.to_dict())
    assert error.__cause__ is None
    assert error.__context__ is None


@both_kinds
def test_errors_are_completed(execute_of: Callable[..., Execute]) -> None:
    """Connector and action are filled in where they are missing, and kept where not."""
    with pytest.raises(RateLimitedError) as caught:
        execute_of(RateLimitedError("slow down"))("order", {"item": "book"})
    assert (caught.value.connector, caught.value.action) == ("shop", "order")
    with pytest.raises(RateLimitedError) as caught:
        execute_of(RateLimitedError("slow down", connector="inner", action="step"))("order", {"item": "book"})
    assert (caught.value.connector, caught.value.action) == ("inner", "step")


@both_kinds
@pytest.mark.parametrize("effect", Effect)
def test_unsafe_actions_are_not_retried_in_doubt(execute_of: Callable[..., Execute], effect: Effect) -> None:
    """An unsafe action's error is retryable only where nothing can have happened."""
    with pytest.raises(NetworkError) as caught:
        execute_of(NetworkError("reset", effect=effect))("order", {"item": "book"})
    assert caught.value.retryable is (effect is Effect.NONE)
    assert caught.value.effect is effect


@both_kinds
def test_other_exceptions_pass(execute_of: Callable[..., Execute]) -> None:
    """What is no ConnectorError comes out as it is."""
    bug = KeyError("bug")
    with pytest.raises(KeyError) as caught:
        execute_of(bug)("order", {"item": "book"})
    assert caught.value is bug


def test_declared_but_not_implemented() -> None:
    """An action that is only declared is an error of the adapter, not of the caller."""

    class Declared(SyncShop):
        actions: ClassVar[Mapping[str, ActionSpec]] = {"refund": ActionSpec("Refund.")}

    with pytest.raises(ConnectorError, match="mark one @action") as caught:
        Declared().execute("refund", {})
    assert (caught.value.code, caught.value.effect) == ("INTERNAL_ERROR", "none")


def test_own_execute_needs_no_actions() -> None:
    """The guide's quick start: execute overridden whole."""

    class Own(SyncShop):
        def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
            if action == "send_message":
                return {"sent": payload}
            raise ValueError(action)

    assert Own().execute("send_message", {}) == {"sent": {}}
    with pytest.raises(ValueError, match="other"):
        Own().execute("other", {})


def test_many_actions_are_not_all_named() -> None:
    """The message names a few of many actions, the details all."""
    many = type("Many", (SyncShop,), {"actions": {f"a{n}": ActionSpec("x") for n in range(9)}})
    with pytest.raises(UnknownActionError, match=r"a0, a1, a2, a3, a4, \.\.\.") as caught:
        many().execute("zzzzzz", {})
    assert len(caught.value.details["known"]) == 11
    none = type("Bare", (ConnectorAdapter,), {"connect": SyncShop.connect})
    with pytest.raises(UnknownActionError, match="it has none"):
        none().execute("zzzzzz", {})


def test_profile_defaults_to_an_empty_one() -> None:
    """Without a profile there is an empty one of the connector's name, else of the class's."""
    given = ConnectionProfile("shop", options={"base_url": "https://shop.example"})
    nameless = type("Nameless", (ConnectorAdapter,), {"connect": SyncShop.connect})
    assert SyncShop(given).profile is given
    assert SyncShop().profile == ConnectionProfile("shop")
    assert nameless().profile == ConnectionProfile("Nameless")


def test_context_managers_close() -> None:
    """Both kinds close at the end of a with block, after an error too."""
    with pytest.raises(KeyError), SyncShop() as shop:
        raise KeyError
    assert shop.closed

    async def visit() -> AsyncShop:
        async with AsyncShop() as visited:
            assert await visited.connect()
        return visited

    assert asyncio.run(visit()).closed


def test_connect_is_abstract() -> None:
    """An adapter without connect cannot be made."""
    for kind in (ConnectorAdapter, AsyncConnectorAdapter):
        with pytest.raises(TypeError, match="connect"):
            type("Unfinished", (kind,), {})()
