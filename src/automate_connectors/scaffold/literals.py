"""Values of JSON as Python source, laid out as a formatter leaves it."""

from collections.abc import Iterable
from typing import Any, Final

__all__ = ["literal"]

_WIDTH: Final = 120
_STEP: Final = 4


def literal(value: Any, indent: int = 0, before: int = 0, after: int = 1) -> str:
    """Return a value as Python in ASCII: on one line where it fits, else a member a line.

    Args:
        value: Of JSON, or a tuple of such values.
        indent: The columns that its first line is set in by.
        before: The columns that are taken on that line.
        after: The columns that follow on its last line.
    """
    flat = _flat(value)
    if not value or not isinstance(value, dict | list | tuple) or indent + before + len(flat) + after <= _WIDTH:
        return flat
    inner = indent + _STEP
    if isinstance(value, dict):
        heads = [f"{_flat(key)}: " for key in value]
        members = [f"{head}{literal(each, inner, len(head))}" for head, each in zip(heads, value.values(), strict=True)]
        return _spread("{", members, "}", indent)
    opening, closing = ("[", "]") if isinstance(value, list) else ("(", ")")
    return _spread(opening, (literal(each, inner) for each in value), closing, indent)


def _spread(opening: str, members: Iterable[str], closing: str, indent: int) -> str:
    lines = "".join(f"{' ' * (indent + _STEP)}{member},\n" for member in members)
    return f"{opening}\n{lines}{' ' * indent}{closing}"


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flat(key)}: {_flat(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flat, value)) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_flat, value)) + ("," if len(value) == 1 else "") + ")"
    text = ascii(value)
    return f'"{text[1:-1]}"' if isinstance(value, str) and not {'"', "\\"} & set(text[1:-1]) else text
