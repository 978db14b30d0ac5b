"""JSON values, and when two of them are the same."""

from collections.abc import Mapping
from typing import Any, TypeAlias

__all__ = ["Json", "json_key"]

Json: TypeAlias = Any
"""Any JSON value, a schema included: what mypy could check of the recursive union is less than it would hide."""


def json_key(value: Json) -> tuple[str, object]:
    """A hashable that is equal for values that JSON Schema calls equal (1 and 1.0 are, 1 and true are not)."""
    if isinstance(value, Mapping):
        return "object", frozenset((key, json_key(item)) for key, item in value.items())
    if isinstance(value, list | tuple):
        return "array", tuple(json_key(item) for item in value)
    return ("boolean" if isinstance(value, bool) else ""), value
