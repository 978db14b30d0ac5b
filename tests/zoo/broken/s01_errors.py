"""S01: the token shows in errors."""

from __future__ import annotations

import traceback
from typing import Any

from automate_connectors import ConnectorError
from zoo.broken.lean import LeanHttpx, LeanRequests, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.lean_rules import Answer
from zoo.broken.planting import planted


class HeadersInDetails(LeanUrllib):
    """Keeps the request's headers in the details, for whoever debugs it."""

    name = "acme_headers_in_details"

    def status_error(self, answer: Answer, method: str) -> ConnectorError:
        """The error that a status means."""
        error = super().status_error(answer, method)
        error.details["request"] = {"method": method, "headers": self.headers()}
        return error


class TokenInMessage(LeanHttpx):
    """Says which token was refused."""

    name = "acme_token_in_message"

    def status_error(self, answer: Answer, method: str) -> ConnectorError:
        """The error that a status means."""
        error = super().status_error(answer, method)
        if answer.status != 401:
            return error
        return type(error)(f"Acme refused the token {self.profile.secret('token')}", status=401)


class HeadersInNotes(LeanAiohttp):
    """Adds a note with what was sent."""

    name = "acme_headers_in_notes"

    def failure(self, error: Exception, method: str) -> ConnectorError:
        """The error that a failure of the client means."""
        made = super().failure(error, method)
        made.add_note(f"sent with {self.headers()}")
        return made


class ReasonTellsAll(LeanUrllib):
    """Its error is clean, and the one behind it is not."""

    name = "acme_reason_tells_all"

    def check(self, answer: Answer, method: str) -> None:
        """Raise what the status means."""
        try:
            super().check(answer, method)
        except ConnectorError as error:
            raise error from RuntimeError(f"{method} with {self.headers()} was answered {answer.status}")


class TokenInArgs(LeanRequests):
    """Carries the headers in the arguments of the error."""

    name = "acme_token_in_args"

    def failure(self, error: Exception, method: str) -> ConnectorError:
        """The error that a failure of the client means."""
        made = super().failure(error, method)
        made.args = (*made.args, self.headers())
        return made


class PrintsTheTraceback(LeanUrllib):
    """Prints the traceback of an error that quotes the request."""

    name = "acme_prints_the_traceback"

    def answer(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send, and turn a failure of the client into an error."""
        try:
            return super().answer(method, path, body, headers)
        except ConnectorError as error:
            traceback.print_exception(RuntimeError(f"no answer to {method} {path} {headers}: {error}"))
            raise


MEMBERS = planted(
    "S01", HeadersInDetails, TokenInMessage, HeadersInNotes, ReasonTellsAll, TokenInArgs, PrintsTheTraceback
)
