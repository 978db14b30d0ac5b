"""Cassettes from disk: whatever a file holds, reading it gives a `Cassette` or an error that names file and line.

Source: contract, section 4; vcrpy 9.4 (`vcr/serialize.py`, `vcr/serializers`, `vcr/stubs/httpx_stubs.py`).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from automate_connectors.cassettes.traffic import (
    Cassette,
    CassetteError,
    Interaction,
    Recorded,
    RecordedRequest,
    RecordedResponse,
)
from automate_connectors.cassettes.yaml_events import (
    HOW_TO_IMPORT,
    Place,
    Unquoted,
    YamlList,
    YamlMap,
    body_of,
    kind_of,
    parse,
)

MAX_FILE_BYTES = 64 * 1024 * 1024

_PAIR = 2
_FILE_NAME = re.compile(r"([a-z][a-z0-9_]{0,62})(?:\.([2-9]|[1-9][0-9]+))?\.yaml")
_BAD_HEADER_NAME = re.compile(r"[\x00-\x20:\x7f]|^$")
_BAD_HEADER_VALUE = re.compile(r"[\r\n\x00]")
_FOLD = re.compile(r"\r?\n[ \t]+")
_BAD_URI = re.compile(r"[\x00-\x20\x7f]")


def load(path: Path) -> Cassette:
    """Read one cassette.

    Raises:
        CassetteError: The file is missing, unreadable, no cassette, or lacks `recorded.payload`.
    """
    data = _read(path)
    place, root = _root(path, data)
    recorded = _recorded(place, root)
    named = _FILE_NAME.fullmatch(path.name)
    return Cassette(
        path=path,
        name=path.name.removesuffix(".yaml"),
        action=named[1] if named else path.name.removesuffix(".yaml"),
        number=int(named[2] or 1) if named else 1,
        recorded=recorded,
        interactions=_interactions(place, root, recorded.encodings),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def load_interactions(path: Path) -> tuple[Interaction, ...]:
    """Read only the traffic of a file, as stock vcrpy wrote it: no `recorded` map is needed.

    Raises:
        CassetteError: As for `load`.
    """
    place, root = _root(path, _read(path))
    return _interactions(place, root, {})


def load_directory(directory: Path, *, connector: str) -> tuple[Cassette, ...]:
    """Read the cassettes of a connector: `connect` first, then by action and number; none where there is no folder.

    Raises:
        CassetteError: A file is no cassette, is misnamed, or belongs to another connector.
    """
    if not directory.exists():
        return ()
    if not directory.is_dir():
        raise CassetteError(f"{directory}: expected a folder of cassettes, found a file; correct cassette_dir.")
    paths = [path for path in directory.glob("*.yaml") if not path.name.startswith(".")]
    for path in paths:
        named = _FILE_NAME.fullmatch(path.name)
        if named is None or (named[1] == "connect" and named[2]):
            raise CassetteError(
                f"{path}: expected a cassette named connect.yaml, <action>.yaml or <action>.N.yaml with N from 2; "
                "rename the file."
            )
    cassettes = sorted(map(load, paths), key=lambda each: (each.action != "connect", each.action, each.number))
    for cassette in cassettes:
        owner = cassette.recorded.connector
        if owner not in (None, connector):
            raise CassetteError(
                f"{cassette.path}: expected a cassette of connector {connector!r}, found one of {owner!r}; "
                "move it to that connector's folder or record it again."
            )
    return tuple(cassettes)


def parse_interactions(path: Path, data: bytes) -> tuple[Interaction, ...]:
    """Read the traffic out of the bytes of a whole cassette.

    Raises:
        CassetteError: `load` would not take them either.
    """
    place, root = _root(path, data)
    return _interactions(place, root, _recorded(place, root).encodings)


def _read(path: Path) -> bytes:
    try:
        if not path.exists():
            raise CassetteError(f"{path}: there is no such cassette; record it with --connector-record.")
        if not path.is_file():
            raise CassetteError(f"{path}: expected a file, found something else; name the cassette itself.")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise CassetteError(f"{path}: expected at most {MAX_FILE_BYTES // 2**20} MiB; record shorter answers.")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise CassetteError(f"{path}: cannot be read ({error}); check the path and its permissions.") from error


def _root(path: Path, data: bytes) -> tuple[Place, YamlMap]:
    """Parse the bytes of a file down to its top-level mapping, its version checked."""
    value = parse(path, data)
    place = Place(path, 1)
    root = place.mapping(value, "the cassette")
    version = root.get("version")
    if not isinstance(version, Unquoted) or version.value != 1 or isinstance(version.value, bool):
        raise place.error("expected 'version: 1', vcrpy's format since 1.0; migrate it with `python -m vcr.migration`.")
    return place, root


def _recorded(place: Place, root: YamlMap) -> Recorded:
    head = place.mapping(place.member(root, "recorded"), "recorded")
    place = Place(place.path, head.line, "recorded: ")
    previous = head.get("previous")
    return Recorded(
        at=_time(place, head.get("at")),
        connector=_name(place, head, "connector"),
        adapter_version=_name(place, head, "adapter_version"),
        hosts=_names(place, head, "host"),
        payload=_plain(place.mapping(place.member(head, "payload"), "payload")),
        scrubbed=_names(place, head, "scrubbed"),
        source=_name(place, head, "source"),
        encodings=_encodings(place, head.get("encodings")),
        previous=None if previous is None else _plain(place.mapping(previous, "previous")),
        line=head.line,
        lines=head.lines,
    )


def _name(place: Place, head: YamlMap, key: str) -> str | None:
    value = head.get(key)
    return None if value is None else place.text(value, key)


def _names(place: Place, head: YamlMap, key: str) -> tuple[str, ...]:
    value = head.get(key)
    if not isinstance(value, YamlList | None):
        raise place.error(f"expected a list for {key!r}, found {kind_of(value)}; write it as a list.")
    return tuple(place.text(each, f"a member of {key!r}") for each in value or ())


def _encodings(place: Place, value: object) -> dict[int, str]:
    entries = {} if value is None else place.mapping(value, "encodings")
    if not all(number.isascii() and number.isdigit() for number in entries):
        raise place.error("expected numbers of interactions as the keys of 'encodings'; correct them or record again.")
    return {int(number): place.text(name, "an encoding") for number, name in entries.items()}


def _time(place: Place, value: object) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, Unquoted) and isinstance(value.value, datetime):
        return value.value if value.value.tzinfo else value.value.replace(tzinfo=UTC)
    try:
        at = datetime.fromisoformat(place.text(value, "'at'").strip())
    except ValueError:
        raise place.error(
            "expected an ISO time such as 2026-11-24T03:24:05Z for 'at'; correct it or record again."
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _plain(mapping: YamlMap) -> dict[str, Any]:
    return {key: _value_of(each) for key, each in mapping.items()}


def _value_of(value: object) -> object:
    """Plain data again: times as the text that stands in the file, since a payload is JSON and has none."""
    match value:
        case YamlMap():
            return _plain(value)
        case YamlList():
            return [_value_of(each) for each in value]
        case Unquoted():
            return value.text if isinstance(value.value, date) else value.value
        case _:
            return value


def _interactions(place: Place, root: YamlMap, encodings: Mapping[int, str]) -> tuple[Interaction, ...]:
    items = place.member(root, "interactions")
    if not isinstance(items, YamlList) or not items:
        raise place.error(f"expected a list of interactions, found {kind_of(items)} without any; {HOW_TO_IMPORT}.")
    unknown = sorted(number for number in encodings if number >= len(items))
    if unknown:
        raise place.error(
            f"recorded: 'encodings' names interaction {unknown[0]}, found {len(items)} counted from 0; correct it."
        )
    return tuple(
        _interaction(Place(place.path, line, f"interaction {index}: "), index, item, encodings.get(index))
        for index, (line, item) in enumerate(zip(items.lines, items, strict=True))
    )


def _interaction(place: Place, index: int, item: object, encoding: str | None) -> Interaction:
    entry = place.mapping(item, "the interaction")
    request = place.mapping(place.member(entry, "request"), "request")
    response = place.mapping(place.member(entry, "response"), "response")
    status, reason = _status(place, response)
    return Interaction(
        index=index,
        line=place.line,
        request=RecordedRequest(
            _method(place, request),
            _uri(place, request),
            _headers(place, request.get("headers")),
            body_of(place, place.member(request, "body")),
        ),
        response=RecordedResponse(
            status,
            reason,
            _headers(place, response.get("headers")),
            body_of(place, place.member(response, "content" if "status_code" in response else "body")),
        ),
        encoding=encoding,
    )


def _method(place: Place, request: YamlMap) -> str:
    method = place.text(place.member(request, "method"), "the method")
    if not re.fullmatch(r"[A-Za-z][A-Za-z-]*", method):
        raise place.error("expected an HTTP method such as GET; correct it or record again.")
    return method


def _uri(place: Place, request: YamlMap) -> str:
    uri = place.text(place.member(request, "uri"), "the uri")
    try:
        parts = urlsplit(uri)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and not _BAD_URI.search(uri)
    except ValueError:
        good = False
    if not good:
        raise place.error("expected an absolute http or https uri, found something else; correct it or record again.")
    return uri


def _status(place: Place, response: YamlMap) -> tuple[int, str]:
    # vcrpy before 5 kept httpx answers flat: `status_code` and `content`.
    flat = "status_code" in response
    status = (
        YamlMap(code=response["status_code"]) if flat else place.mapping(place.member(response, "status"), "status")
    )
    code = status.get("code")
    if not isinstance(code, Unquoted) or type(code.value) is not int or not 100 <= code.value <= 999:  # noqa: PLR2004  # RFC 9110: three digits
        raise place.error("expected a status code of three digits; correct it or record again.")
    return code.value, place.text(status.get("message"), "the status message")


def _headers(place: Place, value: object) -> tuple[tuple[str, str], ...]:
    return tuple(_header(place, name, text) for name, text in _header_pairs(place, value))


def _header_pairs(place: Place, value: object) -> Iterator[tuple[object, object]]:
    match value:
        case None:
            pairs: list[tuple[object, object]] = []
        case YamlMap():
            pairs = list(value.items())
        case YamlList() if all(isinstance(pair, YamlList) and len(pair) == _PAIR for pair in value):
            pairs = [(pair[0], pair[1]) for pair in value if isinstance(pair, YamlList)]
        case _:
            raise place.error(f"expected headers as a mapping of names to lists, found {kind_of(value)}; record again.")
    for name, values in pairs:
        for each in values if isinstance(values, YamlList) else [values]:
            yield name, each


def _header(place: Place, name: object, value: object) -> tuple[str, str]:
    key = place.text(name, "a header's name")
    text = _FOLD.sub(" ", place.text(value, f"the header {key[:60]!r}"))
    if _BAD_HEADER_NAME.search(key) or _BAD_HEADER_VALUE.search(text):
        raise place.error(
            f"the header {key[:60]!r} holds characters that HTTP does not allow there; correct it or record again."
        )
    return key, text
