"""E04: unusable answers reported as success, or by the wrong error."""

from __future__ import annotations

import json
from typing import Any

from automate_connectors import ConflictError, ConnectorError, InvalidPayloadError, UnexpectedResponseError
from zoo import payloads as p
from zoo.broken.lean import LeanHttp, LeanHttpx, LeanRequests, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.lean_rules import Answer
from zoo.broken.planting import planted
from zoo.members import Member, acme
from zoo.right.with_requests import RequestsAcmeAdapter


class EmptyOnNonsense(LeanUrllib):
    """`except ValueError: return {}`, and a result made of defaults."""

    name = "acme_empty_on_nonsense"

    def decoded(self, answer: Answer, method: str) -> dict[str, Any]:
        """The JSON object that an answer holds."""
        try:
            return super().decoded(answer, method)
        except UnexpectedResponseError:
            return {"id": "", "name": "", "channel": "", "text": ""}


class DecoderSpeaks(LeanHttpx):
    """Lets the error of the JSON decoder out."""

    name = "acme_decoder_speaks"

    def decoded(self, answer: Answer, method: str) -> dict[str, Any]:
        """The JSON object that an answer holds."""
        del method
        data: dict[str, Any] = json.loads(answer.body)
        return data


class ListHasNoGet(LeanAiohttp):
    """Takes every JSON for an object."""

    name = "acme_list_has_no_get"

    def decoded(self, answer: Answer, method: str) -> dict[str, Any]:
        """The JSON object that an answer holds."""
        try:
            data: dict[str, Any] = json.loads(answer.body)
        except ValueError as error:
            raise UnexpectedResponseError("Acme answered with no JSON") from error
        del method
        return {name: data[name] for name in data}


class NonsenseIsBadInput(LeanUrllib):
    """Blames the payload for an answer that it cannot read."""

    name = "acme_nonsense_is_bad_input"

    def decoded(self, answer: Answer, method: str) -> dict[str, Any]:
        """The JSON object that an answer holds."""
        try:
            return super().decoded(answer, method)
        except UnexpectedResponseError as error:
            raise InvalidPayloadError("Acme did not understand", status=answer.status) from error


class NothingIsSuccess(LeanRequests):
    """Takes an empty answer for an empty object."""

    name = "acme_nothing_is_success"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        self._nothing = False
        try:
            return super().execute(action, payload)
        except UnexpectedResponseError:
            if self._nothing:
                return {"id": ""}
            raise

    def decoded(self, answer: Answer, method: str) -> dict[str, Any]:
        """The JSON object that an answer holds."""
        self._nothing = not answer.body
        return super().decoded(answer, method)


class PageIsText(LeanUrllib):
    """Returns a web page as the text of the message that was sent."""

    name = "acme_page_is_text"

    def decoded(self, answer: Answer, method: str) -> dict[str, Any]:
        """The JSON object that an answer holds."""
        if answer.body.startswith(b"<") and method == "POST":
            return {"id": "?", "channel": "?", "text": answer.body.decode()}
        return super().decoded(answer, method)


class SomethingWentWrong(LeanHttp):
    """Calls every unreadable answer an internal error."""

    name = "acme_something_went_wrong"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        try:
            return super().execute(action, payload)
        except UnexpectedResponseError as error:
            raise ConnectorError("something went wrong", effect=str(error.effect.value)) from error


class NonsenseIsConflict(LeanHttp):
    """Takes a strange answer to a write for a message that was there before."""

    name = "acme_nonsense_is_conflict"

    def send_message(self, payload: p.SendMessage) -> p.Message:
        """Send a message."""
        try:
            return super().send_message(payload)
        except UnexpectedResponseError as error:
            raise ConflictError("the message is there already") from error


class MissingItemsAreNone(RequestsAcmeAdapter):
    """Lists nothing where a page cannot be read."""

    name = "acme_missing_items_are_none"

    def list_items(self, payload: p.ListItems) -> p.Items:
        """List every item."""
        try:
            return super().list_items(payload)
        except UnexpectedResponseError:
            return p.Items(items=[])


MEMBERS = [
    *planted(
        "E04",
        EmptyOnNonsense,
        DecoderSpeaks,
        ListHasNoGet,
        NonsenseIsBadInput,
        NothingIsSuccess,
        PageIsText,
        SomethingWentWrong,
        NonsenseIsConflict,
    ),
    Member(MissingItemsAreNone, breaks="E04", record=acme(MissingItemsAreNone)),
]
