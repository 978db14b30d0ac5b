"""C08: leaves connect() by other ways than a value or an Exception.

In an action the same defects break E02, E03 or E04 as well, by their words: there each fault must become a
ConnectorError. The standard judges connect() under faults by C08 alone, but for C04's and C13's.
"""

from __future__ import annotations

import asyncio
import sys

from automate_connectors import ServiceUnavailableError, UnexpectedResponseError
from zoo.broken.lean import LeanHttp, LeanHttpx, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.planting import planted


class ExitsWhenDown(LeanHttp):
    """Ends the program where the service is down."""

    name = "acme_exits_when_down"

    def connect(self) -> bool:
        """Ask who we are."""
        try:
            return super().connect()
        except ServiceUnavailableError:
            sys.exit("Acme is down, try again later")


class InterruptsOnNonsense(LeanUrllib):
    """Raises KeyboardInterrupt where the answer makes no sense."""

    name = "acme_interrupts"

    def connect(self) -> bool:
        """Ask who we are."""
        try:
            return super().connect()
        except UnexpectedResponseError as error:
            raise KeyboardInterrupt from error


class CancelsItself(LeanAiohttp):
    """Raises what only the event loop may raise."""

    name = "acme_cancels_itself"

    async def connect(self) -> bool:
        """Ask who we are."""
        try:
            return await super().connect()
        except ServiceUnavailableError as error:
            raise asyncio.CancelledError("Acme is down") from error


class AcmeGone(BaseException):
    """An error that no `except Exception` catches."""


class OwnBaseException(LeanHttpx):
    """Raises an exception of its own that is no Exception."""

    name = "acme_own_base_exception"

    def connect(self) -> bool:
        """Ask who we are."""
        try:
            return super().connect()
        except ServiceUnavailableError as error:
            raise AcmeGone from error


class WaitsForWhatNeverComes(LeanUrllib):
    """Reads until the object is complete, which a cut answer never is: an endless loop without a request."""

    name = "acme_reads_for_ever"

    def connect(self) -> bool:
        """Ask who we are."""
        answer = self.answer("GET", "/me", None, self.headers())
        self.check(answer, "GET")
        text = b""
        while not text.rstrip().endswith(b"}"):
            text += answer.body[len(text) :]
        return bool(self.decoded(answer, "GET").get("id"))


MEMBERS = planted("C08", ExitsWhenDown, InterruptsOnNonsense, CancelsItself, OwnBaseException, WaitsForWhatNeverComes)
