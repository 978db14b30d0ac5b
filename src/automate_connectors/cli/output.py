"""Printing for people and for machines."""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["print_json", "print_lines", "print_problem", "printable"]


def printable(text: object, limit: int = 300) -> str:
    r"""Return a text on one line, cut, with what is not printable escaped, as in ``\x1b``."""
    raw = str(text)
    shown = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in raw[: limit + 1])
    return shown if len(shown) <= limit else f"{shown[: limit - 3]}..."


def print_lines(lines: Iterable[str]) -> None:
    """Print lines, escaping what the terminal cannot show."""
    encoding = sys.stdout.encoding or "utf-8"
    for line in lines:
        sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def print_json(value: Mapping[str, Any]) -> None:
    """Print one object in ASCII, on one line."""
    sys.stdout.write(json.dumps(value) + "\n")


def print_problem(problem: str, *, as_json: bool, **fields: Any) -> None:
    """Print why a command did nothing: a line for people, or one object with these fields for machines."""
    if as_json:
        print_json({**fields, "problem": problem})
    else:
        print_lines([printable(problem, 1000)])
