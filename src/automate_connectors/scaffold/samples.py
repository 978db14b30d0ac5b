"""A document with references: a sample value of each schema in it, and the annotation of such values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["Document"]

_DEPTH: Final = 8
_PROPERTIES: Final = 200
#: Values in one sample: schemas that hold each other in many places double with each level.
_VALUES: Final = 500
#: Alternatives of a schema that are looked at, and how deep.
_CHOICES: Final = 20
_CHOICE_DEPTH: Final = 3
_COMBINED: Final = ("allOf", "oneOf", "anyOf")
_FORMATS: Final = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "email": "ada@example.test",
    "uri": "https://example.test/",
    "uuid": "3f0c2a1e-5d64-4c7e-9a57-0b6b5a1d2c3e",
}
_SAMPLES: Final = {"integer": 1, "number": 1.5, "boolean": True}
_TYPES: Final = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "array": "list[Any]",
    "object": "dict[str, Any]",
}


@dataclass(frozen=True, slots=True)
class Document:
    """The document; `root` is its outermost object."""

    root: Mapping[str, Any]

    def mapping(self, value: object) -> Mapping[str, Any]:
        """Return an object, its reference followed; an empty one where there is none."""
        for _ in range(_DEPTH):
            if not isinstance(value, dict):
                return {}
            reference = value.get("$ref")
            if not isinstance(reference, str):
                return {key: part for key, part in value.items() if isinstance(key, str)}
            value = self._at(reference)
        return {}

    def items(self, value: object) -> list[Any]:
        """Return a list, empty where there is none."""
        return value if isinstance(value, list) else []

    def _at(self, reference: str) -> object:
        """Return what a local reference such as ``#/components/schemas/Pet`` leads to."""
        place: object = self.root
        if not reference.startswith("#/"):
            return None
        for part in reference[2:].split("/"):
            place = place.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(place, dict) else None
        return place

    def sample(self, schema: object, name: str) -> Any:
        """Return a value that a schema allows, its own example first."""
        return _Sampler(self).value(schema, name)

    def annotation(self, schema: object, depth: int = 0) -> str:
        """Return the annotation for a schema, null left out; ``Any`` where it says nothing that an annotation could."""
        about = self.mapping(schema)
        if parts := self._alternatives(about):
            found = {self.annotation(part, depth + 1) for part in parts} if depth < _CHOICE_DEPTH else set[str]()
            return found.pop() if len(found) == 1 else "Any"
        kinds = [kind for kind in _kinds(about) if kind != "null"]
        kind = _TYPES.get(kinds[0], "Any") if len(kinds) == 1 else "Any"
        if kind == "list[Any]" and depth < _CHOICE_DEPTH:
            return f"list[{self.annotation(about.get('items'), _CHOICE_DEPTH)}]"
        return kind

    def nullable(self, schema: object) -> bool:
        """Return whether a schema allows null, as OpenAPI 3.0 or JSON Schema says it."""
        about = self.mapping(schema)
        parts = [self.mapping(part) for key in ("oneOf", "anyOf") for part in self.items(about.get(key))[:_CHOICES]]
        return about.get("nullable") is True or any("null" in _kinds(each) for each in [about, *parts])

    def members(self, schema: object, depth: int = 0) -> tuple[dict[str, Any], set[str]]:
        """Return the properties of an object's schema and the names of those that are required, allOf included."""
        about = self.mapping(schema)
        properties = dict(list(self.mapping(about.get("properties")).items())[:_PROPERTIES])
        required = {name for name in self.items(about.get("required")) if isinstance(name, str)}
        for part in self.items(about.get("allOf"))[:_CHOICES] if depth < _CHOICE_DEPTH else ():
            further, more = self.members(part, depth + 1)
            properties, required = {**properties, **further}, required | more
        return properties, required

    def _alternatives(self, about: Mapping[str, Any]) -> list[Any]:
        parts = [part for key in _COMBINED for part in self.items(about.get(key))]
        return [part for part in parts[:_CHOICES] if _kinds(self.mapping(part)) != ["null"]]


class _Sampler:
    """Makes one sample, of no more values than anybody reads; a schema inside itself is left out."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._left = _VALUES
        self._inside: list[str] = []

    def value(self, schema: object, name: str) -> Any:
        self._left -= 1
        self._inside.append(_reference(schema))
        try:
            return self._value(self._document.mapping(schema), name)
        finally:
            self._inside.pop()

    def _value(self, about: Mapping[str, Any], name: str) -> Any:
        for key in ("example", "default", "const"):
            if key in about:
                return about[key]
        if values := self._document.items(about.get("enum")) or self._document.items(about.get("examples")):
            return values[0]
        for key in _COMBINED:
            if parts := self._document.items(about.get(key)):
                return self._of_parts(parts[:_CHOICES] if key == "allOf" else parts[:1], name)
        kind = next((each for each in _kinds(about) if each != "null"), "string")
        if kind == "object":
            members = list(self._document.mapping(about.get("properties")).items())[:_PROPERTIES]
            return {member: self.value(part, member) for member, part in members if self._goes_on(part)}
        if kind == "array":
            return [self.value(about.get("items"), name)] if self._goes_on(about.get("items")) else []
        return _scalar(about, kind, name)

    def _goes_on(self, schema: object) -> bool:
        reference = _reference(schema)
        return len(self._inside) <= _DEPTH and self._left > 0 and not (reference and reference in self._inside)

    def _of_parts(self, parts: list[Any], name: str) -> Any:
        found = [self.value(part, name) for part in parts if self._goes_on(part)]
        if all(isinstance(each, dict) for each in found):
            return {member: value for each in found for member, value in each.items()}
        return found[0]


def _reference(schema: object) -> str:
    found = schema.get("$ref") if isinstance(schema, dict) else None
    return found if isinstance(found, str) else ""


def _scalar(about: Mapping[str, Any], kind: str, name: str) -> Any:
    if kind in _SAMPLES:
        least = about.get("minimum")
        return least if isinstance(least, int | float) and not isinstance(least, bool) else _SAMPLES[kind]
    text = _FORMATS.get(str(about.get("format"))) or f"{name}-1"
    least = about.get("minLength")
    return text.ljust(min(least, 1000), "x") if isinstance(least, int) else text


def _kinds(about: Mapping[str, Any]) -> list[str]:
    """Return the types that a schema names; an object that only has properties is one."""
    named = about.get("type")
    kinds = [each for each in (named if isinstance(named, list) else [named]) if isinstance(each, str)]
    return kinds or (["object"] if about.get("properties") else [])
