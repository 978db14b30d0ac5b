"""Operation ids in every place that a service may want them: a header, the query, the path, a JSON field."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from pydantic import Field

from automate_connectors import Idempotency, action
from automate_connectors.adapters.http import HttpConnectorAdapter
from zoo.acme import BASE
from zoo.members import Member
from zoo.payloads import Strict
from zoo.right.tape import BEARER, ME, Tape, Turn, record

_KEY = "3f0c2a1e-5d64-4c7e-9a57-0b6b5a1d2c3e"


class Payment(Strict):
    """A payment."""

    amount: int = Field(description="Cents", ge=1, le=10_000_000)
    idempotency_key: str = Field(description="The operation id", min_length=8, max_length=60, pattern="^[A-Za-z0-9-]+$")


_PAYMENT = {"amount": 1250, "idempotency_key": _KEY}


class KeyedAcmeAdapter(HttpConnectorAdapter):
    """Pays in four ways."""

    name = "acme_keyed"
    version = "1.0.0"
    base_url = BASE
    secrets: ClassVar[tuple[str, ...]] = ("token",)

    def auth_headers(self) -> dict[str, str]:
        """Acme takes a bearer token."""
        return {"Authorization": f"Bearer {self.profile.secret('token')}"}

    def connect(self) -> bool:
        """Ask who we are."""
        return "id" in self.json(self.request("GET", "/me"))

    @action(idempotency=Idempotency.keyed(header="X-Request-Id"), examples=[_PAYMENT])
    def pay_by_header(self, payload: Payment) -> dict[str, Any]:
        """Pay; the key goes, digested, into a header."""
        headers = {"X-Request-Id": _digest(payload.idempotency_key)}
        return self.json(self.request("POST", "/payments", json={"amount": payload.amount}, headers=headers))

    @action(idempotency=Idempotency.keyed(query="request_id"), examples=[_PAYMENT])
    def pay_by_query(self, payload: Payment) -> dict[str, Any]:
        """Pay; the key goes into the query."""
        query = {"request_id": payload.idempotency_key}
        return self.json(self.request("POST", "/charges", json={"amount": payload.amount}, params=query))

    @action(idempotency=Idempotency.keyed(path=True), examples=[_PAYMENT])
    def pay_by_path(self, payload: Payment) -> dict[str, Any]:
        """Pay; the key goes, digested, into the path."""
        path = f"/transfers/{_digest(payload.idempotency_key)}"
        return self.json(self.request("PUT", path, json={"amount": payload.amount}))

    @action(idempotency=Idempotency.keyed(body="reference"), examples=[_PAYMENT])
    def pay_by_body(self, payload: Payment) -> dict[str, Any]:
        """Pay; the key goes into the body."""
        body = {"amount": payload.amount, "reference": payload.idempotency_key}
        return self.json(self.request("POST", "/invoices", json=body))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


_AMOUNT = {"amount": 1250}
_PAID = {"id": "p_1", "amount": 1250}
TAPES = {
    "connect": Tape({}, [ME]),
    "pay_by_header": Tape(
        _PAYMENT,
        [Turn("POST", "/v1/payments", _AMOUNT, _PAID, 201, headers=BEARER | {"X-Request-Id": _digest(_KEY)})],
    ),
    "pay_by_query": Tape(_PAYMENT, [Turn("POST", f"/v1/charges?request_id={_KEY}", _AMOUNT, _PAID, 201)]),
    "pay_by_path": Tape(_PAYMENT, [Turn("PUT", f"/v1/transfers/{_digest(_KEY)}", _AMOUNT, _PAID, 201)]),
    "pay_by_body": Tape(_PAYMENT, [Turn("POST", "/v1/invoices", _AMOUNT | {"reference": _KEY}, _PAID, 201)]),
}

MEMBERS = [Member(KeyedAcmeAdapter, record=record(KeyedAcmeAdapter, TAPES))]
