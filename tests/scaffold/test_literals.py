"""Values as Python source: what they say, and how they are laid out."""

import ast
from typing import Any

import pytest

from automate_connectors.scaffold.literals import literal


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", '"a"'),
        ("it's", '"it\'s"'),
        ('"', "'\"'"),
        ("\u00e9\n", "'\\xe9\\n'"),
        (("a",), '("a",)'),
        ({}, "{}"),
        ([None, True, 1.5], "[None, True, 1.5]"),
    ],
)
def test_a_short_value_stands_on_one_line(value: Any, text: str) -> None:
    """In double quotes where that needs no more escapes."""
    assert literal(value) == text
    assert ast.literal_eval(text) == value


def test_a_long_value_has_a_member_a_line() -> None:
    """Only where it does not fit; each member again as it fits."""
    value = {"short": [1, 2], "long": ["x" * 70, "y" * 70]}
    text = literal(value, 4)
    assert ast.literal_eval(text) == value
    assert text.splitlines() == [
        "{",
        '        "short": [1, 2],',
        '        "long": [',
        f'            "{"x" * 70}",',
        f'            "{"y" * 70}",',
        "        ],",
        "    }",
    ]


def test_what_stands_before_counts() -> None:
    """A line of 120 columns is full."""
    value = ["x" * 100, 1]
    assert "\n" not in literal(value, 4, before=7, after=2)
    assert "\n" in literal(value, 4, before=7, after=3)
