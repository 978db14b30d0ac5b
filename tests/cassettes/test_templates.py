"""Endpoints as templates: values of a payload give way to those of another."""

from __future__ import annotations

import json
from typing import Any

import pytest

from automate_connectors.cassettes.templates import any_segment_pattern, decoded, echo, path_pattern


@pytest.mark.parametrize(
    ("recorded", "payload", "live"),
    [
        ("/users/u_7", {"user_id": "u_7"}, "/users/someone%20else"),
        ("/users/7/posts/12", {"user": 7, "post": 12}, "/users/1234/posts/5"),
        ("/files/a%20b.txt", {"name": "a b.txt"}, "/files/other"),
        ("/files/docs/2026/plan.txt", {"path": "docs/2026/plan.txt"}, "/files/x"),
        ("/files/docs%2Fplan.txt", {"path": "docs/plan.txt"}, "/files/a/b/c"),
        ("/files/x", {"path": "x"}, "/files/a/b/c"),
        ("/repos/acme/kit", {"where": {"owner": "acme", "names": ["kit"]}}, "/repos/some/other"),
        ("/projects/acme%2Fkit", {"owner": "acme", "name": "kit"}, "/projects/some%2Fother"),
        ("/rate/1.5", {"rate": 1.5}, "/rate/2"),
        ("/items/%2F", {"key": "/"}, "/items/other"),
        ("/v1/at-3:send", {"id": "3"}, "/v1/at-44:send"),
    ],
)
def test_what_came_from_the_payload_is_a_wildcard(recorded: str, payload: dict[str, Any], live: str) -> None:
    """Percent-encoded or not, over one segment or several, from any depth."""
    assert path_pattern(recorded, payload).fullmatch(live)
    assert path_pattern(recorded, payload).fullmatch(recorded)


@pytest.mark.parametrize(
    ("recorded", "payload", "live"),
    [
        ("/v1/users/1", {"id": 1}, "/v2/users/1"),
        ("/v1/list_a", {"letter": "a"}, "/v1/list_b"),
        ("/notes/all", {"flag": True, "nothing": None, "empty": ""}, "/notes/other"),
        ("/a%20-b", {"limit": 20}, "/a%2F-b"),
        ("/v1/files", {"path": "/"}, "/v1/some/files"),
        ("/v1/user-items", {"joiner": "-"}, "/v1/userXitems"),
        ("/users/u_7", {"user_id": "u_7"}, "/groups/u_7"),
        ("/users/u_7", {"user_id": "u_7"}, "/users/"),
    ],
)
def test_short_values_are_no_wildcards_inside_words(recorded: str, payload: dict[str, Any], live: str) -> None:
    """A value counts where it stands alone; truth values and nothing never do."""
    assert not path_pattern(recorded, payload).fullmatch(live)


def test_a_derived_key_may_stand_in_any_one_segment() -> None:
    """The others stay."""
    patterns = any_segment_pattern("/notes/abc")
    assert any(pattern.fullmatch("/notes/xyz") for pattern in patterns)
    assert any(pattern.fullmatch("/other/abc") for pattern in patterns)
    assert not any(pattern.fullmatch("/other/xyz") for pattern in patterns)
    assert len(patterns) == 2


def echoed(answer: Any, recorded: dict[str, Any], sent: dict[str, Any]) -> Any:
    """What an answer becomes for another payload."""
    return json.loads(echo(json.dumps(answer).encode(), recorded, sent))


def test_an_answer_echoes_the_payload_that_was_sent() -> None:
    """Whole texts, long ones inside others, numbers under their own name, at any depth."""
    recorded = {"text": "Deploy finished.", "channel": "c1", "count": 3, "same": "x"}
    sent = {"text": "Hello", "channel": "general", "count": 4, "same": "x"}
    answer = {
        "text": "Deploy finished.",
        "log": ["They said: Deploy finished. (c1)"],
        "where": {"channel": "c1", "count": 3},
        "total": 3,
        "same": "x",
        "ok": True,
        "none": None,
    }
    assert echoed(answer, recorded, sent) == {
        "text": "Hello",
        "log": ["They said: Hello (c1)"],
        "where": {"channel": "general", "count": 4},
        "total": 3,
        "same": "x",
        "ok": True,
        "none": None,
    }


def test_a_value_of_another_type_is_no_echo() -> None:
    """1, True and "1" are told apart, and what the new payload lacks stays."""
    assert echoed({"a": 1, "b": "1", "c": True}, {"a": 1, "gone": "1"}, {"a": 2}) == {"a": 2, "b": "1", "c": True}
    assert echoed({"a": True}, {"a": 1}, {"a": 2}) == {"a": True}
    assert echoed({"a": "x"}, {"a": "x"}, {"a": 5}) == {"a": "x"}
    assert echoed({"a": 1}, {"b": 1}, {"b": 2}) == {"a": 1}
    assert echoed("", {"a": ""}, {"a": "x"}) == ""


def test_what_echoes_nothing_stays_as_it_is() -> None:
    """The same payload, or an answer that is no JSON."""
    assert echo(b'{"a":  1}', {"a": 1}, {"a": 1}) == b'{"a":  1}'
    assert echo(b"<html>Deploy finished.", {"a": "Deploy finished."}, {"a": "x"}) == b"<html>Deploy finished."


def test_a_path_can_be_shown_to_people() -> None:
    """Without its escapes."""
    assert decoded("/a%20b") == "/a b"
