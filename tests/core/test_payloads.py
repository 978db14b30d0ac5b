"""Payloads against the declared input: what passes, and what is said about the rest."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal
from uuid import UUID

import pytest
from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field, RootModel, field_validator

from automate_connectors.errors import ConnectorError, Effect
from automate_connectors.payloads import Problem, SchemaCheck, TypeCheck, accepts_field, as_plain, check_of, refusal

SECRET = "hunter2-hunter2"


class Colour(Enum):
    """An enum of strings."""

    RED = "red"


class Strict(BaseModel):
    """A strict model, whose Python validation refuses what its JSON Schema allows."""

    model_config = ConfigDict(strict=True, extra="forbid")

    day: date
    at: datetime | None = None
    colour: Colour = Colour.RED
    data: bytes = b""
    price: Decimal = Decimal(0)
    tags: set[str] = set()
    pair: tuple[int, str] = (0, "")
    id: UUID | None = None
    mode: Literal["a", "b"] = "a"


class Loose(BaseModel):
    """A model with a validator of its own and room for anything."""

    text: str
    extra: Any = None

    @field_validator("text")
    @classmethod
    def refuse(cls, text: str) -> str:
        """Refuse with a message that shows the value, as authors do."""
        if text == SECRET:
            raise ValueError(f"{text} is too well known")
        return text


def test_json_forms_are_accepted_by_strict_models() -> None:
    """Everything that the JSON Schema of a strict model allows is accepted."""
    payload = {
        "day": "2020-01-01",
        "at": "2020-01-01T00:00:00Z",
        "colour": "red",
        "data": "abc",
        "price": "1.50",
        "tags": ["x"],
        "pair": [1, "x"],
        "id": "6f1b1a1e-3f0e-4a1c-9c52-0a5a2f6f0b3e",
        "mode": "b",
    }
    value = TypeCheck(Strict).check(payload).value
    assert (value.day, value.price, value.tags, value.pair) == (date(2020, 1, 1), Decimal("1.50"), {"x"}, (1, "x"))


def test_python_values_are_accepted_too() -> None:
    """A payload that is no JSON is validated as it stands."""
    assert (
        TypeCheck(Strict).check({"day": date(2020, 1, 1), "at": datetime(2020, 1, 1, tzinfo=UTC)}).value.at.year == 2020
    )


def test_depth_beyond_the_json_parser() -> None:
    """A payload that is too deep for the JSON parser is still taken where anything goes."""
    nested: list[Any] = []
    for _ in range(220):
        nested = [nested]
    checked = TypeCheck(Loose).check({"text": "a", "extra": nested})
    assert checked.value.extra == nested
    assert checked.value.extra is not nested


@pytest.mark.parametrize(
    ("payload", "problem"),
    [
        ({}, Problem("day", "missing")),
        ({"day": [SECRET]}, Problem("day", "date_type")),
        ({"day": "2020-01-01", "pair": ["x", "y"]}, Problem("pair.0", "int_type")),
        ({"day": "2020-01-01", "mode": SECRET}, Problem("mode", "literal_error")),
        ({"day": "2020-01-01", SECRET: 1}, Problem(SECRET, "extra_forbidden")),
        ({"day": "2020-01-01", "two\nlines <b>": 1}, Problem("?", "extra_forbidden")),
        ({"day": SECRET, "at": datetime(2020, 1, 1, tzinfo=UTC)}, Problem("day", "date_type")),
    ],
)
def test_problems_name_field_and_kind(payload: dict[str, Any], problem: Problem) -> None:
    """A problem names the field and its kind; a key that is no name is not shown."""
    assert TypeCheck(Strict).check(payload).problems == (problem,)


def test_authors_messages_are_not_repeated() -> None:
    """The text of a validator's ValueError may show the value, and is left out."""
    checked = TypeCheck(Loose).check({"text": SECRET})
    assert checked.problems == (Problem("text", "value_error"),)
    error = refusal("send", checked.problems)
    assert SECRET not in f"{error.to_dict()} {error!r}"


def test_lone_surrogates_pass() -> None:
    """A string that the JSON parser refuses is judged as the Python string that it is."""
    assert TypeCheck(Loose).check({"text": "\ud800"}).value.text == "\ud800"


@pytest.mark.parametrize("shape", [None, Loose])
def test_what_cannot_be_copied_is_no_payload(shape: type[BaseModel] | None) -> None:
    """Locks and other live objects are refused, not passed on."""
    assert check_of(shape).check({"text": "a", "extra": threading.Lock()}).problems == (Problem("", "no plain data"),)


SCHEMA = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "maxLength": 5},
        "nested": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]},
    },
    "required": ["text"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("payload", "problems"),
    [
        ({}, {Problem("text", "required")}),
        ({"text": "too long"}, {Problem("text", "maxLength")}),
        ({"text": "a", "x": 1, "y": 2}, {Problem("x", "additionalProperties"), Problem("y", "additionalProperties")}),
        ({"text": 1, "nested": {}}, {Problem("text", "type"), Problem("nested.n", "required")}),
        ({"text": object()}, {Problem("", "no plain data")}),
    ],
)
def test_schema_problems(payload: dict[str, Any], problems: set[Problem]) -> None:
    """A JSON Schema names fields and kinds likewise."""
    assert set(SchemaCheck(SCHEMA).check(payload).problems) == problems


def test_schema_hands_on_a_copy() -> None:
    """What passes is a deep copy."""
    payload = {"text": "a", "nested": {"n": 1}}
    value = SchemaCheck(SCHEMA).check(payload).value
    assert value == payload
    assert value["nested"] is not payload["nested"]


@pytest.mark.parametrize("schema", [{"type": "nonsense"}, {"$ref": "https://schemas.example/payload.json"}])
def test_unusable_schema(schema: dict[str, Any]) -> None:
    """A schema that is wrong, or would have to be fetched, is an error of the connector and causes no I/O."""
    with pytest.raises(ConnectorError, match="no valid JSON Schema") as caught:
        SchemaCheck(schema).check({})
    assert caught.value.effect is Effect.NONE


def test_refusal_stays_short() -> None:
    """However much is wrong, the message is one line of at most 500 characters and the details are bounded."""
    problems = [Problem(".".join([f"field_{'x' * 30}_{n}"] * 9), "k" * 40) for n in range(50)]
    deep = SchemaCheck({"additionalProperties": {"type": "object", "additionalProperties": {"not": {}}}})
    error = refusal("a" * 63, [Problem("f" * 40, "missing"), *problems[:3], *problems])
    assert "and 47 more" in error.message
    assert len(error.details["problems"]) == 20
    assert "\n" not in error.message
    assert deep.check({"a": {"b": 1}}).problems == (Problem("a.b", "not"),)


def test_long_paths_are_cut() -> None:
    """A path of many parts ends in dots."""
    payload: dict[str, Any] = {"n": "x"}
    schema: dict[str, Any] = {"properties": {"n": {"type": "integer"}}}
    for _ in range(6):
        payload, schema = {"n": payload}, {"properties": {"n": schema}}
    assert SchemaCheck(schema).check(payload).problems == (Problem("n.n.n.n.n....", "type"),)


def test_models_are_dumped_in_json_mode() -> None:
    """A returned model becomes plain data, everything else stays the same object."""
    assert as_plain(Strict(day=date(2020, 1, 1)))["day"] == "2020-01-01"
    result = {"at": datetime(2020, 1, 1, tzinfo=UTC)}
    assert as_plain(result) is result


class Aliased(BaseModel):
    """Fields under other names."""

    plain: str = ""
    one: str = Field(default="", alias="first")
    two: str = Field(default="", validation_alias=AliasChoices("second", AliasPath("third", 0)))
    four: str = Field(default="", validation_alias=AliasPath("fourth", 0))


class ByName(Aliased, populate_by_name=True):
    """Both names will do."""


class Node(BaseModel):
    """A recursive model."""

    child: "Node | None" = None


@pytest.mark.parametrize(
    ("shape", "name", "accepted"),
    [
        (None, "any", True),
        (Aliased, "plain", True),
        (Aliased, "one", False),
        (Aliased, "first", True),
        (Aliased, "second", True),
        (Aliased, "third", True),
        (Aliased, "fourth", True),
        (ByName, "one", True),
        (Node, "child", True),
        (RootModel[Node], "child", True),
        (RootModel[Node], "other", False),
        ({}, "any", True),
        ({"additionalProperties": False}, "any", False),
        ({"properties": {"a": {}}}, "a", True),
        ({"properties": {"a": {}}}, "b", False),
        ({"patternProperties": {"^k": {}}}, "key", True),
        ({"properties": {"a": {}}, "anyOf": [{"properties": {"b": {}}}, False]}, "b", True),
        ({"oneOf": [{"properties": {"b": {}}}, False]}, "c", False),
        ({"allOf": [True]}, "c", True),
        ({"$ref": "#/$defs/a~1b", "$defs": {"a/b": {"properties": {"c": {}}}}}, "c", True),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"properties": {"c": {}}}}}, "d", False),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}, "d", True),
        ({"$ref": "#/$defs/a/b", "$defs": {"a": True}}, "d", True),
        ({"$ref": "https://schemas.example/payload.json"}, "d", True),
    ],
)
def test_accepts_field(shape: Any, name: str, *, accepted: bool) -> None:
    """A field is lacking only where the declared input certainly has no such name."""
    assert accepts_field(shape, name) is accepted
