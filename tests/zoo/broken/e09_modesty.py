"""E09: adapters that try again too often, too soon, or what is no use."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from automate_connectors import ConnectorError, RateLimitedError
from zoo.broken.lean import LeanHttp, LeanHttpx, LeanRequests, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.lean_rules import Answer
from zoo.broken.planting import planted


class RefusalsAgain(LeanUrllib):
    """Sends what was refused with 400 three times, in case the service changes its mind."""

    name = "acme_refusals_again"

    def answer(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send, up to three times."""
        for attempt in range(3):
            answer = super().answer(method, path, body, headers)
            if answer.status != 400:
                break
            time.sleep(2**attempt)
        return answer


class MissingAgain(LeanAiohttp):
    """Waits for what it has just created to appear, and asks once more after a 404."""

    name = "acme_missing_again"

    async def answer(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send, twice where nothing is there."""
        answer = await super().answer(method, path, body, headers)
        if answer.status == 404:
            await asyncio.sleep(1)
            answer = await super().answer(method, path, body, headers)
        return answer


class SameTokenAgain(LeanUrllib):
    """Tries a token that was refused twice more."""

    name = "acme_same_token_again"

    def answer(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send, up to three times."""
        answer = super().answer(method, path, body, headers)
        for _ in range(2):
            if answer.status == 401:
                answer = super().answer(method, path, body, headers)
        return answer


class SixAttempts(LeanUrllib):
    """Tries six times, patiently."""

    name = "acme_six_attempts"

    def answer(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send, up to six times."""
        for attempt in range(6):
            answer = super().answer(method, path, body, headers)
            if answer.status < 500:
                break
            time.sleep(max(self.retry_after(answer) or 0, 2**attempt))
        return answer


class AtOnceAgain(LeanHttpx):
    """Tries a rate-limited request again at once, against what the service asks for."""

    name = "acme_at_once_again"

    def answer(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send, up to three times."""
        for _ in range(3):
            answer = super().answer(method, path, body, headers)
            if answer.status != 429:
                break
        return answer


class WaitsFiveSecondsAtMost(LeanUrllib):
    """Waits as it is told, but never longer than five seconds."""

    name = "acme_waits_five_at_most"

    def answer(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send, up to three times."""
        for _ in range(3):
            answer = super().answer(method, path, body, headers)
            if answer.status != 429:
                break
            time.sleep(min(self.retry_after(answer) or 1, 5))
        return answer


class RetryOfUrllib3(LeanRequests):
    """Mounts a `Retry` of urllib3, as tutorials do.

    With its defaults it breaks E03 (a read timeout comes out as a failed connection) and E08 (a malformed Retry-After
    is an error of its own) as well; so the network and Retry-After are left out.
    """

    name = "acme_retry_of_urllib3"

    def session(self) -> requests.Session:
        """A session that tries again."""
        session = requests.Session()
        retry = Retry(
            status=5,
            connect=0,
            read=False,
            backoff_factor=0.5,
            status_forcelist=(500, 502, 503, 504),
            respect_retry_after_header=False,
            raise_on_status=False,
        )
        session.mount("https://", HTTPAdapter(max_retries=retry))
        return session


class RetriesOfHttpx(LeanHttpx):
    """Lets the transport of `httpx` connect six times."""

    name = "acme_retries_of_httpx"

    def client(self) -> httpx.Client:
        """A client that tries again."""
        return httpx.Client(timeout=self.timeout, transport=httpx.HTTPTransport(retries=5))


class NetworkFiveTimes(LeanAiohttp):
    """Tries five times where the network fails."""

    name = "acme_network_five_times"

    async def answer(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send, up to five times."""
        for attempt in range(4):
            try:
                return await super().answer(method, path, body, headers)
            except ConnectorError:
                await asyncio.sleep(2**attempt)
        return await super().answer(method, path, body, headers)


class HealthCheckInsists(LeanHttp):
    """Asks eight times whether the service is there, before it says no."""

    name = "acme_health_check_insists"

    def connect(self) -> bool:
        """Ask who we are."""
        for attempt in range(8):
            try:
                return super().connect()
            except ConnectorError as error:
                if not error.retryable or attempt == 7:
                    raise
                time.sleep(max(error.retry_after or 0, 1))
        return False


class WholeActionAgain(LeanHttp):
    """Runs a rate-limited action three times, each half a second after the other."""

    name = "acme_whole_action_again"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        for _ in range(2):
            try:
                return super().execute(action, payload)
            except RateLimitedError:
                time.sleep(0.5)
        return super().execute(action, payload)


MEMBERS = planted(
    "E09",
    RefusalsAgain,
    MissingAgain,
    SameTokenAgain,
    SixAttempts,
    AtOnceAgain,
    WaitsFiveSecondsAtMost,
    RetryOfUrllib3,
    RetriesOfHttpx,
    NetworkFiveTimes,
    HealthCheckInsists,
    WholeActionAgain,
)
