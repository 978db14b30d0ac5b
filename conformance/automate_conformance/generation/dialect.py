"""Bring a declared schema, of whichever draft, into the one form that the generator and the validator share.

The form is JSON Schema 2020-12 whose references are absolute, so that any fragment of it can be validated on its own.
Drafts 4 to 7 and OpenAPI 3.0 differ from it in few keywords: `nullable`, boolean `exclusiveMinimum`, `items` as a
list, `dependencies`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import jsonschema_rs

from .errors import SchemaError
from .json_values import Json

__all__ = ["ROOT_URI", "children", "modernise", "pointer", "resolve_pointer"]

ROOT_URI: Final = "urn:automate-conformance:schema"

_ONE: Final = frozenset(
    {
        "additionalItems",
        "additionalProperties",
        "contains",
        "contentSchema",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)
_MANY: Final = frozenset({"allOf", "anyOf", "items", "oneOf", "prefixItems"})
_NAMED: Final = frozenset({"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"})
_DEFINITIONS: Final = frozenset({"$defs", "definitions"})
_DROPPED: Final = frozenset({"$id", "$schema", "id"})


def pointer(at: str, *parts: str | int) -> str:
    """The JSON pointer below `at` (RFC 6901: `~` and `/` escaped)."""
    return at + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def resolve_pointer(root: Json, path: str) -> Json:
    """What `path` points to in `root`; LookupError where there is nothing."""
    found = root
    for part in path.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        found = found[int(key)] if isinstance(found, list) else found[key]
    return found


def children(node: Mapping[str, Any], at: str) -> Iterator[tuple[str, Any]]:
    """The schemas directly inside a schema in the shared form, definitions apart, each with its pointer."""
    for key, value in node.items():
        place = pointer(at, key)
        if key in _ONE and isinstance(value, Mapping):
            yield place, value
        elif key in _MANY and isinstance(value, list):
            yield from ((pointer(place, number), item) for number, item in enumerate(value))
        elif key in _NAMED - _DEFINITIONS and isinstance(value, Mapping):
            yield from ((pointer(place, name), item) for name, item in value.items())


def modernise(schema: Mapping[str, Any], note: Callable[[str], None]) -> dict[str, Any]:
    """A copy of `schema` in the shared form.

    Args:
        schema: The declared schema.
        note: Told about each pattern that had to be left out because the validator cannot read it.

    Raises:
        SchemaError: A pattern is no regular expression.
    """
    return _Moderniser(str(schema.get("$id", "")), note).mapping(schema, "")


class _Moderniser:
    """Walks the places of a schema that hold schemas, and leaves instances (`enum`, `default`, …) alone."""

    def __init__(self, identifier: str, note: Callable[[str], None]) -> None:
        self._identifier = identifier.rstrip("#")
        self._note = note

    def mapping(self, node: Mapping[str, Any], at: str) -> dict[str, Any]:
        """One schema that is written as an object."""
        modern = {key: value for key, value in self._entries(node, at) if key not in _DROPPED}
        for translate in (_nullable, _boolean_bounds, _listed_items, _dependencies):
            translate(modern)
        return self._with_pattern(modern, at)

    def _entries(self, node: Mapping[str, Any], at: str) -> Iterator[tuple[str, Any]]:
        for key, value in node.items():
            place = pointer(at, key)
            if key == "$ref" and isinstance(value, str):
                yield key, self._absolute(value)
            elif key in _MANY and isinstance(value, list):
                yield key, [self._schema(item, pointer(place, number)) for number, item in enumerate(value)]
            elif key in _NAMED and isinstance(value, Mapping):
                yield key, {name: self._schema(item, pointer(place, name)) for name, item in value.items()}
            elif key in _ONE:
                yield key, self._schema(value, place)
            elif key == "components" and isinstance(value, Mapping) and isinstance(value.get("schemas"), Mapping):
                named = value["schemas"].items()
                yield (
                    key,
                    {"schemas": {name: self._schema(item, pointer(place, "schemas", name)) for name, item in named}},
                )
            else:
                yield key, value

    def _schema(self, node: Json, at: str) -> Json:
        return self.mapping(node, at) if isinstance(node, Mapping) else node

    def _absolute(self, reference: str) -> str:
        local = reference.removeprefix(self._identifier) if self._identifier else reference
        return ROOT_URI + local if local.startswith("#") else reference

    def _with_pattern(self, node: dict[str, Any], at: str) -> dict[str, Any]:
        if isinstance(node.get("pattern"), str):
            translated = self._pattern(node.pop("pattern"), pointer(at, "pattern"))
            node["not" if translated is None else "pattern"] = {} if translated is None else translated
        if isinstance(named := node.get("patternProperties"), dict):
            pairs = [(self._pattern(key, pointer(at, "patternProperties", key)), value) for key, value in named.items()]
            node["patternProperties"] = {key: value for key, value in pairs if key is not None}
        return node

    def _pattern(self, pattern: str, at: str) -> str | None:
        """The pattern in words that the validator reads, None where there are none."""
        translated = _ecma(pattern)
        if _is_ecma(translated):
            return translated
        try:
            re.compile(_python(pattern))
        except re.error as error:
            problem = f"{pattern!r} is not a regular expression ({error})"
            raise SchemaError(at, problem, "write it as ECMA 262 does, see https://json-schema.org") from None
        self._note(f"{at}: {pattern!r}, which is beyond the validator's regular expressions")
        return None


def _ecma(pattern: str) -> str:
    r"""Python's anchors `\A` and `\Z` in the words that every engine knows."""
    return re.sub(
        r"\\(.)", lambda match: {"A": "^", "Z": r"(?![\s\S])"}.get(match[1], match[0]), pattern, flags=re.DOTALL
    )


def _python(pattern: str) -> str:
    """ECMA 262's named groups in Python's words."""
    return re.sub(r"\\k<(\w+)>", r"(?P=\1)", re.sub(r"\(\?<(?=\w)", "(?P<", pattern))


def _is_ecma(pattern: str) -> bool:
    try:
        jsonschema_rs.validator_for({"pattern": pattern})
    except jsonschema_rs.ValidationError:
        return False
    return True


def _nullable(node: dict[str, Any]) -> None:
    """OpenAPI 3.0: `nullable` adds null to the types, and to an enum."""
    if node.pop("nullable", False) is not True:
        return
    if "$ref" in node or any(key in node for key in ("allOf", "anyOf", "oneOf")):
        others = {key: node.pop(key) for key in list(node) if key not in {"$defs", "definitions", "components"}}
        node["anyOf"] = [others, {"type": "null"}]
        return
    if isinstance(declared := node.get("type"), str | list):
        node["type"] = [*([declared] if isinstance(declared, str) else declared), "null"]
    if isinstance(node.get("enum"), list) and None not in node["enum"]:
        node["enum"] = [*node["enum"], None]


def _boolean_bounds(node: dict[str, Any]) -> None:
    """Draft 4: `exclusiveMinimum: true` makes `minimum` exclusive."""
    for exclusive, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(node.get(exclusive), bool) and node.pop(exclusive) and inclusive in node:
            node[exclusive] = node.pop(inclusive)


def _listed_items(node: dict[str, Any]) -> None:
    """Draft 7 and before: `items` as a list is today's `prefixItems`, `additionalItems` today's `items`."""
    rest = node.pop("additionalItems", True)
    if isinstance(node.get("items"), list):
        node["prefixItems"] = node.pop("items")
        node["items"] = rest


def _dependencies(node: dict[str, Any]) -> None:
    """Draft 7 and before: one keyword for `dependentRequired` and `dependentSchemas`."""
    if not isinstance(node.get("dependencies"), Mapping):
        return
    for name, value in node.pop("dependencies").items():
        target = "dependentRequired" if isinstance(value, list) else "dependentSchemas"
        node[target] = {**node.get(target, {}), name: value}
