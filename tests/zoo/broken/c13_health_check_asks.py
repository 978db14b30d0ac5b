"""C13: a health check that does not mind being refused.

A connect() that asks nothing at all and returns True breaks C04 too, by the words of both.
"""

from __future__ import annotations

from automate_connectors import AuthenticationError, ServiceUnavailableError
from zoo.broken.lean import LeanHttp, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.planting import planted


class RefusedIsAlive(LeanUrllib):
    """Takes any answer below 500 for a yes."""

    name = "acme_refused_is_alive"

    def connect(self) -> bool:
        """Ask whether anybody is there."""
        return self.answer("GET", "/me", None, self.headers()).status < 500


class RefusedIsUnavailable(LeanHttp):
    """Says of a wrong token that the service is down."""

    name = "acme_refused_is_unavailable"

    def connect(self) -> bool:
        """Ask who we are."""
        try:
            return super().connect()
        except AuthenticationError as error:
            raise ServiceUnavailableError("Acme cannot be used", effect="none") from error


class SwallowsTheRefusal(LeanAiohttp):
    """Lets the first action find out that the token is wrong."""

    name = "acme_swallows_the_refusal"

    async def connect(self) -> bool:
        """Ask who we are."""
        try:
            return await super().connect()
        except AuthenticationError:
            return True


MEMBERS = planted("C13", RefusedIsAlive, RefusedIsUnavailable, SwallowsTheRefusal)
