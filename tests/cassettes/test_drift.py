"""The shape of answers, and drift between two recordings."""

from __future__ import annotations

from typing import Any

import pytest
from cassettes.recorded import said

from automate_connectors.cassettes.drift import drift, shape_of, shapes_in


def shape(answer: Any, **more: Any) -> list[dict[str, Any]]:
    """The shape of one answer."""
    return shape_of([said("GET", "/x", answer, **more)])


def test_values_and_ids_do_not_matter() -> None:
    """Other texts, more members of a list, objects keyed by other ids: no drift."""
    old = shape({"id": 1, "items": [{"name": "a"}], "by_room": {"!a:x": {"n": 1}}})
    new = shape({"id": 2.5, "items": [{"name": "b"}, {"name": "c"}], "by_room": {"!b:y": {"n": 4}}})
    assert drift(old, new) == []
    assert old[0]["fields"]["/by_room/*/n"] == "number"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({"a": 1}, {"a": 1, "b": None}, "interaction 0: field '/b' is new: null"),
        ({"a": 1, "b": True}, {"a": 1}, "interaction 0: field '/b' is gone: boolean before"),
        ({"a": 1}, {"a": "1"}, "interaction 0: field '/a' is text, number before"),
        ({"a": []}, {"a": {}}, "interaction 0: field '/a' is object, list before"),
        (b"plain", {"a": 1}, "interaction 0: field 'body' is object, text before"),
    ],
)
def test_fields_that_come_go_or_change_are_drift(old: Any, new: Any, told: str) -> None:
    """Each is named by its place."""
    assert told in drift(shape(old), shape(new))


def test_status_headers_and_the_number_of_requests_are_compared() -> None:
    """A media type, a header that clients lean on, a status, a request more."""
    old = shape({}, headers=(("Content-Type", "application/json; charset=utf-8"),))
    new = shape({}, status=201, headers=(("content-type", "application/hal+json"), ("Deprecation", "true")))
    assert drift(old, [*new, *new]) == [
        "2 requests, 1 before",
        "interaction 0: status 201, 200 before",
        "interaction 0: header 'content-type' is application/hal+json, application/json before",
        "interaction 0: header 'deprecation' is new: present",
    ]


@pytest.mark.parametrize("previous", [{}, {"shape": "x"}, {"shape": [1, "x"]}])
def test_a_file_may_hold_anything_as_its_previous_shape(previous: dict[str, Any]) -> None:
    """What is no shape is none."""
    assert shapes_in(previous) == []


def test_a_shape_of_nonsense_differs() -> None:
    """Without an exception."""
    assert drift(shapes_in({"shape": [{"status": [], "headers": 3}]}), shape({"a": 1})) != []
