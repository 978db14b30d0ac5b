"""From an OpenAPI document to actions: what their results are made of, whatever the document says."""

from typing import Any

import pytest

from automate_connectors.scaffold.draft import ActionDraft
from automate_connectors.scaffold.openapi import draft

PET = {
    "type": "object",
    "required": ["id", "born"],
    "properties": {"id": {"type": "integer"}, "born": {"type": "string"}},
}


def drafted(schema: Any, *, path: str = "/pets", **media: Any) -> ActionDraft:
    """The one action of a service that answers so."""
    answer = {"content": {"application/json": {"schema": schema, **media}}}
    document = {
        "openapi": "3.1.0",
        "c": {"pet": PET, "tree": tree()},
        "paths": {path: {"get": {"responses": {"200": answer}}}},
    }
    return draft("pets", document).actions[0]


def tree() -> dict[str, Any]:
    """A schema that holds itself in six places."""
    return {"properties": {"name": {"type": "string"}, **{key: {"$ref": "#/c/tree"} for key in "abcdef"}}}


def annotations(action: ActionDraft) -> dict[str, str]:
    """What its result is made of."""
    return {field.name: field.annotation for field in action.result}


@pytest.mark.parametrize(
    ("schema", "annotation"),
    [
        ({"type": "integer"}, "int"),
        ({"type": "boolean", "nullable": True}, "bool | None"),
        ({"type": ["null", "string"]}, "str | None"),
        ({"type": ["string", "integer"]}, "Any"),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, "float | None"),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, "Any"),
        ({"allOf": [{"$ref": "#/c/pet"}]}, "dict[str, Any]"),
        ({"type": "array", "items": {"type": "string"}}, "list[str]"),
        ({"type": "array", "items": {"$ref": "#/c/pet"}}, "list[dict[str, Any]]"),
        ({"type": "array", "items": {"type": "array"}}, "list[list[Any]]"),
        ({"type": "array"}, "list[Any]"),
        ({"enum": ["a", 1]}, "Any"),
        ({"type": "hyena"}, "Any"),
        ({}, "Any"),
        (None, "Any"),
        # The document's own example contradicts its schema: the example is what the service was seen to answer.
        ({"type": "integer", "example": "seven"}, "Any"),
        ({"type": "string", "example": None}, "Any"),
        ({"type": "string", "nullable": True, "example": None}, "str | None"),
    ],
)
def test_a_field_of_a_result_has_the_schemas_type(schema: Any, annotation: str) -> None:
    """Null where the schema allows it, and nothing that its own example would not pass."""
    action = drafted({"type": "object", "required": ["x"], "properties": {"x": schema}})
    assert annotations(action) == {"x": annotation}


def test_what_the_example_lacks_may_be_absent() -> None:
    """Though the schema requires it; so may whatever it does not require."""
    assert annotations(drafted(PET, example={"id": 7})) == {"id": "int", "born": "str | None"}
    assert annotations(drafted({**PET, "required": []})) == {"id": "int | None", "born": "str | None"}


def test_parts_of_an_object_are_put_together() -> None:
    """Members and what is required come from every part of allOf."""
    action = drafted({"allOf": [{"$ref": "#/c/pet"}, {"required": ["age"], "properties": {"age": {"type": "number"}}}]})
    assert annotations(action) == {"id": "int", "born": "str", "age": "float"}


@pytest.mark.parametrize(
    ("schema", "annotation"),
    [
        ({"type": "array", "items": {"$ref": "#/c/pet"}}, {"items": "list[dict[str, Any]]"}),
        ({"type": "string"}, {"value": "str"}),
        ({"type": "object"}, {}),
    ],
)
def test_an_answer_that_is_no_object_gets_a_name(schema: Any, annotation: dict[str, str]) -> None:
    """For a result is one; an object of which nothing is known stays what it is."""
    action = drafted(schema)
    assert annotations(action) == annotation
    assert action.named is bool(annotation)


def test_names_that_mean_something_else_are_avoided() -> None:
    """Keywords, members of a model, names that annotations use, two names that become one."""
    keys = ["class", "copy", "str", "model_x", "id", "a-b", "a_b", "1st"]
    action = drafted({"properties": {key: {"type": "string"} for key in keys}})
    assert list(annotations(action)) == [
        "field_class",
        "field_copy",
        "field_str",
        "field_model_x",
        "id",
        "a_b",
        "a_b_",
        "field_1st",
    ]
    assert [field.key for field in action.result] == keys
    (field,) = drafted({}, path="/{quote}").fields
    assert field.name == "quote_"


def test_a_schema_inside_itself_ends() -> None:
    """In a sample that a person can read."""
    assert drafted({"$ref": "#/c/tree"}).answer == {"name": "name-1"}


def test_schemas_that_unfold_without_end_are_cut() -> None:
    """In which each of ten holds the next five times, in alternatives and in members."""
    chain: dict[str, Any] = {
        str(n): {
            "allOf": [{"$ref": f"#/c/{n + 1}"}] * 5,
            "properties": {key: {"$ref": f"#/c/{n + 1}"} for key in "abcde"},
        }
        for n in range(10)
    }
    answer = {"content": {"application/json": {"schema": {"$ref": "#/c/0"}}}}
    document = {"openapi": "3.1.0", "c": chain, "paths": {"/a": {"get": {"responses": {"200": answer}}}}}
    assert len(repr(draft("pets", document))) < 100_000


def test_an_example_that_contradicts_its_field_frees_it() -> None:
    """Of a payload too: what the document shows must be accepted."""
    parameters = [{"name": "n", "in": "query", "required": True, "schema": {"type": "integer"}, "example": "x"}]
    parameters.append({"name": "t", "in": "query", "required": True, "schema": {"type": "string"}, "example": ""})
    document = {"openapi": "3.1.0", "paths": {"/a": {"get": {"parameters": parameters}}}}
    assert [field.type for field in draft("pets", document).actions[0].fields] == ["Any", "Any"]
