"""E08: Retry-After misread, or not at all."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from automate_connectors import RateLimitedError
from zoo.broken.lean import LeanHttp, LeanHttpx, LeanRequests, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.lean_rules import Answer
from zoo.broken.planting import planted


class NumbersOnly(LeanUrllib):
    """Fails by a ValueError where the header is a date."""

    name = "acme_numbers_only"

    def retry_after(self, answer: Answer) -> float | None:
        """Seconds to wait."""
        return int(answer.headers["retry-after"]) if "retry-after" in answer.headers else None


class DatesPassedBy(LeanHttpx):
    """Takes a date for nothing."""

    name = "acme_dates_passed_by"

    def seconds_until(self, text: str) -> float | None:
        """Take a date for nothing."""
        del text
        return None


class LocalTime(LeanUrllib):
    """Holds a date in Greenwich against the clock on the wall."""

    name = "acme_local_time"

    def seconds_until(self, text: str) -> float | None:
        """Seconds until a date."""
        try:
            then = parsedate_to_datetime(text).replace(tzinfo=None)
        except (TypeError, ValueError):
            return None
        return max(0.0, (then - datetime.now()).total_seconds())  # noqa: DTZ005 - the planted defect


class PastIsNegative(LeanAiohttp):
    """Reports a negative wait where the date is past."""

    name = "acme_past_is_negative"

    def seconds_until(self, text: str) -> float | None:
        """Seconds until a date."""
        try:
            then = parsedate_to_datetime(text)
        except (TypeError, ValueError):
            return None
        return (then - datetime.now(then.tzinfo)).total_seconds()


class LimitsAlone(LeanHttp):
    """Hears Retry-After of a 429, and passes that of a 503 by."""

    name = "acme_limits_alone"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        try:
            return super().execute(action, payload)
        except Exception as error:
            if getattr(error, "status", None) == 503:
                error.retry_after = None  # type: ignore[attr-defined]  # it has a status, so it is a ConnectorError
            raise


class AMinuteAlways(LeanHttp):
    """Knows better than the service how long to wait."""

    name = "acme_a_minute_always"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        try:
            return super().execute(action, payload)
        except RateLimitedError as error:
            error.retry_after = 60.0
            raise


class InMilliseconds(LeanRequests):
    """Takes seconds for milliseconds."""

    name = "acme_in_milliseconds"

    def retry_after(self, answer: Answer) -> float | None:
        """Seconds to wait."""
        seconds = super().retry_after(answer)
        return seconds / 1000 if seconds else seconds


class SignPassedOn(LeanUrllib):
    """Passes a negative wait on as it came."""

    name = "acme_sign_passed_on"

    def retry_after(self, answer: Answer) -> float | None:
        """Seconds to wait."""
        text = answer.headers.get("retry-after", "")
        return float(text) if text.lstrip("-").isdigit() else self.seconds_until(text)


MEMBERS = planted(
    "E08",
    NumbersOnly,
    DatesPassedBy,
    LocalTime,
    PastIsNegative,
    LimitsAlone,
    AMinuteAlways,
    InMilliseconds,
    SignPassedOn,
)
