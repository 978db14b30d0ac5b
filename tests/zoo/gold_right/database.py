"""An SQLite database behind an adapter: no HTTP, ports around two small functions."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from automate_connectors import ConnectorAdapter, Idempotency, ServiceUnavailableError, action
from automate_connectors import ConnectorErrorCode as Code
from automate_connectors.testing import ConnectorTestCase
from zoo.members import Member
from zoo.payloads import Strict

_TABLE = "CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY, item TEXT, operation TEXT UNIQUE)"


class Order(Strict):
    """An order."""

    item: str = Field(description="What is ordered", min_length=1, max_length=80)
    idempotency_key: str | None = Field(None, description="The operation id", min_length=1, max_length=80)


class KeyedOrder(Order):
    """An order that has to have an operation id."""

    idempotency_key: str = Field(description="The operation id", min_length=1, max_length=80)


class Wish(Strict):
    """A wish."""

    item: str = Field(description="What is wished for", min_length=1, max_length=80)


def opened(path: str) -> contextlib.closing[sqlite3.Connection]:
    """The database, closed after use."""
    return contextlib.closing(sqlite3.connect(path, timeout=10))


def ask(path: str) -> bool:
    """Whether the database answers."""
    with opened(path) as database:
        return bool(database.execute("SELECT 1").fetchone() == (1,))


def store(path: str, item: str, operation: str | None) -> int:
    """Put an order in and give its number; one with the same operation id gives the first one's."""
    with opened(path) as database, database:
        database.execute(_TABLE)
        # The unique operation id and the order are one row: neither is there without the other.
        database.execute("INSERT OR IGNORE INTO orders (item, operation) VALUES (?, ?)", (item, operation))
        row = database.execute(
            "SELECT number FROM orders WHERE operation = ? OR number = last_insert_rowid()", (operation,)
        ).fetchone()
        return int(row[0])


class InDatabase(ConnectorAdapter):
    """Speaks to the database; a subclass writes."""

    version = "1.0.0"

    def connect(self) -> bool:
        """Ask the database."""
        return bool(self.called(ask))

    def called(self, port: Any, *values: Any) -> Any:
        """Call a port on the database; what fails there may or may not have happened."""
        try:
            return port(str(self.profile.option("path")), *values)
        except sqlite3.Error as error:
            raise ServiceUnavailableError("the database did not answer") from error


class SqliteAdapter(InDatabase):
    """Keeps orders, each operation once."""

    name = "acme_sqlite"

    @action(
        idempotency=Idempotency.keyed(),
        examples=[{"item": "tea", "idempotency_key": "3f0c2a1e-5d64-4c7e-9a57-0b6b5a1d2c3e"}],
    )
    def order(self, payload: Order) -> dict[str, Any]:
        """Order something."""
        return {"number": self.called(store, payload.item, self.operation(payload))}

    def operation(self, payload: Order) -> str | None:
        """What makes a repeat recognisable."""
        return payload.idempotency_key


class SqliteWishAdapter(InDatabase):
    """Takes wishes, which nobody can tell from repeats, and tells the number of each."""

    name = "acme_sqlite_wishes"

    @action(idempotency=Idempotency.unsafe(), examples=[{"item": "tea"}])
    def wish(self, payload: Wish) -> dict[str, Any]:
        """Wish for something."""
        return {"number": self.called(store, payload.item, None)}


def count(path: str) -> int:
    """How many orders there are."""
    with opened(path) as database:
        database.execute(_TABLE)
        return int(database.execute("SELECT count(*) FROM orders").fetchone()[0])


class Nothing(Strict):
    """No more is asked."""


class SqliteCountAdapter(InDatabase):
    """Counts the orders, which others make meanwhile; its example has no operation id, which a host gives."""

    name = "acme_sqlite_count"

    @action(idempotency=Idempotency.read_only(), examples=[{}])
    def count(self, payload: Nothing) -> dict[str, Any]:
        """Count the orders."""
        del payload
        return {"orders": self.called(count)}

    @action(idempotency=Idempotency.keyed(), examples=[{"item": "tea"}])
    def order(self, payload: KeyedOrder) -> dict[str, Any]:
        """Order something."""
        self.called(store, payload.item, payload.idempotency_key)
        return {"ordered": payload.item}


def _locked() -> Exception:
    return sqlite3.OperationalError("database is locked")


class SqliteCase(ConnectorTestCase):
    """The rows are the effects."""

    ports = {  # noqa: RUF012 - as authors write it
        f"{__name__}.{port}": {Code.UPSTREAM_5XX: _locked} for port in ("ask", "store", "count")
    }

    def effects(self) -> Sequence[Any]:
        """The rows."""
        with self._table() as database:
            return database.execute("SELECT number FROM orders").fetchall()

    def reset(self) -> None:
        """Empty the table."""
        with self._table() as database, database:
            database.execute("DELETE FROM orders")

    def _table(self) -> contextlib.closing[sqlite3.Connection]:
        assert self.profile is not None
        path = str(self.profile.options["path"])
        with opened(path) as database:
            database.execute(_TABLE)
        return opened(path)


def _path(folder: Path) -> dict[str, Any]:
    return {"path": str(folder / "orders.sqlite")}


MEMBERS = [
    Member(SqliteAdapter, level="gold", base_case=SqliteCase, options=_path, guarantees={"order": "exactly-once"}),
    Member(SqliteWishAdapter, level="gold", base_case=SqliteCase, options=_path, guarantees={"wish": "at-most-once"}),
    Member(
        SqliteCountAdapter,
        level="gold",
        base_case=SqliteCase,
        options=_path,
        guarantees={"order": "exactly-once", "count": "read-only"},
    ),
]
