"""What Slack's actions take and return.

Payloads use Slack's own argument names and refuse fields they do not know; results keep the fields they know nothing
of where the object is Slack's own and open (a channel, a user).
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

# Slack compares timestamps as text: as numbers they lose their last digits.
Timestamp = Annotated[str, Field(pattern=r"^[0-9]{1,12}\.[0-9]{1,6}$")]
Blocks = Annotated[list[dict[str, Any]], Field(min_length=1)]
ChannelKind = Literal["public_channel", "private_channel", "mpim", "im"]


class _Payload(BaseModel):
    model_config = ConfigDict(extra="forbid")

    def arguments(self) -> dict[str, Any]:
        """Return the arguments for Slack: those that were given."""
        return self.model_dump(exclude_none=True)


class _Content(_Payload):
    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (getattr(self, "text", None) or getattr(self, "blocks", None)):
            raise ValueError("a message needs text or blocks")
        return self


class SendMessage(_Content):
    """A message to post."""

    channel: str = Field(min_length=1, description="Id of the channel, or its name without '#'.")
    text: str | None = Field(None, min_length=1, description="The text; beside blocks, what notifications show.")
    blocks: Blocks | None = Field(None, description="Block Kit blocks, as Slack defines them.")
    thread_ts: Timestamp | None = Field(None, description="ts of the parent message, to reply in its thread.")


class UpdateMessage(_Content):
    """A message to change, and what it is to say."""

    channel: str = Field(min_length=1, description="Id of the channel that holds the message.")
    ts: Timestamp = Field(description="ts of the message, as send_message returned it.")
    text: str | None = Field(None, min_length=1, description="The new text.")
    blocks: Blocks | None = Field(None, description="The new Block Kit blocks.")


class AddReaction(_Payload):
    """A reaction to put on a message."""

    channel: str = Field(min_length=1, description="Id of the channel that holds the message.")
    timestamp: Timestamp = Field(description="ts of the message, as send_message returned it.")
    name: str = Field(min_length=1, description="Name of the emoji without colons, such as 'thumbsup'.")


class ListChannels(_Payload):
    """Which channels to list."""

    limit: int | None = Field(
        None, ge=1, le=999, description="Channels a page; Slack's default is 100. All pages are read in any case."
    )
    types: Annotated[list[ChannelKind], Field(min_length=1)] | None = Field(
        None, description="Kinds of conversation; Slack's default is public channels."
    )
    exclude_archived: bool | None = Field(None, description="Whether to leave archived channels out; by default not.")


class GetUser(_Payload):
    """Which user to look up."""

    user: str = Field(min_length=1, description="Id of the user, such as 'U012AB3CD'.")


class MessageSent(BaseModel):
    """A message that was posted or changed."""

    channel: str = Field(description="Id of the channel, also where a name was given.")
    ts: str = Field(description="The message's identity within the channel; text, never a number.")
    message: dict[str, Any] | None = Field(None, description="The message as Slack keeps it.")


class ReactionAdded(BaseModel):
    """The reaction is there."""

    added: bool = Field(description="False where it was there before.")


class Channel(BaseModel):
    """A conversation, with every field that Slack gave."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(description="Id of the conversation.")
    name: str | None = Field(None, description="Its name; direct messages have none.")
    is_private: bool | None = Field(None, description="Whether it is seen by its members alone.")
    is_archived: bool | None = Field(None, description="Whether it is archived.")


class ChannelList(BaseModel):
    """Every channel of every page."""

    channels: list[Channel] = Field(description="The channels in Slack's order.")


class User(BaseModel):
    """A user, with every field that Slack gave."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(description="Id of the user.")
    name: str | None = Field(None, description="The user name.")
    real_name: str | None = Field(None, description="The full name.")
    is_bot: bool | None = Field(None, description="Whether it is a bot.")
    deleted: bool | None = Field(None, description="Whether the account is deactivated.")
    profile: dict[str, Any] | None = Field(None, description="Display name, e-mail address, picture and the like.")


class ChannelPage(BaseModel):
    """One page of `conversations.list`."""

    channels: list[Channel]
    response_metadata: dict[str, Any] | None = None

    @property
    def next_cursor(self) -> str:
        """What asks for the next page; empty, null or missing on the last one."""
        cursor = (self.response_metadata or {}).get("next_cursor")
        return cursor if isinstance(cursor, str) else ""


class UserAnswer(BaseModel):
    """The answer of `users.info`."""

    user: User
