"""C09: actions that are not declared, or declared by half."""

from __future__ import annotations

from typing import Any

from automate_connectors import ActionSpec, Idempotency, action
from zoo import payloads as p
from zoo.acme import EXAMPLES, SAID
from zoo.broken.lean import LeanHttp, LeanUrllib
from zoo.broken.planting import LEAN, planted, said_with


class UndeclaredAction(LeanHttp):
    """Runs an action that it does not declare and that has a cassette."""

    name = "acme_undeclared_action"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        if action == "who_am_i":
            return self.json(self.request("GET", "/me"))
        return super().execute(action, payload)


class ActionWithoutExample(LeanUrllib):
    """Declares an action that nobody shows at work."""

    name = "acme_action_without_example"

    @action(idempotency=Idempotency.natural())
    def set_topic(self, payload: p.SetTopic) -> p.Topic:
        """Set a channel's topic."""
        body = {"topic": payload.topic}
        return p.Topic.model_validate(self.call("PUT", f"/channels/{payload.channel}/topic", body))


class ActionWithoutSchema(LeanUrllib):
    """Declares an action by hand, with no input schema."""

    name = "acme_action_without_schema"
    actions = {"look_up": ActionSpec("Look a user up.", idempotency=Idempotency.read_only())}  # noqa: RUF012 - declared ClassVar by the base

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        return super().execute("get_user" if action == "look_up" else action, payload)


class ActionWithoutDescription(LeanHttp):
    """Declares an action and says nothing about it."""

    name = "acme_action_without_description"

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """ """  # noqa: D419 - the planted defect
        return self.json(self.request("GET", f"/users/{payload.user_id}"), p.User)


MEMBERS = [
    *planted("C09", UndeclaredAction, said=said_with(who_am_i=SAID["connect"])),
    *planted("C09", ActionWithoutExample, ActionWithoutDescription),
    *planted(
        "C09",
        ActionWithoutSchema,
        said=LEAN | {"look_up": SAID["get_user"]},
        examples=EXAMPLES | {"look_up": EXAMPLES["get_user"]},
    ),
]
