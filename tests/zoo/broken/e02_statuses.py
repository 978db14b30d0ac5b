"""E02: statuses that become the wrong error, or none."""

from __future__ import annotations

import json
from typing import Any

import requests

from automate_connectors import (
    ConnectorError,
    InvalidPayloadError,
    NotFoundError,
    PermissionDeniedError,
    ServiceUnavailableError,
    UnexpectedResponseError,
)
from zoo import payloads as p
from zoo.broken.lean import LeanHttp, LeanHttpx, LeanRequests, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.lean_rules import Answer
from zoo.broken.planting import planted
from zoo.members import Member, acme
from zoo.right.with_requests import RequestsAcmeAdapter


class FourMeansClient(LeanUrllib):
    """Looks for a 4 in the status, and finds it in 504."""

    name = "acme_four_means_client"

    def status_error(self, answer: Answer, method: str) -> ConnectorError:
        """The error that a status means."""
        if "4" in str(answer.status) and answer.status not in (401, 403, 404, 409, 429):
            return InvalidPayloadError(f"Acme answered {answer.status}", status=answer.status)
        return super().status_error(answer, method)


class RefusedIsMissing(LeanHttp):
    """Takes every refusal for something that is not there."""

    name = "acme_refused_is_missing"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        try:
            return super().execute(action, payload)
        except InvalidPayloadError as error:
            if error.status in (400, 422):
                raise NotFoundError("no such thing", status=error.status) from error
            raise


class ReadsTheText(LeanUrllib):
    """Knows what happened by words in the text of the answer, and the word stands in every refusal."""

    name = "acme_reads_the_text"

    def status_error(self, answer: Answer, method: str) -> ConnectorError:
        """The error that a status means."""
        text = answer.body.decode("utf-8", "replace")
        if answer.status in (400, 409, 422) and "refused" in text:
            return PermissionDeniedError("Acme refused", status=answer.status)
        return super().status_error(answer, method)


class RefusedIsForbidden(LeanUrllib):
    """Says of a wrong token that the right to write is missing.

    Said in connect() too, it would break C13 by its words.
    """

    name = "acme_refused_is_forbidden"

    def status_error(self, answer: Answer, method: str) -> ConnectorError:
        """The error that a status means."""
        if answer.status == 401 and method == "POST":
            return PermissionDeniedError("Acme answered 401", status=401)
        return super().status_error(answer, method)


class ServerErrorsAreFinal(LeanHttpx):
    """Says of a failing server that no retry helps."""

    name = "acme_server_errors_final"

    def status_error(self, answer: Answer, method: str) -> ConnectorError:
        """The error that a status means."""
        error = super().status_error(answer, method)
        error.retryable = error.retryable and answer.status < 500
        return error


class LimitedIsFinal(LeanAiohttp):
    """Says of a rate limit that no retry helps."""

    name = "acme_limited_is_final"

    def status_error(self, answer: Answer, method: str) -> ConnectorError:
        """The error that a status means."""
        error = super().status_error(answer, method)
        error.retryable = error.retryable and answer.status != 429
        return error


class ConflictIsSuccess(LeanUrllib):
    """Takes a conflict for the message that was there already, and does not declare it."""

    name = "acme_conflict_is_success"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        try:
            return super().execute(action, payload)
        except ConnectorError as error:
            if error.status == 409 and action == "send_message":
                return {"id": "", "channel": payload["channel"], "text": payload["text"]}
            raise


class MissingIsEmpty(LeanHttp):
    """Returns nothing where there is nobody: a 404 it does not declare as expected."""

    name = "acme_missing_is_empty"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        try:
            return super().execute(action, payload)
        except NotFoundError:
            return {}


class RaisesForStatus(LeanRequests):
    """Lets `raise_for_status` of requests speak for what it has no error for."""

    name = "acme_raises_for_status"

    def check(self, answer: Answer, method: str) -> None:
        """Raise what the status means."""
        if answer.status in (400, 403, 409, 422):
            raise requests.HTTPError(f"{answer.status} Client Error")
        super().check(answer, method)


class TrustsTheErrorPage(LeanUrllib):
    """Reads the error's text from JSON that a failing server does not always send."""

    name = "acme_trusts_the_error_page"

    def status_error(self, answer: Answer, method: str) -> ConnectorError:
        """The error that a status means."""
        error = super().status_error(answer, method)
        if answer.status >= 500:
            error.details["service"] = json.loads(answer.body)["error"]["message"]
        return error


class UnprocessableIsNonsense(LeanHttp):
    """Takes a 422 for an answer that nobody understands."""

    name = "acme_unprocessable_is_nonsense"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        try:
            return super().execute(action, payload)
        except InvalidPayloadError as error:
            if error.status == 422:
                raise UnexpectedResponseError("Acme answered 422", status=422) from error
            raise


class FirstPageIsEnough(RequestsAcmeAdapter):
    """Returns the pages that it has where the server fails at a later one.

    Where a 503 is passed by as well, its Retry-After is not reported: that would break E08 too.
    """

    name = "acme_first_page_is_enough"

    def list_items(self, payload: p.ListItems) -> p.Items:
        """List every item."""
        del payload
        page = self._call("GET", "/items", params={"limit": "2"})
        found = list(page["items"]) if isinstance(page.get("items"), list) else None
        if found is None:
            raise UnexpectedResponseError("Acme answered without items", effect="none")
        try:
            found += self._later_pages(page.get("next"))
        except ServiceUnavailableError as error:
            if error.status == 503:
                raise
        return p.Items(items=found)

    def _later_pages(self, cursor: str | None) -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        while cursor:
            page = self._call("GET", "/items", params={"limit": "2", "cursor": cursor})
            if not isinstance(page.get("items"), list):
                raise UnexpectedResponseError("Acme answered without items", effect="none")
            found += page["items"]
            cursor = page.get("next")
        return found


MEMBERS = [
    *planted(
        "E02",
        FourMeansClient,
        RefusedIsMissing,
        ReadsTheText,
        RefusedIsForbidden,
        ServerErrorsAreFinal,
        LimitedIsFinal,
        ConflictIsSuccess,
        MissingIsEmpty,
        RaisesForStatus,
        TrustsTheErrorPage,
        UnprocessableIsNonsense,
    ),
    Member(FirstPageIsEnough, breaks="E02", record=acme(FirstPageIsEnough)),
]
