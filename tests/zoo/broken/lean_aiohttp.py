"""A lean asynchronous adapter of Acme by `aiohttp`, right in everything."""

from __future__ import annotations

from typing import Any, ClassVar

import aiohttp

from automate_connectors import Idempotency, action
from automate_connectors.adapters.base import AsyncConnectorAdapter
from zoo import payloads as p
from zoo.acme import BASE, EXAMPLES
from zoo.broken.lean_rules import Answer, LeanRules


class LeanAiohttp(LeanRules, AsyncConnectorAdapter):
    """By `aiohttp`, a session for each request."""

    failures: ClassVar[tuple[type[Exception], ...]] = (aiohttp.ClientError, TimeoutError)

    async def connect(self) -> bool:
        """Ask who we are."""
        return bool((await self.call("GET", "/me")).get("id"))

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    async def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return p.User.model_validate(await self.call("GET", f"/users/{payload.user_id}"))

    @action(idempotency=Idempotency.keyed(header="Idempotency-Key"), examples=[EXAMPLES["send_message"]])
    async def send_message(self, payload: p.SendMessage) -> p.Message:
        """Send a message."""
        headers = {"Idempotency-Key": payload.idempotency_key} if payload.idempotency_key else {}
        body = {"channel": payload.channel, "text": payload.text}
        return p.Message.model_validate(await self.call("POST", "/messages", body, headers))

    async def call(
        self, method: str, path: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """One request and the JSON object that answers it."""
        answer = await self.answer(method, path, body, self.headers() | (headers or {}))
        self.check(answer, method)
        return self.decoded(answer, method)

    async def answer(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send, and turn a failure of the client into an error."""
        try:
            return await self.transmit(method, BASE + path, body, headers)
        except self.failures as error:
            raise self.failure(error, method) from error

    async def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send one request."""
        async with (
            aiohttp.ClientSession(timeout=self.patience()) as session,
            session.request(method, url, json=body, headers=headers, **self.sending()) as response,
        ):
            found = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, found, await response.read())

    def patience(self) -> aiohttp.ClientTimeout:
        """How long to wait."""
        return aiohttp.ClientTimeout(total=10)

    def sending(self) -> dict[str, Any]:
        """How requests are sent."""
        return {"allow_redirects": False}

    def timed_out(self, error: Exception) -> bool:
        """Whether it is a timeout."""
        return isinstance(error, TimeoutError)
