"""JSON that parsers read in different ways is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automate_connectors.certification.strict_json import DEEPEST, StrictJSONError, loads

REFUSED = {
    "nothing": b"",
    "blank": b" \n",
    "byte order mark": b"\xef\xbb\xbf{}",
    "no UTF-8": b'"\xff"',
    "surrogate in UTF-8": b'"\xed\xa0\x80"',
    "escaped surrogate": b'"\\ud800"',
    "escaped low surrogate": b'["\\uDC00"]',
    "surrogate in a name": b'{"\\ud800": 1}',
    "name twice": b'{"a": 1, "a": 1}',
    "name twice, deep": b'[{"a": {"b": 1, "\\u0062": 2}}]',
    "NaN": b"[NaN]",
    "Infinity": b"Infinity",
    "minus Infinity": b"-Infinity",
    "infinite number": b"1e400",
    "too many digits": b"1" * 5000,
    "leading zero": b"01",
    "comment": b"1 // one",
    "trailing comma": b"[1,]",
    "two values": b"{}{}",
    "control character": b'"\n"',
    "too deep": b"[" * 65 + b"]" * 65,
    "far too deep": b"[" * 1_000_000,
    "deep objects": b'{"a":' * 65 + b"1" + b"}" * 65,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_one_reading_is_refused(name: str) -> None:
    """With a short message."""
    with pytest.raises(StrictJSONError) as caught:
        loads(REFUSED[name])
    assert len(str(caught.value)) < 100


def test_what_has_one_reading_is_read() -> None:
    """Pairs of surrogates, an escaped backslash and 64 levels too."""
    assert loads(b' {"a": [1, -0.5, 1e3, true, null, "\\ud83d\\ude00 \xc3\xa9"]} \r\n') == {
        "a": [1, -0.5, 1000.0, True, None, "\U0001f600 \xe9"]
    }
    assert loads(b'"\\\\ud800"') == "\\ud800"
    assert loads(b"[" * DEEPEST + b"]" * DEEPEST) is not None


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_what_is_written_is_read(value: object) -> None:
    """Escaped or not."""
    assert loads(json.dumps(value).encode()) == value
    assert loads(json.dumps(value, ensure_ascii=False).encode()) == value
