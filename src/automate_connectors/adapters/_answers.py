"""What an answer means: the error of a status, Retry-After, and what the service says about it."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

from automate_connectors.adapters._httpx import httpx
from automate_connectors.adapters._presentable import Redactor, one_line
from automate_connectors.errors import (
    AuthenticationError,
    ConflictError,
    ConnectorError,
    InvalidPayloadError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    ServiceUnavailableError,
    UnexpectedResponseError,
)

_Row = tuple[type[ConnectorError], str]

_BY_STATUS: Final[Mapping[int, _Row]] = {
    400: (InvalidPayloadError, "check the payload"),
    401: (AuthenticationError, "check the credentials in the profile"),
    403: (PermissionDeniedError, "the credentials do not allow this; ask for the permission at the service"),
    404: (NotFoundError, "check the names and ids in the payload"),
    409: (ConflictError, "the state at the service forbids this"),
    410: (NotFoundError, "it existed and is gone"),
    422: (InvalidPayloadError, "check the payload"),
    429: (RateLimitedError, "too many requests; wait before the next one"),
}
_BY_CLASS: Final[Mapping[int, _Row]] = {
    3: (UnexpectedResponseError, "a redirect that is not followed; check base_url"),
    4: (InvalidPayloadError, "the service refuses the request; check the payload"),
    5: (ServiceUnavailableError, "the service fails; try again later"),
}
_OTHER: Final[_Row] = (UnexpectedResponseError, "no such status is known")

#: Where services put the sentence that explains an error, in the order of preference.
_EXPLANATIONS = ("message", "error_description", "detail", "title", "error", "errmsg", "reason")
#: Longer error bodies are not searched for an explanation.
_LONGEST_ERROR_BODY = 100_000
#: What is quoted of an explanation; a message has at most 500 characters in all.
_LONGEST_EXPLANATION = 300
_DELTA_SECONDS = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)


def status_error(response: httpx.Response, redactor: Redactor) -> ConnectorError:
    """Return the error that an answer's status means."""
    status = response.status_code
    kind, hint = _BY_STATUS.get(status) or _BY_CLASS.get(status // 100, _OTHER)
    explanation = one_line(redactor.clean(_explanation(response) or ""), _LONGEST_EXPLANATION)
    details = {"service_message": explanation} if explanation else {}
    said = f" ({explanation})" if _speakable(explanation) else ""
    waits = retry_after(response) if kind in {RateLimitedError, ServiceUnavailableError} else None
    message = f"the service answered {_named(status)}{said}: {hint}"
    return kind(message, status=status, retry_after=waits, details=details)


def retry_after(response: httpx.Response) -> float | None:
    """Return the seconds an answer asks to wait, or None where it does not say so in a way that can be understood.

    Both forms of RFC 9110, section 10.2.3, are read. A date counts from the answer's own Date, so that a wrong clock
    on either side does not matter; one in the past is 0.
    """
    values = response.headers.get_list("retry-after")
    value = values[0].strip() if values else ""
    if _DELTA_SECONDS.fullmatch(value):
        return float(value)
    until = _http_date(value)
    if until is None:
        return None
    now = _http_date(response.headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (until - now).total_seconds())


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError, IndexError, TypeError):
        # The parser of the standard library is not written for hostile input.
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _named(status: int) -> str:
    # The phrase of the standard, not the answer's: that one may hold anything.
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _speakable(explanation: str) -> bool:
    return bool(explanation) and not re.search(r"[<>]|Traceback", explanation)


def _explanation(response: httpx.Response) -> str | None:
    if len(response.content) > _LONGEST_ERROR_BODY:
        return None
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return None
    return _sentence(body)


def _sentence(body: Any, depth: int = 0) -> str | None:  # any JSON value
    """Return the first text at a usual place, at most one object deeper ({"error": {"message": …}})."""
    if not isinstance(body, dict) or depth > 1:
        return None
    values = (body.get(name) for name in _EXPLANATIONS)
    found = (value if isinstance(value, str) else _sentence(value, depth + 1) for value in values)
    return next((text for text in found if text), None)
