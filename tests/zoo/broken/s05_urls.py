"""S05: the token stands in request targets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from zoo.acme import Said
from zoo.broken.lean import LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.lean_rules import Answer
from zoo.broken.planting import LEAN, planted


class TokenInQuery(LeanUrllib):
    """Sends its token as a query parameter; `urllib` logs no addresses, or S01 would be broken as well."""

    name = "acme_token_in_query"

    def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send one request."""
        return super().transmit(method, f"{url}?api_key={quote(self.profile.secret('token'))}", body, headers)


class TokenInPath(LeanUrllib):
    """Sends its token in the path, as bots of some messengers do."""

    name = "acme_token_in_path"

    def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send one request."""
        at = url.replace("/v1/", f"/bot{self.profile.secret('token')}/v1/")
        return super().transmit(method, at, body, headers)


class TokenInQueryByAiohttp(LeanAiohttp):
    """The same by `aiohttp`."""

    name = "acme_token_in_query_aiohttp"

    async def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send one request."""
        return await super().transmit(method, f"{url}?api_key={self.profile.secret('token')}", body, headers)


def _said(before: str = "", after: str = "") -> dict[str, list[Said]]:
    return {
        action: [replace(said, path=f"{before}{said.path}{after}") for said in answers]
        for action, answers in LEAN.items()
    }


MEMBERS = [
    *planted("S05", TokenInQuery, TokenInQueryByAiohttp, said=_said(after="?api_key={{token}}")),
    *planted("S05", TokenInPath, said=_said(before="/bot{{token}}")),
]
