"""The public API in use: mypy reads this, nobody runs it."""

from collections.abc import Callable, Mapping
from typing import Any, assert_type

from pydantic import BaseModel

from automate_connectors import (
    ActionSpec,
    ConnectionProfile,
    ConnectorAdapter,
    ConnectorError,
    ConnectorErrorCode,
    ConnectorRunner,
    Effect,
    Idempotency,
    RateLimitedError,
    RetryPolicy,
    UnknownActionError,
    action,
    connector_registry,
)
from automate_connectors.adapters.base import AsyncConnectorAdapter


class Message(BaseModel):
    """A payload."""

    text: str
    idempotency_key: str | None = None


class Sent(BaseModel):
    """A result."""

    id: str


@connector_registry.register
class Declared(ConnectorAdapter):
    """Actions by decorator, with and without parentheses."""

    name = "declared"
    version = "1.0.0"
    secrets = ("token",)

    def connect(self) -> bool:
        """Check the health."""
        return bool(self.profile.secret("token"))

    @action(idempotency=Idempotency.keyed(header="Idempotency-Key"), expected_statuses=[404], examples=[{"text": "a"}])
    def send(self, payload: Message) -> Sent:
        """Send it."""
        if not payload.text:
            raise RateLimitedError("Slow down", retry_after=3, status=429, effect="none")
        return Sent(id="1")

    @action
    def echo(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Echo it."""
        return payload


@connector_registry.register("written")
class Written(ConnectorAdapter):
    """Actions by hand."""

    name = "written"
    version = "1.0.0"
    actions = {  # noqa: RUF012  # as an author writes it
        "send": ActionSpec("Send it.", Message, {"type": "object"}, idempotency=Idempotency.natural(), volatile=["ts"])
    }

    def connect(self) -> bool:
        """Check the health."""
        return True

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run it."""
        if action == "send":
            return payload
        raise UnknownActionError(f"no action {action}")


class Later(AsyncConnectorAdapter):
    """An adapter of awaits."""

    name = "later"
    version = "1.0.0"

    async def connect(self) -> bool:
        """Check the health."""
        return True

    @action(name="post")
    async def send(self, payload: Message) -> Sent:
        """Send it."""
        return Sent(id=payload.text)


async def use_async() -> None:
    """Use an async adapter."""
    async with Later() as later:
        assert_type(later, Later)
        assert_type(await later.execute("post", {"text": "a"}), dict[str, Any])


def use() -> None:
    """Use everything else."""
    profile = ConnectionProfile("declared", options={"base_url": "https://a.example"}, secrets={"token": "env://TOKEN"})
    assert_type(profile.secret("token"), str)
    assert_type(profile.secret_values(), dict[str, str])
    assert_type(ConnectionProfile.load("declared", "work", path="connectors.toml"), ConnectionProfile)
    with Declared(profile) as adapter:
        assert_type(adapter, Declared)
        assert_type(adapter.send(Message(text="a")), Sent)
        assert_type(adapter.execute("send", {"text": "a"}), dict[str, Any])
    assert_type(Declared.actions, Mapping[str, ActionSpec])
    spec = Written.actions["send"]
    assert_type(spec.input, type[BaseModel] | dict[str, Any] | None)
    assert_type(spec.input_schema, dict[str, Any] | None)
    assert_type(spec.idempotency.field, str | None)


def register() -> None:
    """Register in each way."""
    assert_type(connector_registry.register("again", Declared), type[Declared])
    assert_type(connector_registry.register(Later), type[Later])
    decorator: Callable[[type[Later]], type[Later]] = connector_registry.register("later")
    assert_type(decorator(Later), type[Later])
    assert_type(connector_registry.get("again"), type[ConnectorAdapter] | type[AsyncConnectorAdapter])
    assert_type(connector_registry.create("again", None), ConnectorAdapter | AsyncConnectorAdapter)
    assert_type(connector_registry.names(), list[str])
    assert_type(connector_registry.broken(), dict[str, BaseException])
    connector_registry.unregister("again")


def run() -> dict[str, Any]:
    """Run with retries, and read an error."""
    runner = ConnectorRunner(connector_registry, RetryPolicy(attempts=5, base_delay=0.1, max_delay=3.0))
    try:
        return runner.run("declared", "send", {"text": "a"}, profile="work")
    except ConnectorError as error:
        assert_type(error.code, ConnectorErrorCode)
        assert_type(error.effect, Effect)
        assert_type(error.retry_after, float | None)
        return error.to_dict()
