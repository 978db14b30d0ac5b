"""C05: results that JSON does not carry."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from zoo import payloads as p
from zoo.broken.lean import LeanHttp, LeanHttpx, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.planting import planted


class DatesInResults(LeanHttp):
    """Says when it asked, as a datetime."""

    name = "acme_dates_in_results"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        return super().execute(action, payload) | {"fetched_at": datetime.now(UTC)}


class SetInResults(LeanUrllib):
    """Collects the result's fields in a set."""

    name = "acme_set_in_results"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        result = super().execute(action, payload)
        return result | {"fields": set(result)}


class NanInResults(LeanHttp):
    """Fills a missing score with NaN."""

    name = "acme_nan_in_results"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        return super().execute(action, payload) | {"score": float("nan")}


class NumbersAsKeys(LeanUrllib):
    """Numbers what it found, by numbers."""

    name = "acme_numbers_as_keys"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        return super().execute(action, payload) | {"lines": {1: action}}


class ModelInResults(LeanHttpx):
    """Puts a model into the dict that it returns."""

    name = "acme_model_in_results"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        return super().execute(action, payload) | {"owner": p.User(id="u_1", name="bot")}


class BytesInResults(LeanAiohttp):
    """Keeps the raw answer."""

    name = "acme_bytes_in_results"

    async def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        return await super().execute(action, payload) | {"raw": b"{}"}


class TupleAndDecimal(LeanUrllib):
    """A tuple and a Decimal, which `json` would change or refuse, in one of two actions."""

    name = "acme_tuple_and_decimal"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        result = super().execute(action, payload)
        return result | ({"costs": (Decimal("0.10"), "EUR")} if action == "send_message" else {})


MEMBERS = planted(
    "C05",
    DatesInResults,
    SetInResults,
    NanInResults,
    NumbersAsKeys,
    ModelInResults,
    BytesInResults,
    TupleAndDecimal,
)
