"""E06: errors that are not fit to be shown."""

from __future__ import annotations

import traceback
from typing import Any

from automate_connectors import ConnectorError, UnexpectedResponseError
from zoo.broken.lean import LeanHttp, LeanHttpx, LeanRequests, LeanUrllib
from zoo.broken.lean_rules import Answer
from zoo.broken.planting import planted


class PageInMessage(LeanUrllib):
    """Quotes the service's page."""

    name = "acme_page_in_message"

    def status_error(self, answer: Answer, method: str) -> ConnectorError:
        """The error that a status means."""
        error = super().status_error(answer, method)
        told = answer.body.decode("utf-8", "replace")[:200]
        return type(error)(
            f"{error.message}: {told}",
            status=error.status,
            retry_after=error.retry_after,
            effect=str(error.effect.value),
        )


class SeveralLines(LeanHttpx):
    """Puts the reason into the message, on a line of its own."""

    name = "acme_several_lines"

    def failure(self, error: Exception, method: str) -> ConnectorError:
        """The error that a failure of the client means."""
        made = super().failure(error, method)
        shown = "".join(traceback.format_exception_only(error)).strip() or "no reason given"
        return type(made)(f"{made.message}\nreason: {shown}", effect=str(made.effect.value))


class ObjectInDetails(LeanRequests):
    """Keeps the exception itself in the details."""

    name = "acme_object_in_details"

    def failure(self, error: Exception, method: str) -> ConnectorError:
        """The error that a failure of the client means."""
        made = super().failure(error, method)
        made.details["reason"] = error
        return made


class NoReasonGiven(LeanUrllib):
    """Forgets the exception that was the reason: raised outside the handler."""

    name = "acme_no_reason_given"

    def answer(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send, and turn a failure of the client into an error."""
        try:
            return super().answer(method, path, body, headers)
        except ConnectorError as error:
            failed = error
        failed.__cause__ = failed.__context__ = None
        raise failed


class ReasonSuppressed(LeanHttp):
    """Raises `from None` where the answer cannot be decoded."""

    name = "acme_reason_suppressed"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        try:
            return super().execute(action, payload)
        except UnexpectedResponseError as error:
            raise UnexpectedResponseError(error.message, effect=str(error.effect.value)) from None


class TooLong(LeanHttp):
    """Explains itself at length."""

    name = "acme_too_long"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        try:
            return super().execute(action, payload)
        except ConnectorError as error:
            error.message = f"{error.message}: " + "please see the manual. " * 30
            error.args = (error.message,)
            raise


class SaysNothing(LeanUrllib):
    """Has no words for a refusal."""

    name = "acme_says_nothing"

    def status_error(self, answer: Answer, method: str) -> ConnectorError:
        """The error that a status means."""
        error = super().status_error(answer, method)
        return type(error)("", status=error.status, retry_after=error.retry_after, effect=str(error.effect.value))


MEMBERS = planted(
    "E06",
    PageInMessage,
    SeveralLines,
    ObjectInDetails,
    NoReasonGiven,
    ReasonSuppressed,
    TooLong,
    SaysNothing,
)
