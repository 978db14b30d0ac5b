"""A JSON document with references, and a sample value of each schema in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["Document", "python_type"]

_DEPTH: Final = 8
_PROPERTIES: Final = 200
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

    def sample(self, schema: object, name: str, depth: int = 0) -> Any:
        """Return a value that a schema allows, its own example first."""
        about = self.mapping(schema)
        for key in ("example", "default", "const"):
            if key in about:
                return about[key]
        if values := self.items(about.get("enum")) or self.items(about.get("examples")):
            return values[0]
        for key in ("allOf", "oneOf", "anyOf"):
            if parts := self.items(about.get(key)):
                return self._of_parts(key, parts, name, depth)
        kind = _kind(about)
        if kind == "object":
            return self._object(about, depth)
        if kind == "array":
            return [self.sample(about.get("items"), name, depth + 1)] if depth < _DEPTH else []
        return self._scalar(about, kind, name)

    def _of_parts(self, key: str, parts: list[Any], name: str, depth: int) -> Any:
        if depth >= _DEPTH:
            return None
        found = [self.sample(part, name, depth + 1) for part in (parts if key == "allOf" else parts[:1])]
        if all(isinstance(each, dict) for each in found):
            return {member: value for each in found for member, value in each.items()}
        return found[0]

    def _object(self, about: Mapping[str, Any], depth: int) -> dict[str, Any]:
        if depth >= _DEPTH:
            return {}
        properties = list(self.mapping(about.get("properties")).items())[:_PROPERTIES]
        return {name: self.sample(part, name, depth + 1) for name, part in properties}

    def _scalar(self, about: Mapping[str, Any], kind: str, name: str) -> Any:
        if kind in _SAMPLES:
            least = about.get("minimum")
            return least if isinstance(least, int | float) and not isinstance(least, bool) else _SAMPLES[kind]
        text = _FORMATS.get(str(about.get("format"))) or f"{name}-1"
        least = about.get("minLength")
        return text.ljust(min(least, 1000), "x") if isinstance(least, int) else text


def python_type(schema: Mapping[str, Any]) -> str:
    """Return the annotation for a schema; ``Any`` where it says nothing that an annotation could."""
    return _TYPES.get(_kind(schema), "Any") if schema.get("type") or schema.get("properties") else "Any"


def _kind(about: Mapping[str, Any]) -> str:
    kind = about.get("type")
    if isinstance(kind, list):
        kind = next((each for each in kind if each != "null"), None)
    return kind if isinstance(kind, str) else "object" if about.get("properties") else "string"
