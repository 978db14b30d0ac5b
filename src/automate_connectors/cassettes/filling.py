"""Placeholders in recorded traffic, and the values put in their place for replay, written as each place asks."""

import html
import json
import re
from collections.abc import Callable, Mapping
from typing import AnyStr
from urllib.parse import quote, quote_plus

PLACEHOLDER = re.compile(r"\{\{([A-Za-z0-9_.-]+)\}\}")
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


def placeholders_in(text: str | bytes) -> tuple[str, ...]:
    """The names that stand as `{{name}}` in a text, each once, in order."""
    found = PLACEHOLDER.findall(text.decode("latin-1") if isinstance(text, bytes) else text)
    return tuple(dict.fromkeys(found))


def fill(text: AnyStr, values: Mapping[str, str], *, content_type: str = "") -> AnyStr:
    """Put values in place of `{{name}}` in a body, written as its content type asks; unknown names stay."""
    kind = content_type.lower()
    if "json" in kind or (not kind and text[:1] in ("{", "[", b"{", b"[")):
        return fill_json(text, values)
    if "x-www-form-urlencoded" in kind:
        return _filled(text, values, quote_plus)
    return _filled(text, values, html.escape) if "html" in kind or "xml" in kind else fill_text(text, values)


def fill_text(text: AnyStr, values: Mapping[str, str]) -> AnyStr:
    """Put values in place of `{{name}}` as they are."""
    return _filled(text, values, str)


def fill_header(text: AnyStr, values: Mapping[str, str]) -> AnyStr:
    """Put values in place of `{{name}}` in a header, on one line."""
    return _filled(text, values, lambda value: " ".join(value.splitlines()))


def fill_url(text: AnyStr, values: Mapping[str, str]) -> AnyStr:
    """Put values in place of `{{name}}` in an address, percent-encoded."""
    return _filled(text, values, lambda value: quote(value, safe=""))


def fill_json(text: AnyStr, values: Mapping[str, str]) -> AnyStr:
    """Put values in place of `{{name}}` in JSON: escaped in its strings, once more in JSON that stands in a string."""
    return _changed(text, lambda plain: _JSON_STRING.sub(lambda found: _filled_string(found[0], values), plain))


def _filled_string(token: str, values: Mapping[str, str]) -> str:
    if "{{" not in token:
        return token
    try:
        inner = str(json.loads(token, strict=False))
    except ValueError:
        return _filled(token, values, lambda value: json.dumps(value)[1:-1])
    nested = inner.lstrip()[:1] in ("{", "[") and is_json(inner)
    filled = fill_json(inner, values) if nested else fill_text(inner, values)
    return json.dumps(filled, ensure_ascii=token.isascii())


def _filled(text: AnyStr, values: Mapping[str, str], write: Callable[[str], str]) -> AnyStr:
    def value(found: re.Match[str]) -> str:
        return write(values[found[1]]) if found[1] in values else found[0]

    return _changed(text, lambda plain: PLACEHOLDER.sub(value, plain))


def _changed(text: AnyStr, change: Callable[[str], str]) -> AnyStr:
    if isinstance(text, bytes):
        return change(text.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    return change(text)


def is_json(body: str | bytes) -> bool:
    """Say whether a body parses as JSON."""
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
