"""Acme on `HttpConnectorAdapter`, with other credentials: sign-in, Basic, an API key, a token in the path."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from automate_connectors import ConnectionProfile, Idempotency, action
from automate_connectors.adapters.http import HttpConnectorAdapter
from automate_connectors.testing import Waiver
from zoo import payloads as p
from zoo.acme import BASE, EXAMPLES
from zoo.members import Member, acme
from zoo.right.tape import Tape, Turn, record


class BasicAcmeAdapter(HttpConnectorAdapter):
    """Sends user and password as Basic credentials (RFC 7617)."""

    name = "acme_http_basic"
    version = "1.0.0"
    base_url = BASE
    secrets: ClassVar[tuple[str, ...]] = ("user", "password")

    def auth_headers(self) -> dict[str, str]:
        """User and password in base64."""
        pair = f"{self.profile.secret('user')}:{self.profile.secret('password')}"
        return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}

    def connect(self) -> bool:
        """Ask who we are."""
        return "id" in self.json(self.request("GET", "/me"))

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return self.json(self.request("GET", f"/users/{payload.user_id}"), p.User)

    @action(idempotency=Idempotency.unsafe(), examples=[EXAMPLES["post_note"]])
    def post_note(self, payload: p.PostNote) -> p.Note:
        """Post a note."""
        return self.json(self.request("POST", "/notes", json={"text": payload.text}), p.Note)


class SigningInAcmeAdapter(BasicAcmeAdapter):
    """Fetches an access token with the client's secret, and a new one where that has expired."""

    name = "acme_http_sign_in"
    secrets = ("client_secret",)

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._token: str | None = None

    def auth_headers(self) -> dict[str, str]:
        """The access token, fetched when it is first needed."""
        if self._token is None:
            self.refresh_auth()
        return {"Authorization": f"Bearer {self._token}"}

    def refresh_auth(self) -> bool:
        """Ask the token endpoint."""
        form = {"grant_type": "client_credentials", "client_secret": self.profile.secret("client_secret")}
        answer = self.json(self.request("POST", "/oauth/token", data=form, authenticate=False))
        self._token = str(answer["access_token"])
        return True


class ApiKeyAcmeAdapter(BasicAcmeAdapter):
    """Sends an API key in a header of Acme's own."""

    name = "acme_http_api_key"
    secrets = ("api_key",)

    def auth_headers(self) -> dict[str, str]:
        """The key."""
        return {"X-Acme-Api-Key": self.profile.secret("api_key")}


class TokenInPathAcmeAdapter(HttpConnectorAdapter):
    """Puts the bot's token into the path, because the service wants it there."""

    name = "acme_http_token_in_path"
    version = "1.0.0"
    base_url = "https://bots.acme.test"
    secrets: ClassVar[tuple[str, ...]] = ("bot_token",)

    def connect(self) -> bool:
        """Ask who we are."""
        return "id" in self.json(self.request("GET", self._path("getMe")))

    @action(idempotency=Idempotency.unsafe(), examples=[EXAMPLES["post_note"]])
    def post_note(self, payload: p.PostNote) -> p.Note:
        """Post a note."""
        return self.json(self.request("POST", self._path("postNote"), json={"text": payload.text}), p.Note)

    def _path(self, method: str) -> str:
        return f"/bot{self.profile.secret('bot_token')}/{method}"


_SIGN_IN = Turn(
    "POST",
    "/v1/oauth/token",
    b"grant_type=client_credentials&client_secret={{client_secret}}",
    {"access_token": "{{access_token}}", "expires_in": 3600},
    headers={"Content-Type": "application/x-www-form-urlencoded"},
)
_ACCESS = {"Authorization": "Bearer {{access_token}}"}
_NOTE = EXAMPLES["post_note"]
SIGN_IN_TAPES = {
    "connect": Tape({}, [_SIGN_IN, Turn("GET", "/v1/me", answer={"id": "u_1"}, headers=_ACCESS)]),
    "get_user": Tape(
        EXAMPLES["get_user"],
        [Turn("GET", "/v1/users/u_7", answer={"id": "u_7", "name": "Ada"}, headers=_ACCESS)],
    ),
    "post_note": Tape(
        _NOTE, [Turn("POST", "/v1/notes", _NOTE, {"id": "n_1", "text": _NOTE["text"]}, 201, headers=_ACCESS)]
    ),
}


BOT_TAPES = {
    "connect": Tape(
        {}, [Turn("GET", "https://bots.acme.test/bot{{bot_token}}/getMe", answer={"id": "b_1"}, headers={})]
    ),
    "post_note": Tape(
        _NOTE,
        [
            Turn(
                "POST",
                "https://bots.acme.test/bot{{bot_token}}/postNote",
                _NOTE,
                {"id": "n_1", "text": _NOTE["text"]},
                headers={},
            )
        ],
    ),
}
WAIVED = {
    "S05": Waiver("The service takes the token in the path alone.", datetime.now(UTC).date() + timedelta(days=90))
}
_BRIEF = ("get_user", "post_note")

_KEY = {"X-Acme-Api-Key": "{{api_key}}"}
KEY_TAPES = {
    "connect": Tape({}, [Turn("GET", "/v1/me", answer={"id": "u_1"}, headers=_KEY)]),
    "get_user": Tape(
        EXAMPLES["get_user"], [Turn("GET", "/v1/users/u_7", answer={"id": "u_7", "name": "Ada"}, headers=_KEY)]
    ),
    "post_note": Tape(
        _NOTE, [Turn("POST", "/v1/notes", _NOTE, {"id": "n_1", "text": _NOTE["text"]}, 201, headers=_KEY)]
    ),
}

MEMBERS = [
    Member(
        BasicAcmeAdapter,
        # One base64 token holds both secrets, and the scrubber names it after one of them.
        record=acme(
            BasicAcmeAdapter,
            actions=("get_user", "post_note"),
            authorization="Basic {{password}}",
            scrubbed=("user", "password"),
        ),
    ),
    Member(SigningInAcmeAdapter, record=record(SigningInAcmeAdapter, SIGN_IN_TAPES)),
    Member(ApiKeyAcmeAdapter, record=record(ApiKeyAcmeAdapter, KEY_TAPES)),
    Member(TokenInPathAcmeAdapter, case={"waivers": WAIVED}, record=record(TokenInPathAcmeAdapter, BOT_TAPES)),
]
