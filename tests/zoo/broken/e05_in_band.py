"""E05: errors inside a success that go unnoticed or become the wrong error."""

from __future__ import annotations

from typing import Any

from automate_connectors import ConnectorErrorCode, NetworkError, UnexpectedResponseError
from automate_connectors.testing import ErrorSample
from zoo import payloads as p
from zoo.broken.lean import LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.lean_rules import IN_BAND
from zoo.broken.planting import planted

SAMPLES = (
    ErrorSample(None, {"ok": False, "error": "invalid_auth"}, ConnectorErrorCode.AUTH_FAILED, retryable=False),
    ErrorSample("get_user", {"ok": False, "error": "user_not_found"}, ConnectorErrorCode.NOT_FOUND),
    ErrorSample(None, {"ok": False, "error": "slow_down"}, ConnectorErrorCode.RATE_LIMITED, retryable=True),
)


class NeverLooks(LeanUrllib):
    """Makes a result of whatever came, by its defaults."""

    name = "acme_never_looks"

    def accepted(self, data: dict[str, Any]) -> dict[str, Any]:
        """The data."""
        return {"id": "", "name": "", "channel": "", "text": ""} | data


class AllTheSame(LeanUrllib):
    """Knows one error for everything that the service refuses."""

    name = "acme_all_the_same"

    def accepted(self, data: dict[str, Any]) -> dict[str, Any]:
        """The data, unless Acme says in it that something went wrong."""
        if data.get("ok") is False:
            raise UnexpectedResponseError("Acme refused in its answer", effect="none")
        return data


class LimitedForGood(LeanAiohttp):
    """Says of a rate limit in an answer that no retry helps."""

    name = "acme_limited_for_good"

    def accepted(self, data: dict[str, Any]) -> dict[str, Any]:
        """The data, unless Acme says in it that something went wrong."""
        if data.get("ok") is False:
            kind = IN_BAND.get(str(data.get("error")), NetworkError)
            raise kind("Acme refused in its answer", effect="none", retryable=False)
        return data


class LooksWhenItReads(LeanUrllib):
    """Looks at the answers of its reads alone."""

    name = "acme_looks_when_it_reads"

    def send_message(self, payload: p.SendMessage) -> p.Message:
        """Send a message."""
        body = {"channel": payload.channel, "text": payload.text}
        headers = self.headers() | ({"Idempotency-Key": payload.idempotency_key} if payload.idempotency_key else {})
        answer = self.answer("POST", "/messages", body, headers)
        self.check(answer, "POST")
        found = LeanUrllib.decoded(_Lenient(self.profile), answer, "POST")
        return p.Message.model_validate({"id": "", "channel": "", "text": ""} | found)


class _Lenient(LeanUrllib):
    """Accepts everything."""

    name = "acme_lenient"

    def accepted(self, data: dict[str, Any]) -> dict[str, Any]:
        """The data."""
        return data


MEMBERS = planted("E05", NeverLooks, AllTheSame, LimitedForGood, LooksWhenItReads, case={"error_samples": SAMPLES})
