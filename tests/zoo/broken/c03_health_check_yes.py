"""C03: something else than True where the service is healthy."""

from __future__ import annotations

from typing import Any, cast

from zoo.broken.lean import LeanHttp, LeanUrllib
from zoo.broken.planting import planted


class ReturnsTheAnswer(LeanUrllib):
    """Hands out who we are in place of True."""

    name = "acme_returns_the_answer"

    def connect(self) -> bool:
        """Ask who we are."""
        return cast("bool", self.call("GET", "/me"))


class ForgetsToReturn(LeanHttp):
    """Asks, and says nothing."""

    name = "acme_forgets_to_return"

    def connect(self) -> bool:
        """Ask who we are."""
        self.request("GET", "/me")
        return cast("bool", None)


class WantsWhatIsNotThere(LeanHttp):
    """Looks for a field that the service does not send."""

    name = "acme_wants_active"

    def connect(self) -> bool:
        """Ask whether we are active."""
        known: dict[str, Any] = self.json(self.request("GET", "/me"))
        return bool(known.get("active"))


MEMBERS = planted("C03", ReturnsTheAnswer, ForgetsToReturn, WantsWhatIsNotThere)
