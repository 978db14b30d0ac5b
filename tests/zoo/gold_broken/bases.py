"""Right adapters on which defects are planted: lean ones that also post notes or set topics."""

from __future__ import annotations

from automate_connectors import Idempotency, action
from zoo import payloads as p
from zoo.acme import EXAMPLES
from zoo.broken.lean import LeanHttp, LeanHttpx, LeanRequests


class NotesHttp(LeanHttp):
    """On our own base class; posts notes that nobody can tell from repeats."""

    @action(idempotency=Idempotency.unsafe(), examples=[EXAMPLES["post_note"]])
    def post_note(self, payload: p.PostNote) -> p.Note:
        """Post a note."""
        return self.json(self.request("POST", "/notes", json={"text": payload.text}), p.Note)


class NotesRequests(LeanRequests):
    """By `requests`; posts notes that nobody can tell from repeats."""

    @action(idempotency=Idempotency.unsafe(), examples=[EXAMPLES["post_note"]])
    def post_note(self, payload: p.PostNote) -> p.Note:
        """Post a note."""
        return p.Note.model_validate(self.call("POST", "/notes", {"text": payload.text}))


class TopicsHttpx(LeanHttpx):
    """By `httpx`; sets topics, as often as one likes."""

    @action(idempotency=Idempotency.natural(), examples=[EXAMPLES["set_topic"]])
    def set_topic(self, payload: p.SetTopic) -> p.Topic:
        """Set a channel's topic."""
        return p.Topic.model_validate(self.call("PUT", f"/channels/{payload.channel}/topic", self.topic_body(payload)))

    def topic_body(self, payload: p.SetTopic) -> dict[str, str]:
        """What is put."""
        return {"topic": payload.topic}
