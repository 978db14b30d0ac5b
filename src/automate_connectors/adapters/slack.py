"""Slack: messages, reactions, channels and users by its Web API (https://docs.slack.dev/apis/web-api).

Slack answers errors with status 200 and `{"ok": false, "error": "…"}`; `_slack_errors` holds what each means.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from automate_connectors.actions import Idempotency, action
from automate_connectors.adapters._answers import retry_after
from automate_connectors.adapters._httpx import httpx
from automate_connectors.adapters._slack_errors import SLACK_ERRORS
from automate_connectors.adapters._slack_models import (
    AddReaction,
    ChannelList,
    ChannelPage,
    GetUser,
    ListChannels,
    MessageSent,
    ReactionAdded,
    SendMessage,
    UpdateMessage,
    User,
    UserAnswer,
)
from automate_connectors.adapters.http import HttpConnectorAdapter
from automate_connectors.errors import ConflictError, ConnectorError, InvalidPayloadError, UnexpectedResponseError

__all__ = ["SlackAdapter"]

#: More pages than any workspace has: 999 channels a page, or 100 where the payload sets no limit.
_MOST_PAGES = 2_000
_ERROR_STRING = re.compile(r"[a-z0-9_]{1,80}", re.ASCII)


class SlackAdapter(HttpConnectorAdapter):
    """Posts to Slack and looks up its channels and users, as an app with a bot or user token.

    Secret `token` (`xoxb-…` or `xoxp-…`); option `base_url`, for Slack's government cloud or an imitation.
    """

    name = "slack"
    version = "1.0.0"
    secrets = ("token",)
    base_url: ClassVar[str] = "https://slack.com/api"

    def auth_headers(self) -> dict[str, str]:
        """Return the token as a Bearer header, the only place that Slack takes it from beside a JSON body."""
        return {"Authorization": f"Bearer {self.profile.secret('token')}"}

    def connect(self) -> bool:
        """Ask `auth.test`, which needs no scope, who the token belongs to.

        Raises:
            AuthenticationError: Slack does not accept the token.
            ConnectorError: Slack cannot be reached or cannot answer.
        """
        self.request("POST", "auth.test")
        return True

    @action(idempotency=Idempotency.unsafe())
    def send_message(self, payload: SendMessage) -> MessageSent:
        """Post a message to a channel, or a reply to a thread.

        Slack cannot recognise a repeat: after a failure that leaves open whether the message was posted, the error is
        not retryable.
        """
        return self.json(self._post_json("chat.postMessage", payload.arguments()), MessageSent)

    @action(idempotency=Idempotency.natural())
    def update_message(self, payload: UpdateMessage) -> MessageSent:
        """Replace the text or the blocks of a message that the app has posted."""
        return self.json(self._post_json("chat.update", payload.arguments()), MessageSent)

    @action(idempotency=Idempotency.natural())
    def add_reaction(self, payload: AddReaction) -> ReactionAdded:
        """Put an emoji on a message; one that is there already is a success."""
        try:
            self._post_json("reactions.add", payload.arguments())
        except ConflictError as error:
            if error.details.get("error") != "already_reacted":
                raise
            return ReactionAdded(added=False)
        return ReactionAdded(added=True)

    @action(idempotency=Idempotency.read_only())
    def list_channels(self, payload: ListChannels) -> ChannelList:
        """List the conversations that the token can see, all pages of them."""
        arguments = payload.arguments()
        if payload.types is not None:
            arguments["types"] = ",".join(payload.types)
        page = self._channel_page(arguments)
        channels, cursors = list(page.channels), [""]
        while page.next_cursor:
            if page.next_cursor in cursors or len(cursors) >= _MOST_PAGES:
                raise UnexpectedResponseError("Slack's pages do not end: expected a last one without a next cursor")
            cursors.append(page.next_cursor)
            page = self._channel_page({**arguments, "cursor": page.next_cursor})
            channels.extend(page.channels)
        return ChannelList(channels=channels)

    @action(idempotency=Idempotency.read_only())
    def get_user(self, payload: GetUser) -> User:
        """Look up a user by id."""
        return self.json(self.request("POST", "users.info", data=payload.arguments()), UserAnswer).user

    def check_response(self, response: httpx.Response) -> None:
        """Raise for `{"ok": false}`, and for an answer that does not say whether it is ok."""
        body = self.json(response)
        if body.get("ok") is False:
            raise _in_band_error(body, response)
        if body.get("ok") is not True:
            raise UnexpectedResponseError("expected 'ok' to be true or false in Slack's answer: check base_url")

    def _post_json(self, method: str, arguments: Mapping[str, Any]) -> httpx.Response:
        # Slack warns of JSON that does not name its charset.
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return self.request("POST", method, json=arguments, headers=headers)

    def _channel_page(self, arguments: Mapping[str, Any]) -> ChannelPage:
        # conversations.list and users.info take no JSON.
        try:
            return self.json(self.request("POST", "conversations.list", data=arguments), ChannelPage)
        except InvalidPayloadError as error:
            if "cursor" not in arguments or error.details.get("error") != "invalid_cursor":
                raise
            # The cursor is Slack's, not the caller's: it has expired on the way, and a new walk gets new ones.
            raise UnexpectedResponseError(
                "Slack no longer knows the cursor of its next page: list the channels again", retryable=True
            ) from error


def _in_band_error(body: Mapping[str, Any], response: httpx.Response) -> ConnectorError:
    """Return the error that a body with `ok: false` means."""
    given = body.get("error")
    name = given if isinstance(given, str) and _ERROR_STRING.fullmatch(given) else "unnamed"
    known = SLACK_ERRORS.get(name)
    status, details = response.status_code, _details(name, body)
    if known is None:
        # The set of strings is open. Whether Slack acted before it raised a new one, nobody can say.
        return UnexpectedResponseError(
            f"Slack answered an error this connector does not know, {name!r}", status=status, details=details
        )
    lacks = f" (needed: {details['needed']})" if "needed" in details else ""
    return known.kind(
        f"Slack answered {name!r}: {known.meaning}{lacks}",
        status=status,
        details=details,
        retryable=known.retryable,
        effect=known.effect,
        retry_after=retry_after(response),
    )


def _details(name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the error string and, for a missing scope, the scopes."""
    scopes = {key: body.get(key) for key in ("needed", "provided")}
    shown = {
        key: text for key, text in scopes.items() if isinstance(text, str) and re.fullmatch(r"[\w:.,\- ]{1,150}", text)
    }
    return {"error": name, **shown}
