"""The typed payloads and results of Acme's actions, shared by the adapters of the zoo."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """Refuses fields that it does not know."""

    model_config = ConfigDict(extra="forbid")


class GetUser(Strict):
    """Whom to look up."""

    user_id: str = Field(description="The user's id", min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_]+$")


class ListItems(Strict):
    """Nothing to say: every item is listed."""


class SendMessage(Strict):
    """A message."""

    channel: str = Field(description="The channel's name", min_length=1, max_length=80)
    text: str = Field(description="The text", min_length=1, max_length=4000)
    idempotency_key: str | None = Field(
        None, description="The operation id", min_length=1, max_length=80, pattern=r"^[A-Za-z0-9-]+$"
    )


class SetTopic(Strict):
    """A channel's topic."""

    channel: str = Field(description="The channel's name", min_length=1, max_length=40, pattern=r"^[a-z0-9-]+$")
    topic: str = Field(description="The topic", max_length=200)


class DeleteMessage(Strict):
    """Which message goes."""

    message_id: str = Field(description="The message's id", min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_]+$")


class PostNote(Strict):
    """A note."""

    text: str = Field(description="The text", min_length=1, max_length=500)


class User(BaseModel):
    """A user of Acme."""

    id: str
    name: str


class Items(BaseModel):
    """Every item."""

    items: list[dict[str, str]]


class Message(BaseModel):
    """A message as Acme keeps it."""

    id: str
    channel: str
    text: str


class Topic(BaseModel):
    """A topic as Acme keeps it."""

    channel: str
    topic: str


class Deleted(BaseModel):
    """What went."""

    deleted: str


class Note(BaseModel):
    """A note as Acme keeps it."""

    id: str
    text: str
