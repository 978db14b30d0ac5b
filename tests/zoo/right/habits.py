"""Unusual habits: chatty logs, another user agent each time, slots, several classes, a health check of two requests."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Mapping
from typing import Any, ClassVar

import requests

from automate_connectors import (
    AuthenticationError,
    ConnectionProfile,
    ConnectorError,
    Idempotency,
    NetworkError,
    ServiceTimeoutError,
    action,
)
from zoo import payloads as p
from zoo.acme import BASE, EXAMPLES
from zoo.members import Member, acme
from zoo.right.by_hand import FEW, AcmeByHand, Ask, ByHand, Reply, as_object, lower, refuse
from zoo.right.tape import Tape, Turn, record
from zoo.right.with_httpx import OverHttpx

_LOG = logging.getLogger(__name__)


class ChattyAcmeAdapter(OverHttpx, AcmeByHand):
    """Logs everything but its secrets, and prints nothing."""

    name = "acme_chatty"
    version = "1.0.0"

    def send(self, request: Ask) -> Reply:
        """Send, and tell about it."""
        told = {name: value for name, value in request.headers.items() if name != "Authorization"}
        _LOG.debug("sending %s %s with %r: %r", request.method, request.url, told, request.body)
        try:
            reply = super().send(request)
        except ConnectorError:
            _LOG.exception("no answer to %s %s", request.method, request.url)
            raise
        _LOG.info("got %d with %r: %r", reply.status, dict(reply.headers), reply.body, extra={"status": reply.status})
        return reply


class ManyAgentsAcmeAdapter(OverHttpx, AcmeByHand):
    """Numbers its requests in the user agent."""

    name = "acme_many_agents"
    version = "1.0.0"
    _numbers: ClassVar[itertools.count[int]] = itertools.count(1)

    def send(self, request: Ask) -> Reply:
        """Send under a name of its own."""
        headers = {**request.headers, "User-Agent": f"acme/{self.version} request/{next(self._numbers)}"}
        return super().send(Ask(request.method, request.url, headers, request.body))


class SlottedAcmeAdapter(OverHttpx, AcmeByHand):
    """Has slots, and a repr."""

    name = "acme_slotted"
    version = "1.0.0"
    __slots__ = ("_sent",)

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._sent = 0

    def __repr__(self) -> str:
        return f"{type(self).__name__}(profile={self.profile!r}, sent={self._sent})"

    def send(self, request: Ask) -> Reply:
        """Send, and count."""
        self._sent += 1
        return super().send(request)


class SayingNoAcmeAdapter(OverHttpx, AcmeByHand):
    """Its health check raises nothing: it says yes or no."""

    name = "acme_saying_no"
    version = "1.0.0"

    def connect(self) -> bool:
        """Whether Acme can be used."""
        try:
            return super().connect()
        except ConnectorError as error:
            _LOG.warning("Acme cannot be used: %s", error.code)
            return False


class SessionAcmeAdapter(ByHand):
    """Signs in with a password and is known by a cookie from then on; signs in anew, once, when that has expired."""

    name = "acme_session"
    version = "1.0.0"
    secrets = ("password",)

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._session = requests.Session()

    def connect(self) -> bool:
        """Sign in, then ask who we are."""
        self._sign_in()
        return "id" in self.call("GET", "/me")

    def call(
        self, method: str, path: str, body: dict[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """One request in the session."""
        del headers
        reply = self._sent(method, path, body)
        if reply.status == 401:
            self._sign_in()
            reply = self._sent(method, path, body)
        refuse(reply)
        return as_object(reply)

    def close(self) -> None:
        """End the session on this side."""
        self._session.close()

    def send(self, request: Ask) -> Reply:
        """Send."""
        raise NotImplementedError

    def _sign_in(self) -> None:
        reply = self._sent("POST", "/session", {"user": "bot", "password": self.profile.secret("password")})
        refuse(reply)
        if not as_object(reply).get("signed_in"):
            raise AuthenticationError("Acme does not know the password")

    def _sent(self, method: str, path: str, body: dict[str, Any] | None) -> Reply:
        try:
            answer = self._session.request(method, BASE + path, json=body, timeout=10, allow_redirects=False)
        except requests.Timeout as error:
            raise ServiceTimeoutError("Acme did not answer in time") from error
        except requests.RequestException as error:
            raise NetworkError("the connection to Acme failed") from error
        return Reply(answer.status_code, lower(answer.headers), answer.content)

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return p.User.model_validate(self.call("GET", f"/users/{payload.user_id}"))

    @action(idempotency=Idempotency.unsafe(), examples=[EXAMPLES["post_note"]])
    def post_note(self, payload: p.PostNote) -> p.Note:
        """Post a note."""
        return p.Note.model_validate(self.call("POST", "/notes", {"text": payload.text}))


_COOKIE = {"Cookie": "sid={{sid}}"}
_NOTE = EXAMPLES["post_note"]
SESSION = {
    "connect": Tape(
        {},
        [
            Turn(
                "POST",
                "/v1/session",
                {"user": "bot", "password": "{{password}}"},
                {"signed_in": True},
                headers={},
                received={"Set-Cookie": "sid={{sid}}; Path=/; Secure; HttpOnly"},
            ),
            Turn("GET", "/v1/me", answer={"id": "u_1"}, headers=_COOKIE),
        ],
    ),
    "get_user": Tape(
        EXAMPLES["get_user"], [Turn("GET", "/v1/users/u_7", answer={"id": "u_7", "name": "Ada"}, headers=_COOKIE)]
    ),
    "post_note": Tape(
        _NOTE, [Turn("POST", "/v1/notes", _NOTE, {"id": "n_1", "text": _NOTE["text"]}, 201, headers=_COOKIE)]
    ),
}
KINDS: tuple[type[AcmeByHand], ...] = (
    ChattyAcmeAdapter,
    ManyAgentsAcmeAdapter,
    SlottedAcmeAdapter,
    SayingNoAcmeAdapter,
)
MEMBERS = [
    *(Member(kind, record=acme(kind, actions=FEW)) for kind in KINDS),
    Member(SessionAcmeAdapter, record=record(SessionAcmeAdapter, SESSION)),
]
