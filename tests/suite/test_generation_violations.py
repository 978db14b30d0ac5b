"""Payloads that break a schema."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from automate_conformance.generation.breakage import lossless_readings
from automate_conformance.generation.errors import SchemaError
from automate_conformance.generation.schemas import compile_schema
from automate_conformance.generation.violations import violating_payloads

Schema = dict[str, Any]


def _described(schema: Schema, *bases: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The violations by description; each is checked against the validator."""
    found = violating_payloads(schema, bases)
    valid = compile_schema(schema).is_valid
    assert [case for case in found.cases if valid(case.payload)] == []
    return {case.description: case.payload for case in found.cases}


def _field(**schema: Any) -> Schema:
    return {"type": "object", "properties": {"a": schema}}


@pytest.mark.parametrize(
    ("schema", "base", "description", "broken"),
    [
        ({"type": "integer", "minimum": 3}, 4, "/a: 2, at least 3 expected", 2),
        ({"type": "integer", "exclusiveMinimum": 3}, 4, "/a: 3, more than 3 expected", 3),
        ({"type": "number", "maximum": 0.5}, 0.1, "/a: 1.5, at most 0.5 allowed", 1.5),
        ({"type": "number", "exclusiveMaximum": 1}, 0.1, "/a: 1, less than 1 expected", 1),
        ({"type": "number", "minimum": 1e300}, 2e300, "/a: -2e+300, at least 1e+300 expected", -2e300),
        ({"type": "number", "maximum": 1e300}, 1, "/a: 2e+300, at most 1e+300 allowed", 2e300),
        ({"type": "integer", "multipleOf": 5}, 10, "/a: no multiple of 5", 11),
        ({"type": "number", "multipleOf": 0.5}, 1.5, "/a: no multiple of 0.5", 1.75),
        ({"type": "string", "minLength": 3}, "abcd", "/a: 2 characters, at least 3 expected", "ab"),
        ({"type": "string", "maxLength": 3}, "ab ", "/a: 4 characters, at most 3 allowed", "abxx"),
        ({"type": "string", "pattern": "^[a-z]+$"}, "a", "/a: text that breaks the pattern '^[a-z]+$'", "☃"),
        ({"type": "string", "pattern": "^[^/]*$"}, "a", "/a: text that breaks the pattern '^[^/]*$'", "/"),
        ({"type": "string", "pattern": r"[\s\S]"}, "a", r"/a: text that breaks the pattern '[\\s\\S]'", ""),
        ({"enum": ["x", "y"]}, "x", "/a: '☃ none of them' is none of the values allowed", "☃ none of them"),
        ({"enum": [1, 2.5]}, 1, "/a: 1002 is none of the values allowed", 1002),
        ({"type": "array", "minItems": 2}, [1, 2], "/a: 1 items, at least 2 expected", [1]),
        ({"type": "array", "maxItems": 3}, [1, 2], "/a: 4 items, at most 3 allowed", [1, 2, 1, 2]),
        ({"type": "object", "minProperties": 1}, {"x": 1}, "/a: 0 members, at least 1 expected", {}),
        ({"type": "string"}, "x", "/a: an object, where string is expected", {"unexpected": "object"}),
        ({"type": ["string", "null"]}, None, "/a: an array, where null/string is expected", ["unexpected", "array"]),
        ({"type": "object"}, {}, "/a: the scalar 7, where object is expected", 7),
        (
            {"type": "array", "items": {"type": "integer"}},
            [],
            "/a: the scalar '☃ a scalar', where array is expected",
            "☃ a scalar",
        ),
    ],
)
def test_each_rule_is_broken_once(schema: Schema, base: Any, description: str, broken: Any) -> None:
    """The description says what is wrong, and the payload is wrong in that way only."""
    assert _described(_field(**schema), {"a": base})[description] == {"a": broken}


def test_missing_and_extra_members() -> None:
    """Each required member is dropped, and one is added where extras are forbidden."""
    schema = {
        "type": "object",
        "properties": {"a": True, "b": True},
        "required": ["a", "b"],
        "additionalProperties": False,
    }
    assert _described(schema, {"a": 1, "b": 2}) == {
        "/a: required, but missing": {"b": 2},
        "/b: required, but missing": {"a": 1},
        "/unexpected_extra_member: extra, where the schema forbids extras": {
            "a": 1,
            "b": 2,
            "unexpected_extra_member": 1,
        },
    }


def test_members_are_counted_at_the_root_too() -> None:
    """The payload's own number of members is crossed in both directions."""
    schema = {"type": "object", "minProperties": 1, "maxProperties": 2}
    found = _described(schema, {"x": 1})
    assert found["/: 0 members, at least 1 expected"] == {}
    assert len(found["/: 3 members, at most 2 allowed"]) == 3


def test_nested_places_are_broken() -> None:
    """Objects in objects, items of arrays, tuples, and members that only `additionalProperties` describes."""
    schema = _field(
        type="object",
        properties={"b": {"type": "array", "items": {"type": "integer", "minimum": 1}}},
        required=["b"],
    )
    assert _described(schema, {"a": {"b": [5]}})["/a/b/0: 0, at least 1 expected"] == {"a": {"b": [0]}}
    pair = _field(type="array", prefixItems=[{"type": "integer"}])
    assert "/a/0: an object, where integer is expected" in _described(pair, {"a": [1]})
    counts = {"type": "object", "additionalProperties": {"type": "integer"}}
    found = _described(counts, {"x": 1}, {"y": 2, "x": 1}, {"z": 3})
    assert [text for text in found if "/z" in text or "/y" in text] == []
    assert found["/x: an object, where integer is expected"] == {"x": {"unexpected": "object"}}


def test_a_place_is_broken_in_the_first_payload_that_holds_it() -> None:
    """Optional members are reached, wherever they occur; each rule is broken once."""
    schema = _field(type="integer", minimum=0)
    found = _described(schema, {}, {"a": 5}, {"a": 6})
    assert found["/a: -1, at least 0 expected"] == {"a": -1}
    assert len(found) == 3


def test_types_are_broken_without_any_payload_to_start_from() -> None:
    """Nothing generated and no examples: what can be said from the schema alone is said."""
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    assert set(_described(schema)) == {
        "/a: required, but missing",
        "/a: an object, where string is expected",
        "/a: an array, where string is expected",
    }


def test_an_invalid_payload_is_no_place_to_start_from() -> None:
    """Examples that break the schema already are left out."""
    assert "/a: -1, at least 0 expected" not in _described(_field(type="integer", minimum=0), {"a": "wrong"})


def test_a_change_that_another_branch_allows_is_no_violation() -> None:
    """All branches have to refuse it."""
    schema = _field(anyOf=[{"type": "integer", "minimum": 5}, {"type": "integer", "maximum": 0}, {"type": "array"}])
    found = _described(schema, {"a": 7})
    assert found["/a: 4, at least 5 expected"] == {"a": 4}
    assert found["/a: 1, at most 0 allowed"] == {"a": 1}
    assert [text for text in found if "array" in text] == []


def test_const_flags_are_turned() -> None:
    """A flag that may only be true is set to false, if the schema gives no text to read it from."""
    assert _described(_field(const=True), {"a": True})["/a: false is not allowed"] == {"a": False}
    assert not any("is not allowed" in text for text in _described(_field(type="boolean"), {"a": True}))
    assert not any("is not allowed" in text for text in _described(_field(enum=[True, False]), {"a": True}))


@pytest.mark.parametrize(
    ("schema", "base"),
    [
        ({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string"}]}, 5),
        ({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "boolean"}]}, 5),
        ({"enum": ["x"], "description": "text"}, "x"),
    ],
)
def test_what_a_lossless_reader_accepts_is_no_violation(schema: Schema, base: Any) -> None:
    """-1 can be read as the text '-1', and 0 as false."""
    assert not any("at least" in text or "more than" in text for text in _described(_field(**schema), {"a": base}))


def test_the_wrapping_of_one_item_is_no_violation() -> None:
    """A scalar where an array of such scalars is expected can be read as a list of one."""
    found = _described(_field(type="array", items={"type": "string"}), {"a": ["x"]})
    assert (
        "/a: the scalar 7, where array is expected" not in found
        or "/a: the scalar '☃ a scalar', where array is expected" not in found
    )
    assert not any("☃ a scalar" in text for text in found)


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object"},
        {"type": "object", "properties": {"a": {}, "b": True}, "additionalProperties": True},
        {"anyOf": [{"type": "object"}, {"required": ["a"]}]},
    ],
)
def test_a_schema_that_refuses_nothing_has_no_violations(schema: Schema) -> None:
    """There is nothing to judge then."""
    assert violating_payloads(schema, [{"a": 1}, {}]).empty


def test_formats_and_uniqueness_are_not_broken() -> None:
    """The standard does not list them."""
    schema = _field(type="array", uniqueItems=True, items={"type": "string", "format": "date"})
    found = _described(schema, {"a": ["2024-01-01"]})
    assert all("expected" in text for text in found)


def test_huge_bounds_are_left_alone() -> None:
    """No payload of megabytes."""
    schema = _field(anyOf=[{"type": "string", "maxLength": 10**7}, {"type": "array", "maxItems": 10**7}])
    assert _described(schema, {"a": "x"}, {"a": [1]}) == {}
    assert not any("members" in text for text in _described({"maxProperties": 10**7}, {"a": 1}))


def test_the_number_of_cases_is_bounded_and_their_order_is_fixed() -> None:
    """Two hundred are enough for any schema."""
    schema = {"type": "object", "properties": {f"f{number}": {"type": "string"} for number in range(150)}}
    found = violating_payloads(schema, [{}])
    assert len(found.cases) == 200
    assert found == violating_payloads(schema, [{}])


def test_places_are_broken_down_to_a_fixed_depth() -> None:
    """Beyond three levels the number of cases would grow without teaching more."""
    schema = {"type": "object", "properties": {"a": {"$ref": "#"}}, "required": []}
    found = _described(schema, {"a": {"a": {"a": {"a": {}}}}})
    assert {text.split(":")[0] for text in found} == {"/a", "/a/a", "/a/a/a"}


def test_bases_are_left_alone() -> None:
    """Changes are made to copies."""
    base = {"a": [{"b": 1}]}
    schema = _field(
        type="array", items={"type": "object", "properties": {"b": {"type": "integer", "minimum": 1}}}, maxItems=1
    )
    assert len(_described(schema, base)) > 3
    assert base == {"a": [{"b": 1}]}


def test_an_invalid_schema_is_refused() -> None:
    """As by the compiler."""
    with pytest.raises(SchemaError):
        violating_payloads({"type": "strng"}, [])


@pytest.mark.parametrize(
    ("value", "readings"),
    [
        ("5", [5, 5.0]),
        (" true ", ["true", True]),
        (1.0, ["1", True]),
        (1.5, ["1.5"]),
        (True, ["true", 1]),
        (False, ["false", 0]),
        (1e400, ["inf"]),
        ("inf", ["INF"]),
    ],
)
def test_lossless_readings_of_scalars(value: Any, readings: Sequence[Any]) -> None:
    """What a lenient reader could make of it is among them."""
    assert [reading for reading in readings if reading not in list(lossless_readings(value))] == []


def test_containers_have_no_other_reading() -> None:
    """An object is an object."""
    assert list(lossless_readings({"a": 1})) == []
