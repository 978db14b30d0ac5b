"""C10: payloads that break the declared schema get further than they may, or are refused in the wrong words."""

from __future__ import annotations

from typing import Any

from automate_connectors import InvalidPayloadError, UnknownActionError
from zoo import payloads as p
from zoo.broken.lean import LeanHttp, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.planting import planted


class DropsWhatItDoesNotKnow(LeanHttp):
    """Its schema forbids further fields, and it drops them silently."""

    name = "acme_drops_unknown_fields"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        known = p.GetUser.model_fields | p.SendMessage.model_fields
        return super().execute(action, {name: value for name, value in payload.items() if name in known})


class MakesTextOfEverything(LeanUrllib):
    """Takes an object for a text, by its repr."""

    name = "acme_makes_text_of_everything"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        if isinstance(payload.get("text"), dict | list):
            payload = payload | {"text": str(payload["text"])}
        return super().execute(action, payload)


class ValidatesAfterwards(LeanUrllib):
    """Refuses a bad payload when a request has already gone out."""

    name = "acme_validates_afterwards"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        try:
            return super().execute(action, payload)
        except UnknownActionError:
            raise
        except InvalidPayloadError as error:
            if error.status is None:
                self.call("GET", "/me")
            raise


class BadPayloadMayBeRetried(LeanHttp):
    """Says of a bad payload that another attempt may help."""

    name = "acme_bad_payload_retryable"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        try:
            return super().execute(action, payload)
        except InvalidPayloadError as error:
            if error.status is None and not isinstance(error, UnknownActionError):
                error.retryable = True
            raise


class BadPayloadAsKeyError(LeanAiohttp):
    """Lets a KeyError out where a field is missing."""

    name = "acme_bad_payload_key_error"

    async def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        if action == "send_message":
            payload["channel"]
        return await super().execute(action, payload)


MEMBERS = planted(
    "C10",
    DropsWhatItDoesNotKnow,
    MakesTextOfEverything,
    ValidatesAfterwards,
    BadPayloadMayBeRetried,
    BadPayloadAsKeyError,
)
