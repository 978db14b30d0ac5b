"""A write after a sign-in by POST, and a connector that keeps quiet as long as it was told to."""

from __future__ import annotations

import threading
import time

import httpx

from automate_connectors import ConnectionProfile, RateLimitedError
from zoo.acme import EXAMPLES
from zoo.members import Member, acme
from zoo.right.by_hand import FEW, AcmeByHand, Ask, Reply, refuse
from zoo.right.sign_ins import EachTimeAcmeAdapter
from zoo.right.tape import FORM, Tape, Turn, record
from zoo.right.with_httpx import send


class SigningInAdapter(EachTimeAcmeAdapter):
    """Fetches a token by POST in each call, reads and writes alike."""

    name = "acme_gold_signing_in"

    def connect(self) -> bool:
        """Sign in, then ask who we are."""
        return super().connect()


class PoliteAdapter(AcmeByHand):
    """After a 429 sends nothing until Retry-After has passed, and says how long that is."""

    name = "acme_polite"
    version = "1.0.0"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._lock = threading.Lock()
        self._quiet_until = 0.0
        self._client = httpx.Client(timeout=10)

    def send(self, request: Ask) -> Reply:
        """Send, unless Acme wants to be left alone."""
        wait = self._quiet_until - time.monotonic()
        if wait > 0:
            raise RateLimitedError("Acme asked to be left alone for a while", retry_after=wait)
        reply = send(self._client, request)
        try:
            refuse(reply)
        except RateLimitedError as error:
            with self._lock:
                self._quiet_until = time.monotonic() + (error.retry_after or 0.0)
            raise
        return reply

    def close(self) -> None:
        """Close the client."""
        self._client.close()


_FORM = b"grant_type=client_credentials&client_secret={{client_secret}}"
_TOKEN = Turn("POST", "/v1/oauth/token", _FORM, {"access_token": "{{access_token}}"}, headers=FORM)
_ACCESS = {"Authorization": "Bearer {{access_token}}"}
_USER, _NOTE = EXAMPLES["get_user"], EXAMPLES["post_note"]
_TAPES = {
    "connect": Tape({}, [_TOKEN, Turn("GET", "/v1/me", answer={"id": "u_1"}, headers=_ACCESS)]),
    "get_user": Tape(
        _USER, [_TOKEN, Turn("GET", "/v1/users/u_7", answer={"id": "u_7", "name": "Ada"}, headers=_ACCESS)]
    ),
    "post_note": Tape(_NOTE, [_TOKEN, Turn("POST", "/v1/notes", _NOTE, {"id": "n_1"} | _NOTE, 201, headers=_ACCESS)]),
}

MEMBERS = [
    Member(
        SigningInAdapter,
        level="gold",
        record=record(SigningInAdapter, _TAPES),
        guarantees={"get_user": "read-only", "post_note": "at-most-once"},
    ),
    Member(
        PoliteAdapter,
        level="gold",
        record=acme(PoliteAdapter, actions=FEW),
        guarantees={"get_user": "read-only", "send_message": "exactly-once", "post_note": "at-most-once"},
    ),
]
