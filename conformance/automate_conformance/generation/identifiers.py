"""Operation ids for keyed actions: UUID4 strings where the key's field allows them, else generated from its schema."""

import random
import re
import string
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from .declared import Declared
from .dialect import ROOT_URI
from .drawing import draw
from .schemas import compile_schema

__all__ = ["field_schema", "first_character_pair", "last_character_pair", "operation_ids"]

_BATCH: Final = 25
_EMPTY_BATCHES: Final = 2
_CANDIDATES: Final = 40
_CHARACTERS: Final = string.hexdigits[:16] + string.ascii_letters[6:] + string.digits + "-_"
_DEFINITIONS: Final[tuple[str, ...]] = ("$defs", "components", "definitions")

_FORMS: Final[tuple[Callable[[uuid.UUID], str], ...]] = (
    str,
    lambda made: made.hex,
    lambda made: made.hex[:20],
    lambda made: made.hex[:16],
    lambda made: made.hex[:10],
)
"""The id as UUID4, or as much of it as a field of limited length or alphabet allows."""

Accepts = Callable[[Any], bool] | None


def field_schema(schema: Mapping[str, Any], field: str) -> dict[str, Any]:
    """The schema of one payload field, with the definitions that it may refer to; `{}` if it is not declared.

    Raises:
        SchemaError: The schema is no JSON Schema, or a reference leads nowhere.
    """
    declared = Declared(schema)
    for flat in declared.alternatives(declared.root, "", declared.deepest):
        if field in flat.keywords.get("properties", {}):
            found = flat.keywords["properties"][field]
            shared = {key: declared.root[key] for key in _DEFINITIONS if key in declared.root}
            return {"$id": ROOT_URI, **shared, "allOf": [found]}
    return {}


def operation_ids(schema: Mapping[str, Any], *, seed: int, accepts: Accepts = None) -> Iterator[Any]:
    """Distinct operation ids, the same ones for the same seed; it ends where the schema allows no more.

    Args:
        schema: The schema of the key's field (see `field_schema`).
        seed: What decides which ones.
        accepts: Whether the action's model accepts the id, where there is a model.

    Raises:
        SchemaError: The schema is no JSON Schema, or a reference leads nowhere.
    """
    allows = _allowing(schema, accepts)
    source = random.Random(seed)  # noqa: S311 - reproducible ids for a test, no secrets
    first = _uuid4(source)
    form = next((form for form in _FORMS if allows(form(first))), None)
    if form is None:
        yield from _generated(schema, seed, accepts)
        return
    while True:
        yield form(first)
        first = _uuid4(source)


def first_character_pair(schema: Mapping[str, Any], *, seed: int, accepts: Accepts = None) -> tuple[Any, Any] | None:
    """Two valid ids that differ in the first character only; None where the schema does not allow it."""
    return _pair(schema, seed, accepts, lambda text, char: char + text[1:])


def last_character_pair(schema: Mapping[str, Any], *, seed: int, accepts: Accepts = None) -> tuple[Any, Any] | None:
    """Two valid ids that differ in the last character only; None where the schema does not allow it."""
    return _pair(schema, seed, accepts, lambda text, char: text[:-1] + char)


def _uuid4(source: random.Random) -> uuid.UUID:
    return uuid.UUID(int=source.getrandbits(128), version=4)


def _plain_first(batch: list[Any]) -> list[Any]:
    """Without the ids that a header could not carry, unless there are no others."""
    plain = [value for value in batch if re.fullmatch(r"[!-~]+", str(value))]
    return plain or batch


def _allowing(schema: Mapping[str, Any], accepts: Accepts) -> Callable[[Any], bool]:
    declared = Declared(schema)
    return lambda value: declared.accepts(value) and (accepts is None or accepts(value))


def _generated(schema: Mapping[str, Any], seed: int, accepts: Accepts) -> Iterator[Any]:
    strategy = compile_schema(schema, payload=False).payloads(accepts).strategy
    known: set[str] = set()
    empty = 0 if strategy is not None else _EMPTY_BATCHES
    while strategy is not None and empty < _EMPTY_BATCHES:
        batch = [value for value in draw(strategy, seed=seed, count=_BATCH) if value and repr(value) not in known]
        seed += 1
        empty = 0 if batch else empty + 1
        known.update(map(repr, batch))
        yield from _plain_first(batch)


def _pair(
    schema: Mapping[str, Any], seed: int, accepts: Accepts, change: Callable[[str, str], str]
) -> tuple[Any, Any] | None:
    allows = _allowing(schema, accepts)
    for _, known in zip(range(_CANDIDATES), operation_ids(schema, seed=seed, accepts=accepts), strict=False):
        if isinstance(known, bool) or not isinstance(known, str | int):
            continue
        for char in _CHARACTERS:
            other = _changed(known, char, change)
            if other is not None and other != known and allows(other):
                return known, other
    return None


def _changed(known: str | int, char: str, change: Callable[[str, str], str]) -> str | int | None:
    """The id with one character replaced, as long as ever; None where that is no id of its kind."""
    text = change(str(known), char)
    if isinstance(known, str):
        return text
    return int(text) if text.isdecimal() and len(str(int(text))) == len(str(known)) else None
