"""What the actions take and return, and what Matrix answers."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Payload(BaseModel):
    """What an action takes: nothing else."""

    model_config = ConfigDict(extra="forbid")


class SendMessage(_Payload):
    """A message and where it goes."""

    room_id: str = Field(min_length=1, max_length=255, description="The room's id, such as '!abc:example.org'.")
    text: str = Field(min_length=1, max_length=10_000, description="The message in plain text.")
    kind: Literal["text", "notice", "emote"] = Field(
        default="text", description="How clients show it: an ordinary message, a notice of a bot, or '/me'."
    )
    idempotency_key: str = Field(
        min_length=1, max_length=255, description="The operation id: one message is sent for it, however often it is."
    )


class JoinRoom(_Payload):
    """Which room to enter."""

    room: str = Field(min_length=1, max_length=255, description="The room's id or one of its aliases.")


class LeaveRoom(_Payload):
    """Which room to leave."""

    room_id: str = Field(min_length=1, max_length=255, description="The room's id.")


class SetTopic(_Payload):
    """A room and its new topic."""

    room_id: str = Field(min_length=1, max_length=255, description="The room's id.")
    topic: str = Field(max_length=1_000, description="The topic in plain text; empty for none.")


class ListMessages(_Payload):
    """Whose messages, and how many."""

    room_id: str = Field(min_length=1, max_length=255, description="The room's id.")
    limit: int = Field(default=100, ge=1, le=1_000, description="How many messages at most, the newest first.")
    page_size: int = Field(default=50, ge=1, le=100, description="How many events to ask for in one request.")


class EventSent(BaseModel):
    """What the room now holds."""

    event_id: str = Field(min_length=1, description="The event's id.")


class RoomEntered(BaseModel):
    """The room that was entered."""

    room_id: str = Field(min_length=1, description="The room's id.")


class RoomLeft(BaseModel):
    """The room that was left."""

    room_id: str = Field(description="The room's id.")


class Message(BaseModel):
    """One message of a room."""

    event_id: str = Field(description="The event's id.")
    sender: str = Field(description="Who sent it, such as '@alice:example.org'.")
    sent_at: int = Field(description="When, in milliseconds since 1970, by the server's clock.")
    text: str = Field(description="The message in plain text; empty where it was redacted.")


class MessageList(BaseModel):
    """Messages, the newest first."""

    messages: list[Message] = Field(description="The messages.")


class Account(BaseModel):
    """Answer to `whoami`."""

    user_id: str = Field(min_length=1)


class Content(BaseModel):
    """What of a message's content is read; a redacted one has none of it."""

    body: str = ""


class Event(BaseModel):
    """An event of a room's timeline."""

    event_id: str
    sender: str
    origin_server_ts: int
    type: str
    content: Content


class Page(BaseModel):
    """Answer to `messages`: the last page has no `end`."""

    chunk: list[Event]
    end: str | None = None
