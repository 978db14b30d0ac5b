"""I06: two operations have effects of their own."""

from __future__ import annotations

import hashlib
from typing import Any

from automate_connectors import ConnectionProfile
from zoo.broken.lean import LeanHttp
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.gold_broken.planting import planted
from zoo.gold_right.database import MEMBERS as DATABASES
from zoo.gold_right.database import Order, SqliteAdapter, SqliteCase
from zoo.gold_right.keys import (
    PAYMENT,
    FormKeyAdapter,
    HeaderKeyAdapter,
    JsonKeyAdapter,
    PathKeyAdapter,
    Payment,
    QueryKeyAdapter,
    confirmed,
    payments,
)
from zoo.members import Member
from zoo.right.tape import ME, Tape, record


class ShortenedKeyAdapter(HeaderKeyAdapter):
    """Cuts the operation id to what a column can hold."""

    name = "acme_i06_shortened"

    def key(self, payload: Payment) -> str:
        """The first characters."""
        return payload.idempotency_key[:12]


class TailKeyAdapter(JsonKeyAdapter):
    """Keeps the end of the operation id."""

    name = "acme_i06_tail"

    def key(self, payload: Payment) -> str:
        """The last characters."""
        return payload.idempotency_key[-6:]


class PayloadKeyAdapter(FormKeyAdapter):
    """Makes the key from what is paid."""

    name = "acme_i06_payload"

    def key(self, payload: Payment) -> str:
        """A digest of the amount."""
        return hashlib.sha256(str(payload.amount).encode()).hexdigest()[:20]


class ConstantKeyAdapter(QueryKeyAdapter):
    """Always the same key."""

    name = "acme_i06_constant"

    def key(self, payload: Payment) -> str:
        """The adapter's own."""
        del payload
        return "automate-connectors"


class LastCharacterAdapter(PathKeyAdapter):
    """Drops the last character before the digest."""

    name = "acme_i06_last_character"

    def key(self, payload: Payment) -> str:
        """All but one."""
        return payload.idempotency_key[:-1]


class SameMessageAdapter(LeanHttp):
    """Remembers what it sent by channel and text."""

    name = "acme_i06_same_message"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self.sent: dict[str, dict[str, Any]] = {}

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Execute what was not executed before."""
        about = repr([action, payload.get("channel"), payload.get("text")])
        if action != "send_message" or "idempotency_key" not in payload or not isinstance(payload.get("text"), str):
            return super().execute(action, payload)
        if about not in self.sent:
            self.sent[about] = super().execute(action, payload)
        return dict(self.sent[about])


class LowerHalfAdapter(LeanAiohttp):
    """Sends the second half of the operation id."""

    name = "acme_i06_half"

    async def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Any:
        """Send."""
        key = headers.get("Idempotency-Key", "")
        halved = headers | ({"Idempotency-Key": key[len(key) // 2 :]} if key else {})
        return await super().transmit(method, url, body, halved)


class SameItemAdapter(SqliteAdapter):
    """Takes two orders of one item for one order."""

    name = "acme_i06_same_item"

    def operation(self, payload: Order) -> str | None:
        """The item."""
        return payload.item


def _by_path(adapter_class: type[Any]) -> Any:
    turns = confirmed(PAYMENT["idempotency_key"][:-1])
    return record(adapter_class, {"connect": Tape({}, [ME]), "pay": Tape(PAYMENT, turns)})


MEMBERS = [
    *planted(
        "I06", ShortenedKeyAdapter, TailKeyAdapter, PayloadKeyAdapter, ConstantKeyAdapter,
        record=payments,
    ),
    *planted("I06", LastCharacterAdapter, record=_by_path),
    *planted("I06", SameMessageAdapter, LowerHalfAdapter),
    Member(SameItemAdapter, breaks="I06", level="gold", base_case=SqliteCase, options=DATABASES[0].options),
]  # fmt: skip
