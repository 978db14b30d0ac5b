"""Operations of more than one write: two endpoints, one endpoint twice, one endpoint for everything."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from automate_connectors import Idempotency, action
from automate_connectors.adapters.http import HttpConnectorAdapter
from automate_connectors.testing import SentRequest
from zoo.acme import BASE
from zoo.gold_right.keys import PAYMENT, Payment, Payments
from zoo.members import Member
from zoo.payloads import Strict
from zoo.right.tape import BEARER, ME, Tape, Turn, record

_KEY = str(PAYMENT["idempotency_key"])


class Ticket(Strict):
    """A ticket with a file."""

    title: str = Field(description="Its title", min_length=1, max_length=80)
    file: str = Field(description="The file's text", min_length=1, max_length=200)
    idempotency_key: str = Field(description="The operation id", min_length=8, max_length=60, pattern="^[A-Za-z0-9-]+$")


_TICKET = {"title": "Broken", "file": "log", "idempotency_key": _KEY}


class AttachingAdapter(Payments):
    """Creates a ticket, then attaches a file to it; both under the operation id."""

    name = "acme_attaching"

    @action(idempotency=Idempotency.keyed(header="Idempotency-Key"), examples=[_TICKET])
    def open_ticket(self, payload: Ticket) -> dict[str, Any]:
        """Open a ticket with a file."""
        headers = {"Idempotency-Key": payload.idempotency_key}
        made = self.json(self.request("POST", "/tickets", json={"title": payload.title}, headers=headers))
        path = f"/tickets/{made['id']}/files"
        return self.json(self.request("POST", path, json={"text": payload.file}, headers=self.attach_headers(headers)))

    def attach_headers(self, headers: dict[str, str]) -> dict[str, str]:
        """What goes with the file."""
        return headers


class SplittingAdapter(Payments):
    """Pays in two halves at one endpoint, each under an id derived from the operation's."""

    name = "acme_splitting"

    @action(idempotency=Idempotency.keyed(header="Idempotency-Key"), examples=[PAYMENT])
    def pay(self, payload: Payment) -> dict[str, Any]:
        """Pay in two halves."""
        first = payload.amount // 2
        return {"ids": [self._part(payload, 1, first), self._part(payload, 2, payload.amount - first)]}

    def _part(self, payload: Payment, number: int, amount: int) -> str:
        headers = {"Idempotency-Key": f"{payload.idempotency_key}-{number}"}
        body = {"amount": amount, "part": number}
        return str(self.json(self.request("POST", "/payments", json=body, headers=headers))["id"])


class Words(Strict):
    """Two notes."""

    texts: tuple[str, str] = Field(description="The texts")


class NotesAdapter(Payments):
    """Posts two notes that nobody can tell from repeats."""

    name = "acme_two_notes"

    @action(idempotency=Idempotency.unsafe(), examples=[{"texts": ["one", "two"]}])
    def post_notes(self, payload: Words) -> dict[str, Any]:
        """Post two notes."""
        return {"ids": [self.json(self.request("POST", "/notes", json={"text": text}))["id"] for text in payload.texts]}


class MutatingAdapter(HttpConnectorAdapter):
    """Creates and labels by two mutations at the endpoint that also answers queries."""

    name = "acme_mutating"
    version = "1.0.0"
    base_url = BASE
    secrets: ClassVar[tuple[str, ...]] = ("token",)

    def auth_headers(self) -> dict[str, str]:
        """Acme takes a bearer token."""
        return {"Authorization": f"Bearer {self.profile.secret('token')}"}

    def connect(self) -> bool:
        """Ask who we are."""
        return "viewer" in self._ask("query { viewer }")

    @action(idempotency=Idempotency.keyed(body="variables.key"), examples=[_TICKET])
    def open_ticket(self, payload: Ticket) -> dict[str, Any]:
        """Open a ticket and label it."""
        made = self._ask("mutation { open }", title=payload.title, key=payload.idempotency_key)
        self._ask("mutation { label }", id=made["id"], key=f"{payload.idempotency_key}-label")
        return {"id": made["id"]}

    @action(idempotency=Idempotency.read_only(), examples=[{}])
    def count(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Count the tickets."""
        del payload
        return {"count": self._ask("query { count }")["count"]}

    def _ask(self, query: str, **variables: Any) -> dict[str, Any]:
        answer = self.json(self.request("POST", "/graphql", json={"query": query, "variables": variables}))
        return dict(answer["data"])


def is_mutation(_case: object, request: SentRequest) -> bool:
    """GraphQL tells reads and writes apart in the body."""
    return b"mutation" in request.body


def _keyed(key: str) -> dict[str, str]:
    return BEARER | {"Idempotency-Key": key}


def _graphql(query: str, variables: dict[str, Any], data: dict[str, Any]) -> Turn:
    return Turn("POST", "/v1/graphql", {"query": query, "variables": variables}, {"data": data})


def _half(number: int) -> Turn:
    body = {"amount": 625, "part": number}
    return Turn("POST", "/v1/payments", body, {"id": f"p_{number}"}, 201, headers=_keyed(f"{_KEY}-{number}"))


#: A ticket and its file, for adapters that derive from `AttachingAdapter`.
ATTACHING = {
    "connect": Tape({}, [ME]),
    "open_ticket": Tape(
        _TICKET,
        [
            Turn("POST", "/v1/tickets", {"title": "Broken"}, {"id": "t_1"}, 201, headers=_keyed(_KEY)),
            Turn("POST", "/v1/tickets/t_1/files", {"text": "log"}, {"id": "f_1"}, 201, headers=_keyed(_KEY)),
        ],
    ),
}
_SPLITTING = {"connect": Tape({}, [ME]), "pay": Tape(PAYMENT, [_half(1), _half(2)])}
_NOTES = {
    "connect": Tape({}, [ME]),
    "post_notes": Tape(
        {"texts": ["one", "two"]},
        [Turn("POST", "/v1/notes", {"text": text}, {"id": f"n_{text}"}, 201) for text in ("one", "two")],
    ),
}
_MUTATING = {
    "connect": Tape({}, [_graphql("query { viewer }", {}, {"viewer": "bot"})]),
    "count": Tape({}, [_graphql("query { count }", {}, {"count": 3})]),
    "open_ticket": Tape(
        _TICKET,
        [
            _graphql("mutation { open }", {"title": "Broken", "key": _KEY}, {"id": "t_1"}),
            _graphql("mutation { label }", {"id": "t_1", "key": f"{_KEY}-label"}, {"id": "t_1"}),
        ],
    ),
}

MEMBERS = [
    Member(
        AttachingAdapter,
        level="gold",
        record=record(AttachingAdapter, ATTACHING),
        guarantees={"open_ticket": "exactly-once"},
    ),
    Member(
        SplittingAdapter, level="gold", record=record(SplittingAdapter, _SPLITTING), guarantees={"pay": "exactly-once"}
    ),
    Member(NotesAdapter, level="gold", record=record(NotesAdapter, _NOTES), guarantees={"post_notes": "at-most-once"}),
    Member(
        MutatingAdapter,
        level="gold",
        case={"is_effect": is_mutation},
        record=record(MutatingAdapter, _MUTATING),
        guarantees={"open_ticket": "exactly-once", "count": "read-only"},
    ),
]
