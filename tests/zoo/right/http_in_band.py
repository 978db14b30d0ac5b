"""Acme's older API on `HttpConnectorAdapter`: errors come inside a 200, and `check_response` finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from automate_connectors import (
    AuthenticationError,
    ConnectorError,
    Idempotency,
    NotFoundError,
    RateLimitedError,
    UnexpectedResponseError,
    action,
)
from automate_connectors.adapters.http import HttpConnectorAdapter
from automate_connectors.testing import ErrorSample
from zoo import payloads as p
from zoo.acme import BASE, EXAMPLES
from zoo.members import Member
from zoo.right.tape import Tape, Turn, record

if TYPE_CHECKING:
    import httpx

_BY_NAME: dict[str, type[ConnectorError]] = {
    "not_authed": AuthenticationError,
    "no_such_user": NotFoundError,
    "slow_down": RateLimitedError,
}


class InBandAcmeAdapter(HttpConnectorAdapter):
    """Reads `{"ok": false, "error": …}`."""

    name = "acme_http_in_band"
    version = "1.0.0"
    base_url = BASE
    secrets: ClassVar[tuple[str, ...]] = ("token",)

    def auth_headers(self) -> dict[str, str]:
        """Acme takes a bearer token."""
        return {"Authorization": f"Bearer {self.profile.secret('token')}"}

    def check_response(self, response: httpx.Response) -> None:
        """Raise what an in-band error means; the service acts on none of them."""
        answer = self.json(response)
        if answer.get("ok") is True:
            return
        name = str(answer.get("error"))
        raise _BY_NAME.get(name, UnexpectedResponseError)("Acme refused in its answer", details={"error": name[:40]})

    def connect(self) -> bool:
        """Ask who we are."""
        return self.json(self.request("POST", "/auth.test"))["ok"] is True

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up, by POST as everything in this API."""
        answer = self.json(self.request("POST", "/users.get", json={"user": payload.user_id}))
        return p.User.model_validate(answer["user"])

    @action(idempotency=Idempotency.unsafe(), examples=[EXAMPLES["post_note"]])
    def post_note(self, payload: p.PostNote) -> p.Note:
        """Post a note."""
        return self.json(self.request("POST", "/notes.post", json={"text": payload.text}), p.Note)


_NOTE = EXAMPLES["post_note"]
TAPES = {
    "connect": Tape({}, [Turn("POST", "/v1/auth.test", answer={"ok": True})]),
    "get_user": Tape(
        EXAMPLES["get_user"],
        [Turn("POST", "/v1/users.get", {"user": "u_7"}, {"ok": True, "user": {"id": "u_7", "name": "Ada"}})],
    ),
    "post_note": Tape(_NOTE, [Turn("POST", "/v1/notes.post", _NOTE, {"ok": True, "id": "n_1", "text": _NOTE["text"]})]),
}
SAMPLES = (
    ErrorSample(None, {"ok": False, "error": "not_authed"}, "AUTH_FAILED", retryable=False),
    ErrorSample("get_user", {"ok": False, "error": "no_such_user"}, "NOT_FOUND"),
    ErrorSample(None, b'{"ok": false, "error": "slow_down"}', "RATE_LIMITED", retryable=True),
    ErrorSample("post_note", {"ok": False, "error": "who knows"}, "BAD_RESPONSE", status=202),
)

MEMBERS = [Member(InBandAcmeAdapter, case={"error_samples": SAMPLES}, record=record(InBandAcmeAdapter, TAPES))]
