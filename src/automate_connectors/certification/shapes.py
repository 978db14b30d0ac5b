"""Which JSON values may stand at which place: a few words to say it with, and the check.

The gate has a quarter of a second; importing pydantic and building the report's model takes half of that. A test holds
what is said here equal to that model.
"""

from collections.abc import Callable
from typing import Final

from automate_connectors.certification.moments import day, rfc3339

__all__ = [
    "Shape",
    "ShapeError",
    "any_object",
    "array",
    "boolean",
    "choice",
    "day_text",
    "integer",
    "moment_text",
    "number",
    "optional",
    "record",
    "text",
]

Shape = Callable[[object, str], None]
"""Takes a value and its place, and raises `ShapeError` for what may not stand there."""

_PLACE: Final = 120


class ShapeError(ValueError):
    """A value may not stand at its place; the message names the place and never quotes the value."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{ascii(place or 'predicate')[1:-1]:.{_PLACE}}: {problem}")


def text(value: object, place: str) -> None:
    """Take a string."""
    if not isinstance(value, str):
        raise ShapeError(place, "expected a string")


def integer(value: object, place: str) -> None:
    """Take an integer, which a boolean is not."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ShapeError(place, "expected an integer")


def number(value: object, place: str) -> None:
    """Take a number within the range of floats."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ShapeError(place, "expected a number")
    try:
        float(value)
    except OverflowError as error:
        raise ShapeError(place, "the number is too large") from error


def boolean(value: object, place: str) -> None:
    """Take true or false."""
    if not isinstance(value, bool):
        raise ShapeError(place, "expected true or false")


def any_object(value: object, place: str) -> None:
    """Take an object with anything in it."""
    if not isinstance(value, dict):
        raise ShapeError(place, "expected an object")


def moment_text(value: object, place: str) -> None:
    """Take an RFC 3339 date-time with zone."""
    _parsed(value, place, rfc3339, "expected an RFC 3339 time with zone such as 2026-01-31T12:00:00Z")


def day_text(value: object, place: str) -> None:
    """Take a day."""
    _parsed(value, place, day, "expected a day such as 2026-01-31")


def choice(*allowed: str) -> Shape:
    """Return the shape of one of some strings."""

    def check(value: object, place: str) -> None:
        if not isinstance(value, str) or value not in allowed:
            raise ShapeError(place, f"expected {' or '.join(allowed)}")

    return check


def optional(shape: Shape) -> Shape:
    """Return the shape of null or what a shape takes."""

    def check(value: object, place: str) -> None:
        if value is not None:
            shape(value, place)

    return check


def array(shape: Shape) -> Shape:
    """Return the shape of an array whose items all have one shape."""

    def check(value: object, place: str) -> None:
        if not isinstance(value, list):
            raise ShapeError(place, "expected an array")
        for index, item in enumerate(value):
            shape(item, f"{place}.{index}")

    return check


def record(**shapes: Shape) -> Shape:
    """Return the shape of an object with exactly these members."""

    def check(value: object, place: str) -> None:
        if not isinstance(value, dict):
            raise ShapeError(place, "expected an object")
        for name in value:
            if name not in shapes:
                raise ShapeError(_joined(place, name), "this field is unknown")
        for name, shape in shapes.items():
            if name not in value:
                raise ShapeError(_joined(place, name), "this field is missing")
            shape(value[name], _joined(place, name))

    return check


def _parsed(value: object, place: str, parse: Callable[[str], object], expected: str) -> None:
    try:
        parse(value if isinstance(value, str) else "")
    except ValueError as error:
        raise ShapeError(place, expected) from error


def _joined(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
