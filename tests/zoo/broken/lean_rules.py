"""What every lean adapter of Acme knows, whatever client it uses: the base on which defects are planted.

Lean: one read, one keyed write, so that a member of the zoo is judged in seconds. Each rule is a method of its own, so
that a planted defect is one overridden method.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar

from automate_connectors import (
    AuthenticationError,
    ConflictError,
    ConnectionProfile,
    ConnectorError,
    InvalidPayloadError,
    NetworkError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    ServiceTimeoutError,
    ServiceUnavailableError,
    UnexpectedResponseError,
)

BY_STATUS: dict[int, type[ConnectorError]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    429: RateLimitedError,
}
IN_BAND: dict[str, type[ConnectorError]] = {
    "invalid_auth": AuthenticationError,
    "user_not_found": NotFoundError,
    "slow_down": RateLimitedError,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What Acme answered; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class LeanRules:
    """How Acme's answers become results and errors."""

    profile: ConnectionProfile
    version: ClassVar[str] = "1.0.0"
    secrets: ClassVar[Sequence[str]] = ("token",)
    timeout: ClassVar[float | None] = 10.0

    def headers(self) -> dict[str, str]:
        """What every request carries."""
        return {"Authorization": f"Bearer {self.profile.secret('token')}"}

    def retry_after(self, answer: Answer) -> float | None:
        """Seconds to wait, as the answer says (RFC 9110, section 10.2.3)."""
        text = answer.headers.get("retry-after", "")
        try:
            seconds = float(text)
        except ValueError:
            return self.seconds_until(text)
        return seconds if seconds >= 0 and math.isfinite(seconds) else None

    def seconds_until(self, text: str) -> float | None:
        """Seconds until an HTTP-date; 0 once it is past, None where it is none."""
        try:
            seconds = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):
            return None
        return max(0.0, seconds)

    def check(self, answer: Answer, method: str) -> None:
        """Raise what the status means."""
        if not 200 <= answer.status < 300:
            raise self.status_error(answer, method)

    def status_error(self, answer: Answer, method: str) -> ConnectorError:
        """The error that a status means."""
        status, message = answer.status, f"Acme answered {answer.status}"
        if status < 400:
            return UnexpectedResponseError(message, effect=effect_of(method), status=status)
        if status >= 500:
            return ServiceUnavailableError(
                message, effect=effect_of(method), status=status, retry_after=self.retry_after(answer)
            )
        kind = BY_STATUS.get(status, InvalidPayloadError)
        return kind(message, status=status, retry_after=self.retry_after(answer))

    def decoded(self, answer: Answer, method: str) -> dict[str, Any]:
        """The JSON object that an answer holds."""
        try:
            data = json.loads(answer.body)
        except ValueError as error:
            raise UnexpectedResponseError("Acme answered with no JSON", effect=effect_of(method)) from error
        if not isinstance(data, dict):
            raise UnexpectedResponseError("Acme answered with no JSON object", effect=effect_of(method))
        return self.accepted(data)

    def accepted(self, data: dict[str, Any]) -> dict[str, Any]:
        """The data, unless Acme says in it that something went wrong."""
        if data.get("ok") is False:
            kind = IN_BAND.get(str(data.get("error")), UnexpectedResponseError)
            raise kind("Acme refused in its answer", effect="none")
        return data

    def timed_out(self, error: Exception) -> bool:
        """Whether a failure of the client is a timeout."""
        raise NotImplementedError

    def failure(self, error: Exception, method: str) -> ConnectorError:
        """The error that a failure of the client means."""
        if self.timed_out(error):
            return ServiceTimeoutError("Acme did not answer in time", effect=effect_of(method))
        return NetworkError("the connection to Acme failed", effect=effect_of(method))


def effect_of(method: str) -> str:
    """What a failed request may have done."""
    return "none" if method == "GET" else "unknown"
