"""C12: results that the declared output schema does not allow."""

from __future__ import annotations

from typing import Any

from zoo.broken.lean import LeanHttp, LeanUrllib
from zoo.broken.planting import planted


class WrapsItsResult(LeanHttp):
    """Declares a user, and returns an envelope around one."""

    name = "acme_wraps_its_result"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        return {"data": super().execute(action, payload)}


class LeavesAFieldOut(LeanUrllib):
    """Returns a message without its id."""

    name = "acme_leaves_a_field_out"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        result = super().execute(action, payload)
        return {name: value for name, value in result.items() if name != "id" or action == "get_user"}


class ChangesAType(LeanHttp):
    """Returns a list where a text is declared."""

    name = "acme_changes_a_type"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        result = super().execute(action, payload)
        return result | {"id": [result["id"]]}


MEMBERS = planted("C12", WrapsItsResult, LeavesAFieldOut, ChangesAType)
