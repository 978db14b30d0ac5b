"""Acme on `HttpConnectorAdapter`: no error code of its own."""

from __future__ import annotations

from typing import ClassVar

from automate_connectors import Idempotency, action
from automate_connectors.adapters.http import HttpConnectorAdapter
from zoo import payloads as p
from zoo.acme import BASE, EXAMPLES
from zoo.members import Member, acme


class HttpAcmeAdapter(HttpConnectorAdapter):
    """Every action of Acme."""

    name = "acme_http"
    version = "1.0.0"
    base_url = BASE
    secrets: ClassVar[tuple[str, ...]] = ("token",)

    def auth_headers(self) -> dict[str, str]:
        """Acme takes a bearer token."""
        return {"Authorization": f"Bearer {self.profile.secret('token')}"}

    def connect(self) -> bool:
        """Ask who we are."""
        return "id" in self.json(self.request("GET", "/me"))

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return self.json(self.request("GET", f"/users/{payload.user_id}"), p.User)

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["list_items"]])
    def list_items(self, payload: p.ListItems) -> p.Items:
        """List every item."""
        del payload
        query, found = {"limit": "2"}, []
        while True:
            page = self.json(self.request("GET", "/items", params=query))
            found += page["items"]
            if not page["next"]:
                return p.Items(items=found)
            query["cursor"] = page["next"]

    @action(idempotency=Idempotency.keyed(header="Idempotency-Key"), examples=[EXAMPLES["send_message"]])
    def send_message(self, payload: p.SendMessage) -> p.Message:
        """Send a message."""
        body = payload.model_dump(exclude={"idempotency_key"})
        headers = {"Idempotency-Key": payload.idempotency_key}
        return self.json(self.request("POST", "/messages", json=body, headers=headers), p.Message)

    @action(idempotency=Idempotency.natural(), examples=[EXAMPLES["set_topic"]])
    def set_topic(self, payload: p.SetTopic) -> p.Topic:
        """Set a channel's topic."""
        path = f"/channels/{payload.channel}/topic"
        return self.json(self.request("PUT", path, json={"topic": payload.topic}), p.Topic)

    @action(idempotency=Idempotency.natural(), reads_response=False, examples=[EXAMPLES["delete_message"]])
    def delete_message(self, payload: p.DeleteMessage) -> p.Deleted:
        """Delete a message."""
        self.request("DELETE", f"/messages/{payload.message_id}")
        return p.Deleted(deleted=payload.message_id)

    @action(idempotency=Idempotency.unsafe(), examples=[EXAMPLES["post_note"]])
    def post_note(self, payload: p.PostNote) -> p.Note:
        """Post a note."""
        return self.json(self.request("POST", "/notes", json={"text": payload.text}), p.Note)


MEMBERS = [Member(HttpAcmeAdapter, record=acme(HttpAcmeAdapter))]
