"""C06: sends something before it refuses an action that it does not know.

An adapter that does not raise at all breaks E01 too, by the words of both.
"""

from __future__ import annotations

from typing import Any

from zoo.broken.lean import LeanHttp, LeanUrllib
from zoo.broken.planting import planted


class AsksTheServiceFirst(LeanUrllib):
    """Checks that it is still signed in before it looks at the action."""

    name = "acme_asks_before_unknown"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        if action not in self.actions:
            self.call("GET", "/me")
        return super().execute(action, payload)


class LooksTheActionUp(LeanHttp):
    """Looks at the service whether the action exists there."""

    name = "acme_looks_the_action_up"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        if action not in self.actions:
            self.request("GET", "/users/u_7")
        return super().execute(action, payload)


MEMBERS = planted("C06", AsksTheServiceFirst, LooksTheActionUp)
