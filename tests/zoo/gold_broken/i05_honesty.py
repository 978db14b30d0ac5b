"""I05: the effect is told truly, and `retryable` is no lie."""

from __future__ import annotations

from typing import Any

from automate_connectors import ConnectorError, Effect, Idempotency, action
from zoo.broken.lean import LeanHttpx, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.lean_rules import Answer
from zoo.gold_broken.bases import NotesRequests
from zoo.gold_broken.planting import NOTES, planted
from zoo.gold_right.database import MEMBERS as DATABASES
from zoo.gold_right.database import SqliteAdapter, SqliteCase
from zoo.gold_right.several_writes import ATTACHING, Ticket
from zoo.members import Member
from zoo.right.tape import record
from zoo.right.with_httpx import OverHttpx


class NothingHappenedAdapter(NotesRequests):
    """Says after a lost answer that nothing happened; for notes it even asks for a retry."""

    name = "acme_i05_nothing_happened"

    def failure(self, error: Exception, method: str) -> ConnectorError:
        """What a failure means."""
        found = super().failure(error, method)
        found.effect = Effect.NONE
        return found


class NothingAfter500Adapter(LeanUrllib):
    """Takes a 500 for a refusal."""

    name = "acme_i05_nothing_after_500"

    def status_error(self, answer: Answer, method: str) -> ConnectorError:
        """What a status means."""
        found = super().status_error(answer, method)
        found.effect = Effect.NONE
        return found


class SurelyAppliedAdapter(LeanHttpx):
    """Takes silence for consent."""

    name = "acme_i05_surely_applied"

    def failure(self, error: Exception, method: str) -> ConnectorError:
        """What a failure means."""
        found = super().failure(error, method)
        found.effect = Effect.APPLIED if method == "POST" else found.effect
        return found


class AskingForMoreAdapter(NotesRequests):
    """Calls an ambiguous failure of an unsafe note retryable."""

    name = "acme_i05_asking_for_more"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Execute, and be optimistic."""
        try:
            return super().execute(action, payload)
        except ConnectorError as error:
            error.retryable = error.retryable or str(error.code) in ("UPSTREAM_5XX", "TRANSIENT_NETWORK", "TIMEOUT")
            raise


class ForgettingTheFirstStepAdapter(OverHttpx):
    """Says `none` when the second of two writes was refused: each request is looked at alone."""

    name = "acme_i05_first_step"
    version = "1.0.0"

    @action(idempotency=Idempotency.keyed(header="Idempotency-Key"), examples=[dict(ATTACHING["open_ticket"].payload)])
    def open_ticket(self, payload: Ticket) -> dict[str, Any]:
        """Open a ticket with a file."""
        key = {"Idempotency-Key": payload.idempotency_key}
        made = self.call("POST", "/tickets", {"title": payload.title}, key)
        return self.call("POST", f"/tickets/{made['id']}/files", {"text": payload.file}, key)


class AsyncNothingAdapter(LeanAiohttp):
    """Says after a reset connection that nothing happened."""

    name = "acme_i05_async_nothing"

    def failure(self, error: Exception, method: str) -> ConnectorError:
        """What a failure means."""
        found = super().failure(error, method)
        found.effect = Effect.NONE
        return found


class RolledBackAdapter(SqliteAdapter):
    """Believes that whatever failed was rolled back."""

    name = "acme_i05_rolled_back"

    def called(self, port: Any, *values: Any) -> Any:
        """Call a port."""
        try:
            return super().called(port, *values)
        except ConnectorError as error:
            error.effect = Effect.NONE
            raise


def _attaching(adapter_class: type[Any]) -> Any:
    return record(adapter_class, ATTACHING)


MEMBERS = [
    *planted("I05", NothingHappenedAdapter, AskingForMoreAdapter, said=NOTES),
    *planted("I05", NothingAfter500Adapter, SurelyAppliedAdapter, AsyncNothingAdapter),
    *planted("I05", ForgettingTheFirstStepAdapter, record=_attaching),
    Member(RolledBackAdapter, breaks="I05", level="gold", base_case=SqliteCase, options=DATABASES[0].options),
]
