"""I01: the idempotency is declared, and reads do not write."""

from __future__ import annotations

from automate_connectors import ConnectorError, Idempotency, action
from zoo import payloads as p
from zoo.acme import EXAMPLES, SAID, Said
from zoo.broken.lean import LeanHttp, LeanHttpx, LeanRequests, LeanUrllib
from zoo.broken.planting import said_with
from zoo.gold_broken.planting import NOTES, TOPICS, never_again, planted


class UndeclaredAdapter(LeanRequests):
    """Posts notes and does not say what a repeat does."""

    name = "acme_i01_undeclared"

    @action(examples=[EXAMPLES["post_note"]])
    def post_note(self, payload: p.PostNote) -> p.Note:
        """Post a note."""
        try:
            return p.Note.model_validate(self.call("POST", "/notes", {"text": payload.text}))
        except ConnectorError as error:
            raise never_again(error) from error.__cause__


class UndeclaredTopicAdapter(LeanHttp):
    """Sets topics on our own base class, declares nothing, and so is not believed when it says retryable."""

    name = "acme_i01_undeclared_topic"

    @action(examples=[EXAMPLES["set_topic"]])
    def set_topic(self, payload: p.SetTopic) -> p.Topic:
        """Set a channel's topic."""
        path = f"/channels/{payload.channel}/topic"
        return self.json(self.request("PUT", path, json={"topic": payload.topic}), p.Topic)


class ReadByPutAdapter(LeanUrllib):
    """A read that marks what it reads as seen."""

    name = "acme_i01_read_by_put"

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return p.User.model_validate(self.call("PUT", f"/users/{payload.user_id}"))


class ReadByPostAdapter(LeanHttpx):
    """A read at the endpoint that also takes messages."""

    name = "acme_i01_read_by_post"

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return p.User.model_validate(self.call("POST", "/messages", {"about": payload.user_id}))


_ADA = SAID["get_user"][0].answer
_BY_PUT = said_with(get_user=[Said("PUT", "/v1/users/u_7", answer=_ADA)])
_BY_POST = said_with(get_user=[Said("POST", "/v1/messages", answer=_ADA, body={"about": "u_7"})])
MEMBERS = [
    *planted("I01", UndeclaredAdapter, said=NOTES),
    # Undeclared, nobody recognises a repeat of the PUT: "unsafe or undeclared: each request is an effect".
    *planted("I01", UndeclaredTopicAdapter, said=TOPICS, entails=("I05",)),
    *planted("I01", ReadByPutAdapter, said=_BY_PUT),
    # Requests to an endpoint that a read-only action also uses are no effects: nothing is left to be judged.
    *planted("I01", ReadByPostAdapter, said=_BY_POST, entails=("I03", "I04", "I05", "I06", "I07")),
]
