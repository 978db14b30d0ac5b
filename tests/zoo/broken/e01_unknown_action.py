"""E01: an unknown action refused by an error without structure, or with the wrong one."""

from __future__ import annotations

from typing import Any

from automate_connectors import InvalidPayloadError, UnknownActionError
from zoo.broken.lean import LeanHttp, LeanUrllib
from zoo.broken.planting import planted


class AsInTheGuide(LeanUrllib):
    """Raises ValueError, as the quick start of the guide does."""

    name = "acme_value_error"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        if action not in self.actions:
            raise ValueError(f"Unknown action: {action}")
        return super().execute(action, payload)


class AsAnyBadInput(LeanHttp):
    """Takes an unknown action for a bad payload."""

    name = "acme_unknown_as_bad_input"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        if action not in self.actions:
            raise InvalidPayloadError(f"there is no action {action!r}")
        return super().execute(action, payload)


class UnknownMayBeRetried(LeanHttp):
    """Says that the action may exist later."""

    name = "acme_unknown_retryable"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        if action not in self.actions:
            raise UnknownActionError(f"there is no action {action!r}", retryable=True)
        return super().execute(action, payload)


MEMBERS = planted("E01", AsInTheGuide, AsAnyBadInput, UnknownMayBeRetried)
