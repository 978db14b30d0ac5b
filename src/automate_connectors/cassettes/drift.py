"""The shape of recorded answers, and in what two recordings of the same example differ: drift.

A shape holds no values: status, the headers on which clients lean, and the type of each field of a JSON body. Members
of a list are one place (`*`), and so are the members of an object that is keyed by ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from automate_connectors.cassettes.canonical import parse_body
from automate_connectors.cassettes.traffic import Interaction

__all__ = ["drift", "shape_of", "shapes_in"]

#: Headers whose presence matters; of Content-Type the media type does.
_HEADERS = ("content-type", "deprecation", "link", "location", "retry-after", "sunset", "www-authenticate")
_FIELD = re.compile(r"[A-Za-z_$@][A-Za-z_.@ -]*\d{0,3}[A-Za-z_.@ -]*")
_LONGEST_FIELD = 60

Shape = dict[str, Any]


def shape_of(interactions: Iterable[Interaction]) -> list[Shape]:
    """The shape of each answer, as plain data."""
    return [_shape(each) for each in interactions]


def shapes_in(previous: Mapping[str, Any]) -> list[Shape]:
    """The shapes that a cassette's `recorded.previous` holds; of anything else none."""
    shapes = previous.get("shape")
    return [each for each in shapes if isinstance(each, dict)] if isinstance(shapes, list) else []


def drift(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[str]:
    """In what the shapes of two recordings differ, in sentences; none where they agree.

    Shapes come from files: what is not as `shape_of` makes it counts as different.
    """
    found = []
    if len(before) != len(after):
        found.append(f"{len(after)} requests, {len(before)} before")
    for number, (old, new) in enumerate(zip(before, after, strict=False)):
        found += [f"interaction {number}: {what}" for what in _differences(old, new)]
    return found


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    if old.get("status") != new.get("status"):
        yield f"status {new.get('status')}, {old.get('status')} before"
    for what, name in (("header", "headers"), ("field", "fields")):
        was, now = _mapping(old.get(name)), _mapping(new.get(name))
        for key in sorted(was.keys() | now.keys()):
            label = f"{what} {key or 'body'!r}"
            if key not in was:
                yield f"{label} is new: {now[key]}"
            elif key not in now:
                yield f"{label} is gone: {was[key]} before"
            elif was[key] != now[key]:
                yield f"{label} is {now[key]}, {was[key]} before"


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _shape(each: Interaction) -> Shape:
    response = each.response
    headers = {name.lower(): value for name, value in response.headers if name.lower() in _HEADERS}
    kind, value = parse_body(response.headers, response.body)
    fields: dict[str, set[str]] = {}
    if kind == "json":
        _enter(fields, "", value)
    else:
        fields[""] = {kind}
    return {
        "status": response.status,
        "headers": {
            name: value.partition(";")[0].strip().lower() if name == "content-type" else "present"
            for name, value in sorted(headers.items())
        },
        "fields": {place: " or ".join(sorted(kinds)) for place, kinds in sorted(fields.items())},
    }


def _enter(fields: dict[str, set[str]], place: str, value: Any) -> None:
    fields.setdefault(place, set()).add(_kind(value))
    if isinstance(value, Mapping):
        for key, each in value.items():
            _enter(fields, f"{place}/{_step(key)}", each)
    elif isinstance(value, list):
        for each in value:
            _enter(fields, f"{place}/*", each)


def _step(key: str) -> str:
    named = len(key) <= _LONGEST_FIELD and _FIELD.fullmatch(key)
    return key.replace("~", "~0").replace("/", "~1") if named else "*"


def _kind(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "text"
        case list():
            return "list"
        case _:
            return "object"
