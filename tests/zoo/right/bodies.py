"""Requests that are no plain JSON: HEAD, a form, a file, a compressed body, one endpoint for everything."""

from __future__ import annotations

import gzip
import json
from typing import Any, ClassVar

import requests
from pydantic import Field

from automate_connectors import (
    AuthenticationError,
    Idempotency,
    NetworkError,
    NotFoundError,
    ServiceTimeoutError,
    UnexpectedResponseError,
    action,
)
from automate_connectors.adapters.http import HttpConnectorAdapter
from automate_connectors.testing import ErrorSample, SentRequest
from zoo import payloads as p
from zoo.acme import EXAMPLES
from zoo.members import Member
from zoo.payloads import Strict
from zoo.right.by_hand import Ask, ByHand, Reply, as_object, ask, lower, refuse
from zoo.right.tape import BEARER, FORM, ME, Tape, Turn, record

_KEY = "3f0c2a1e-5d64-4c7e-9a57-0b6b5a1d2c3e"


class File(Strict):
    """A text file."""

    file_name: str = Field(description="Its name", min_length=1, max_length=40, pattern=r"^[a-z0-9_.]+$")
    content: str = Field(description="Its text", min_length=1, max_length=500)


class FileId(Strict):
    """Which file."""

    file_id: str = Field(description="The file's id", min_length=1, max_length=20, pattern="^[a-z0-9_]+$")


class Sms(Strict):
    """A short message."""

    to: str = Field(description="The number", pattern=r"^\+[0-9]{6,15}$")
    text: str = Field(description="The text", min_length=1, max_length=160)
    idempotency_key: str | None = Field(None, description="The operation id", min_length=1, max_length=60)


class OverRequests(ByHand):
    """Sends by `requests`."""

    def send(self, request: Ask, **more: Any) -> Reply:
        """Send."""
        try:
            answer = requests.request(
                request.method,
                request.url,
                headers=dict(request.headers),
                timeout=10,
                allow_redirects=False,
                **({"data": request.body} | more),
            )
        except requests.Timeout as error:
            raise ServiceTimeoutError("Acme did not answer in time") from error
        except requests.RequestException as error:
            raise NetworkError("the connection to Acme failed") from error
        return Reply(answer.status_code, lower(answer.headers), answer.content)

    def read(self, request: Ask, **more: Any) -> dict[str, Any]:
        """The JSON object that a request brings."""
        reply = self.send(request, **more)
        refuse(reply)
        return as_object(reply)


class BodiesAcmeAdapter(OverRequests):
    """Sends a HEAD, forms, files and compressed bodies."""

    name = "acme_bodies"
    version = "1.0.0"

    @action(idempotency=Idempotency.read_only(), examples=[{"file_id": "f_1"}])
    def inspect(self, payload: FileId) -> dict[str, Any]:
        """Ask for a file's size and version, not for the file."""
        reply = self.send(ask(self.profile, "HEAD", f"/files/{payload.file_id}"))
        refuse(reply)
        if "etag" not in reply.headers:
            raise UnexpectedResponseError("Acme told no version")
        return {"size": int(reply.headers["content-length"]), "version": reply.headers["etag"].strip('"')}

    @action(
        idempotency=Idempotency.keyed(body="dedup_id"),
        examples=[{"to": "+15550100", "text": "Grüße & more", "idempotency_key": _KEY}],
    )
    def send_sms(self, payload: Sms) -> dict[str, Any]:
        """Send a short message, as a form."""
        form = {"to": payload.to, "text": payload.text, "dedup_id": payload.idempotency_key}
        answer = self.read(ask(self.profile, "POST", "/sms"), data={k: v for k, v in form.items() if v is not None})
        return {"id": str(answer["id"])}

    @action(idempotency=Idempotency.unsafe(), examples=[{"file_name": "notes.txt", "content": "one\ntwo\n"}])
    def upload(self, payload: File) -> dict[str, Any]:
        """Upload a text file."""
        files = {"file": (payload.file_name, payload.content.encode(), "text/plain")}
        answer = self.read(ask(self.profile, "POST", "/files"), data={"folder": "inbox"}, files=files)
        return {"id": str(answer["id"])}

    @action(idempotency=Idempotency.unsafe(), examples=[EXAMPLES["post_note"]])
    def post_note(self, payload: p.PostNote) -> p.Note:
        """Post a note, compressed."""
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        request = ask(self.profile, "POST", "/notes", headers=headers)
        body = gzip.compress(json.dumps({"text": payload.text}).encode())
        return p.Note.model_validate(self.read(request, data=body))


class RangesAcmeAdapter(OverRequests):
    """Asks for a file's size first, then for the file in ranges."""

    name = "acme_ranges"
    version = "1.0.0"

    @action(idempotency=Idempotency.read_only(), examples=[{"file_id": "f_1"}])
    def fetch(self, payload: FileId) -> dict[str, Any]:
        """Fetch a text file."""
        path, text = f"/files/{payload.file_id}", b""
        head = self.send(ask(self.profile, "HEAD", path))
        refuse(head)
        size = int(head.headers.get("content-length", "0"))
        for start in range(0, size, 16):
            end = min(size, start + 16) - 1
            part = self.send(ask(self.profile, "GET", path, headers={"Range": f"bytes={start}-{end}"}))
            refuse(part)
            text += part.body
        return {"text": text.decode()}


class GraphqlAcmeAdapter(HttpConnectorAdapter):
    """Asks and changes everything at one endpoint."""

    name = "acme_graphql"
    version = "1.0.0"
    base_url = "https://api.acme.test"
    secrets: ClassVar[tuple[str, ...]] = ("token",)

    def auth_headers(self) -> dict[str, str]:
        """Acme takes a bearer token."""
        return {"Authorization": f"Bearer {self.profile.secret('token')}"}

    def connect(self) -> bool:
        """Ask who we are."""
        return "id" in self._ask("query { viewer { id } }")["viewer"]

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        found = self._ask("query U($id: ID!) { user(id: $id) { id name } }", id=payload.user_id)
        return p.User.model_validate(found["user"])

    @action(idempotency=Idempotency.unsafe(), examples=[EXAMPLES["post_note"]])
    def post_note(self, payload: p.PostNote) -> p.Note:
        """Post a note."""
        made = self._ask("mutation N($text: String!) { post(text: $text) { id text } }", text=payload.text)
        return p.Note.model_validate(made["post"])

    def _ask(self, query: str, **variables: Any) -> dict[str, Any]:
        answer = self.json(self.request("POST", "/graphql", json={"query": query, "variables": variables}))
        for error in answer.get("errors", ()):
            kinds = {"UNAUTHENTICATED": AuthenticationError, "NOT_FOUND": NotFoundError}
            raise kinds.get(error["extensions"]["code"], UnexpectedResponseError)("Acme refused the query")
        return dict(answer["data"])


_NOTE = EXAMPLES["post_note"]
_TEXT = "one\r\ntwo\r\n"
_UPLOAD = (
    b'--cut\r\nContent-Disposition: form-data; name="folder"\r\n\r\ninbox\r\n'
    b'--cut\r\nContent-Disposition: form-data; name="file"; filename="notes.txt"\r\nContent-Type: text/plain\r\n\r\n'
    b"one\ntwo\n\r\n--cut--\r\n"
)
TAPES = {
    "connect": Tape({}, [ME]),
    "inspect": Tape(
        {"file_id": "f_1"}, [Turn("HEAD", "/v1/files/f_1", received={"ETag": '"v7"', "Content-Length": "4096"})]
    ),
    "send_sms": Tape(
        {"to": "+15550100", "text": "Grüße & more", "idempotency_key": _KEY},
        [
            Turn(
                "POST",
                "/v1/sms",
                b"to=%2B15550100&text=Gr%C3%BC%C3%9Fe+%26+more&dedup_id=" + _KEY.encode(),
                {"id": "s_1"},
                headers=BEARER | FORM,
            )
        ],
    ),
    "upload": Tape(
        {"file_name": "notes.txt", "content": "one\ntwo\n"},
        [
            Turn(
                "POST",
                "/v1/files",
                _UPLOAD,
                {"id": "f_2"},
                201,
                headers=BEARER | {"Content-Type": "multipart/form-data; boundary=cut"},
            )
        ],
    ),
    "post_note": Tape(_NOTE, [Turn("POST", "/v1/notes", _NOTE, {"id": "n_1", "text": _NOTE["text"]}, 201)]),
}
_PLAIN = {"Content-Type": "text/plain"}
RANGES = {
    "connect": Tape({}, [ME]),
    "fetch": Tape(
        {"file_id": "f_1"},
        [
            Turn("HEAD", "/v1/files/f_1", received=_PLAIN | {"Content-Length": "20"}),
            Turn("GET", "/v1/files/f_1", answer=b"sixteen letters ", status=206, received=_PLAIN),
            Turn("GET", "/v1/files/f_1", answer=b"four", status=206, received=_PLAIN),
        ],
    ),
}
_USER_QUERY = {"query": "query U($id: ID!) { user(id: $id) { id name } }", "variables": {"id": "u_7"}}
_NOTE_QUERY = {
    "query": "mutation N($text: String!) { post(text: $text) { id text } }",
    "variables": {"text": _NOTE["text"]},
}
_VIEWER = Turn(
    "POST", "/graphql", {"query": "query { viewer { id } }", "variables": {}}, {"data": {"viewer": {"id": 1}}}
)
GRAPHQL = {
    "connect": Tape({}, [_VIEWER]),
    "get_user": Tape(
        EXAMPLES["get_user"],
        [Turn("POST", "/graphql", _USER_QUERY, {"data": {"user": {"id": "u_7", "name": "Ada"}}})],
    ),
    "post_note": Tape(
        _NOTE, [Turn("POST", "/graphql", _NOTE_QUERY, {"data": {"post": {"id": "n_1", "text": _NOTE["text"]}}})]
    ),
}


def _is_effect(_case: object, request: SentRequest) -> bool:
    return b"mutation" in request.body


def _errors(code: str) -> dict[str, Any]:
    return {"data": None, "errors": [{"message": "no", "extensions": {"code": code}}]}


SAMPLES = (
    ErrorSample(None, _errors("UNAUTHENTICATED"), "AUTH_FAILED"),
    ErrorSample("get_user", _errors("NOT_FOUND"), "NOT_FOUND"),
)

MEMBERS = [
    Member(BodiesAcmeAdapter, record=record(BodiesAcmeAdapter, TAPES)),
    Member(
        GraphqlAcmeAdapter,
        case={"is_effect": _is_effect, "error_samples": SAMPLES},
        record=record(GraphqlAcmeAdapter, GRAPHQL),
    ),
]
MEMBERS += [Member(RangesAcmeAdapter, record=record(RangesAcmeAdapter, RANGES))]
