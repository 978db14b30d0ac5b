"""T02: an asynchronous adapter whose fallback never runs."""

from __future__ import annotations

from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.lean_rules import Answer
from zoo.gold_broken.planting import planted


class FallbackAdapter(LeanAiohttp):
    """Knows a fallback that no recording reaches."""

    name = "acme_t02_fallback"

    async def fallback(self, path: str) -> Answer:
        """The answer of the second site."""
        headers = self.headers()
        headers["X-Site"] = "second"
        answer = await self.transmit("GET", f"https://second.acme.test/v1{path}", None, headers)
        if answer.status == 404:
            answer = await self.transmit("GET", f"https://third.acme.test/v1{path}", None, headers)
        return answer


MEMBERS = planted("T02", FallbackAdapter)
