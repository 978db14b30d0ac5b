"""Slack's actions, its pages and its in-band errors."""

import json
from typing import Any

import httpx
import pytest
import respx

from automate_connectors.adapters.slack import SlackAdapter
from automate_connectors.errors import AuthenticationError, ConnectorError, Effect, UnexpectedResponseError
from automate_connectors.errors import ConnectorErrorCode as Code
from automate_connectors.profiles import ConnectionProfile

TOKEN = "slack-token-0123456789"
MESSAGE: dict[str, Any] = {"channel": "C1", "text": "hello"}
UPDATE: dict[str, Any] = {"channel": "C1", "ts": "1.000001", "text": "hello"}
REACTION: dict[str, Any] = {"channel": "C1", "timestamp": "1.000001", "name": "eyes"}


def slack(**options: Any) -> SlackAdapter:
    """Return an adapter with a token."""
    return SlackAdapter(ConnectionProfile("slack", options=options, secrets={"token": TOKEN}))


def answers(*bodies: dict[str, Any], headers: dict[str, str] | None = None) -> respx.MockRouter:
    """Return a router that gives these bodies in order, with status 200 as Slack does."""
    router = respx.mock(base_url="https://slack.com/api", assert_all_called=False)
    router.route().mock(side_effect=[httpx.Response(200, json=body, headers=headers) for body in bodies])
    return router


def failing(action: str, payload: dict[str, Any], body: dict[str, Any], **headers: str) -> ConnectorError:
    """Return the error that an in-band error becomes."""
    with answers(body, headers=headers), pytest.raises(ConnectorError) as caught:
        slack().execute(action, payload)
    return caught.value


def refusal(error: object, **more: object) -> dict[str, Any]:
    """Return the body of an in-band error."""
    return {"ok": False, "error": error, **more}


def form(request: httpx.Request) -> str:
    """Return the body of a form request."""
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    return request.content.decode()


def test_the_health_check_asks_who_the_token_belongs_to() -> None:
    """`auth.test` with the token in the header."""
    with answers({"ok": True}) as router:
        assert slack().connect() is True
        request = router.calls.last.request
    assert str(request.url) == "https://slack.com/api/auth.test"
    assert request.headers["authorization"] == f"Bearer {TOKEN}"


def test_a_bad_token_is_an_authentication_error() -> None:
    """In band, as all of Slack's errors."""
    with answers(refusal("invalid_auth")), pytest.raises(AuthenticationError) as caught:
        slack().connect()
    assert caught.value.effect is Effect.NONE


def test_another_base_url_is_used() -> None:
    """Slack's government cloud, or an imitation."""
    with respx.mock:
        route = respx.post("https://slack-gov.com/api/auth.test").respond(json={"ok": True})
        slack(base_url="https://slack-gov.com/api/").connect()
    assert route.called


@pytest.mark.parametrize(
    "payload",
    [
        MESSAGE,
        {"channel": "C1", "blocks": [{"type": "divider"}]},
        {"channel": "C1", "text": "reply", "thread_ts": "1795490575.000008"},
    ],
)
def test_messages_go_out_as_json(payload: dict[str, Any]) -> None:
    """What was given is sent, and nothing else; Slack's own fields come back."""
    sent = {"ok": True, "channel": "C1", "ts": "1.000002", "message": {"text": "hello"}, "warning": "x"}
    with answers(sent) as router:
        result = slack().execute("send_message", payload)
        request = router.calls.last.request
    assert json.loads(request.content) == payload
    assert request.headers["content-type"] == "application/json; charset=utf-8"
    assert result == {"channel": "C1", "ts": "1.000002", "message": {"text": "hello"}}


@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("send_message", {"channel": "C1"}),
        ("send_message", {"channel": "", "text": "x"}),
        ("send_message", {"channel": "C1", "text": "x", "thread_ts": 1795490575.000008}),
        ("send_message", {"channel": "C1", "text": "x", "unknown": 1}),
        ("update_message", {"channel": "C1", "ts": "1.000001"}),
        ("update_message", {"channel": "C1", "ts": "now", "text": "x"}),
        ("add_reaction", {"channel": "C1", "timestamp": "1.000001"}),
        ("list_channels", {"limit": 0}),
        ("list_channels", {"limit": 1000}),
        ("list_channels", {"types": ["secret_channel"]}),
        ("get_user", {}),
    ],
)
def test_bad_payloads_are_refused_before_anything_is_sent(action: str, payload: dict[str, Any]) -> None:
    """By the schema that the action declares."""
    with respx.mock, pytest.raises(ConnectorError) as caught:
        slack().execute(action, payload)
    assert (caught.value.code, caught.value.effect) == (Code.INVALID_INPUT, Effect.NONE)


def test_a_message_is_changed() -> None:
    """chat.update returns the message with its ts."""
    with answers({"ok": True, "channel": "C1", "ts": "1.000001", "text": "hello"}) as router:
        result = slack().execute("update_message", UPDATE)
        assert json.loads(router.calls.last.request.content) == UPDATE
    assert result["ts"] == "1.000001"


@pytest.mark.parametrize(("body", "added"), [({"ok": True}, True), (refusal("already_reacted"), False)])
def test_a_reaction_that_is_there_already_is_a_success(body: dict[str, Any], added: bool) -> None:
    """The state is what was asked for, which makes the action natural."""
    with answers(body):
        assert slack().execute("add_reaction", REACTION) == {"added": added}


def test_other_conflicts_of_a_reaction_are_errors() -> None:
    """Only `already_reacted` says that it is there."""
    assert failing("add_reaction", REACTION, refusal("too_many_reactions")).code is Code.CONFLICT


def page(*ids: str, cursor: object = "") -> dict[str, Any]:
    """Return a page of channels."""
    return {"ok": True, "channels": [{"id": one} for one in ids], "response_metadata": {"next_cursor": cursor}}


def test_all_pages_are_listed_whatever_their_length() -> None:
    """A short or an empty page is not the last one; the arguments stay, and go out as a form."""
    with answers(page("a", cursor="c=1"), page(cursor="c2"), page("b", "c")) as router:
        payload = {"limit": 2, "types": ["public_channel", "im"], "exclude_archived": True}
        result = slack().execute("list_channels", payload)
        sent = [form(call.request) for call in router.calls]
    assert [channel["id"] for channel in result["channels"]] == ["a", "b", "c"]
    first = "limit=2&types=public_channel%2Cim&exclude_archived=true"
    assert sent == [first, f"{first}&cursor=c%3D1", f"{first}&cursor=c2"]


@pytest.mark.parametrize("metadata", [{}, {"response_metadata": None}, {"response_metadata": {"next_cursor": None}}])
def test_a_missing_cursor_ends_the_list(metadata: dict[str, Any]) -> None:
    """Empty, null and missing mean the same."""
    with answers({"ok": True, "channels": [{"id": "a", "name": "x", "topic": {}}], **metadata}) as router:
        result = slack().execute("list_channels", {})
        assert router.calls.last.request.content == b""
    assert result["channels"] == [{"id": "a", "name": "x", "is_private": None, "is_archived": None, "topic": {}}]


def test_pages_that_go_in_a_circle_are_left() -> None:
    """A cursor that comes again would never end."""
    with answers(page("a", cursor="1"), page("b", cursor="2"), page("c", cursor="1")) as router:
        with pytest.raises(UnexpectedResponseError) as caught:
            slack().execute("list_channels", {})
        assert len(router.calls) == 3
    assert caught.value.effect is Effect.NONE


def test_pages_without_end_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """New cursors for ever would not end either."""
    monkeypatch.setattr("automate_connectors.adapters.slack._MOST_PAGES", 3)
    with answers(*(page("a", cursor=str(n)) for n in range(10))), pytest.raises(UnexpectedResponseError):
        slack().execute("list_channels", {})


def test_a_cursor_that_expired_on_the_way_is_not_the_callers_mistake() -> None:
    """A new walk gets new cursors; without a cursor the payload is to blame."""
    with answers(page("a", cursor="1"), refusal("invalid_cursor")), pytest.raises(UnexpectedResponseError) as caught:
        slack().execute("list_channels", {})
    assert (caught.value.retryable, caught.value.effect) == (True, Effect.NONE)
    assert failing("list_channels", {}, refusal("invalid_cursor")).code is Code.INVALID_INPUT


def test_a_later_page_that_is_refused_fails_the_list() -> None:
    """Half a list is no list."""
    with answers(page("a", cursor="1"), refusal("invalid_limit")), pytest.raises(ConnectorError) as caught:
        slack().execute("list_channels", {})
    assert caught.value.code is Code.INVALID_INPUT


def test_a_user_is_looked_up_by_form() -> None:
    """users.info takes no JSON; what Slack adds stays."""
    user = {"id": "U1", "name": "ada", "tz": "Europe/London", "profile": {"email": "ada@example.com"}}
    with answers({"ok": True, "user": user}) as router:
        result = slack().execute("get_user", {"user": "U1"})
        assert form(router.calls.last.request) == "user=U1"
    assert user.items() <= result.items()


@pytest.mark.parametrize(
    ("error", "code", "retryable", "effect"),
    [
        ("not_authed", Code.AUTH_FAILED, False, Effect.NONE),
        ("missing_scope", Code.FORBIDDEN, False, Effect.NONE),
        ("channel_not_found", Code.NOT_FOUND, False, Effect.NONE),
        ("invalid_blocks", Code.INVALID_INPUT, False, Effect.NONE),
        ("is_archived", Code.CONFLICT, False, Effect.NONE),
        ("ratelimited", Code.RATE_LIMITED, True, Effect.NONE),
        ("rate_limited", Code.RATE_LIMITED, True, Effect.NONE),
        ("message_limit_exceeded", Code.RATE_LIMITED, False, Effect.NONE),
        ("team_added_to_org", Code.UPSTREAM_5XX, True, Effect.NONE),
        ("duplicate_message_not_found", Code.CONFLICT, False, Effect.UNKNOWN),
        ("fatal_error", Code.UPSTREAM_5XX, False, Effect.UNKNOWN),
        ("internal_error", Code.UPSTREAM_5XX, False, Effect.UNKNOWN),
        ("service_unavailable", Code.UPSTREAM_5XX, False, Effect.UNKNOWN),
        ("error_of_tomorrow", Code.BAD_RESPONSE, False, Effect.UNKNOWN),
    ],
)
def test_in_band_errors_of_a_message(error: str, code: Code, retryable: bool, effect: Effect) -> None:
    """A message that may have been posted is never retryable."""
    raised = failing("send_message", MESSAGE, refusal(error))
    assert (raised.code, raised.retryable, raised.effect) == (code, retryable, effect)
    assert (raised.status, raised.details["error"]) == (200, error)
    assert error in raised.message


@pytest.mark.parametrize(
    ("action", "payload", "error", "retryable", "effect"),
    [
        ("update_message", UPDATE, "fatal_error", True, Effect.UNKNOWN),
        ("update_message", UPDATE, "error_of_tomorrow", False, Effect.UNKNOWN),
        ("add_reaction", REACTION, "internal_error", True, Effect.UNKNOWN),
        ("get_user", {"user": "U1"}, "fatal_error", True, Effect.NONE),
        ("list_channels", {}, "error_of_tomorrow", False, Effect.NONE),
    ],
)
def test_in_band_errors_of_what_may_be_repeated(
    action: str,
    payload: dict[str, Any],
    error: str,
    retryable: bool,
    effect: Effect,
) -> None:
    """Reads have no effect; natural writes may be repeated."""
    raised = failing(action, payload, refusal(error))
    assert (raised.retryable, raised.effect) == (retryable, effect)


def test_retry_after_is_heard_in_band() -> None:
    """Slack sends the header with status 200 as well."""
    assert failing("send_message", MESSAGE, refusal("ratelimited"), **{"Retry-After": "30"}).retry_after == 30


def test_a_missing_scope_is_named() -> None:
    """The message says which one to add; odd values are not shown."""
    raised = failing("send_message", MESSAGE, refusal("missing_scope", needed="chat:write", provided=["<x>"]))
    assert "chat:write" in raised.message
    assert raised.details == {"error": "missing_scope", "needed": "chat:write"}


@pytest.mark.parametrize("error", [None, 7, "", "<b>markup</b>", "x" * 500, "line\nbreak"])
def test_an_odd_error_string_is_not_shown(error: object) -> None:
    """Only what looks like an error string is repeated."""
    raised = failing("get_user", {"user": "U1"}, refusal(error))
    assert (raised.code, raised.details) == (Code.BAD_RESPONSE, {"error": "unnamed"})
    assert len(raised.message) <= 500
    assert raised.message.isprintable()


@pytest.mark.parametrize("body", [{}, {"ok": "false"}, {"ok": None}, {"message": "Not Found"}])
def test_an_answer_must_say_whether_it_is_ok(body: dict[str, Any]) -> None:
    """Nothing else is a success."""
    assert failing("get_user", {"user": "U1"}, body).code is Code.BAD_RESPONSE


@pytest.mark.parametrize(
    ("action", "payload"),
    [("send_message", MESSAGE), ("list_channels", {}), ("get_user", {"user": "U1"})],
)
def test_a_success_must_hold_what_was_asked_for(action: str, payload: dict[str, Any]) -> None:
    """`ok` alone is not enough."""
    assert failing(action, payload, {"ok": True}).code is Code.BAD_RESPONSE
