"""T03: something stays open after `close()`."""

from __future__ import annotations

import os
import subprocess
import threading
from typing import IO, Any

import aiohttp
import httpx
import requests

from automate_connectors import ConnectionProfile
from zoo.broken.lean import LeanHttp, LeanHttpx, LeanRequests, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.lean_rules import Answer
from zoo.gold_broken.planting import planted


class OpenSessionAdapter(LeanRequests):
    """Keeps a session, and its connections, and never closes it."""

    name = "acme_t03_open_session"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self.kept = requests.Session()

    def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send by the kept session."""
        answer = self.kept.request(method, url, json=body, headers=headers, **self.sending(method))
        return Answer(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, answer.content)


class OpenClientAdapter(LeanHttpx):
    """Keeps a client and never closes it."""

    name = "acme_t03_open_client"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self.kept = httpx.Client(timeout=10)

    def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send by the kept client."""
        answer = self.kept.request(method, url, json=body, headers=headers)
        return Answer(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, answer.content)


class OpenAsyncSessionAdapter(LeanAiohttp):
    """Makes a session on first use and leaves it open."""

    name = "acme_t03_async_session"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self.kept: aiohttp.ClientSession | None = None

    async def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send by the kept session."""
        self.kept = self.kept or aiohttp.ClientSession(timeout=self.patience())
        async with self.kept.request(method, url, json=body, headers=headers, **self.sending()) as response:
            found = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, found, await response.read())


class HeartbeatAdapter(LeanHttp):
    """Starts a thread that waits for ever."""

    name = "acme_t03_heartbeat"

    def connect(self) -> bool:
        """Start the heartbeat, and ask who we are."""
        self.stop = threading.Event()
        threading.Thread(target=self.stop.wait, name="heartbeat", daemon=True).start()
        return super().connect()


class JournalAdapter(LeanUrllib):
    """Keeps a journal open for the process."""

    name = "acme_t03_journal"
    journals: list[IO[str]] = []  # noqa: RUF012 - the planted defect

    def connect(self) -> bool:
        """Open the journal, and ask who we are."""
        self.journals.append(open(os.devnull, "a", encoding="utf-8"))  # noqa: PTH123, SIM115 - the planted defect
        return super().connect()


class HelperProcessAdapter(LeanHttp):
    """Starts a helper and leaves it running."""

    name = "acme_t03_helper"
    helpers: list[subprocess.Popen[bytes]] = []  # noqa: RUF012 - the planted defect

    def connect(self) -> bool:
        """Start the helper in place of the one before, and ask who we are."""
        for helper in self.helpers:
            helper.kill()
            helper.wait()
        self.helpers[:] = [subprocess.Popen(["/bin/sleep", "9"])]
        return super().connect()


MEMBERS = planted(
    "T03", OpenSessionAdapter, OpenClientAdapter, OpenAsyncSessionAdapter, HeartbeatAdapter, JournalAdapter,
    HelperProcessAdapter,
)  # fmt: skip
