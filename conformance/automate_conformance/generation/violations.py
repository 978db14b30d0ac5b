"""Payloads that break a declared schema, each in one way, enumerated rather than drawn.

The ways are the standard's (C10): missing, out of bounds, extra where forbidden, of a type that no lossless coercion
accepts (an object or an array for a scalar, a scalar for an object or an array); also a value that an enumeration or a
pattern refuses. What a lenient but lossless reader could still accept ("5" for 5, text with blanks around it, one item
for a list of one) is left out, and so are formats.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .breakage import Change, Step, Walk, lossless_readings, replaced
from .declared import Declared
from .json_values import Json, json_key

__all__ = ["Violation", "Violations", "violating_payloads"]

_MOST_CASES: Final = 200


@dataclass(frozen=True, slots=True)
class Violation:
    """One payload that the schema refuses.

    Attributes:
        payload: The payload.
        description: What is wrong with it and where, as "/pointer: …".
    """

    payload: dict[str, Any]
    description: str


@dataclass(frozen=True, slots=True)
class Violations:
    """All that were found, the simplest way of breaking each rule.

    Attributes:
        cases: The violations, by the order of the schema's properties.
    """

    cases: tuple[Violation, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing was found that the schema refuses."""
        return not self.cases


def violating_payloads(
    schema: Mapping[str, Any],
    base: Sequence[Mapping[str, Any]],
    *,
    accepts: Callable[[Any], bool] | None = None,
) -> Violations:
    """Break valid payloads in every way that the schema names.

    Args:
        schema: The declared schema, as for `compile_schema`.
        base: Valid payloads (generated ones and examples); the first that holds a place is broken there.
        accepts: Whether the action's model accepts a payload; what it accepts is no violation.

    Raises:
        SchemaError: The schema is no JSON Schema, or a reference leads nowhere.
    """
    declared = Declared(schema)
    refuses, walk = _Judge(declared, accepts), Walk(declared)
    found: dict[str, Violation] = {}
    known: set[Any] = set()
    for payload in [*filter(declared.accepts, base), {}]:
        for change in walk.changes(payload):
            broken = replaced(payload, change.path, change.value)
            key = json_key(broken)
            if change.description not in found and key not in known and refuses(payload, change):
                known.add(key)
                found[change.description] = Violation(broken, change.description)
    return Violations(tuple(found.values())[:_MOST_CASES])


class _Judge:
    """Whether a change makes a payload that every lossless reader has to refuse."""

    def __init__(self, declared: Declared, accepts: Callable[[Any], bool] | None) -> None:
        self._declared = declared
        self._accepts = accepts

    def __call__(self, payload: Mapping[str, Any], change: Change) -> bool:
        return not any(self._allowed(reading) for reading in self._readings(payload, change.path, change.value))

    def _readings(self, payload: Mapping[str, Any], path: Sequence[Step], value: Json) -> Iterator[dict[str, Any]]:
        yield replaced(payload, path, value)
        for reading in lossless_readings(value):
            yield replaced(payload, path, reading)

    def _allowed(self, payload: dict[str, Any]) -> bool:
        return self._declared.accepts(payload) or (self._accepts is not None and self._accepts(payload))
