"""Unusual answers and results: compressed, streamed, text, behind a redirect; enumerations and ordered dicts."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import OrderedDict, defaultdict
from enum import IntEnum, StrEnum
from typing import Any

import httpx
import requests

from automate_connectors import (
    ConnectorError,
    Idempotency,
    NetworkError,
    ServiceTimeoutError,
    UnexpectedResponseError,
    action,
)
from zoo import payloads as p
from zoo.acme import EXAMPLES
from zoo.members import Member
from zoo.right.bodies import FileId, OverRequests
from zoo.right.by_hand import Reply, ask, lower, refuse
from zoo.right.tape import ME, Tape, Turn, record
from zoo.right.with_httpx import OverHttpx, transport_error

_CSV = {"Content-Type": "text/csv; charset=utf-8"}
_CONTENT = b"id,name\r\n" + b"".join(b"%d,line %d\r\n" % (n, n) for n in range(400))


class State(StrEnum):
    """How a file is."""

    READY = "ready"
    LOST = "lost"


class Priority(IntEnum):
    """How urgent it is."""

    LOW = 1


class CompressedAcmeAdapter(OverHttpx):
    """Is answered in gzip, deflate and brotli, as its client offers."""

    name = "acme_compressed"
    version = "1.0.0"

    @action(idempotency=Idempotency.read_only(), examples=[{"user_id": "u_7"}, {"user_id": "u_8"}, {"user_id": "u_9"}])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return p.User.model_validate(self.call("GET", f"/users/{payload.user_id}"))


class CompressedRequestsAcmeAdapter(OverRequests):
    """The same by `requests`."""

    name = "acme_compressed_requests"
    version = "1.0.0"

    @action(idempotency=Idempotency.read_only(), examples=[{"user_id": "u_7"}, {"user_id": "u_8"}, {"user_id": "u_9"}])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return p.User.model_validate(self.call("GET", f"/users/{payload.user_id}"))


class StreamingAcmeAdapter(OverHttpx):
    """Reads a file piece by piece."""

    name = "acme_streaming"
    version = "1.0.0"

    @action(idempotency=Idempotency.read_only(), examples=[{"file_id": "f_1"}])
    def digest(self, payload: FileId) -> dict[str, Any]:
        """The size and the digest of a file."""
        request = ask(self.profile, "GET", f"/files/{payload.file_id}")
        size, digest = 0, hashlib.sha256()
        try:
            with (
                httpx.Client(timeout=10) as client,
                client.stream(request.method, request.url, headers=dict(request.headers)) as answer,
            ):
                refuse(Reply(answer.status_code, lower(answer.headers), b""))
                for piece in answer.iter_bytes(1024):
                    size += len(piece)
                    digest.update(piece)
        except httpx.HTTPError as error:
            raise transport_error(error) from error
        return {"size": size, "sha256": digest.hexdigest()}


class RedirectedAcmeAdapter(OverRequests):
    """Is sent to a store on another host, and goes there without credentials, as `requests` does."""

    name = "acme_redirected"
    version = "1.0.0"

    @action(idempotency=Idempotency.read_only(), examples=[{"file_id": "f_1"}])
    def rows(self, payload: FileId) -> dict[str, Any]:
        """The rows of a table."""
        request = ask(self.profile, "GET", f"/files/{payload.file_id}/table")
        try:
            answer = requests.get(request.url, headers=dict(request.headers), timeout=(5, 20))
        except requests.Timeout as error:
            raise ServiceTimeoutError("Acme did not answer in time") from error
        except requests.RequestException as error:
            raise NetworkError("the connection to Acme failed") from error
        refuse(Reply(answer.status_code, lower(answer.headers), b""))
        if not answer.headers.get("Content-Type", "").startswith("text/csv"):
            raise UnexpectedResponseError("Acme sent no table")
        return {"rows": list(csv.DictReader(io.StringIO(answer.text)))}


class ResultsAcmeAdapter(OverHttpx):
    """Gives results of classes that JSON carries all the same, and wraps errors with notes."""

    name = "acme_results"
    version = "1.0.0"

    @action(idempotency=Idempotency.read_only(), examples=[{"file_id": "f_1"}])
    def state(self, payload: FileId) -> dict[str, Any]:
        """How a file is."""
        try:
            found = self.call("GET", f"/files/{payload.file_id}/state")
        except ConnectorError as error:
            error.add_note(f"while asking for the state of the file {payload.file_id}")
            raise
        counts: defaultdict[str, int] = defaultdict(int)
        for tag in found.get("tags", []):
            counts[str(tag)] += 1
        return OrderedDict(state=State(found["state"]), priority=Priority.LOW, counts=counts, whole=True, share=0.5)

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return p.User.model_validate(self.call("GET", f"/users/{payload.user_id}"))


def _user(user: str, encoding: str) -> Tape:
    turn = Turn("GET", f"/v1/users/{user}", answer={"id": user, "name": "Ada " * 20}, encoding=encoding)
    return Tape({"user_id": user}, [turn])


COMPRESSED = {
    "connect": Tape({}, [ME]),
    "get_user": _user("u_7", "gzip"),
    "get_user.2": _user("u_8", "deflate"),
    "get_user.3": _user("u_9", "br"),
}
_FILE = {"file_id": "f_1"}
_STORE = "https://store.acme-files.test/t/f_1.csv?sig=0a1b"
_ROWS = b"id,name\r\n1,Ada\r\n"
STREAMED = {
    "connect": Tape({}, [ME]),
    "digest": Tape(
        _FILE, [Turn("GET", "/v1/files/f_1", answer=_CONTENT, received=_CSV | {"Transfer-Encoding": "chunked"})]
    ),
}
REDIRECTED = {
    "connect": Tape({}, [ME]),
    "rows": Tape(
        _FILE,
        [
            Turn("GET", "/v1/files/f_1/table", status=302, received={"Location": _STORE}),
            Turn("GET", _STORE, answer=_ROWS, headers={}, received=_CSV),
        ],
    ),
}
RESULTS = {
    "connect": Tape({}, [ME]),
    "state": Tape(_FILE, [Turn("GET", "/v1/files/f_1/state", answer={"state": "ready", "tags": ["a", "b", "a"]})]),
    "get_user": Tape(EXAMPLES["get_user"], [Turn("GET", "/v1/users/u_7", answer={"id": "u_7", "name": "Ada"})]),
}

MEMBERS = [
    Member(CompressedAcmeAdapter, record=record(CompressedAcmeAdapter, COMPRESSED)),
    Member(CompressedRequestsAcmeAdapter, record=record(CompressedRequestsAcmeAdapter, COMPRESSED)),
    Member(StreamingAcmeAdapter, record=record(StreamingAcmeAdapter, STREAMED)),
    Member(RedirectedAcmeAdapter, record=record(RedirectedAcmeAdapter, REDIRECTED)),
    Member(ResultsAcmeAdapter, record=record(ResultsAcmeAdapter, RESULTS)),
]
