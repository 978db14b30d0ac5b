"""Bodies on their way out and in: what is sent, and what an answer holds."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote, urlencode

from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from automate_connectors.adapters._httpx import httpx
from automate_connectors.adapters._presentable import Redactor, one_line
from automate_connectors.errors import InvalidPayloadError, UnexpectedResponseError

#: What a request body may be given as: a form by name or in order, or ready text or bytes.
FormData = Mapping[str, Any] | Iterable[tuple[str, Any]] | str | bytes

Model = TypeVar("Model", bound=BaseModel)

_JSON_TYPES = {dict: "object", list: "array", str: "string", int: "number", float: "number", bool: "boolean"}
_FIELD_VALUE = re.compile(r"[\t\x20-\x7e]*")


@dataclass(frozen=True, slots=True)
class Body:
    """A request body and the media type that says what it is."""

    content: bytes | None = None
    media_type: str | None = None


def request_body(json_value: Any, data: FormData | None) -> Body:  # any JSON value
    """Return the bytes to send.

    Raises:
        InvalidPayloadError: The value has no JSON form (NaN, dates), or text that has no UTF-8 form.
        TypeError: Both a JSON value and data were given.
    """
    if json_value is not None and data is not None:
        raise TypeError("a request takes json or data, not both")
    try:
        if json_value is not None:
            return Body(_json_bytes(json_value), "application/json")
        return Body() if data is None else _data_body(data)
    except (TypeError, ValueError, RecursionError) as error:
        # The reason quotes no value: json names types, codecs are left out.
        reason = "text without a UTF-8 form" if isinstance(error, UnicodeError) else one_line(str(error), 200)
        raise InvalidPayloadError(f"the payload cannot be sent: {reason}") from None


def _json_bytes(value: Any) -> bytes:  # any JSON value
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8 form, but JSON can escape it.
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def _data_body(data: FormData) -> Body:
    if isinstance(data, bytes):
        return Body(data)
    if isinstance(data, str):
        return Body(data.encode(), "text/plain; charset=utf-8")
    pairs = data.items() if isinstance(data, Mapping) else data
    flat = [(name, item) for name, value in pairs for item in (value if isinstance(value, (list, tuple)) else [value])]
    text = urlencode([(name, _form_text(item)) for name, item in flat])
    return Body(text.encode(), "application/x-www-form-urlencoded")


def _form_text(value: Any) -> str:
    """Return a value as httpx spells it in forms: true, false, and nothing for None."""
    return {True: "true", False: "false", None: ""}[value] if value is None or isinstance(value, bool) else str(value)


def header_value(name: str, value: str, *, is_key: bool) -> str:
    """Return a header value as it is sent (RFC 9110, section 5.5: visible ASCII with blanks between).

    An operation id is chosen by the host and may be any text: one that a header cannot carry is percent-encoded.

    Raises:
        InvalidPayloadError: Another value cannot be carried.
    """
    if _FIELD_VALUE.fullmatch(value) and value == value.strip():
        return value
    if is_key:
        return quote(value.encode("utf-8", "surrogatepass"), safe="")
    if _FIELD_VALUE.fullmatch(value.strip()):
        return value.strip()
    raise InvalidPayloadError(f"the header {name} must be ASCII text without line breaks; its value cannot be sent")


def read_json(response: httpx.Response) -> Any:  # any JSON value
    """Return the JSON value of an answer; NaN and numbers beyond a float's range are refused.

    Raises:
        ValueError: The body is no JSON.
        RecursionError: It is nested too deeply.
    """
    return json.loads(_text(response), parse_constant=_refuse, parse_float=_finite)


def _text(response: httpx.Response) -> str:
    return response.content.decode(json.detect_encoding(response.content)).removeprefix("\ufeff")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return number


def unusable(response: httpx.Response, expected: str, found: str) -> UnexpectedResponseError:
    """Return the error for a body that is not what the action needs."""
    return UnexpectedResponseError(
        f"expected {expected} in the answer, got {found}: check base_url, or report it to the service",
        status=response.status_code,
    )


def json_type(kind: type) -> str:
    """Return what JSON calls a type of Python."""
    return _JSON_TYPES.get(kind, "null")


def describe_body(response: httpx.Response) -> str:
    """Say in words what a body that is no JSON is, without quoting it."""
    if not response.content.strip():
        return "an empty body"
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    named = media_type if re.fullmatch(r"[a-z0-9.+-]+/[a-z0-9.+-]+", media_type) else "unknown content"
    return f"{one_line(named, 80)} that is no JSON"


def as_model(response: httpx.Response, model: type[Model], redactor: Redactor) -> Model:
    """Return the body as a model, read in JSON mode, so that strict models take dates written as text.

    Raises:
        UnexpectedResponseError: It does not fit; its cause names the places, never the values.
    """
    try:
        return model.model_validate_json(_text(response))
    except ValidationError as error:
        bare = _without_values(error, redactor)
    first = bare.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"])) or "the top level"
    count = bare.error_count()
    found = one_line(f"{count} mistake{'s' if count > 1 else ''}, the first at {place} ({first['msg']})", 250)
    raise unusable(response, f"a {model.__name__}", found) from bare


def _without_values(error: ValidationError, redactor: Redactor) -> ValidationError:
    """Return the same error without the values it was about: answers hold secrets that no profile knows."""
    lines = [
        InitErrorDetails(
            type=PydanticCustomError(line["type"], "{text}", {"text": redactor.clean(line["msg"])}),
            loc=tuple(redactor.clean(part) if isinstance(part, str) else part for part in line["loc"]),
            input=None,
        )
        for line in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    return ValidationError.from_exception_data(error.title, lines, "json", hide_input=True)
