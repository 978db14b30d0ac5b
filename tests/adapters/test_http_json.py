"""Answers become plain data or models, or a BAD_RESPONSE."""

import traceback
from datetime import date
from typing import Any

import httpx
import pytest
from adapters.http_probe import TOKEN, Probe, answering
from pydantic import BaseModel, ConfigDict

from automate_connectors.errors import ConnectorErrorCode, Effect, UnexpectedResponseError


class Thing(BaseModel):
    """A strict model, which takes dates as text from JSON alone."""

    model_config = ConfigDict(strict=True)

    id: str
    made: date


def parsed(content: bytes, as_: Any = dict, *, method: str = "POST", **headers: str) -> Any:
    """Return what `json` makes of an answer."""
    probe = Probe()
    with answering(httpx.Response(200, content=content, headers=headers)):
        return probe.json(probe.request(method, "/things"), as_)


def refused(content: bytes, as_: Any = dict, *, method: str = "POST", **headers: str) -> UnexpectedResponseError:
    """Return the error that `json` raises."""
    with pytest.raises(UnexpectedResponseError) as caught:
        parsed(content, as_, method=method, **headers)
    return caught.value


@pytest.mark.parametrize(
    ("content", "as_", "value"),
    [
        (b'{"a": 1, "a": 2}', dict, {"a": 2}),
        (b"[1, null, true]", list, [1, None, True]),
        ("﻿{}".encode(), dict, {}),
        ('{"t": "ü"}'.encode("utf-16"), dict, {"t": "ü"}),
        (b'{"n": 12345678901234567890, "f": 1.5e3}', dict, {"n": 12345678901234567890, "f": 1500.0}),
        (b'{"id": "x", "made": "2026-11-24", "more": 1}', Thing, Thing(id="x", made=date(2026, 11, 24))),
    ],
)
def test_json_is_read(content: bytes, as_: type, value: object) -> None:
    """In every encoding of RFC 4627 and with a byte order mark."""
    assert parsed(content, as_) == value


def test_a_dict_is_the_default() -> None:
    """`json(response)` is what most actions want."""
    probe = Probe()
    with answering(httpx.Response(200, json={"a": 1})):
        assert probe.json(probe.request("GET", "/")) == {"a": 1}


@pytest.mark.parametrize(
    ("content", "as_", "headers", "said"),
    [
        (b"", dict, {}, "an empty body"),
        (b" \n", list, {}, "an empty body"),
        (b"<html>hi</html>", dict, {"content-type": "text/html; charset=utf-8"}, "text/html"),
        (b"<html>", dict, {"content-type": "<b>"}, "unknown content"),
        (b'{"a": ', dict, {}, "no JSON"),
        (b'{"a": NaN}', dict, {}, "no JSON"),
        (b'{"a": -Infinity}', dict, {}, "no JSON"),
        (b'{"a": 1e999}', dict, {}, "no JSON"),
        (b'{"a": "\xff"}', dict, {}, "no JSON"),
        (b"1" * 5000, dict, {}, "no JSON"),
        (b"[" * 100_000, list, {}, "no JSON"),
        (b"[]", dict, {}, "a JSON array"),
        (b"{}", list, {}, "a JSON object"),
        (b"null", dict, {}, "a JSON null"),
        (b'"x"', dict, {}, "a JSON string"),
        (b"7", list, {}, "a JSON number"),
        (b"[]", Thing, {}, "Thing"),
        (b'{"id": 7, "made": "soon"}', Thing, {}, "2 mistakes, the first at id"),
    ],
)
def test_an_unusable_body_is_a_bad_response(content: bytes, as_: type, headers: dict[str, str], said: str) -> None:
    """The message says what was expected and what came, not what it held."""
    error = refused(content, as_, **headers)
    assert (error.code, error.retryable, error.effect) == (ConnectorErrorCode.BAD_RESPONSE, False, Effect.UNKNOWN)
    assert said in error.message
    assert 3 <= len(error.message) <= 500
    assert error.message.isprintable()
    assert "<" not in error.message
    assert error.status == 200


def test_the_decoding_error_is_the_cause() -> None:
    """Where there was one: a wrong type has none."""
    assert isinstance(refused(b"no").__cause__, ValueError)
    assert refused(b"[]").__cause__ is None


def test_a_read_has_no_effect() -> None:
    """An unusable answer to a GET left nothing behind."""
    assert refused(b"", method="GET").effect is Effect.NONE


def test_a_model_error_shows_no_value() -> None:
    """Answers hold secrets that no profile knows."""
    error = refused(b'{"id": ["s3cret-value"], "made": "s3cret-value"}', Thing)
    assert "s3cret-value" not in "".join(traceback.format_exception(error)) + repr(error.__cause__)
    assert "id" in str(error.__cause__)


def test_a_decoding_error_shows_no_secret() -> None:
    """Its repr may hold the whole body."""
    error = refused(b'{"token": "' + TOKEN.encode() + b'\xff"}')
    assert type(error.__cause__) is UnicodeDecodeError
    assert TOKEN not in repr(error.__cause__)


def test_an_answer_that_did_not_come_from_request_counts_as_a_write() -> None:
    """Nothing is known about it."""
    with pytest.raises(UnexpectedResponseError) as caught:
        Probe().json(httpx.Response(200, content=b""))
    assert caught.value.effect is Effect.UNKNOWN
