"""Requests that differ each time, rightly: a nonce and a timestamp, or a signature over the body."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar

from automate_connectors import Idempotency, action
from automate_connectors.adapters.http import HttpConnectorAdapter
from zoo import payloads as p
from zoo.acme import BASE, EXAMPLES
from zoo.members import Member
from zoo.right.tape import ME, Tape, Turn, record
from zoo.right.with_httpx import OverHttpx

_VOLATILE = ("nonce", "sent_at")


class NonceAcmeAdapter(OverHttpx):
    """Adds a nonce to each query, and the time to each body."""

    name = "acme_nonce"
    version = "1.0.0"

    @action(idempotency=Idempotency.read_only(), volatile=_VOLATILE, examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return p.User.model_validate(self.call("GET", f"/users/{payload.user_id}?nonce={uuid.uuid4().hex}"))

    @action(idempotency=Idempotency.unsafe(), volatile=_VOLATILE, examples=[EXAMPLES["post_note"]])
    def post_note(self, payload: p.PostNote) -> p.Note:
        """Post a note."""
        body = {"text": payload.text, "meta": {"sent_at": datetime.now(UTC).isoformat()}}
        return p.Note.model_validate(self.call("POST", f"/notes?nonce={uuid.uuid4().hex}", body))


class NonceEverywhereAcmeAdapter(NonceAcmeAdapter):
    """Adds the nonce to its health check too."""

    name = "acme_nonce_everywhere"

    def connect(self) -> bool:
        """Ask who we are."""
        return "id" in self.call("GET", f"/me?nonce={uuid.uuid4().hex}")


class SigningAcmeAdapter(HttpConnectorAdapter):
    """Signs time and body with a key that it never sends."""

    name = "acme_signing"
    version = "1.0.0"
    base_url = BASE
    secrets: ClassVar[tuple[str, ...]] = ("signing_key",)

    def connect(self) -> bool:
        """Ask who we are."""
        return "id" in self._ask("GET", "/me")

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return p.User.model_validate(self._ask("GET", f"/users/{payload.user_id}"))

    @action(idempotency=Idempotency.unsafe(), examples=[EXAMPLES["post_note"]])
    def post_note(self, payload: p.PostNote) -> p.Note:
        """Post a note."""
        return p.Note.model_validate(self._ask("POST", "/notes", json.dumps({"text": payload.text}).encode()))

    def _ask(self, method: str, path: str, body: bytes = b"") -> dict[str, Any]:
        at = str(int(time.time()))
        text = b"\n".join([method.encode(), path.encode(), at.encode(), body])
        digest = hmac.new(self.profile.secret("signing_key").encode(), text, hashlib.sha256).hexdigest()
        headers = {"X-Acme-Time": at, "X-Acme-Signature": f"v1={digest}", "Content-Type": "application/json"}
        return self.json(self.request(method, path, data=body or None, headers=headers))


_NOTE = EXAMPLES["post_note"]
_ADA = {"id": "u_7", "name": "Ada"}
NONCE = {
    "get_user": Tape(EXAMPLES["get_user"], [Turn("GET", "/v1/users/u_7?nonce=0b1c", answer=_ADA)]),
    "post_note": Tape(
        _NOTE,
        [
            Turn(
                "POST",
                "/v1/notes?nonce=0b1d",
                _NOTE | {"meta": {"sent_at": "2026-11-24T03:22:55+00:00"}},
                {"id": "n_1", "text": _NOTE["text"]},
                201,
            )
        ],
    ),
}
_SIGNED = {"X-Acme-Time": "1795490575", "X-Acme-Signature": "v1=" + "0f" * 32}
SIGNED = {
    "connect": Tape({}, [Turn("GET", "/v1/me", answer={"id": "u_1"}, headers=_SIGNED)]),
    "get_user": Tape(EXAMPLES["get_user"], [Turn("GET", "/v1/users/u_7", answer=_ADA, headers=_SIGNED)]),
    "post_note": Tape(
        _NOTE, [Turn("POST", "/v1/notes", _NOTE, {"id": "n_1", "text": _NOTE["text"]}, 201, headers=_SIGNED)]
    ),
}
_NONCE_ME = Turn("GET", "/v1/me?nonce=0b1a", answer={"id": "u_1"})

MEMBERS = [
    Member(NonceAcmeAdapter, record=record(NonceAcmeAdapter, NONCE | {"connect": Tape({}, [ME])})),
    Member(SigningAcmeAdapter, record=record(SigningAcmeAdapter, SIGNED)),
]
MEMBERS += [
    Member(
        NonceEverywhereAcmeAdapter,
        record=record(NonceEverywhereAcmeAdapter, {"connect": Tape({}, [_NONCE_ME]), **NONCE}),
    )
]
