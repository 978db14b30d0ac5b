"""Actions of several requests: polling a job, pages by absolute addresses, requests side by side."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field

from automate_connectors import Idempotency, ServiceTimeoutError, UnexpectedResponseError, action
from zoo import payloads as p
from zoo.acme import BASE
from zoo.members import Member
from zoo.payloads import Strict
from zoo.right.by_hand import as_object, ask, refuse
from zoo.right.tape import ME, Tape, Turn, record
from zoo.right.with_httpx import OverHttpx

_POLLS = 10


UserId = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_]+$")]


class Export(Strict):
    """What to export."""

    format: str = Field(description="The file's format", pattern="^(csv|json)$")


class Users(Strict):
    """Whom to look up."""

    user_ids: list[UserId] = Field(description="The users' ids", min_length=1, max_length=3)


class PollingAcmeAdapter(OverHttpx):
    """Starts a job, and asks until it is done."""

    name = "acme_polling"
    version = "1.0.0"

    @action(idempotency=Idempotency.unsafe(), examples=[{"format": "csv"}])
    def export(self, payload: Export) -> dict[str, Any]:
        """Export everything, and wait for the file."""
        job = self.call("POST", "/exports", {"format": payload.format})
        for _ in range(_POLLS):
            if job.get("state") == "done":
                return {"url": str(job["url"])}
            if not isinstance(job.get("id"), str):
                raise UnexpectedResponseError("Acme named no job")
            time.sleep(2)
            job = self.call("GET", f"/exports/{job['id']}")
        raise ServiceTimeoutError("Acme did not finish the export in time")


class PagingAcmeAdapter(OverHttpx):
    """Goes where the service says the next page is, within the service."""

    name = "acme_paging"
    version = "1.0.0"

    @action(idempotency=Idempotency.read_only(), examples=[{}])
    def list_items(self, payload: p.ListItems) -> p.Items:
        """List every item; the next page's address stands in the body."""
        del payload
        found: list[dict[str, str]] = []
        address: str | None = f"{BASE}/items?limit=2"
        while address:
            page = self.call("GET", self._own(address))
            found += p.Items.model_validate(page).items
            address = page.get("next")
        return p.Items(items=found)

    @action(idempotency=Idempotency.read_only(), examples=[{}])
    def list_notes(self, payload: p.ListItems) -> dict[str, Any]:
        """List every note; the next page's address stands in the Link header (RFC 8288)."""
        del payload
        found: list[Any] = []
        address = f"{BASE}/notes"
        while address:
            reply = self.send(ask(self.profile, "GET", self._own(address)))
            refuse(reply)
            found += as_object(reply)["notes"]
            address = reply.headers.get("link", "").partition(">")[0].lstrip("<")
        return {"notes": found}

    @staticmethod
    def _own(address: str) -> str:
        if urlsplit(address)[:2] != urlsplit(BASE)[:2]:
            raise UnexpectedResponseError("Acme's next page is not Acme's")
        return address.removeprefix(BASE)


class SideBySideAcmeAdapter(OverHttpx):
    """Looks several users up at once."""

    name = "acme_side_by_side"
    version = "1.0.0"

    @action(idempotency=Idempotency.read_only(), examples=[{"user_ids": ["u_7", "u_8"]}])
    def get_users(self, payload: Users) -> dict[str, Any]:
        """Look users up."""
        with ThreadPoolExecutor(max_workers=3) as pool:
            return {"users": list(pool.map(self._one, payload.user_ids))}

    def _one(self, user: str) -> dict[str, Any]:
        return self.call("GET", f"/users/{user}")


_RUNNING = {"id": "j_1", "state": "running"}
POLLING = {
    "connect": Tape({}, [ME]),
    "export": Tape(
        {"format": "csv"},
        [
            Turn("POST", "/v1/exports", {"format": "csv"}, {"id": "j_1", "state": "queued"}, status=202),
            Turn("GET", "/v1/exports/j_1", answer=_RUNNING),
            Turn("GET", "/v1/exports/j_1", answer=_RUNNING),
            Turn("GET", "/v1/exports/j_1", answer={"id": "j_1", "state": "done", "url": "https://files.acme.test/1"}),
        ],
    ),
}
PAGING = {
    "connect": Tape({}, [ME]),
    "list_items": Tape(
        {},
        [
            Turn("GET", "/v1/items?limit=2", answer={"items": [{"id": "i_1"}], "next": f"{BASE}/items?after=aTE%3D"}),
            Turn("GET", "/v1/items?after=aTE%3D", answer={"items": [{"id": "i_2"}], "next": None}),
        ],
    ),
    "list_notes": Tape(
        {},
        [
            Turn(
                "GET",
                "/v1/notes",
                answer={"notes": ["one"]},
                received={"Link": f'<{BASE}/notes?page=2>; rel="next"'},
            ),
            Turn("GET", "/v1/notes?page=2", answer={"notes": ["two"]}),
        ],
    ),
}
SIDE_BY_SIDE = {
    "connect": Tape({}, [ME]),
    "get_users": Tape(
        {"user_ids": ["u_7", "u_8"]},
        [
            Turn("GET", "/v1/users/u_7", answer={"id": "u_7", "name": "Ada"}),
            Turn("GET", "/v1/users/u_8", answer={"id": "u_8", "name": "Grace"}),
        ],
    ),
}

MEMBERS = [
    Member(PollingAcmeAdapter, record=record(PollingAcmeAdapter, POLLING)),
    Member(PagingAcmeAdapter, record=record(PagingAcmeAdapter, PAGING)),
]
MEMBERS += [Member(SideBySideAcmeAdapter, record=record(SideBySideAcmeAdapter, SIDE_BY_SIDE))]
