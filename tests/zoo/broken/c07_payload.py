"""C07: changes the payload it was given."""

from __future__ import annotations

import uuid
from typing import Any

from automate_connectors import ConnectorError
from zoo.broken.lean import LeanHttp, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.planting import planted


class PopsTheKey(LeanUrllib):
    """Takes the operation id out of the caller's payload."""

    name = "acme_pops_the_key"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        given = dict(payload)
        payload.pop("idempotency_key", None)
        return super().execute(action, given)


class FillsDefaultsIn(LeanHttp):
    """Writes its defaults into the caller's payload."""

    name = "acme_fills_defaults"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        result = super().execute(action, dict(payload))
        payload.setdefault("request_id", str(uuid.uuid4()))
        return result


class NotesTheFailure(LeanAiohttp):
    """Notes in the caller's payload what failed; on success it is left alone."""

    name = "acme_notes_the_failure"

    async def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        try:
            return await super().execute(action, dict(payload))
        except ConnectorError as error:
            payload["last_error"] = error.message
            raise


MEMBERS = planted("C07", PopsTheKey, FillsDefaultsIn, NotesTheFailure)
