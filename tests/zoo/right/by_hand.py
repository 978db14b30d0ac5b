"""What adapters written by hand for one HTTP client or another have in common: Acme's actions, and its errors.

Each client's own module only sends: it gives a `Reply`, or raises the ConnectorError of its transport's failure.
"""

from __future__ import annotations

import json
import math
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from automate_connectors import (
    AuthenticationError,
    ConflictError,
    ConnectorAdapter,
    ConnectorError,
    Idempotency,
    InvalidPayloadError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    ServiceUnavailableError,
    UnexpectedResponseError,
    action,
)
from automate_connectors.adapters.base import AsyncConnectorAdapter
from automate_connectors.profiles import ConnectionProfile
from zoo import payloads as p
from zoo.acme import BASE, EXAMPLES

_BY_STATUS: dict[int, type[ConnectorError]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    429: RateLimitedError,
}

#: The actions that `AcmeByHand` has, for `write_cassettes`.
FEW = ("get_user", "send_message", "post_note")


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, ready for any client."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, as any client gives it; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(
    profile: ConnectionProfile,
    method: str,
    path: str,
    body: dict[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Ask:
    """A request to Acme with its credentials."""
    sent = {"Authorization": f"Bearer {profile.secret('token')}", **(headers or {})}
    if body is None:
        return Ask(method, BASE + path, sent)
    return Ask(method, BASE + path, sent | {"Content-Type": "application/json"}, json.dumps(body).encode())


def lower(headers: Any) -> dict[str, str]:
    """The headers of any client's answer by their names in lower case."""
    return {str(name).lower(): str(value) for name, value in headers.items()}


def refuse(reply: Reply) -> None:
    """Raise what an answer's status means, unless it is a success."""
    status = reply.status
    if status < 300:
        return
    wait = retry_after(reply.headers.get("retry-after", ""))
    if status >= 500:
        raise ServiceUnavailableError(f"Acme answered {status}", status=status, retry_after=wait)
    if status < 400:
        raise UnexpectedResponseError(f"Acme answered {status}", status=status)
    raise _BY_STATUS.get(status, InvalidPayloadError)(f"Acme answered {status}", status=status, retry_after=wait)


def retry_after(text: str) -> float | None:
    """The seconds that a Retry-After header asks for (RFC 9110 section 10.2.3)."""
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):
            return None
        return max(0.0, seconds)
    return seconds if seconds >= 0 and math.isfinite(seconds) else None


def as_object(reply: Reply) -> dict[str, Any]:
    """The JSON object of a successful answer."""
    try:
        data = json.loads(reply.body)
    except ValueError as error:
        raise UnexpectedResponseError("Acme answered with no JSON", status=reply.status) from error
    if not isinstance(data, dict):
        raise UnexpectedResponseError("Acme answered with no JSON object", status=reply.status)
    return data


class ByHand(ConnectorAdapter):
    """Speaks to Acme, and has no action yet."""

    secrets: ClassVar[tuple[str, ...]] = ("token",)

    @abstractmethod
    def send(self, request: Ask) -> Reply:
        """Send one request; a transport that fails raises a ConnectorError."""

    def call(
        self, method: str, path: str, body: dict[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """One request and the JSON object that it brought."""
        reply = self.send(ask(self.profile, method, path, body, headers))
        refuse(reply)
        return as_object(reply)

    def connect(self) -> bool:
        """Ask who we are."""
        return bool(self.call("GET", "/me").get("id"))


class AcmeByHand(ByHand):
    """Acme's three telling actions: a read, a keyed write and an unsafe write."""

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return p.User.model_validate(self.call("GET", f"/users/{payload.user_id}"))

    @action(idempotency=Idempotency.keyed(header="Idempotency-Key"), examples=[EXAMPLES["send_message"]])
    def send_message(self, payload: p.SendMessage) -> p.Message:
        """Send a message."""
        headers = {"Idempotency-Key": payload.idempotency_key} if payload.idempotency_key else {}
        body = {"channel": payload.channel, "text": payload.text}
        return p.Message.model_validate(self.call("POST", "/messages", body, headers))

    @action(idempotency=Idempotency.unsafe(), examples=[EXAMPLES["post_note"]])
    def post_note(self, payload: p.PostNote) -> p.Note:
        """Post a note."""
        return p.Note.model_validate(self.call("POST", "/notes", {"text": payload.text}))


class WholeAcmeByHand(AcmeByHand):
    """Every action of Acme."""

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["list_items"]])
    def list_items(self, payload: p.ListItems) -> p.Items:
        """List every item."""
        del payload
        found: list[dict[str, str]] = []
        cursor: str | None = None
        while True:
            query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
            page = self.call("GET", f"/items?{urlencode(query)}")
            items, cursor = page.get("items"), page.get("next")
            if not isinstance(items, list):
                raise UnexpectedResponseError("Acme answered without items")
            found += items
            if not cursor:
                return p.Items(items=found)

    @action(idempotency=Idempotency.natural(), examples=[EXAMPLES["set_topic"]])
    def set_topic(self, payload: p.SetTopic) -> p.Topic:
        """Set a channel's topic."""
        return p.Topic.model_validate(self.call("PUT", f"/channels/{payload.channel}/topic", {"topic": payload.topic}))

    @action(idempotency=Idempotency.natural(), reads_response=False, examples=[EXAMPLES["delete_message"]])
    def delete_message(self, payload: p.DeleteMessage) -> p.Deleted:
        """Delete a message."""
        refuse(self.send(ask(self.profile, "DELETE", f"/messages/{payload.message_id}")))
        return p.Deleted(deleted=payload.message_id)


class AsyncAcmeByHand(AsyncConnectorAdapter):
    """Acme for asynchronous clients."""

    secrets: ClassVar[tuple[str, ...]] = ("token",)

    @abstractmethod
    async def send(self, request: Ask) -> Reply:
        """Send one request; a transport that fails raises a ConnectorError."""

    async def call(
        self, method: str, path: str, body: dict[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """One request and the JSON object that it brought."""
        reply = await self.send(ask(self.profile, method, path, body, headers))
        refuse(reply)
        return as_object(reply)

    async def connect(self) -> bool:
        """Ask who we are."""
        return bool((await self.call("GET", "/me")).get("id"))

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    async def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return p.User.model_validate(await self.call("GET", f"/users/{payload.user_id}"))

    @action(idempotency=Idempotency.keyed(header="Idempotency-Key"), examples=[EXAMPLES["send_message"]])
    async def send_message(self, payload: p.SendMessage) -> p.Message:
        """Send a message."""
        headers = {"Idempotency-Key": payload.idempotency_key} if payload.idempotency_key else {}
        body = {"channel": payload.channel, "text": payload.text}
        return p.Message.model_validate(await self.call("POST", "/messages", body, headers))

    @action(idempotency=Idempotency.unsafe(), examples=[EXAMPLES["post_note"]])
    async def post_note(self, payload: p.PostNote) -> p.Note:
        """Post a note."""
        return p.Note.model_validate(await self.call("POST", "/notes", {"text": payload.text}))
