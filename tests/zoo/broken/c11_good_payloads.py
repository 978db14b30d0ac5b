"""C11: a schema that promises more than the adapter takes."""

from __future__ import annotations

from typing import Any

from automate_connectors import InvalidPayloadError
from zoo.broken.lean import LeanHttp, LeanUrllib
from zoo.broken.planting import planted


class ShorterThanDeclared(LeanHttp):
    """Takes channel names of twenty characters, and declares eighty."""

    name = "acme_shorter_than_declared"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        if isinstance(payload.get("channel"), str) and len(payload["channel"]) > 20:
            raise InvalidPayloadError("channel has more than 20 characters")
        return super().execute(action, payload)


class AsciiOnly(LeanUrllib):
    """Takes ASCII texts alone, and fails on others by the codec's own error."""

    name = "acme_ascii_only"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        if isinstance(payload.get("text"), str):
            payload["text"].encode("ascii")
        return super().execute(action, payload)


class LowerCaseOnly(LeanHttp):
    """Insists on lower-case channel names, which the schema does not mention."""

    name = "acme_wants_lower_case"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        channel = payload.get("channel")
        if isinstance(channel, str) and channel != channel.lower():
            raise InvalidPayloadError("channel names are written in lower case")
        return super().execute(action, payload)


MEMBERS = planted("C11", ShorterThanDeclared, AsciiOnly, LowerCaseOnly)
