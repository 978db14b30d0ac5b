"""JSON that has one reading: what parsers disagree about is refused instead of resolved.

RFC 8259 leaves duplicate names, lone surrogates, large numbers and depth to the parser. Here: strict UTF-8 without a
byte order mark, no name twice in an object, no NaN or Infinity (nor a number that becomes one), no lone surrogate, also
none that is escaped, and at most 64 levels of arrays and objects.
"""

import json
import math
import re
from typing import Final, NoReturn

__all__ = ["DEEPEST", "StrictJSONError", "loads"]

DEEPEST: Final = 64
"""How many arrays and objects may lie within each other."""

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


class StrictJSONError(ValueError):
    """A text is no JSON, or JSON that has more than one reading."""


def loads(data: bytes) -> object:
    """Return what a JSON text says, as dicts, lists, strings, ints, floats, bools and None.

    Raises:
        StrictJSONError: It is no JSON of the strict kind; the message quotes nothing of it.
    """
    try:
        text = data.decode("utf-8")
        value: object = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite, parse_int=_integer
        )
    except UnicodeDecodeError as error:
        raise StrictJSONError(f"byte {error.start} is no UTF-8") from error
    except json.JSONDecodeError as error:
        raise StrictJSONError(f"{error.msg} at character {error.pos}") from error
    except RecursionError as error:
        raise StrictJSONError(f"it is more than {DEEPEST} levels deep") from error
    _check_depth(value)
    if _ESCAPED_SURROGATE.search(data) and _SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        raise StrictJSONError("it holds a lone surrogate, which is no character")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise StrictJSONError("an object names one member twice")
    return members


def _no_constant(name: str) -> NoReturn:
    raise StrictJSONError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise StrictJSONError("a number is too large")
    return number


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise StrictJSONError("a number has too many digits") from error


def _check_depth(value: object) -> None:
    """Walk the containers level by level."""
    level = [value]
    for _ in range(DEEPEST + 1):
        containers = [item for item in level if isinstance(item, dict | list)]
        if not containers:
            return
        level = [item for one in containers for item in (one.values() if isinstance(one, dict) else one)]
    raise StrictJSONError(f"it is more than {DEEPEST} levels deep")
