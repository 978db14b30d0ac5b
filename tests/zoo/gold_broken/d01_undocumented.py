"""D01: something that an author has to read about is not written about."""

from __future__ import annotations

from pydantic import Field

from automate_connectors import Idempotency, action
from zoo import payloads as p
from zoo.acme import EXAMPLES
from zoo.broken.lean import LeanHttp, LeanHttpx
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.gold_broken.planting import planted
from zoo.payloads import Strict


class Whom(Strict):
    """Whom to look up."""

    user_id: str = Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_]+$")


class SilentAdapter(LeanHttp):  # noqa: D101 - the planted defect
    name = "acme_d01_silent"


class SilentFieldAdapter(LeanHttpx):
    """Does not say what its field is."""

    name = "acme_d01_field"

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: Whom) -> p.User:  # type: ignore[override] # the planted defect is in its model
        """Look a user up."""
        return p.User.model_validate(self.call("GET", f"/users/{payload.user_id}"))


class SilentAsyncFieldAdapter(LeanAiohttp):
    """Does not say what its field is, either."""

    name = "acme_d01_async_field"

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    async def get_user(self, payload: Whom) -> p.User:  # type: ignore[override] # as above
        """Look a user up."""
        return p.User.model_validate(await self.call("GET", f"/users/{payload.user_id}"))


MEMBERS = planted("D01", SilentAdapter, SilentFieldAdapter, SilentAsyncFieldAdapter)
