"""Matrix by its client-server API, version 3 (https://spec.matrix.org/latest/client-server-api/).

An error is `{"errcode": "M_…", "error": "…"}` with a fitting status, so `HttpConnectorAdapter` knows what each means.
"""

import hashlib
from typing import ClassVar
from urllib.parse import quote

from automate_connectors import Idempotency, UnexpectedResponseError, action
from automate_connectors.adapters.http import HttpConnectorAdapter
from automate_matrix.models import (
    Account,
    Event,
    EventSent,
    JoinRoom,
    LeaveRoom,
    ListMessages,
    Message,
    MessageList,
    Page,
    RoomEntered,
    RoomLeft,
    SendMessage,
    SetTopic,
)

__all__ = ["MatrixAdapter"]

_API = "/_matrix/client/v3"
_MESSAGES = '{"types":["m.room.message"]}'


class MatrixAdapter(HttpConnectorAdapter):
    """Sends and lists messages of a Matrix account, and moves it between rooms.

    Secret `access_token`; option `base_url`: the homeserver, without `/_matrix`.
    """

    name = "matrix"
    version = "1.0.0"
    secrets = ("access_token",)
    base_url: ClassVar[str] = "https://matrix-client.matrix.org"

    def auth_headers(self) -> dict[str, str]:
        """Return the access token as a Bearer header."""
        return {"Authorization": f"Bearer {self.profile.secret('access_token')}"}

    def connect(self) -> bool:
        """Ask whose the token is.

        Raises:
            ConnectorError: The homeserver cannot be reached, or does not know the token.
        """
        self.json(self.request("GET", f"{_API}/account/whoami"), Account)
        return True

    @action(idempotency=Idempotency.keyed(path=True))
    def send_message(self, payload: SendMessage) -> EventSent:
        """Send a message to a room, once for each operation id.

        The transaction id holds for about a day and for one device: keep the access token from try to try.
        """
        content = {"msgtype": f"m.{payload.kind}", "body": payload.text}
        path = f"{_room(payload.room_id)}/send/m.room.message/{_transaction('send_message', payload.idempotency_key)}"
        return self.json(self.request("PUT", path, json=content), EventSent)

    @action(idempotency=Idempotency.natural())
    def join_room(self, payload: JoinRoom) -> RoomEntered:
        """Enter a room that is open to the account; being there already is a success."""
        return self.json(self.request("POST", f"{_API}/join/{quote(payload.room, safe='')}", json={}), RoomEntered)

    @action(idempotency=Idempotency.natural())
    def leave_room(self, payload: LeaveRoom) -> RoomLeft:
        """Leave a room; having left it is a success."""
        self.json(self.request("POST", f"{_room(payload.room_id)}/leave", json={}))
        return RoomLeft(room_id=payload.room_id)

    @action(idempotency=Idempotency.natural())
    def set_topic(self, payload: SetTopic) -> EventSent:
        """Set the topic of a room."""
        path = f"{_room(payload.room_id)}/state/m.room.topic"
        return self.json(self.request("PUT", path, json={"topic": payload.topic}), EventSent)

    @action(idempotency=Idempotency.read_only())
    def list_messages(self, payload: ListMessages) -> MessageList:
        """List the newest messages of a room, as many pages as it takes."""
        found: list[Message] = []
        seen: set[str] = set()
        token: str | None = None
        while True:
            page = self._page(payload, token)
            found += [_message(event) for event in page.chunk if event.type == "m.room.message"]
            if page.end is None or len(found) >= payload.limit:
                return MessageList(messages=found[: payload.limit])
            if page.end in seen:
                raise UnexpectedResponseError("Matrix's pages do not end: the same token came twice")
            seen.add(page.end)
            token = page.end

    def _page(self, payload: ListMessages, token: str | None) -> Page:
        query = {"dir": "b", "limit": payload.page_size, "filter": _MESSAGES}
        if token is not None:
            query["from"] = token
        return self.json(self.request("GET", f"{_room(payload.room_id)}/messages", params=query), Page)


def _room(room_id: str) -> str:
    return f"{_API}/rooms/{quote(room_id, safe='')}"


def _transaction(name: str, operation: str) -> str:
    """The transaction id of an operation.

    Synapse takes one id for two events of a room as the same, whatever they are, so the action is part of it.
    """
    return hashlib.sha256(f"{name}/{operation}".encode()).hexdigest()[:32]


def _message(event: Event) -> Message:
    return Message(
        event_id=event.event_id, sender=event.sender, sent_at=event.origin_server_ts, text=event.content.body
    )
