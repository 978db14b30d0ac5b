"""Operation ids."""

import itertools
import uuid
from typing import Any

import pytest

from automate_conformance.generation.errors import SchemaError
from automate_conformance.generation.identifiers import (
    field_schema,
    first_character_pair,
    last_character_pair,
    operation_ids,
)
from automate_conformance.generation.schemas import compile_schema

Schema = dict[str, Any]

VARIED: tuple[Schema, ...] = (
    {},
    {"type": "string"},
    {"type": "string", "format": "uuid"},
    {"type": "string", "maxLength": 32},
    {"type": "string", "maxLength": 10},
    {"type": "string", "pattern": "^[a-z]{12}$"},
    {"type": "integer", "minimum": 10_000},
    {"anyOf": [{"type": "string"}, {"type": "null"}]},
)


def _take(schema: Schema, count: int, seed: int = 1) -> list[Any]:
    return list(itertools.islice(operation_ids(schema, seed=seed), count))


@pytest.mark.parametrize("schema", VARIED)
def test_ids_are_distinct_valid_and_decided_by_the_seed(schema: Schema) -> None:
    """As many as one likes."""
    ids = _take(schema, 60)
    assert len(set(ids)) == 60
    assert all(map(compile_schema(schema, payload=False).is_valid, ids))
    assert ids == _take(schema, 60)
    assert ids != _take(schema, 60, seed=2)


def test_ids_are_uuid4_where_the_schema_allows() -> None:
    """The standard's form."""
    assert {uuid.UUID(value).version for value in _take({"type": "string"}, 5)} == {4}


@pytest.mark.parametrize(("length", "expected"), [(32, 32), (31, 20), (16, 16), (12, 10)])
def test_ids_are_shortened_to_fit(length: int, expected: int) -> None:
    """As much of the UUID as goes in."""
    assert {len(value) for value in _take({"type": "string", "maxLength": length}, 3)} == {expected}


def test_ids_can_stand_in_a_header_where_the_schema_lets_them() -> None:
    """Free text that is too short for a UUID still gives printable ids, unless only others are allowed."""
    assert all(value.isascii() and value.isprintable() for value in _take({"type": "string", "maxLength": 4}, 20))
    assert _take({"enum": ["a b", "c d"]}, 5) == ["a b", "c d"]


def test_ids_end_where_the_schema_allows_no_more() -> None:
    """A closed set has an end, and an impossible one has no beginning."""
    assert sorted(_take({"enum": ["a", "b"]}, 9)) == ["a", "b"]
    assert _take({"type": "string", "format": "x-unknown", "maxLength": 5, "minLength": 4, "pattern": "^z"}, 9) != [""]
    assert _take({"not": {}}, 9) == []


def test_the_model_has_a_say() -> None:
    """An id that the model refuses is none."""
    ids = operation_ids({"type": "string"}, seed=1, accepts=lambda value: len(value) <= 16)
    assert {len(value) for value in itertools.islice(ids, 5)} == {16}


@pytest.mark.parametrize("schema", VARIED)
def test_pairs_differ_in_one_character(schema: Schema) -> None:
    """In the first only, and in the last only; both are valid."""
    valid = compile_schema(schema, payload=False).is_valid
    first, last = first_character_pair(schema, seed=1), last_character_pair(schema, seed=1)
    assert first is not None
    assert last is not None
    assert valid(first[0]) and valid(first[1]) and valid(last[0]) and valid(last[1])  # noqa: PT018 - one statement
    assert str(first[0])[0] != str(first[1])[0]
    assert str(first[0])[1:] == str(first[1])[1:]
    assert str(last[0])[-1] != str(last[1])[-1]
    assert str(last[0])[:-1] == str(last[1])[:-1]
    assert type(first[0]) is type(first[1])


def test_pairs_that_the_schema_does_not_allow() -> None:
    """A fixed beginning leaves no first character to choose."""
    schema = {"type": "string", "pattern": "^op-[0-9]{6}$"}
    assert first_character_pair(schema, seed=1) is None
    assert last_character_pair(schema, seed=1) is not None
    assert first_character_pair({"enum": [True, False, 1.5]}, seed=1) is None
    assert last_character_pair({"enum": ["alone"]}, seed=1) is None


def test_the_field_of_a_payload_is_found_through_references() -> None:
    """Its schema stands alone, with the definitions it needs."""
    schema = {
        "$ref": "#/$defs/Payload",
        "$defs": {
            "Key": {"type": "string", "maxLength": 12},
            "Payload": {"type": "object", "properties": {"key": {"$ref": "#/$defs/Key"}}},
        },
    }
    field = field_schema(schema, "key")
    assert {len(value) for value in _take(field, 3)} == {10}
    assert field_schema(schema, "other") == {}


def test_a_required_field_of_an_open_schema_is_any_text() -> None:
    """What is not described may be a UUID."""
    assert {len(value) for value in _take(field_schema({"required": ["key"]}, "key"), 3)} == {36}


def test_an_invalid_schema_is_refused() -> None:
    """As everywhere."""
    with pytest.raises(SchemaError):
        _take({"type": "strng"}, 1)
