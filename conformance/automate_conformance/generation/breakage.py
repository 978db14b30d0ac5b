"""The single changes that break a payload somewhere, found by walking the schema and the payload together."""

import contextlib
import copy
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .declared import Declared, Flat
from .dialect import pointer
from .json_values import Json
from .values import types_of

__all__ = ["MISSING", "Change", "Step", "Walk", "lossless_readings", "replaced"]

Step = str | int

MISSING: Final = object()
"""As a change's value: the member is left out."""

_DEEPEST: Final = 3
_LONGEST_TEXT: Final = 20_000
_MOST_ITEMS: Final = 1_000
_SCALARS: Final = frozenset({"boolean", "integer", "null", "number", "string"})
_FOREIGN: Final = "☃"
_BREAKING: Final = (_FOREIGN, "!", "/", "\n", "a", "0", "Z", "_")
_EXTRA: Final = "unexpected_extra_member"
_WORDS: Final = {True: ("true", 1), False: ("false", 0)}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do to a payload.

    Attributes:
        path: Keys and indexes that lead to the place.
        value: What to put there, or MISSING.
        description: What is wrong then, and where.
    """

    path: tuple[Step, ...]
    value: Json
    description: str


def replaced(payload: Json, path: Sequence[Step], value: Json) -> Json:
    """A deep copy of the payload with one place changed."""
    if not path:
        return copy.deepcopy(value)
    changed = copy.deepcopy(payload)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    if value is MISSING:
        holder.pop(path[-1], None)
    else:
        holder[path[-1]] = copy.deepcopy(value)
    return changed


def lossless_readings(value: Json) -> Iterator[Any]:
    """What a lenient reader could make of a scalar without losing anything; containers are left as they are."""
    if isinstance(value, bool):
        yield from _WORDS[value]
    elif isinstance(value, int | float):
        yield str(value)
        if value in (0, 1):
            yield bool(value)
        if math.isfinite(value) and value == (whole := math.trunc(value)):
            yield from (whole, str(whole))
    elif isinstance(value, str):
        yield from (value.strip(), value.lower(), value.upper(), value.strip().casefold())
        yield from _parsed(value)


def _parsed(text: str) -> Iterator[Any]:
    with contextlib.suppress(ValueError):
        if math.isfinite(number := float(text)):
            yield number
        yield int(text)
    if (word := text.strip().lower()) in {"true", "false"}:
        yield word == "true"


class Walk:
    """Goes down as far as the payload, the schema and a fixed depth allow.

    Of members whose names the schema does not list, the first one met stands for all, so one walk is used for all
    payloads.
    """

    def __init__(self, declared: Declared) -> None:
        self._declared = declared
        self._free: dict[tuple[Step, ...], str] = {}

    def changes(self, payload: Json) -> Iterator[Change]:
        """Every change that may break the payload; whether it does is for a validator to say."""
        return self._at(self._declared.root, Flat({}, "", self._declared.deepest + _DEEPEST), (), payload)

    def _at(self, node: Json, place: Flat, path: tuple[Step, ...], value: Json) -> Iterator[Change]:
        """The changes at one place and below it; of the alternatives, those that the value's type fits."""
        flats = self._declared.alternatives(node, place.at, place.budget)
        if path:
            yield from _wrong_types(flats, path, self._declared.validator(node))
        for flat in flats:
            if value is not MISSING:
                yield from self._wrong_values(flat, path, value)

    def _wrong_values(self, flat: Flat, path: tuple[Step, ...], value: Json) -> Iterator[Change]:
        if "enum" in flat.keywords:
            yield from _foreign(flat.keywords["enum"], path)
        elif isinstance(value, str):
            yield from _texts(flat, path, value)
        elif isinstance(value, bool):
            return
        elif isinstance(value, int | float):
            yield from _numbers(flat, path, value)
        elif isinstance(value, list):
            yield from self._arrays(flat, path, value)
        elif isinstance(value, dict):
            yield from self._objects(flat, path, value)

    def _objects(self, flat: Flat, path: tuple[Step, ...], value: dict[str, Any]) -> Iterator[Change]:
        keywords, where = flat.keywords, pointer("", *path) or "/"
        if not _may_be(flat, "object"):
            return
        for name in keywords.get("required", ()):
            yield Change((*path, name), MISSING, f"{pointer('', *path, name)}: required, but missing")
        if keywords.get("additionalProperties") is False:
            yield Change((*path, _EXTRA), 1, f"{pointer('', *path, _EXTRA)}: extra, where the schema forbids extras")
        yield from self._counts(keywords, path, value, where)
        if len(path) < _DEEPEST:
            for name, node in keywords.get("properties", {}).items():
                yield from self._at(node, flat.below("properties", name), (*path, name), value.get(name, MISSING))
            yield from self._free_members(flat, path, value)

    def _free_members(self, flat: Flat, path: tuple[Step, ...], value: dict[str, Any]) -> Iterator[Change]:
        """One member that only `additionalProperties` describes."""
        node = flat.keywords.get("additionalProperties")
        if not isinstance(node, Mapping):
            return
        free = [name for name in value if name not in flat.keywords.get("properties", {})]
        if free and self._free.setdefault(path, free[0]) in free:
            name = self._free[path]
            yield from self._at(node, flat.below("additionalProperties"), (*path, name), value[name])

    @staticmethod
    def _counts(
        keywords: Mapping[str, Any], path: tuple[Step, ...], value: dict[str, Any], where: str
    ) -> Iterator[Change]:
        least, most = int(keywords.get("minProperties", 0)), keywords.get("maxProperties")
        if least > 0 and len(value) >= least:
            kept = dict(list(value.items())[: least - 1])
            yield Change(path, kept, f"{where}: {least - 1} members, at least {least} expected")
        if most is not None and most < _MOST_ITEMS:
            many = value | {f"{_EXTRA}_{number}": 1 for number in range(int(most) + 1 - len(value))}
            yield Change(path, many, f"{where}: {len(many)} members, at most {most} allowed")

    def _arrays(self, flat: Flat, path: tuple[Step, ...], value: list[Any]) -> Iterator[Change]:
        keywords, where = flat.keywords, pointer("", *path)
        if not _may_be(flat, "array"):
            return
        least, most = int(keywords.get("minItems", 0)), keywords.get("maxItems")
        if least > 0 and len(value) >= least:
            yield Change(path, value[: least - 1], f"{where}: {least - 1} items, at least {least} expected")
        if most is not None and most < _MOST_ITEMS and value:
            long = (value * (int(most) // len(value) + 1))[: int(most) + 1]
            yield Change(path, long, f"{where}: {len(long)} items, at most {most} allowed")
        if len(path) < _DEEPEST and value:
            prefix = keywords.get("prefixItems", [])
            node = prefix[0] if prefix else keywords.get("items", True)
            place = flat.below("prefixItems", 0) if prefix else flat.below("items")
            yield from self._at(node, place, (*path, 0), value[0])


def _may_be(flat: Flat, name: str) -> bool:
    declared = flat.keywords.get("type")
    return declared is None or name in declared


def _wrong_types(flats: Sequence[Flat], path: tuple[Step, ...], fits: Callable[[Any], bool]) -> Iterator[Change]:
    """Objects and arrays for scalars, scalars for objects and arrays."""
    types = {name for flat in flats for name in (_types_of_enum(flat) or types_of(flat.keywords))}
    where = pointer("", *path)
    if types and types <= _SCALARS:
        expected = "/".join(sorted(types))
        yield Change(path, {"unexpected": "object"}, f"{where}: an object, where {expected} is expected")
        yield Change(path, ["unexpected", "array"], f"{where}: an array, where {expected} is expected")
    elif types and not types & (_SCALARS - {"null"}):
        expected = "/".join(sorted(types))
        for scalar in (f"{_FOREIGN} a scalar", 7):
            if not fits([scalar]):
                yield Change(path, scalar, f"{where}: the scalar {scalar!r}, where {expected} is expected")


def _types_of_enum(flat: Flat) -> set[str]:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return {names.get(type(value), "null") for value in flat.keywords.get("enum", ())}


def _foreign(allowed: Sequence[Any], path: tuple[Step, ...]) -> Iterator[Change]:
    """A value of the same type as the allowed ones, but far from all of them."""
    where = pointer("", *path)
    if any(isinstance(value, str) for value in allowed):
        foreign = f"{_FOREIGN} none of them"
        yield Change(path, foreign, f"{where}: {foreign!r} is none of the values allowed")
    numbers = [value for value in allowed if isinstance(value, int | float) and not isinstance(value, bool)]
    if numbers:
        beyond = math.floor(max(numbers)) + 1_000
        yield Change(path, beyond, f"{where}: {beyond} is none of the values allowed")
    flags = {value for value in allowed if isinstance(value, bool)}
    if len(flags) == 1:
        other = not flags.pop()
        yield Change(path, other, f"{where}: {str(other).lower()} is not allowed")


def _texts(flat: Flat, path: tuple[Step, ...], value: str) -> Iterator[Change]:
    keywords, where = flat.keywords, pointer("", *path)
    if not _may_be(flat, "string"):
        return
    least, most = int(keywords.get("minLength", 0)), keywords.get("maxLength")
    if least > 0:
        short = value.strip()[: least - 1]
        yield Change(path, short, f"{where}: {least - 1} characters, at least {least} expected")
    if most is not None and most < _LONGEST_TEXT:
        long = value.strip() + (value[-1:].strip() or "x") * (int(most) + 1 - len(value.strip()))
        yield Change(path, long, f"{where}: {len(long)} characters, at most {most} allowed")
    if "pattern" in keywords:
        for char in _BREAKING:
            text = char * max(1, least)
            yield Change(path, text, f"{where}: text that breaks the pattern {keywords['pattern']!r}")
        yield Change(path, "", f"{where}: text that breaks the pattern {keywords['pattern']!r}")


def _numbers(flat: Flat, path: tuple[Step, ...], value: float) -> Iterator[Change]:
    keywords, where = flat.keywords, pointer("", *path)
    for keyword, beyond, sign in (
        ("minimum", "at least {} expected", -1),
        ("exclusiveMinimum", "more than {} expected", -1),
        ("maximum", "at most {} allowed", 1),
        ("exclusiveMaximum", "less than {} expected", 1),
    ):
        if keyword in keywords:
            bound = keywords[keyword]
            outside = bound if keyword.startswith("exclusive") else _beyond(bound, sign)
            yield Change(path, outside, f"{where}: {outside}, {beyond.format(bound)}")
    if "multipleOf" in keywords:
        step = keywords["multipleOf"]
        off = value + (1 if isinstance(value, int) and step > 1 else step / 2)
        yield Change(path, off, f"{where}: no multiple of {step}")


def _beyond(bound: float, sign: int) -> float:
    """The next whole number outside; next to it where floats cannot count in ones any more."""
    outside = bound + sign
    return outside if outside != bound else bound * 2 * (1 if (bound > 0) == (sign > 0) else -1)
