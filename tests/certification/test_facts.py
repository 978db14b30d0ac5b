"""What a call showed becomes plain data, whatever an adapter does."""

from __future__ import annotations

import json
import math
from datetime import date
from enum import IntEnum, StrEnum
from typing import Any

import pytest

from automate_connectors.certification.facts import (
    CallFacts,
    ErrorFacts,
    class_name,
    difference,
    error_emissions,
    error_facts,
    plain,
    shown,
)
from automate_connectors.errors import ConnectorError, RateLimitedError


class Colour(StrEnum):
    """A text of a class of its own."""

    RED = "red"


class Size(IntEnum):
    """A number of a class of its own."""

    BIG = 3


class Hostile:
    """An object that shows itself to nobody."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


class HostileError(Exception):
    """An error that has no text."""

    def __str__(self) -> str:
        raise RuntimeError("no")


def hostile_connector_error() -> ConnectorError:
    """An error whose fields were spoiled."""
    error: Any = ConnectorError("spoiled")
    error.code, error.effect, error.retryable, error.status = 7, b"none", "yes", True
    error.retry_after, error.details = "soon", {"at": date(2026, 1, 1)}
    error.to_dict = Hostile
    spoiled: ConnectorError = error
    return spoiled


@pytest.mark.parametrize("value", [None, True, 3, 1.5, "ü", [1, [2]], {"a": {"b": []}}, {"colour": "red"}], ids=str)
def test_what_json_carries_is_carried_unchanged(value: Any) -> None:
    """Without a problem."""
    assert plain(value) == (value, [])


def test_members_of_enumerations_are_what_they_equal() -> None:
    """JSON brings back an equal value."""
    carried, problems = plain({"a": Colour.RED, "b": Size.BIG})
    assert (json.dumps(carried), problems) == ('{"a": "red", "b": 3}', [])


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (math.nan, "result is nan, which JSON cannot carry"),
        (math.inf, "result is inf"),
        ({"at": date(2026, 1, 1)}, "result['at'] is a datetime.date, which JSON does not carry unchanged"),
        ([b"x"], "result[0] is a bytes"),
        ((1, 2), "result is a tuple"),
        ({1: 2}, "result has the key 1, which is no string"),
        ("\ud800", "result holds a lone surrogate"),
        ({"a" * 200: {1}}, "…] is a set"),
    ],
    ids=str,
)
def test_what_json_changes_is_named_by_its_place(value: Any, problem: str) -> None:
    """Each with its class."""
    _, problems = plain(value)
    assert len(problems) == 1
    assert problem in problems[0]


def test_what_contains_itself_ends() -> None:
    """It is nested too deep."""
    value: list[Any] = []
    value.append(value)
    assert "over 100 levels deep" in plain(value)[1][0]


def test_an_error_of_ours_is_told_field_by_field() -> None:
    """As plain values."""
    told = error_facts(RateLimitedError("slow down", retry_after=7, status=429, details={"a": 1}))
    assert (told.type, told.structured, told.ordinary) == ("automate_connectors.errors.RateLimitedError", True, True)
    assert (told.code, told.retryable, told.retry_after, told.effect) == ("RATE_LIMITED", True, 7.0, "none")
    assert (told.status, told.details, told.message) == (429, {"a": 1}, "slow down")
    assert (told.details_problem, told.fields_problem, told.cause, told.context) == (None, None, None, None)
    assert told.shown == "automate_connectors.errors.RateLimitedError (RATE_LIMITED): slow down"


def test_a_foreign_error_is_told_by_its_class_and_text() -> None:
    """It has no code."""
    told = error_facts(KeyboardInterrupt("stop"))
    assert (told.structured, told.ordinary, told.shown) == (False, False, "KeyboardInterrupt: stop")
    assert error_facts(HostileError()).message == "<its text raised RuntimeError>"
    assert len(error_facts(ValueError("x" * 5000)).message) == 2001


def test_spoiled_fields_are_described_and_never_trusted() -> None:
    """Each with its class."""
    told = error_facts(hostile_connector_error())
    assert (told.code, told.effect, told.retryable, told.retry_after, told.status) == (None, None, None, None, None)
    assert told.fields_problem is not None
    for part in (
        "code is a int",
        "effect is a bytes",
        "retry_after is a str",
        "retryable is a str",
        "status is a bool",
    ):
        assert part in told.fields_problem
    assert told.details_problem == "details['at'] is a datetime.date, which JSON does not carry unchanged"
    assert told.shown.startswith("automate_connectors.errors.ConnectorError (no code)")


def caught_in_a_chain() -> ConnectorError:
    """An error raised from one of ours, which was raised from a foreign one."""
    first, second, third = LookupError("first"), ConnectorError("second"), ConnectorError("third")
    second.__cause__, third.__cause__ = first, second
    return third


def test_the_cause_is_the_first_foreign_one_of_the_chain() -> None:
    """Errors of ours in between are looked through."""
    assert error_facts(caught_in_a_chain()).cause == "LookupError"


def test_a_chain_that_bites_its_tail_ends() -> None:
    """There is no foreign cause in it."""
    one, other = ConnectorError("one"), ConnectorError("other")
    one.__cause__, other.__cause__ = other, one
    assert error_facts(one).cause is None


def test_everything_behind_an_error_is_told_once() -> None:
    """However long the chain: each cause is a context too."""
    error: Exception = LookupError(0)
    for number in range(100):
        following = ValueError(number)
        following.__cause__ = following.__context__ = error
        error = following
    told = error_facts(error)
    assert told.causes == told.contexts == ("ValueError",) * 99 + ("LookupError",)
    assert error_facts(caught_in_a_chain()).causes == ("LookupError",)


def test_an_implicit_context_is_told_apart() -> None:
    """It is no cause."""
    error = ConnectorError("second")
    error.__context__ = LookupError("first")
    told = error_facts(error)
    assert (told.cause, told.context) == (None, "LookupError")


def test_everything_that_an_error_shows_is_collected() -> None:
    """Text, repr, args, notes, details, to_dict and the whole traceback; what is a library's is marked so."""
    error = caught_in_a_chain()
    error.add_note("a note")
    error.details["secret"] = "s3"
    heard = {each.source: each for each in error_emissions(error)}
    assert list(heard) == [
        "message of the error",
        "repr of the error",
        "args of the error",
        "notes of the error",
        "details of the error",
        "to_dict of the error",
        "traceback of the error's cause chain",
    ]
    assert "third" in heard["message of the error"].text
    assert "a note" in heard["notes of the error"].text
    assert "s3" in heard["details of the error"].text
    assert json.loads(heard["to_dict of the error"].text)["details"] == {"secret": "s3"}
    printed = heard["traceback of the error's cause chain"]
    assert all(text in printed.text for text in ("LookupError: first", "second", "third", "a note"))
    assert not printed.own
    assert all(each.own for source, each in heard.items() if "traceback" not in source)


def test_a_foreign_errors_words_are_not_the_adapters() -> None:
    """Nor has it details; every exception of a group is printed."""
    group = ExceptionGroup("several", [LookupError("one"), ValueError("two")])
    heard = list(error_emissions(group))
    assert not any(each.own for each in heard)
    assert len(heard) == 4
    assert "ValueError: two" in heard[-1].text


def test_hostile_errors_are_described() -> None:
    """Whatever their methods raise."""
    heard = {each.source: each.text for each in error_emissions(hostile_connector_error())}
    assert heard["to_dict of the error"] in ("RuntimeError", "AttributeError")
    assert shown(Hostile()) == "<its repr raised RuntimeError>"
    assert shown("x") == "'x'"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"a": 1}, {"a": 1}, None),
        ({"a": 1}, {"a": True}, "payload['a'] became a bool"),
        ({"a": 1}, {}, "payload['a'] was removed"),
        ({}, {"b" * 100: 1}, "was added"),
        ({"a": [1, 2]}, {"a": [1]}, "payload['a'] has 1 items and had 2"),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, "payload['a'][0]['b'] was changed"),
        ([1, 2], [1, 2], None),
        ("x", "y", "payload was changed"),
    ],
    ids=str,
)
def test_two_payloads_differ_in_their_first_difference(before: Any, after: Any, told: str | None) -> None:
    """Types included."""
    found = difference(before, after)
    assert found == told if told is None else told in str(found)


def test_a_class_is_named_with_its_module() -> None:
    """Unless it is built in."""
    assert class_name(int) == "int"
    assert class_name(date) == "datetime.date"


def test_facts_are_quiet_by_default() -> None:
    """A call of which nothing is known returned nothing."""
    assert CallFacts().ended == "returned"
    assert ErrorFacts("X", False, True, "m").shown == "X: m"
