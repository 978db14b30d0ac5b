"""Acme by threads of the adapter's own: a pool that bounds each wait, and an event loop in the background."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError

import aiohttp
import httpx

from automate_connectors import ConnectionProfile, ServiceTimeoutError
from zoo.members import Member, acme
from zoo.right.by_hand import FEW, AcmeByHand, Ask, Reply
from zoo.right.with_aiohttp import TIMEOUT, send_by
from zoo.right.with_httpx import send


class PooledAcmeAdapter(AcmeByHand):
    """Sends in a worker thread, and waits for 30 seconds at most."""

    name = "acme_pooled"
    version = "1.0.0"

    def send(self, request: Ask) -> Reply:
        """Hand the request over."""
        with ThreadPoolExecutor(max_workers=1) as pool:
            try:
                return pool.submit(self._work, request).result(timeout=30)
            except FutureTimeoutError as error:
                raise ServiceTimeoutError("Acme did not answer in time") from error

    @staticmethod
    def _work(request: Ask) -> Reply:
        with httpx.Client(timeout=8) as client:
            return send(client, request)


class BackgroundLoopAcmeAdapter(AcmeByHand):
    """Runs an event loop in a thread from `connect` to `close`."""

    name = "acme_background_loop"
    version = "1.0.0"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._session: aiohttp.ClientSession | None = None

    def connect(self) -> bool:
        """Start the loop, and ask who we are."""
        self._started()
        return super().connect()

    def send(self, request: Ask) -> Reply:
        """Let the loop send."""
        return asyncio.run_coroutine_threadsafe(self._send(request), self._started()).result(timeout=45)

    def close(self) -> None:
        """Stop the loop."""
        if self._loop is None or self._thread is None:
            return
        if self._session is not None:
            asyncio.run_coroutine_threadsafe(self._session.close(), self._loop).result(timeout=5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _send(self, request: Ask) -> Reply:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        return await send_by(self._session, request)

    def _started(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
            self._thread.start()
        return self._loop


MEMBERS = [Member(kind, record=acme(kind, actions=FEW)) for kind in (PooledAcmeAdapter, BackgroundLoopAcmeAdapter)]
