"""The conjunction of two schemas that hold no references and no alternatives at their top level."""

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from .json_values import Json, json_key

__all__ = ["conjoin"]

_TYPES: Final = ("null", "boolean", "integer", "number", "string", "array", "object")


def conjoin(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, Any] | None:
    """What both allow, None where no value can satisfy both.

    Two patterns or formats cannot be written as one: the left one stays, and the right one goes to `allOf`, where only
    the final validation heeds it.
    """
    merged = dict(left)
    for keyword, value in right.items():
        if keyword in {"properties", "additionalProperties", "prefixItems", "items"}:
            continue
        if keyword not in merged:
            merged[keyword] = value
        elif keyword in _MERGES:
            merged[keyword] = _MERGES[keyword](merged[keyword], value)
        elif merged[keyword] != value:
            merged["allOf"] = [*merged.get("allOf", []), {keyword: value}]
    merged.update(_objects(left, right))
    merged.update(_arrays(left, right))
    return None if merged.get("type") == [] or merged.get("enum") == [] else merged


def _objects(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    names = {**left.get("properties", {}), **right.get("properties", {})}
    if names:
        merged["properties"] = {name: _all([_property(left, name), _property(right, name)]) for name in names}
    if "additionalProperties" in left or "additionalProperties" in right:
        both = [side["additionalProperties"] for side in (left, right) if "additionalProperties" in side]
        merged["additionalProperties"] = _all(both)
    return merged


def _property(side: Mapping[str, Any], name: str) -> Json:
    if name in side.get("properties", {}):
        return side["properties"][name]
    return True if side.get("patternProperties") else side.get("additionalProperties", True)


def _arrays(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    length = max(len(left.get("prefixItems", [])), len(right.get("prefixItems", [])))
    if length:
        merged["prefixItems"] = [_all([_item(left, number), _item(right, number)]) for number in range(length)]
    if "items" in left or "items" in right:
        merged["items"] = _all([left.get("items", True), right.get("items", True)])
    return merged


def _item(side: Mapping[str, Any], number: int) -> Json:
    prefix = side.get("prefixItems", [])
    return prefix[number] if number < len(prefix) else side.get("items", True)


def _all(schemas: list[Json]) -> Json:
    """One schema for all of them."""
    if False in schemas:
        return False
    telling = [schema for schema in schemas if schema is not True and schema != {}]
    if len(telling) > 1:
        return telling[0] if telling[0] == telling[1] else {"allOf": telling}
    return telling[0] if telling else True


def _types(left: Json, right: Json) -> list[str]:
    def wide(types: Json) -> set[str]:
        listed = {types} if isinstance(types, str) else set(types)
        return listed | {"integer"} if "number" in listed else listed

    both = wide(left) & wide(right)
    return [name for name in _TYPES if name in both]


def _enum(left: list[Any], right: list[Any]) -> list[Any]:
    allowed = {json_key(value) for value in right}
    return [value for value in left if json_key(value) in allowed]


def _multiple(left: float, right: float) -> float:
    first, second = (Fraction(Decimal(repr(value))) for value in (left, right))
    common = Fraction(
        math.lcm(first.numerator * second.denominator, second.numerator * first.denominator),
        first.denominator * second.denominator,
    )
    return common.numerator if common.denominator == 1 else float(common)


def _named(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _all([left.get(name, True), right.get(name, True)]) for name in {**left, **right}}


def _union(left: list[str], right: list[str]) -> list[str]:
    return [*left, *(name for name in right if name not in left)]


def _dependents(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _union(left.get(name, []), right.get(name, [])) for name in {**left, **right}}


_MERGES: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "allOf": lambda left, right: [*left, *right],
    "dependentRequired": _dependents,
    "enum": _enum,
    "exclusiveMaximum": min,
    "exclusiveMinimum": max,
    "maxItems": min,
    "maxLength": min,
    "maxProperties": min,
    "maximum": min,
    "minItems": max,
    "minLength": max,
    "minProperties": max,
    "minimum": max,
    "multipleOf": _multiple,
    "patternProperties": _named,
    "required": _union,
    "type": _types,
    "uniqueItems": lambda left, right: left or right,
}
