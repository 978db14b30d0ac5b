"""T01: threads share an instance, instances share nothing that is secret."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from automate_connectors import ConnectionProfile, Idempotency, action
from zoo import payloads as p
from zoo.acme import BASE, EXAMPLES
from zoo.broken.lean import LeanHttp, LeanHttpx, LeanRequests
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.lean_rules import Answer
from zoo.gold_broken.planting import planted


class StateOnSelfAdapter(LeanHttpx):
    """Keeps the payload under way on the instance."""

    name = "acme_t01_state_on_self"

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        self.payload = payload
        found = self.call("GET", f"/users/{payload.user_id}")
        return p.User(id=self.payload.user_id, name=str(found.get("name")))


class SharedKeyAdapter(LeanRequests):
    """Keeps the key on the instance while it asks whether the service is there."""

    name = "acme_t01_shared_key"

    def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send a message under the instance's key."""
        if method == "GET":
            return super().transmit(method, url, body, headers)
        self.key = headers.get("Idempotency-Key", "")
        super().transmit("GET", f"{BASE}/me", None, self.headers())
        return super().transmit(method, url, body, headers | ({"Idempotency-Key": self.key} if self.key else {}))


class ClassTokenAdapter(LeanHttp):
    """Keeps the token on the class: the newest instance signs for all."""

    name = "acme_t01_class_token"
    token: ClassVar[str] = ""

    def connect(self) -> bool:
        """Remember who we are, and ask."""
        type(self).token = self.profile.secret("token")
        return super().connect()

    def auth_headers(self) -> dict[str, str]:
        """The token that the class knows."""
        return {"Authorization": f"Bearer {self.token or self.profile.secret('token')}"}


class AsyncStateAdapter(LeanAiohttp):
    """Keeps the payload on the instance across an await."""

    name = "acme_t01_async_state"

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    async def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        self.user_id = payload.user_id
        await asyncio.sleep(0)
        return p.User.model_validate(await self.call("GET", f"/users/{self.user_id}"))


class AsyncClassTokenAdapter(LeanAiohttp):
    """Keeps the token of the first instance for every later one."""

    name = "acme_t01_first_token"
    tokens: ClassVar[list[str]] = []

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        if profile is not None and "token" in profile.secrets:
            self.tokens.append(profile.secret("token"))

    def headers(self) -> dict[str, str]:
        """The token that was there first."""
        return {"Authorization": f"Bearer {self.tokens[0]}"}


MEMBERS = planted(
    "T01", StateOnSelfAdapter, SharedKeyAdapter, ClassTokenAdapter, AsyncStateAdapter, AsyncClassTokenAdapter
)
