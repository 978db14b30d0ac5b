"""Unusual addresses: plain HTTP on a port of its own, a path prefix from an option, payload values in the path."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import quote

import httpx
from pydantic import Field

from automate_connectors import ConnectionProfile, ConnectorAdapter, Idempotency, action
from automate_connectors.adapters.http import HttpConnectorAdapter
from zoo import payloads as p
from zoo.acme import EXAMPLES
from zoo.members import Member
from zoo.payloads import Strict
from zoo.right.by_hand import Ask, Reply, as_object, refuse
from zoo.right.http_credentials import BasicAcmeAdapter
from zoo.right.tape import ME, Tape, Turn, record
from zoo.right.with_httpx import OverHttpx, send

_INTRANET = "http://intranet.acme.test:8080"
_PREFIXED = "https://gateway.acme.test/tenants/blue/acme"


_LOOPBACK = "http://127.0.0.1:8931/v1"
_LOCALHOST = "http://localhost:8932"


class FileName(Strict):
    """A file by its name."""

    file_name: str = Field(description="The name, of any letters", min_length=1, max_length=60)


class FilePath(Strict):
    """A file by its path."""

    path: str = Field(description="The path, with slashes", min_length=1, max_length=80, pattern=r"^[^/.][^.]*$")


class IntranetAcmeAdapter(OverHttpx):
    """Speaks plain HTTP to the port that its profile names."""

    name = "acme_intranet"
    version = "1.0.0"

    def call(self, method: str, path: str, body: Any = None, headers: Any = None) -> dict[str, Any]:
        """One request below the profile's address."""
        base = str(self.profile.option("base_url", "http://localhost:8080")).rstrip("/")
        sent = {"Authorization": f"Bearer {self.profile.secret('token')}"} | (headers or {})
        with httpx.Client(timeout=10) as client:
            reply = self._sent(client, Ask(method, base + path, sent), body)
        refuse(reply)
        return as_object(reply)

    @staticmethod
    def _sent(client: httpx.Client, request: Ask, body: Any) -> Reply:
        if body is None:
            return send(client, request)
        prepared = client.build_request(request.method, request.url, json=body)
        headers = dict(request.headers) | {"Content-Type": "application/json"}
        return send(client, Ask(request.method, request.url, headers, prepared.content))

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return p.User.model_validate(self.call("GET", f"/users/{payload.user_id}"))

    @action(idempotency=Idempotency.unsafe(), examples=[EXAMPLES["post_note"]])
    def post_note(self, payload: p.PostNote) -> p.Note:
        """Post a note."""
        return p.Note.model_validate(self.call("POST", "/notes", {"text": payload.text}))


class LoopbackAcmeAdapter(IntranetAcmeAdapter):
    """Was recorded against a server on this machine, by its address."""

    name = "acme_loopback"


class LocalhostAcmeAdapter(IntranetAcmeAdapter):
    """Was recorded against a server on this machine, by its name."""

    name = "acme_localhost"


class GatewayAcmeAdapter(BasicAcmeAdapter):
    """Meets Acme behind a gateway: the option `base_url` has a path."""

    name = "acme_gateway"
    secrets = ("token",)

    def auth_headers(self) -> dict[str, str]:
        """The gateway takes a bearer token."""
        return {"Authorization": f"Bearer {self.profile.secret('token')}"}


class FilesAcmeAdapter(OverHttpx):
    """Puts names and paths, percent-encoded, into the address."""

    name = "acme_files"
    version = "1.0.0"

    @action(
        idempotency=Idempotency.read_only(),
        examples=[{"file_name": "Plan 2026/Q1: Größe & Maß?.txt"}, {"file_name": "100%"}],
    )
    def stat_file(self, payload: FileName) -> dict[str, Any]:
        """Look a file up by its name, one segment whatever it holds."""
        return {"id": str(self.call("GET", f"/files/{quote(payload.file_name, safe='')}/stat")["id"])}

    @action(idempotency=Idempotency.read_only(), examples=[{"path": "team a/été/notes"}])
    def stat_path(self, payload: FilePath) -> dict[str, Any]:
        """Look a file up by its path, a segment for each folder."""
        return {"id": str(self.call("GET", f"/tree/{quote(payload.path)}")["id"])}


class HttpFilesAcmeAdapter(HttpConnectorAdapter):
    """The same on the easy base."""

    name = "acme_http_files"
    version = "1.0.0"
    base_url = "https://api.acme.test/v1"
    secrets: ClassVar[tuple[str, ...]] = ("token",)

    def auth_headers(self) -> dict[str, str]:
        """Acme takes a bearer token."""
        return {"Authorization": f"Bearer {self.profile.secret('token')}"}

    def connect(self) -> bool:
        """Ask who we are."""
        return "id" in self.json(self.request("GET", "/me"))

    @action(
        idempotency=Idempotency.read_only(),
        examples=[{"file_name": "Plan 2026/Q1: Größe & Maß?.txt"}, {"file_name": "100%"}],
    )
    def stat_file(self, payload: FileName) -> dict[str, Any]:
        """Look a file up by its name."""
        return {"id": str(self.json(self.request("GET", f"/files/{quote(payload.file_name, safe='')}/stat"))["id"])}

    @action(idempotency=Idempotency.read_only(), examples=[{"path": "team a/été/notes"}])
    def stat_path(self, payload: FilePath) -> dict[str, Any]:
        """Look a file up by its path."""
        return {"id": str(self.json(self.request("GET", f"/tree/{quote(payload.path)}"))["id"])}


_NOTE = EXAMPLES["post_note"]
_MADE = {"id": "n_1", "text": _NOTE["text"]}


def _tapes(base: str) -> dict[str, Tape]:
    return {
        "connect": Tape({}, [Turn("GET", f"{base}/me", answer={"id": "u_1"})]),
        "get_user": Tape(EXAMPLES["get_user"], [Turn("GET", f"{base}/users/u_7", answer={"id": "u_7", "name": "Ada"})]),
        "post_note": Tape(_NOTE, [Turn("POST", f"{base}/notes", _NOTE, _MADE, 201)]),
    }


_STAT = "/v1/files/Plan%202026%2FQ1%3A%20Gr%C3%B6%C3%9Fe%20%26%20Ma%C3%9F%3F.txt/stat"
FILES = {
    "connect": Tape({}, [ME]),
    "stat_file": Tape({"file_name": "Plan 2026/Q1: Größe & Maß?.txt"}, [Turn("GET", _STAT, answer={"id": "f_1"})]),
    "stat_file.2": Tape({"file_name": "100%"}, [Turn("GET", "/v1/files/100%25/stat", answer={"id": "f_2"})]),
    "stat_path": Tape(
        {"path": "team a/été/notes"}, [Turn("GET", "/v1/tree/team%20a/%C3%A9t%C3%A9/notes", answer={"id": "f_3"})]
    ),
}


def _placed(kind: type[ConnectorAdapter], base: str) -> Member:
    """An adapter whose profile says where the service is, and refers to a secret that nobody has set."""
    profile = ConnectionProfile(kind.name, options={"base_url": base}, secrets={"token": "env://UNSET"})
    return Member(kind, case={"profile": profile}, record=record(kind, _tapes(base)))


MEMBERS = [
    _placed(IntranetAcmeAdapter, _INTRANET),
    _placed(LoopbackAcmeAdapter, _LOOPBACK),
    _placed(GatewayAcmeAdapter, _PREFIXED),
    Member(FilesAcmeAdapter, record=record(FilesAcmeAdapter, FILES)),
    Member(HttpFilesAcmeAdapter, record=record(HttpFilesAcmeAdapter, FILES)),
]
MEMBERS += [_placed(LocalhostAcmeAdapter, _LOCALHOST)]
