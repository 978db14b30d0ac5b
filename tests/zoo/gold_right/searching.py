"""Searches by the operation id before it posts: the chat answers a repeat with 409."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from automate_connectors import Idempotency, action
from automate_connectors.adapters.http import HttpConnectorAdapter
from zoo.acme import BASE
from zoo.gold_right.chat import CONFLICT, SearchingCase
from zoo.members import Member
from zoo.payloads import Strict
from zoo.right.tape import ME, Tape, Turn, record


class Post(Strict):
    """A message."""

    channel: str = Field(description="The channel", min_length=1, max_length=40, pattern="^[a-z]+$")
    text: str = Field(description="The text", min_length=1, max_length=200)
    idempotency_key: str = Field(description="The operation id", min_length=8, max_length=60, pattern="^[A-Za-z0-9-]+$")


_POST = {"channel": "general", "text": "Hello", "idempotency_key": "3f0c2a1e-5d64-4c7e-9a57-0b6b5a1d2c3e"}


class SearchingAdapter(HttpConnectorAdapter):
    """Searches by the operation id, and posts only what it does not find."""

    name = "acme_searching"
    version = "1.0.0"
    base_url = BASE
    secrets: ClassVar[tuple[str, ...]] = ("token",)

    def auth_headers(self) -> dict[str, str]:
        """Acme takes a bearer token."""
        return {"Authorization": f"Bearer {self.profile.secret('token')}"}

    def connect(self) -> bool:
        """Ask who we are."""
        return "id" in self.json(self.request("GET", "/me"))

    @action(idempotency=Idempotency.keyed(body="client_id"), expected_statuses=(CONFLICT,), examples=[_POST])
    def post(self, payload: Post) -> dict[str, Any]:
        """Post a message, once."""
        if found := self.found(payload):
            return found[0]
        body = {"channel": payload.channel, "text": payload.text, "client_id": payload.idempotency_key}
        answer = self.request("POST", "/chat", json=body)
        # Somebody delivered it twice: the first one is there by now.
        return self.found(payload)[0] if answer.status_code == CONFLICT else self.json(answer)

    def found(self, payload: Post) -> list[dict[str, Any]]:
        """The messages of this operation."""
        answer = self.request("GET", "/chat", params={"client_id": payload.idempotency_key})
        return list(self.json(answer)["messages"])


class Search(Strict):
    """Whose message."""

    operation: str = Field(description="The operation id", min_length=8, max_length=60, pattern="^[A-Za-z0-9-]+$")


class SearchedAdapter(SearchingAdapter):
    """Lets others search by the operation id too: the same request, recorded before the post and after it."""

    name = "acme_searched"

    @action(idempotency=Idempotency.read_only(), examples=[{"operation": _POST["idempotency_key"]}])
    def search(self, payload: Search) -> dict[str, Any]:
        """Find a message."""
        return self.json(self.request("GET", "/chat", params={"client_id": payload.operation}))


_SEARCH = f"/v1/chat?client_id={_POST['idempotency_key']}"
_BODY = {"channel": "general", "text": "Hello", "client_id": _POST["idempotency_key"]}
#: A first post, for adapters that derive from `SearchingAdapter`.
SEARCHING = {
    "connect": Tape({}, [ME]),
    "post": Tape(
        _POST,
        [
            Turn("GET", _SEARCH, answer={"messages": []}),
            Turn("POST", "/v1/chat", _BODY, {"id": "m_1", "text": "Hello"}, 201),
        ],
    ),
}
_FOUND = {"messages": [{"id": "m_1", "text": "Hello"}]}
_SEARCHED = {
    **SEARCHING,
    "search": Tape({"operation": _POST["idempotency_key"]}, [Turn("GET", _SEARCH, answer=_FOUND)]),
}
MEMBERS = [
    Member(
        SearchingAdapter,
        level="gold",
        base_case=SearchingCase,
        record=record(SearchingAdapter, SEARCHING),
        guarantees={"post": "exactly-once"},
    ),
    Member(
        SearchedAdapter,
        level="gold",
        base_case=SearchingCase,
        record=record(SearchedAdapter, _SEARCHED),
        guarantees={"post": "exactly-once", "search": "read-only"},
    ),
]
