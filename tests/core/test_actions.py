"""What is said about an action: Idempotency, ActionSpec and the mark of the decorator."""

import pickle
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from pydantic import BaseModel, Field

from automate_connectors.actions import ActionSpec, Idempotency, action, mark_of


class Message(BaseModel):
    """A payload."""

    text: str
    thread: str | None = Field(default=None, alias="threadId")


class AliasedOut(BaseModel, serialize_by_alias=True):
    """A result that dumps its alias."""

    thread: str = Field(alias="threadId")


class NamedIn(BaseModel, validate_by_alias=False, validate_by_name=True):
    """A payload that is given by names."""

    thread: str = Field(alias="threadId")


@pytest.mark.parametrize("kind", ["read_only", "natural", "unsafe", "undeclared"])
def test_plain_kinds_have_no_place(kind: str) -> None:
    """The kinds without a key say so in every attribute."""
    value = getattr(Idempotency, kind)()
    assert value.kind == kind
    assert (value.field, value.header, value.body, value.query, value.path) == (None, None, None, None, False)


@pytest.mark.parametrize(
    "place", [{"header": "Idempotency-Key"}, {"body": "key"}, {"query": "key"}, {"path": True}, {}]
)
def test_keyed_takes_one_place_or_none(place: dict[str, Any]) -> None:
    """A keyed action names one place, or none without HTTP."""
    value = Idempotency.keyed(**place)
    assert value.kind == "keyed"
    assert value.field == "idempotency_key"
    expected = {"header": None, "body": None, "query": None, "path": False} | place
    assert {name: getattr(value, name) for name in expected} == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"header": "A", "body": "b"},
        {"query": "q", "path": True},
        {"field": ""},
        {"header": ""},
        {"field": None},
        {"body": 3},
    ],
)
def test_keyed_refuses_nonsense(wrong: dict[str, Any]) -> None:
    """Two places, and names that are none, are errors."""
    with pytest.raises(TypeError, match=r"Idempotency\.keyed"):
        Idempotency.keyed(**wrong)


def test_idempotency_is_a_frozen_value() -> None:
    """Equal declarations are equal and hash alike, and cannot be changed."""
    value = Idempotency.keyed(field="id", body="id")
    assert value == Idempotency.keyed(field="id", body="id")
    assert len({value, Idempotency.keyed(field="id", body="id"), Idempotency.unsafe()}) == 2
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301  # pickled on the line itself
    with pytest.raises(FrozenInstanceError):
        value.field = "other"  # type: ignore[misc]  # wrong by intention


def test_spec_defaults() -> None:
    """A description alone is a specification, with the contract's defaults."""
    spec = ActionSpec("Does it.")
    assert (spec.description, spec.input, spec.output) == ("Does it.", None, None)
    assert (spec.input_schema, spec.output_schema) == (None, None)
    assert spec.idempotency == Idempotency.undeclared()
    assert spec.reads_response is True
    assert (list(spec.expected_statuses), list(spec.volatile), list(spec.examples)) == ([], [], [])


def test_spec_takes_its_arguments_in_order() -> None:
    """All arguments may be positional, in the contract's order."""
    arguments = ("Does it.", Message, {"type": "object"}, Idempotency.natural(), False, [404], ["ts"], [{"text": "a"}])
    spec = ActionSpec(*arguments)
    assert spec.input is Message
    assert spec.output == {"type": "object"}
    assert spec.idempotency.kind == "natural"
    assert spec.reads_response is False
    assert (spec.expected_statuses, spec.volatile, spec.examples) == ((404,), ("ts",), [{"text": "a"}])


def test_spec_stays_as_made() -> None:
    """Neither what it was made from nor what it hands out changes a specification."""
    schema: dict[str, Any] = {"type": "object", "properties": {}}
    examples: list[dict[str, Any]] = [{"tags": ["a"]}]
    statuses = [404]
    spec = ActionSpec("Does it.", schema, schema, expected_statuses=statuses, examples=examples)
    schema["properties"]["x"] = {}
    examples[0]["tags"].append("b")
    statuses.append(409)
    for handed_out in (spec.input, spec.input_schema, spec.output_schema):
        assert isinstance(handed_out, dict)
        handed_out["type"] = "array"
    spec.examples[0]["tags"].clear()
    assert spec.input == spec.input_schema == spec.output_schema == {"type": "object", "properties": {}}
    assert spec.examples == [{"tags": ["a"]}]
    assert spec.expected_statuses == (404,)
    with pytest.raises(FrozenInstanceError):
        spec.description = "Other."  # type: ignore[misc]  # wrong by intention


def test_spec_can_be_replaced_and_compared() -> None:
    """dataclasses.replace keeps everything else."""
    spec = ActionSpec("Does it.", Message, examples=[{"text": "a"}])
    changed = replace(spec, idempotency=Idempotency.natural())
    assert changed != spec
    assert (changed.input, changed.examples) == (Message, [{"text": "a"}])
    assert replace(changed, idempotency=Idempotency.undeclared()) == spec


def test_schemas_of_models() -> None:
    """Input is described as it is validated, by alias; output as it is dumped, by name."""
    spec = ActionSpec("Does it.", Message, Message)
    assert spec.input_schema == Message.model_json_schema()
    assert spec.output_schema is not None
    assert set(spec.output_schema["properties"]) == {"text", "thread"}


def test_schemas_follow_the_models_own_word() -> None:
    """A model that dumps or validates otherwise is described otherwise."""
    spec = ActionSpec("Does it.", NamedIn, AliasedOut)
    assert spec.input_schema is not None
    assert spec.output_schema is not None
    assert set(spec.input_schema["properties"]) == {"thread"}
    assert set(spec.output_schema["properties"]) == {"threadId"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"description": None},
        {"input": dict},
        {"output": "Message"},
        {"idempotency": Idempotency.natural},
        {"reads_response": "no"},
        {"expected_statuses": 404},
        {"expected_statuses": [True]},
        {"volatile": "ts"},
        {"examples": {"text": "a"}},
        {"examples": ["a"]},
    ],
)
def test_spec_refuses_wrong_arguments(wrong: dict[str, Any]) -> None:
    """An argument of a wrong type is a TypeError that names it."""
    with pytest.raises(TypeError, match=next(iter(wrong))):
        ActionSpec(**{"description": "Does it.", **wrong})


def test_decorator_leaves_the_method_alone() -> None:
    """With and without parentheses the function itself comes back, marked."""

    def send(self: object, payload: dict[str, Any]) -> None: ...

    def post(self: object, payload: dict[str, Any]) -> None: ...

    assert action(send) is send
    assert action(name="publish", examples=[{}])(post) is post
    sent, posted = mark_of(send), mark_of(post)
    assert sent is not None
    assert posted is not None
    assert (sent.name, posted.name) == ("send", "publish")
    assert mark_of(print) is None


@pytest.mark.parametrize("thing", [3, Message(text="a"), "send"])
def test_decorator_refuses_what_is_no_method(thing: Any) -> None:
    """Only functions can be marked."""
    with pytest.raises(TypeError, match="marks a method"):
        action(thing)
