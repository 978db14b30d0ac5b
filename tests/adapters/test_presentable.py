"""Text that may be shown."""

import base64
import json
from urllib.parse import quote, quote_plus

import pytest

from automate_connectors.adapters._presentable import Redactor, one_line

SECRET = 'p&ss/w"ört+42~xyz'


def _base64(prefix: str) -> str:
    return base64.b64encode(f"{prefix}{SECRET}:rest".encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower(),
        quote_plus(SECRET),
        json.dumps({"token": SECRET}),
        repr({"token": SECRET}),
        SECRET.encode().hex(),
        SECRET.encode().hex().upper(),
        _base64(""),
        _base64("a"),
        _base64("ab"),
        _base64("ab").replace("+", "-").replace("/", "_"),
    ],
)
def test_a_secret_is_found_and_removed_in_every_encoding(text: str) -> None:
    """Whatever stands around it."""
    redactor = Redactor([SECRET])
    assert redactor.finds(f"before {text} after")
    assert not redactor.finds(redactor.clean(f"before {text} after"))


def test_ordinary_text_is_left_alone() -> None:
    """Without secrets, and with secrets too short to be told from chance."""
    for redactor in (Redactor(), Redactor(["", "abc"])):
        assert not redactor.finds("abc")
        assert redactor.clean("abc 401") == "abc 401"


@pytest.mark.parametrize(
    ("text", "line"), [("  a\r\n\tb \x00 c ", "a b c"), ("x" * 20, "x" * 9 + "…"), ("x" * 10, "x" * 10), ("", "")]
)
def test_text_becomes_one_bounded_line(text: str, line: str) -> None:
    """White space and control characters are one space."""
    assert one_line(text, 10) == line
