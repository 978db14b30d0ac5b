"""Actions declared by hand with JSON Schemas, and an `execute` that validates and dispatches by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import httpx
import jsonschema_rs

from automate_connectors import ActionSpec, Idempotency, InvalidPayloadError, UnknownActionError
from automate_connectors.adapters.base import ConnectorAdapter
from zoo.acme import EXAMPLES
from zoo.members import Member, acme
from zoo.right.by_hand import as_object, ask, refuse
from zoo.right.with_httpx import send

_TEXT = {"type": "string", "minLength": 1}
_USER = {
    "type": "object",
    "properties": {"user_id": _TEXT | {"maxLength": 40, "pattern": "^[A-Za-z0-9_]+$"}},
    "required": ["user_id"],
    "additionalProperties": False,
}
_NOTE = {
    "type": "object",
    "properties": {"text": _TEXT | {"maxLength": 500}},
    "required": ["text"],
    "additionalProperties": False,
}
_FOUND = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
    "required": ["id", "name"],
}


class WrittenOutAcmeAdapter(ConnectorAdapter):
    """Leaves nothing to the base class."""

    name = "acme_written_out"
    version = "1.0.0"
    secrets: ClassVar[tuple[str, ...]] = ("token",)
    actions: ClassVar[Mapping[str, ActionSpec]] = {
        "get_user": ActionSpec(
            "Look a user up.",
            input=_USER,
            output=_FOUND,
            idempotency=Idempotency.read_only(),
            examples=[EXAMPLES["get_user"]],
        ),
        "post_note": ActionSpec(
            "Post a note.", input=_NOTE, idempotency=Idempotency.unsafe(), examples=[EXAMPLES["post_note"]]
        ),
    }

    def connect(self) -> bool:
        """Ask who we are."""
        return "id" in self._call("GET", "/me")

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Validate by the schema, then run."""
        if action not in self.actions:
            raise UnknownActionError(f"acme has no action {action[:40]!r}", details={"known": sorted(self.actions)})
        schema = self.actions[action].input_schema
        if not jsonschema_rs.is_valid(schema or {}, payload):
            raise InvalidPayloadError(f"the payload of {action} breaks its schema")
        if action == "get_user":
            return self._call("GET", f"/users/{payload['user_id']}")
        return self._call("POST", "/notes", {"text": payload["text"]})

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        with httpx.Client(timeout=10) as client:
            reply = send(client, ask(self.profile, method, path, body))
        refuse(reply)
        return as_object(reply)


MEMBERS = [Member(WrittenOutAcmeAdapter, record=acme(WrittenOutAcmeAdapter, actions=("get_user", "post_note")))]
