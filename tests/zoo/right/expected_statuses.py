"""Error statuses that are results: create if missing, look up what may not be there, delete what may be gone."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from automate_connectors import Idempotency, action
from automate_connectors.adapters.http import HttpConnectorAdapter
from zoo import payloads as p
from zoo.acme import BASE, EXAMPLES
from zoo.members import Member
from zoo.payloads import Strict
from zoo.right.tape import ME, Tape, Turn, record


class Channel(Strict):
    """A channel by its name."""

    name: str = Field(description="The name", min_length=1, max_length=30, pattern="^[a-z0-9-]+$")


class Address(Strict):
    """A person by their address."""

    email: str = Field(description="The address", min_length=5, max_length=60, pattern=r"^[a-z]+@[a-z]+\.test$")


class ExpectingAcmeAdapter(HttpConnectorAdapter):
    """Takes 404 and 409 for answers where they are some."""

    name = "acme_expecting"
    version = "1.0.0"
    base_url = BASE
    secrets: ClassVar[tuple[str, ...]] = ("token",)

    def auth_headers(self) -> dict[str, str]:
        """Acme takes a bearer token."""
        return {"Authorization": f"Bearer {self.profile.secret('token')}"}

    def connect(self) -> bool:
        """Ask who we are."""
        return "id" in self.json(self.request("GET", "/me"))

    @action(
        idempotency=Idempotency.natural(), expected_statuses=(409,), examples=[{"name": "general"}, {"name": "new-one"}]
    )
    def ensure_channel(self, payload: Channel) -> dict[str, Any]:
        """Create a channel unless it exists."""
        response = self.request("POST", "/channels", json={"name": payload.name})
        if response.status_code == 409:
            return {"name": payload.name, "created": False}
        return {"name": str(self.json(response)["name"]), "created": True}

    @action(
        idempotency=Idempotency.read_only(),
        expected_statuses=(404,),
        examples=[{"email": "ada@acme.test"}, {"email": "nobody@acme.test"}],
    )
    def find_user(self, payload: Address) -> dict[str, Any]:
        """Look for a person."""
        response = self.request("GET", "/users/by-email", params={"email": payload.email})
        return {"user": None if response.status_code == 404 else self.json(response)}

    @action(idempotency=Idempotency.natural(), examples=[EXAMPLES["delete_message"]])
    def delete_message(self, payload: p.DeleteMessage) -> p.Deleted:
        """Delete a message; one that is gone already is as good."""
        self.request("DELETE", f"/messages/{payload.message_id}", expect=(404,))
        return p.Deleted(deleted=payload.message_id)

    @action(idempotency=Idempotency.natural(), examples=[{"name": "general"}])
    def mark_read(self, payload: Channel) -> dict[str, Any]:
        """Mark a channel as read; the service answers without a body."""
        return {"status": self.request("PUT", f"/channels/{payload.name}/read").status_code}


_CONFLICT = {"error": {"code": 409, "message": "name taken"}}
_MISSING = {"error": {"code": 404, "message": "no such user"}}
_SEARCH = "/v1/users/by-email?email="
TAPES = {
    "connect": Tape({}, [ME]),
    "ensure_channel": Tape(
        {"name": "general"}, [Turn("POST", "/v1/channels", {"name": "general"}, _CONFLICT, status=409)]
    ),
    "ensure_channel.2": Tape(
        {"name": "new-one"},
        [Turn("POST", "/v1/channels", {"name": "new-one"}, {"id": "c_9", "name": "new-one"}, status=201)],
    ),
    "find_user": Tape(
        {"email": "ada@acme.test"}, [Turn("GET", f"{_SEARCH}ada%40acme.test", answer={"id": "u_7", "name": "Ada"})]
    ),
    "find_user.2": Tape(
        {"email": "nobody@acme.test"}, [Turn("GET", f"{_SEARCH}nobody%40acme.test", answer=_MISSING, status=404)]
    ),
    "delete_message": Tape(EXAMPLES["delete_message"], [Turn("DELETE", "/v1/messages/m_1", status=204)]),
    "mark_read": Tape({"name": "general"}, [Turn("PUT", "/v1/channels/general/read", status=204)]),
}

MEMBERS = [Member(ExpectingAcmeAdapter, record=record(ExpectingAcmeAdapter, TAPES))]
