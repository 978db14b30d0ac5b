"""Endpoints as templates: what came from a payload in a path or an answer gives way to another payload's values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from automate_connectors.cassettes.canonical import canonical_path, leaves

#: Echoes of shorter texts inside longer ones would be chance.
_SHORTEST_PART = 6


def path_pattern(path: str, payload: Mapping[str, Any]) -> re.Pattern[str]:
    """A pattern for canonical paths in which the values of ``payload`` are wildcards of one segment or several.

    A value counts where it stands alone between punctuation, so that ``1`` does not make ``v1`` a wildcard.
    """
    values = sorted({text for value in leaves(payload).values() if (text := _as_text(value))}, key=len, reverse=True)
    pattern = re.escape(path)
    for text in values:
        for form in {canonical_path(text), quote(text, safe="{}")}:
            pattern = re.sub(_alone(form, text), "\x00", pattern)
    return re.compile(pattern.replace("\x00", "(.+)"), re.DOTALL)


def _alone(form: str, text: str) -> str:
    """A pattern for the escaped form of a value where it stands alone: not in a word, nor in an escape like ``%20``."""
    literal = re.escape(re.escape(form))
    if not any(map(str.isalnum, text)):
        return rf"(?<=/){literal}(?=/|$)"
    return rf"(?:(?<![\w\\%])|(?<=%[0-9A-F]{{2}})){literal}(?!\w)" if form[0].isalnum() else literal


def _as_text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def any_segment_pattern(path: str) -> list[re.Pattern[str]]:
    """Patterns for paths that differ in one segment: a key that was derived from the operation id."""
    segments = path.split("/")
    return [
        re.compile("/".join("[^/]+" if i == n else re.escape(s) for i, s in enumerate(segments)))
        for n, segment in enumerate(segments)
        if segment
    ]


def echo(body: bytes, recorded: Mapping[str, Any], sent: Mapping[str, Any]) -> bytes:
    """A recorded JSON answer in which echoed values of the recorded payload are those of the payload sent.

    A text counts as an echo where it equals a payload's text, or holds one of six characters or more; a number
    only under the payload's own field name. Whatever is no JSON stays as it is.
    """
    old, new = leaves(recorded), leaves(sent)
    swaps = {place: (value, new[place]) for place, value in old.items() if place in new and new[place] != value}
    if not swaps:
        return body
    try:
        answer = json.loads(body)
    except ValueError:
        return body
    return json.dumps(_swap(answer, "", swaps)).encode()


def _swap(value: Any, name: str, swaps: Mapping[str, tuple[Any, Any]]) -> Any:
    if isinstance(value, dict):
        return {key: _swap(item, key, swaps) for key, item in value.items()}
    if isinstance(value, list):
        return [_swap(item, name, swaps) for item in value]
    if isinstance(value, str):
        return _swap_text(value, swaps)
    for place, (old, new) in swaps.items():
        if value == old and type(value) is type(old) and type(new) is type(old) and place.rsplit("/", 1)[-1] == name:
            return new
    return value


def _swap_text(text: str, swaps: Mapping[str, tuple[Any, Any]]) -> str:
    for old, new in swaps.values():
        if isinstance(old, str) and isinstance(new, str) and old:
            if text == old:
                return new
            if len(old) >= _SHORTEST_PART:
                text = text.replace(old, new)
    return text


def decoded(path: str) -> str:
    """A path for people."""
    return unquote(path)
