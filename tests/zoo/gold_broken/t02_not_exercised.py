"""T02: most of the file never runs."""

from __future__ import annotations

from typing import Any

from zoo.broken.lean import LeanHttp
from zoo.gold_broken.planting import planted


class DeadCodeAdapter(LeanHttp):
    """Carries the code of a service version that is long gone."""

    name = "acme_t02_dead_code"

    def connect(self) -> bool:
        """Ask who we are."""
        if self.profile.option("generation") == 1:
            return self.connect_to_first_generation()
        return super().connect()

    def connect_to_first_generation(self) -> bool:
        """Ask in the old way."""
        answer = self.request("GET", "/whoami", params={"generation": "1"})
        found: dict[str, Any] = self.json(answer)
        if "login" in found:
            found["id"] = found.pop("login")
        name = str(found.get("name", ""))
        if not name:
            return False
        return bool(found.get("id"))


MEMBERS = planted("T02", DeadCodeAdapter)
