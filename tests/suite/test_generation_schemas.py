"""The compiler from JSON Schema to payloads."""

from typing import Any

import jsonschema_rs
import pytest

from automate_conformance.generation.drawing import draw
from automate_conformance.generation.errors import SchemaError
from automate_conformance.generation.formats import FREE_TEXT, STRING_FORMATS
from automate_conformance.generation.schemas import Compiled, compile_schema

Schema = dict[str, Any]


def _values(schema: Schema, *, count: int = 25, seed: int = 1) -> list[Any]:
    """Values of a schema that needs no payload object, all supported and all valid."""
    compiled = compile_schema(schema, payload=False)
    assert compiled.unsupported == ()
    assert compiled.strategy is not None
    values = draw(compiled.strategy, seed=seed, count=count)
    assert all(map(compiled.is_valid, values))
    return values


def _names(schema: Schema) -> tuple[str, ...]:
    return compile_schema(schema).unsupported


def _object(**properties: Any) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


SUPPORTED: dict[str, Schema] = {
    "additional schema": {"type": "object", "additionalProperties": {"type": "integer"}},
    "allOf": {"allOf": [_object(a={"type": "string"}), _object(b={"type": "integer"}), {"required": ["a"]}]},
    "allOf closes": {"allOf": [{"properties": {"a": {}}, "additionalProperties": False}, {"type": "object"}]},
    "allOf formats": {"type": "string", "allOf": [{"format": "email"}, {"format": "idn-email"}]},
    "allOf multiples": {"type": "number", "multipleOf": 0.5, "allOf": [{"multipleOf": 0.2}]},
    "allOf of dependents": {
        "properties": {"a": {}, "b": {}, "c": {}},
        "allOf": [{"dependentRequired": {"a": ["b"]}}, {"dependentRequired": {"a": ["c"]}}],
    },
    "allOf of names": {
        "type": "object",
        "minProperties": 1,
        "allOf": [{"patternProperties": {"^a": {"type": "integer"}}}, {"patternProperties": {"^a": {"minimum": 3}}}],
    },
    "allOf twice the same": {"type": "string", "format": "email", "allOf": [{"format": "email"}]},
    "allOf patterns": {"type": "string", "pattern": "^[ab]+$", "allOf": [{"pattern": "^.{2,}$"}]},
    "allOf tuples": {"prefixItems": [{"type": "integer"}], "allOf": [{"type": "array", "items": {"minimum": 5}}]},
    "anyOf of required": {**_object(a={"type": "integer"}), "anyOf": [{"required": ["b"]}, {"required": ["c"]}]},
    "anyOf with siblings": {"type": "string", "minLength": 2, "anyOf": [{"maxLength": 3}, {"pattern": "^x"}]},
    "boolean": {"type": "boolean"},
    "boolean schemas": {"type": "object", "properties": {"a": True, "b": False}},
    "const": {"const": {"a": [1, None]}},
    "const in enum": {"const": 2, "enum": [1, 2]},
    "dependent required": {"properties": {"a": {}, "b": {}, "c": {}}, "dependentRequired": {"a": ["b"], "b": ["c"]}},
    "dependent schemas": {"properties": {"a": {}}, "dependentSchemas": {"a": _object(b={"type": "null"})}},
    "draft 4 bounds": {
        "type": "integer",
        "minimum": 1,
        "exclusiveMinimum": True,
        "maximum": 2,
        "exclusiveMaximum": False,
    },
    "draft 4 identifier": {"id": "urn:x", "$schema": "http://json-schema.org/draft-04/schema#", "type": "object"},
    "draft 7 dependencies": {"properties": {"a": {}, "b": {}}, "dependencies": {"a": ["b"], "b": {"required": ["a"]}}},
    "draft 7 tuple": {"type": "array", "items": [{"type": "integer"}], "additionalItems": False, "minItems": 1},
    "enum": {"enum": ["a", 1, None, True, [1]]},
    "enum within type": {"type": "string", "enum": ["a", 1, "ccc"], "minLength": 2},
    "exact number": {"type": "number", "minimum": 0.1, "maximum": 0.1},
    "exclusive float": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.001},
    "if then else": {
        **_object(kind={"enum": ["a", "b"]}),
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": _object(left={"type": "integer"}),
        "else": _object(right={"type": "string"}),
    },
    "int32": {"type": "integer", "format": "int32"},
    "integer": {"type": "integer"},
    "integer and multiples of a half": {"type": "integer", "multipleOf": 1.5, "minimum": 1},
    "large multiple": {"type": "integer", "multipleOf": 1_000_000_007, "minimum": 0},
    "length": {"type": "string", "minLength": 40, "maxLength": 41},
    "long text": {"type": "string", "minLength": 5_000},
    "max properties": {"type": "object", "maxProperties": 1, "additionalProperties": {"type": "null"}},
    "min properties": {
        "type": "object",
        "minProperties": 3,
        "properties": {"a": {}, "b": {}},
        "additionalProperties": True,
    },
    "min properties closed": {
        "type": "object",
        "minProperties": 2,
        "properties": {"a": {}, "b": {}, "c": {}},
        "additionalProperties": False,
    },
    "no type": {"minLength": 2, "maxLength": 3},
    "no type, many hints": {"minimum": 2, "maxItems": 3, "required": ["a"]},
    "nothing said": {},
    "nullable": {"type": "string", "nullable": True, "enum": ["a"]},
    "nullable without a type": {"nullable": True, "minLength": 1},
    "nullable reference": {"$ref": "#/$defs/A", "nullable": True, "$defs": {"A": {"type": "integer"}}},
    "number": {"type": "number"},
    "one end": {"type": "number", "maximum": -1e12},
    "oneOf": {"oneOf": [{"type": "integer", "multipleOf": 2}, {"type": "integer", "multipleOf": 3}]},
    "openapi components": {
        "$ref": "#/components/schemas/A",
        "components": {"schemas": {"A": {"type": "object", "properties": {"a": {"type": "string", "nullable": True}}}}},
    },
    "pattern": {"type": "string", "pattern": r"^[a-z]+\d{2}$", "minLength": 20},
    "pattern of python": {"type": "string", "pattern": r"\A[ab]+\Z"},
    "pattern properties": {"type": "object", "patternProperties": {"^x-": {"type": "integer"}}, "minProperties": 1},
    "property names": {"type": "object", "propertyNames": {"enum": ["a", "b"]}, "minProperties": 1},
    "reference by anchor": {"$ref": "#name", "$defs": {"A": {"$anchor": "name", "type": "integer"}}},
    "reference by identifier": {
        "$id": "https://x.test/s",
        "$ref": "https://x.test/s#/$defs/A",
        "$defs": {"A": {"const": 1}},
    },
    "reference into a list": {"anyOf": [{"type": "integer"}, {"$ref": "#/anyOf/0"}]},
    "reference with escapes": {"$ref": "#/$defs/a~1b", "$defs": {"a/b": {"type": "integer"}}},
    "required undeclared": {"type": "object", "required": ["a"], "additionalProperties": {"type": "integer"}},
    "required undeclared, unknown": {"type": "object", "required": ["a"], "properties": {"b": {}}},
    "tuple": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": False, "minItems": 2},
    "type list": {"type": ["integer", "null", "string", "number"]},
    "unevaluated": {"allOf": [_object(a={"type": "integer"})], "unevaluatedProperties": False},
    "unevaluated items": {"type": "array", "prefixItems": [{"const": 1}], "unevaluatedItems": False},
    "unique": {"type": "array", "uniqueItems": True, "items": {"enum": [0, 1, 2, True]}, "minItems": 3},
    "unknown keyword": {"type": "integer", "x-shown": True, "kindOfMagic": 3},
}


@pytest.mark.parametrize("name", sorted(SUPPORTED))
def test_a_supported_schema_yields_valid_values_only(name: str) -> None:
    """Every supported keyword is generated from, and what comes out satisfies it."""
    assert _values(SUPPORTED[name]) != []


@pytest.mark.parametrize("format_name", sorted(STRING_FORMATS))
def test_every_format_yields_values_that_the_validator_accepts(format_name: str) -> None:
    """Formats are asserted, not annotated."""
    values = _values({"type": "string", "format": format_name})
    assert all(isinstance(value, str) for value in values)
    assert len(values) >= 2


@pytest.mark.parametrize("format_name", sorted(FREE_TEXT))
def test_formats_of_free_text_are_any_text(format_name: str) -> None:
    """A password is any text of its length."""
    assert {
        len(value) for value in _values({"type": "string", "format": format_name, "minLength": 8, "maxLength": 9})
    } == {8, 9}


def test_lengths_are_reached_exactly() -> None:
    """The shortest and the longest allowed text both occur."""
    lengths = {len(value) for value in _values({"type": "string", "minLength": 1, "maxLength": 300}, count=60)}
    assert min(lengths) == 1
    assert max(lengths) == 300


def test_text_holds_nasty_characters_and_no_surrogates() -> None:
    """Quotes, blanks, separators of URLs, two- to four-byte characters, bidirectional marks."""
    drawn = "".join(_values({"type": "string"}, count=250))
    assert set("'\"\\/%?#&+= \nü漢\U0001f600\u200f\u2028") <= set(drawn)
    assert not any("\ud800" <= char <= "\udfff" for char in drawn)
    assert "\0" not in drawn


def test_numbers_meet_their_bounds() -> None:
    """Both ends of a range occur, and nothing beyond what JSON parsers agree on."""
    assert {0, 2_000} <= set(_values({"type": "integer", "minimum": 0, "maximum": 2_000}, count=60))
    assert max(map(abs, _values({"type": "integer"}, count=200))) <= 2**53 - 1


def test_arrays_reach_their_longest() -> None:
    """The longest array allowed occurs, if it is short enough to be cheap."""
    lengths = {len(value) for value in _values({"type": "array", "items": {"type": "null"}, "maxItems": 12})}
    assert 12 in lengths


def test_the_members_of_an_enumeration_are_copies() -> None:
    """A payload that an adapter changes does not spoil the next one."""
    schema: Schema = {"enum": [{"a": []}]}
    _values(schema)[0]["a"].append(1)
    assert schema == {"enum": [{"a": []}]}


def test_an_object_silent_about_extras_gets_none() -> None:
    """Extras are drawn where the schema promises to take them, not where it is silent."""
    silent = _object(a={"type": "null"})
    assert _values(silent) == [{"a": None}]
    assert len(_values({**silent, "additionalProperties": True})) > 5
    assert len(_values({"type": "object"})) > 5


def test_recursion_is_bounded_and_reaches_beyond_the_first_level() -> None:
    """A tree holds trees, but not for ever."""
    tree = {"type": "object", "properties": {"kids": {"type": "array", "items": {"$ref": "#"}}}, "required": ["kids"]}
    values = _values(tree)
    assert any(kid["kids"] for value in values for kid in value["kids"])


def test_mutual_recursion_finds_its_way_out() -> None:
    """However long the detour through required members is, there is a finite value."""
    names = ["A", "B", "C", "D"]
    following = dict(zip(names, [*names[1:], "A"], strict=True))
    definitions = {name: _object(next={"$ref": f"#/$defs/{other}"}) for name, other in following.items()}
    definitions["D"]["required"] = []
    assert {"next": {"next": {"next": {}}}} in _values({"$ref": "#/$defs/A", "$defs": definitions})


def test_many_definitions_that_hold_each_other_stay_affordable() -> None:
    """Blocks that may hold every other kind of block: compiled in milliseconds, drawn small."""
    names = [f"B{number}" for number in range(12)]
    anyone = {"type": "array", "items": {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in names]}}
    definitions = {name: _object(type={"const": name}, children=anyone) for name in names}
    schema = {**_object(blocks=anyone), "$defs": definitions}
    assert max(len(str(value)) for value in _values(schema)) < 20_000


def test_recursion_without_end_is_named() -> None:
    """What no finite value satisfies is no crash."""
    compiled = compile_schema({**_object(a={"$ref": "#"})})
    assert compiled.strategy is None
    assert compiled.unsupported == ("/: no valid value could be generated",)


def test_references_in_a_circle_are_named() -> None:
    """Two definitions that are each other say nothing that could be generated."""
    schema = {"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}}}
    assert compile_schema(schema).strategy is None


def test_a_payload_is_an_object_where_the_schema_allows_one() -> None:
    """`execute` takes nothing else."""
    for schema in ({}, {"minLength": 3}, {"type": ["object", "null"]}, {"anyOf": [{"type": "string"}, _object(a={})]}):
        strategy = compile_schema(schema).strategy
        assert strategy is not None
        assert {type(value) for value in draw(strategy, seed=1, count=20)} == {dict}
    assert compile_schema({"type": "string"}).strategy is not None


@pytest.mark.parametrize(
    ("schema", "named"),
    [
        ({"properties": {"when": {"type": "string", "format": "x-foo"}}}, "/properties/when: format 'x-foo'"),
        ({"properties": {"a": {"not": {"type": "null"}}}}, "/properties/a: not"),
        ({"properties": {"a": {"type": "array", "contains": {"const": 1}}}}, "/properties/a: contains"),
        (
            {"properties": {"a": {"$dynamicRef": "#x"}}, "$defs": {"X": {"$dynamicAnchor": "x"}}},
            "/properties/a: $dynamicRef",
        ),
        (
            {"properties": {"a": {"type": "string", "pattern": r"^(a)\1$"}}},
            r"/properties/a: pattern '^(a)\\1$' (a back-reference)",
        ),
        (
            {"properties": {"a": {"type": "string", "pattern": r"^(?P<n>a)(?P=n)$"}}},
            r"/properties/a/pattern: '^(?P<n>a)(?P=n)$', which is beyond the validator's regular expressions",
        ),
        (
            {
                "$ref": "#/$defs/A",
                "$defs": {"A": {"type": "object", "properties": {"b": {"type": "string", "format": "y"}}}},
            },
            "/$defs/A/properties/b: format 'y'",
        ),
    ],
)
def test_what_cannot_be_generated_from_is_named_with_its_place(schema: Schema, named: str) -> None:
    """An optional member that is out of reach is left out; the rest is generated."""
    compiled = compile_schema(schema)
    assert compiled.unsupported == (named,)
    assert compiled.strategy is not None


def test_not_and_contains_are_heeded_by_trial() -> None:
    """They are named, and still satisfied."""
    compiled = compile_schema(_object(a={"enum": [1, 2], "not": {"const": 1}}))
    assert compiled.strategy is not None
    assert draw(compiled.strategy, seed=1, count=10) == [{"a": 2}]


def test_a_required_member_out_of_reach_leaves_nothing_to_generate() -> None:
    """The strategy is None, and the reason stands with the name."""
    compiled = compile_schema(_object(when={"type": "string", "format": "x-foo"}))
    assert compiled.strategy is None
    assert compiled.unsupported == (
        "/properties/when: format 'x-foo'",
        "/: no valid value could be generated (see above)",
    )


def test_patterns_that_only_python_reads_make_their_member_unreachable() -> None:
    """Also as names of members."""
    python_only = r"(?P<n>a)(?P=n)"
    assert compile_schema(_object(a={"type": "string", "pattern": python_only})).strategy is None
    assert len(_names({"type": "object", "patternProperties": {python_only: {}}})) == 1


@pytest.mark.parametrize(
    "schema",
    [
        _object(a={"type": "integer", "minimum": 3, "maximum": 2}),
        _object(a={"type": "integer", "minimum": 1, "maximum": 2, "multipleOf": 5}),
        _object(a={"type": "string", "minLength": 3, "maxLength": 2}),
        _object(a={"type": "number", "minimum": 1, "exclusiveMaximum": 1}),
        _object(a={"type": "string", "pattern": "^b$", "enum": ["a"]}),
        _object(a={"type": "array", "minItems": 3, "maxItems": 2}),
        _object(a={"type": "array", "minItems": 2, "items": False}),
        _object(a={"type": "array", "prefixItems": [False], "minItems": 1}),
        _object(a={"type": "array", "uniqueItems": True, "items": {"const": 1}, "minItems": 2}),
        _object(a={"const": 1, "enum": [2]}),
        _object(a={"type": "string", "allOf": [{"type": "integer"}]}),
        _object(a={"type": "string", "pattern": "^[a]$", "minLength": 2}),
        _object(a={"type": "string", "format": "date", "maxLength": 3}),
        _object(a=False),
        {"type": "object", "required": ["a"], "additionalProperties": False},
        {"type": "object", "minProperties": 2, "properties": {"a": {}}, "additionalProperties": False},
        {"type": "object", "maxProperties": 0, "required": ["a"]},
        {"type": "object", "properties": {"a": {}}, "dependentRequired": {"a": ["b"]}, "required": ["a"]},
        {"type": "object", "minProperties": 9, "propertyNames": {"enum": ["a"]}},
        {"not": {}},
    ],
)
def test_a_schema_that_nothing_satisfies_is_named(schema: Schema) -> None:
    """Contradictions are reported, not raised."""
    assert compile_schema(schema).strategy is None


@pytest.mark.parametrize(
    ("schema", "refuses_nothing"),
    [
        ({}, True),
        ({"type": "object"}, True),
        ({"type": "object", "additionalProperties": True, "title": "T", "required": []}, True),
        ({"type": ["object", "null"], "properties": {"a": True, "b": {"title": "B"}}}, True),
        ({"anyOf": [{"type": "string"}, {"type": "object"}]}, True),
        ({"type": "object", "minProperties": 1}, False),
        ({"type": "object", "additionalProperties": False}, False),
        (_object(a={}), False),
        ({"properties": {"a": {"type": "string"}}}, False),
        ({"type": "string"}, False),
        ({"not": {"required": ["a"]}}, False),
    ],
)
def test_a_schema_that_refuses_no_object_is_recognised(schema: Schema, *, refuses_nothing: bool) -> None:
    """Such a schema cannot be broken."""
    assert compile_schema(schema).refuses_nothing is refuses_nothing


@pytest.mark.parametrize(
    ("schema", "place", "problem"),
    [
        ({"type": "strng"}, "/type", "strng"),
        ({"properties": {"a": {"minimum": "x"}}}, "/properties/a/minimum", "not of type"),
        ({"properties": {"a": "string"}}, "/properties/a", "string"),
        ({"properties": {"a": {"$ref": "#/$defs/Nope"}}}, "/properties/a", "refers to '#/$defs/Nope'"),
        ({"properties": {"enum": {"$ref": "#/x/1"}}, "x": [1]}, "/properties/enum", "refers to '#/x/1'"),
        ({"$ref": "#nowhere", "$defs": {"A": {"anyOf": [{}]}}}, "/", "refers to '#nowhere'"),
        ({"$ref": "#/type/deeper", "type": "object"}, "/", "refers to '#/type/deeper'"),
        ({"$ref": "https://elsewhere.test/schema.json"}, "/", "https://elsewhere.test/schema.json"),
        ({"properties": {"a": {"pattern": "["}}}, "/properties/a/pattern", "regular expression"),
        ({"allOf": 3}, "/allOf", "3"),
    ],
)
def test_an_invalid_schema_is_refused_with_place_and_remedy(schema: Schema, place: str, problem: str) -> None:
    """The message says where, what, and how to mend it."""
    with pytest.raises(SchemaError) as raised:
        compile_schema(schema)
    assert f"unusable at {place}: " in str(raised.value)
    assert problem in str(raised.value)
    assert raised.value.at in {place, ""}
    assert ";" in str(raised.value)


def test_the_declared_schema_is_left_alone() -> None:
    """Compiling changes nothing that the caller holds."""
    schema = {"type": "string", "nullable": True, "pattern": r"\Aa\Z"}
    compile_schema(schema)
    assert schema == {"type": "string", "nullable": True, "pattern": r"\Aa\Z"}


def test_names_that_look_like_keywords_are_names() -> None:
    """Members called `nullable`, `items`, `$ref`, `default` are members."""
    names = ["nullable", "items", "enum", "default", "dependencies", "id", "const"]
    schema = _object(**{name: {"type": "integer"} for name in names})
    assert {frozenset(value) for value in _values(schema)} == {frozenset(names)}


def test_many_alternatives_stay_affordable() -> None:
    """Products of alternatives are capped."""
    branches = [{"properties": {f"a{number}": {"const": number}}} for number in range(20)]
    schema: Schema = {"type": "object", "allOf": [{"anyOf": branches}] * 4}
    assert len(_values(schema, count=10)) > 1


def test_formats_are_asserted_by_the_validator() -> None:
    """`is_valid` refuses what only the format forbids."""
    compiled: Compiled = compile_schema(_object(day={"type": "string", "format": "date"}))
    assert compiled.is_valid({"day": "2024-02-29"})
    assert not compiled.is_valid({"day": "2023-02-29"})
    assert jsonschema_rs.is_valid({"type": "string", "format": "date"}, "2023-02-29")
