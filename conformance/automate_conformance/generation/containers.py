"""Strategies of objects and arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .json_values import json_key
from .numeric import between
from .text import Hidden

__all__ = ["ArrayShape", "ObjectShape", "arrays", "objects"]

_MORE: Final = 3
"""How many extra members, and items beyond the least, are drawn at most."""

_LONGEST_EDGE: Final = 25
_TRIES: Final = 10


@dataclass(frozen=True, slots=True)
class ObjectShape:
    """What an object may hold; `extras` are pairs of strategies of names and values."""

    required: Mapping[str, SearchStrategy[Any]]
    optional: Mapping[str, SearchStrategy[Any]]
    extras: Sequence[tuple[SearchStrategy[str], SearchStrategy[Any]]]
    least: int
    most: int | None
    dependents: Mapping[str, Sequence[str]]

    @property
    def possible(self) -> bool:
        """Whether the counts can be met."""
        enough = bool(self.extras) or self.least <= len(self.required) + len(self.optional)
        return enough and (self.most is None or self.most >= max(self.least, len(self.required)))

    def close(self, names: list[str]) -> list[str]:
        """The names with those that they depend on."""
        closed = dict.fromkeys(names)
        for name in names:
            closed.update(dict.fromkeys(self.dependents.get(name, ())))
        return list(closed) if len(closed) == len(names) else self.close(list(closed))


@dataclass(frozen=True, slots=True)
class ArrayShape:
    """What an array may hold: the first items each of their own, then `items`."""

    prefix: Sequence[SearchStrategy[Any]]
    items: SearchStrategy[Any]
    least: int
    most: int | None
    unique: bool

    @property
    def room(self) -> int | None:
        """How many items there can be at most; None when there is no end."""
        usable = next((number for number, made in enumerate(self.prefix) if made.is_empty), len(self.prefix))
        if usable < len(self.prefix) or self.items.is_empty:
            return usable if self.most is None else min(self.most, usable)
        return self.most

    @property
    def possible(self) -> bool:
        """Whether the counts can be met."""
        return self.room is None or self.room >= self.least


def objects(shape: ObjectShape) -> SearchStrategy[dict[str, Any]]:
    """Objects of the shape."""
    return _objects(Hidden(shape))


@st.composite
def _objects(draw: DrawFn, hidden: Hidden[ObjectShape]) -> dict[str, Any]:
    shape = hidden.value
    room = None if shape.most is None else shape.most - len(shape.required)
    chosen = _chosen(draw, shape)[: None if room is None else max(0, room)]
    names = shape.close([*shape.required, *chosen])
    members = {**shape.required, **shape.optional}
    if any(name not in members for name in names):
        reject()
    drawn = {name: draw(members[name]) for name in names}
    _add_extras(draw, shape, drawn)
    return drawn


def _chosen(draw: DrawFn, shape: ObjectShape) -> list[str]:
    """Each optional name or not, and enough of them where there are no extras to make up for it."""
    chosen = [name for name in shape.optional if draw(st.booleans())]
    missing = 0 if shape.extras else shape.least - len(shape.required) - len(chosen)
    rest = [name for name in shape.optional if name not in chosen]
    return [*chosen, *rest[: max(0, missing)]]


def _add_extras(draw: DrawFn, shape: ObjectShape, drawn: dict[str, Any]) -> None:
    if not shape.extras:
        return
    least = max(0, shape.least - len(drawn))
    most = least + _MORE if shape.most is None else min(shape.most - len(drawn), least + _MORE)
    wanted = len(drawn) + draw(between(least, max(least, most)))
    for _ in range(wanted * _TRIES):
        if len(drawn) >= wanted:
            return
        names, values = draw(st.sampled_from(list(shape.extras)))
        if (name := draw(names)) not in drawn:
            drawn[name] = draw(values)
    if len(drawn) < shape.least:
        reject()


def arrays(shape: ArrayShape) -> SearchStrategy[list[Any]]:
    """Arrays of the shape: mostly short ones, now and then as long as they may be."""
    usual = max(shape.least, len(shape.prefix)) + _MORE
    most = usual if shape.room is None else min(usual, shape.room)
    lengths = between(shape.least, most)
    if shape.room is not None and most < shape.room <= _LONGEST_EDGE:
        lengths = st.one_of(lengths, lengths, st.just(shape.room))
    return lengths.flatmap(lambda length: _arrays(Hidden(shape), length))


@st.composite
def _arrays(draw: DrawFn, hidden: Hidden[ArrayShape], length: int) -> list[Any]:
    shape = hidden.value
    items: list[Any] = []
    seen: set[Any] = set()
    for _ in range(length * (_TRIES if shape.unique else 1)):
        if len(items) == length:
            break
        value = draw(shape.prefix[len(items)] if len(items) < len(shape.prefix) else shape.items)
        key = json_key(value) if shape.unique else None
        if key is None or key not in seen:
            items.append(value)
            seen.add(key)
    if len(items) < shape.least:
        reject()
    return items
