"""Other ways to sign in: anew in each call, and by an assertion that is made and signed anew each time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from typing import Any, ClassVar
from urllib.parse import urlencode

from automate_connectors import AuthenticationError, Idempotency, action
from zoo import payloads as p
from zoo.acme import BASE, EXAMPLES
from zoo.members import Member
from zoo.right.by_hand import Ask, Reply, as_object, refuse
from zoo.right.tape import FORM, Tape, Turn, record
from zoo.right.with_httpx import OverHttpx


class EachTimeAcmeAdapter(OverHttpx):
    """Fetches a token in each call; a token that is refused is replaced once."""

    name = "acme_sign_in_each_time"
    version = "1.0.0"
    secrets: ClassVar[tuple[str, ...]] = ("client_secret",)

    def connect(self) -> bool:
        """Sign in, then ask who we are."""
        return "id" in self.call("GET", "/me")

    def call(self, method: str, path: str, body: Any = None, headers: Any = None) -> dict[str, Any]:
        """Sign in, then one request."""
        del headers
        reply = self._authorised(method, path, body)
        if reply.status == 401:
            reply = self._authorised(method, path, body)
        refuse(reply)
        return as_object(reply)

    def grant(self) -> dict[str, str]:
        """What the token endpoint wants to see."""
        return {"grant_type": "client_credentials", "client_secret": self.profile.secret("client_secret")}

    def _token(self) -> str:
        reply = self.send(Ask("POST", f"{BASE}/oauth/token", FORM, urlencode(self.grant()).encode()))
        if reply.status in (400, 401, 403):
            raise AuthenticationError("Acme gives no token for these credentials", status=reply.status)
        refuse(reply)
        token = as_object(reply).get("access_token")
        if not isinstance(token, str):
            raise AuthenticationError("Acme gave no token")
        return token

    def _authorised(self, method: str, path: str, body: Any) -> Reply:
        sent = {"Authorization": f"Bearer {self._token()}"}
        content = None if body is None else json.dumps(body).encode()
        sent |= {} if body is None else {"Content-Type": "application/json"}
        return self.send(Ask(method, BASE + path, sent, content))

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return p.User.model_validate(self.call("GET", f"/users/{payload.user_id}"))

    @action(idempotency=Idempotency.unsafe(), examples=[EXAMPLES["post_note"]])
    def post_note(self, payload: p.PostNote) -> p.Note:
        """Post a note."""
        return p.Note.model_validate(self.call("POST", "/notes", {"text": payload.text}))


class AssertingAcmeAdapter(EachTimeAcmeAdapter):
    """Proves its key by a signed assertion (RFC 7523), a new one for each token."""

    name = "acme_asserting"
    secrets = ("signing_key",)

    def grant(self) -> dict[str, str]:
        """The assertion."""
        now = int(time.time())
        claims = {"iss": "bot", "aud": f"{BASE}/oauth/token", "iat": now, "exp": now + 60, "jti": uuid.uuid4().hex}
        parts = [_coded(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
        key = self.profile.secret("signing_key").encode()
        digest = hmac.new(key, ".".join(parts).encode(), hashlib.sha256).digest()
        return {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": ".".join([*parts, _coded(digest)]),
        }


def _coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


_ACCESS = {"Authorization": "Bearer {{access_token}}"}
_NOTE = EXAMPLES["post_note"]


def _tapes(form: bytes) -> dict[str, Tape]:
    granted = {"access_token": "{{access_token}}"}
    token = Turn("POST", "/v1/oauth/token", form, granted, headers=FORM)
    return {
        "connect": Tape({}, [token, Turn("GET", "/v1/me", answer={"id": "u_1"}, headers=_ACCESS)]),
        "get_user": Tape(
            EXAMPLES["get_user"],
            [token, Turn("GET", "/v1/users/u_7", answer={"id": "u_7", "name": "Ada"}, headers=_ACCESS)],
        ),
        "post_note": Tape(
            _NOTE,
            [token, Turn("POST", "/v1/notes", _NOTE, {"id": "n_1", "text": _NOTE["text"]}, 201, headers=_ACCESS)],
        ),
    }


_BY_SECRET = b"grant_type=client_credentials&client_secret={{client_secret}}"
_BY_ASSERTION = b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={{assertion}}"

MEMBERS = [Member(EachTimeAcmeAdapter, record=record(EachTimeAcmeAdapter, _tapes(_BY_SECRET)))]
MEMBERS += [
    Member(
        AssertingAcmeAdapter,
        case={"scrub": ("assertion",)},
        record=record(AssertingAcmeAdapter, _tapes(_BY_ASSERTION)),
    )
]
