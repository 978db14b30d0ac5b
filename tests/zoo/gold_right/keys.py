"""Payments whose operation id goes into each place that a service may want it in; a subclass may bend `key`."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from pydantic import Field

from automate_connectors import Idempotency, action
from automate_connectors.adapters.http import HttpConnectorAdapter
from zoo.acme import BASE
from zoo.members import Member
from zoo.payloads import Strict
from zoo.right.tape import BEARER, FORM, ME, Tape, Turn, record

_KEY = "3f0c2a1e-5d64-4c7e-9a57-0b6b5a1d2c3e"


class Payment(Strict):
    """A payment."""

    amount: int = Field(description="Cents", ge=1, le=10_000_000)
    idempotency_key: str = Field(description="The operation id", min_length=8, max_length=60, pattern="^[A-Za-z0-9-]+$")


PAYMENT: dict[str, Any] = {"amount": 1250, "idempotency_key": _KEY}


class Payments(HttpConnectorAdapter):
    """Signs in by a token; a subclass pays."""

    version = "1.0.0"
    base_url = BASE
    secrets: ClassVar[tuple[str, ...]] = ("token",)

    def auth_headers(self) -> dict[str, str]:
        """Acme takes a bearer token."""
        return {"Authorization": f"Bearer {self.profile.secret('token')}"}

    def connect(self) -> bool:
        """Ask who we are."""
        return "id" in self.json(self.request("GET", "/me"))

    def key(self, payload: Payment) -> str:
        """What stands in the key's place."""
        return payload.idempotency_key


class HeaderKeyAdapter(Payments):
    """The key goes into a header."""

    name = "acme_key_in_header"

    @action(idempotency=Idempotency.keyed(header="Idempotency-Key"), examples=[PAYMENT])
    def pay(self, payload: Payment) -> dict[str, Any]:
        """Pay."""
        headers = {"Idempotency-Key": self.key(payload)}
        return self.json(self.request("POST", "/payments", json={"amount": payload.amount}, headers=headers))


class JsonKeyAdapter(Payments):
    """The key goes into a field of a JSON body."""

    name = "acme_key_in_json"

    @action(idempotency=Idempotency.keyed(body="reference"), examples=[PAYMENT])
    def pay(self, payload: Payment) -> dict[str, Any]:
        """Pay."""
        body = {"amount": payload.amount, "reference": self.key(payload)}
        return self.json(self.request("POST", "/payments", json=body))


class FormKeyAdapter(Payments):
    """The key goes into a field of a form."""

    name = "acme_key_in_form"

    @action(idempotency=Idempotency.keyed(body="reference"), examples=[PAYMENT])
    def pay(self, payload: Payment) -> dict[str, Any]:
        """Pay."""
        form = {"amount": str(payload.amount), "reference": self.key(payload)}
        return self.json(self.request("POST", "/payments", data=form))


class QueryKeyAdapter(Payments):
    """The key goes into the query."""

    name = "acme_key_in_query"

    @action(idempotency=Idempotency.keyed(query="request_id"), examples=[PAYMENT])
    def pay(self, payload: Payment) -> dict[str, Any]:
        """Pay."""
        query = {"request_id": self.key(payload)}
        return self.json(self.request("POST", "/payments", json={"amount": payload.amount}, params=query))


class PathKeyAdapter(Payments):
    """The key goes, digested, into the path; the payment is confirmed below it."""

    name = "acme_key_in_path"

    @action(idempotency=Idempotency.keyed(path=True), examples=[PAYMENT])
    def pay(self, payload: Payment) -> dict[str, Any]:
        """Pay."""
        path = f"/payments/{digest(self.key(payload))}"
        self.request("PUT", path, json={"amount": payload.amount})
        return self.json(self.request("POST", f"{path}/confirm"))


def digest(key: str) -> str:
    """A key of one length, made from any other."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


_AMOUNT = {"amount": 1250}
_PAID = {"id": "p_1", "amount": 1250}


def confirmed(key: str) -> list[Turn]:
    """A payment whose path holds the digest of a key."""
    path = f"/v1/payments/{digest(key)}"
    return [
        Turn("PUT", path, _AMOUNT, _PAID, 201),
        Turn("POST", f"{path}/confirm", None, _PAID | {"state": "confirmed"}, 200),
    ]


TURNS: dict[type[Payments], list[Turn]] = {
    HeaderKeyAdapter: [
        Turn("POST", "/v1/payments", _AMOUNT, _PAID, 201, headers=BEARER | {"Idempotency-Key": _KEY}),
    ],
    JsonKeyAdapter: [Turn("POST", "/v1/payments", _AMOUNT | {"reference": _KEY}, _PAID, 201)],
    FormKeyAdapter: [
        Turn("POST", "/v1/payments", f"amount=1250&reference={_KEY}".encode(), _PAID, 201, headers=BEARER | FORM),
    ],
    QueryKeyAdapter: [Turn("POST", f"/v1/payments?request_id={_KEY}", _AMOUNT, _PAID, 201)],
    PathKeyAdapter: confirmed(_KEY),
}


def payments(adapter_class: type[Payments]) -> Any:
    """Records the payment of an adapter, as the one that it derives from makes it."""
    turns = next(TURNS[kind] for kind in adapter_class.__mro__ if kind in TURNS)
    return record(adapter_class, {"connect": Tape({}, [ME]), "pay": Tape(PAYMENT, turns)})


MEMBERS = [
    Member(kind, level="gold", record=payments(kind), guarantees={"pay": "exactly-once"})
    for kind in (HeaderKeyAdapter, JsonKeyAdapter, FormKeyAdapter, QueryKeyAdapter, PathKeyAdapter)
]
