"""Cassettes on disk: vcrpy's version-1 YAML plus a top-level `recorded` map, read strictly and written atomically.

Whatever a file holds, reading it gives a `Cassette` or a `CassetteError` that names the file and the line. The YAML is
built from parser events and not by a loader, because only the events know lines, doubled keys, depth and the text that
YAML 1.1 turns into something else (`on`, `1:30`, `2026-01-01`).

Source: contract, section 4; vcrpy 9.4 (`vcr/serialize.py`, `vcr/serializers`, `vcr/stubs/httpx_stubs.py`).
"""

import base64
import binascii
import hashlib
import os
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from automate_connectors.errors import ConfigurationError

MAX_FILE_BYTES = 64 * 1024 * 1024
#: How much text the aliases of one file may repeat, in characters: shared headers fit, a bomb does not.
MAX_ALIASED = 4 * 1024 * 1024
MAX_DEPTH = 100

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_PAIR = 2
_YAML = "tag:yaml.org,2002:"
_TEXT_TAGS = frozenset({"!", *(_YAML + name for name in ("str", "python/str", "python/unicode"))})
_SCALAR_TAGS = frozenset(_YAML + name for name in ("null", "bool", "int", "float", "timestamp", "binary"))
_LIST_TAGS = frozenset({None, "!", _YAML + "seq", _YAML + "python/tuple"})
#: What vcrpy writes for the body of a request that was a file or an iterator, and where its content stands.
_BODY_TAGS = {_YAML + "python/object/new:_io.BytesIO": "state", _YAML + "python/object/apply:builtins.iter": "args"}
_MAP_TAGS = frozenset({None, "!", _YAML + "map", *_BODY_TAGS})

_FILE_NAME = re.compile(r"([a-z][a-z0-9_]{0,62})(?:\.([2-9]|[1-9][0-9]+))?\.yaml")
_BAD_HEADER_NAME = re.compile(r"[\x00-\x20:\x7f]|^$")
_BAD_HEADER_VALUE = re.compile(r"[\r\n\x00]")
_FOLD = re.compile(r"\r?\n[ \t]+")
_BAD_URI = re.compile(r"[\x00-\x20\x7f]")
_RECORDED_ORDER = (
    "at",
    "connector",
    "adapter_version",
    "host",
    "payload",
    "scrubbed",
    "source",
    "encodings",
    "previous",
)
_IMPORT = "convert the file with `automate-connectors cassettes NAME import`, or record it with --connector-record"


class CassetteError(ConfigurationError):
    """A cassette cannot be read or written; the message names the file, the line, and what to do."""


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request as it was sent: absolute `uri`, headers in order, decoded or raw `body`."""

    method: str
    uri: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class RecordedResponse:
    """The answer to a request; `reason` may be empty."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Interaction:
    """One request and its answer.

    Attributes:
        index: Its number in the file, counted from 0.
        line: The line of the file on which it starts, counted from 1; 0 where it comes from no file.
        request: What was sent.
        response: What came back.
        encoding: The content-encoding that the answer had before it was stored decoded.
    """

    index: int
    line: int
    request: RecordedRequest
    response: RecordedResponse
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The `recorded` map; `at` is in UTC where the file gives no zone."""

    at: datetime | None
    connector: str | None
    adapter_version: str | None
    hosts: tuple[str, ...]
    payload: dict[str, Any]
    scrubbed: tuple[str, ...] = ()
    source: str | None = None
    encodings: Mapping[int, str] = field(default_factory=dict)
    previous: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Cassette:
    """A file of recorded traffic.

    Attributes:
        path: Where it was read.
        name: The file's name without `.yaml`, such as `send_message.2`.
        action: The action it belongs to, or `connect`.
        number: Which of the action's examples, counted from 1.
        recorded: What the recorder noted about it.
        interactions: The traffic, in the order in which it was sent.
        sha256: Digest of the file's bytes, in lower-case hex.
    """

    path: Path
    name: str
    action: str
    number: int
    recorded: Recorded
    interactions: tuple[Interaction, ...]
    sha256: str


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


def dump(*, recorded: Mapping[str, Any], interactions: Sequence[Interaction]) -> str:
    """Return the text of a cassette: ASCII YAML that stock vcrpy loads; text bodies as text, others as `!!binary`.

    Raises:
        CassetteError: A value has no place in YAML.
    """
    head = {key: recorded[key] for key in _RECORDED_ORDER if key in recorded} | dict(recorded)
    encodings = {number: each.encoding for number, each in enumerate(interactions) if each.encoding}
    head = head | {"encodings": encodings} if encodings else {k: v for k, v in head.items() if k != "encodings"}
    document = {
        "version": 1,
        "recorded": {key: _writable(value, f"recorded.{key}") for key, value in head.items()},
        "interactions": [_written(each) for each in interactions],
    }
    try:
        return str(yaml.dump(document, Dumper=_DUMPER, sort_keys=False, allow_unicode=False, width=2**31 - 1))
    except (yaml.YAMLError, UnicodeError) as error:
        raise CassetteError(f"The cassette holds text that YAML cannot carry ({type(error).__name__}).") from error


def save(path: Path, *, recorded: Mapping[str, Any], interactions: Sequence[Interaction]) -> None:
    """Write a cassette: the finished file appears under its name at once, or nothing changes.

    Raises:
        CassetteError: The parts make no cassette that `load` accepts, or the folder cannot be written.
    """
    data = dump(recorded=recorded, interactions=interactions).encode("ascii")
    place, root = _root(path, data)
    read = _interactions(place, root, _recorded(place, root).encodings)
    if [(each.request, each.response) for each in read] != [(each.request, each.response) for each in interactions]:
        raise CassetteError(f"{path}: not written, because the file would not read back as what was recorded.")
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        raise CassetteError(f"{path}: cannot be written ({error.strerror}); check the folder's permissions.") from error
    finally:
        temporary.unlink(missing_ok=True)


class _Map(dict[str, object]):
    """A mapping that knows the line it starts on."""

    line = 0


class _List(list[object]):
    """A sequence that knows the line of each member."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


@dataclass(frozen=True, slots=True)
class _Plain:
    """An unquoted scalar that YAML takes for something else than text, with the text that stands there."""

    text: str
    value: object


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in which file something stands, for messages."""

    path: Path
    line: int
    subject: str = ""

    def error(self, message: str) -> CassetteError:
        return CassetteError(f"{self.path}:{self.line}: {self.subject}{message}")

    def text(self, value: object, what: str) -> str:
        match value:
            case str():
                return value
            case bytes():
                return value.decode("latin-1")
            case _Plain():
                return value.text
            case None:
                return ""
            case _:
                raise self.error(f"expected text for {what}, found {_kind(value)}; correct it or record again.")

    def mapping(self, value: object, what: str) -> _Map:
        if not isinstance(value, _Map):
            raise self.error(f"expected a mapping for {what}, found {_kind(value)}; {_IMPORT}.")
        return value

    def member(self, mapping: _Map, key: str) -> object:
        if key not in mapping:
            raise self.error(f"{key!r} is missing; {_IMPORT}.")
        return mapping[key]


def _kind(value: object) -> str:
    """What a value is, without showing it: it may be a secret."""
    if isinstance(value, _Plain):
        return type(value.value).__name__
    names = {_Map: "a mapping", _List: "a list", str: "text", bytes: "binary data", type(None): "nothing"}
    return names.get(type(value), type(value).__name__)


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 0


class _Events:
    """Builds the value of a YAML document from its events, within limits."""

    def __init__(self, path: Path, data: bytes) -> None:
        self._path = path
        self._events = yaml.parse(data, Loader=_LOADER)
        self._scalars = yaml.SafeLoader("")
        self._anchors: dict[str, tuple[object, int]] = {}
        self._size = self._aliased = 0

    def document(self) -> object:
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        value = self._node(next(self._events), 0)
        next(self._events)
        extra = next(self._events)
        if not isinstance(extra, yaml.StreamEndEvent):
            raise self._at(extra).error("expected one YAML document, found a second; keep one cassette in a file.")
        return value

    def _at(self, event: yaml.Event) -> _Place:
        return _Place(self._path, _line(event))

    def _node(self, event: yaml.Event, depth: int) -> object:
        if depth > MAX_DEPTH:
            raise self._at(event).error(f"expected at most {MAX_DEPTH} levels, found more; record it again.")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        before = self._size
        self._size += 1
        value = self._value(event, depth)
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            # Registered only now: an alias inside its own anchor would make a value without an end.
            self._anchors[event.anchor] = (value, self._size - before)
        return value

    def _value(self, event: yaml.Event, depth: int) -> object:
        match event:
            case yaml.ScalarEvent():
                self._size += len(event.value)
                return self._scalar(event)
            case yaml.SequenceStartEvent() if event.tag in _LIST_TAGS:
                return self._list(depth)
            case yaml.MappingStartEvent() if event.tag in _MAP_TAGS:
                return self._map(event, depth)
            case _:
                raise self._refused(event, str(getattr(event, "tag", None)))

    def _alias(self, event: yaml.AliasEvent) -> object:
        anchor = event.anchor or ""
        if anchor not in self._anchors:
            raise self._at(event).error(f"the alias *{anchor[:60]} stands for nothing complete; write the value out.")
        value, size = self._anchors[anchor]
        self._size += size
        self._aliased += size
        if self._aliased > MAX_ALIASED:
            raise self._at(event).error("the aliases unfold to more text than a recording holds; write the values out.")
        return value

    def _list(self, depth: int) -> _List:
        items = _List()
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.lines.append(_line(event))
            items.append(self._node(event, depth + 1))
        return items

    def _map(self, start: yaml.MappingStartEvent, depth: int) -> _Map | bytes:
        entries = _Map()
        entries.line = _line(start)
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._at(event).text(self._node(event, depth + 1), "a key")
            if key in entries:
                raise self._at(event).error(f"the key {key[:60]!r} stands twice in one mapping; remove one.")
            entries[key] = self._node(next(self._events), depth + 1)
        if start.tag not in _BODY_TAGS:
            return entries
        held = entries.get(_BODY_TAGS[start.tag])
        return _body(self._at(start), held[0] if isinstance(held, _List) and held else None)

    def _scalar(self, event: yaml.ScalarEvent) -> object:
        text = event.value
        tag = str(event.tag or self._scalars.resolve(yaml.ScalarNode, text, event.implicit))  # type: ignore[no-untyped-call]  # typeshed leaves it bare
        if tag in _TEXT_TAGS:
            return text
        if tag not in _SCALAR_TAGS:
            raise self._refused(event, tag)
        try:
            value = self._scalars.yaml_constructors[tag](self._scalars, yaml.ScalarNode(tag, text))
        except (ValueError, KeyError, yaml.YAMLError) as error:
            kind = tag.removeprefix(_YAML)
            raise CassetteError(
                f"{self._path}:{_line(event)}: expected a {kind}, found something else; put the value in quotes."
            ) from error
        return value if value is None or isinstance(value, bytes) else _Plain(text, value)

    def _refused(self, event: yaml.Event, tag: str) -> CassetteError:
        return self._at(event).error(
            f"expected plain YAML, found the tag {tag.removeprefix(_YAML)[:60]!r}; quote the value or record again."
        )


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


def _root(path: Path, data: bytes) -> tuple[_Place, _Map]:
    """Parse the bytes of a file down to its top-level mapping, its version checked."""
    try:
        data.decode("utf-8")
        value = _Events(path, data).document()
    except UnicodeDecodeError as error:
        raise _Place(path, data.count(b"\n", 0, error.start) + 1).error(
            "expected UTF-8 text, found other bytes; save it as UTF-8."
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else data.count(b"\n", 0, getattr(error, "position", 0)) + 1
        why = getattr(error, "problem", None) or getattr(error, "reason", "unreadable")
        raise CassetteError(f"{path}:{line}: expected YAML, but {why}; correct the line or record again.") from error
    place = _Place(path, 1)
    root = place.mapping(value, "the cassette")
    version = root.get("version")
    if not isinstance(version, _Plain) or version.value != 1 or isinstance(version.value, bool):
        raise place.error("expected 'version: 1', vcrpy's format since 1.0; migrate it with `python -m vcr.migration`.")
    return place, root


def _recorded(place: _Place, root: _Map) -> Recorded:
    head = place.mapping(place.member(root, "recorded"), "recorded")
    place = _Place(place.path, head.line, "recorded: ")
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
    )


def _name(place: _Place, head: _Map, key: str) -> str | None:
    value = head.get(key)
    return None if value is None else place.text(value, key)


def _names(place: _Place, head: _Map, key: str) -> tuple[str, ...]:
    value = head.get(key)
    if not isinstance(value, _List | None):
        raise place.error(f"expected a list for {key!r}, found {_kind(value)}; write it as a list.")
    return tuple(place.text(each, f"a member of {key!r}") for each in value or ())


def _encodings(place: _Place, value: object) -> dict[int, str]:
    entries = {} if value is None else place.mapping(value, "encodings")
    if not all(number.isascii() and number.isdigit() for number in entries):
        raise place.error("expected numbers of interactions as the keys of 'encodings'; correct them or record again.")
    return {int(number): place.text(name, "an encoding") for number, name in entries.items()}


def _time(place: _Place, value: object) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, _Plain) and isinstance(value.value, datetime):
        return value.value if value.value.tzinfo else value.value.replace(tzinfo=UTC)
    try:
        at = datetime.fromisoformat(place.text(value, "'at'").strip())
    except ValueError:
        raise place.error(
            "expected an ISO time such as 2026-11-24T03:24:05Z for 'at'; correct it or record again."
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _plain(mapping: _Map) -> dict[str, Any]:
    return {key: _value_of(each) for key, each in mapping.items()}


def _value_of(value: object) -> object:
    """Plain data again: times as the text that stands in the file, since a payload is JSON and has none."""
    match value:
        case _Map():
            return _plain(value)
        case _List():
            return [_value_of(each) for each in value]
        case _Plain():
            return value.text if isinstance(value.value, date) else value.value
        case _:
            return value


def _interactions(place: _Place, root: _Map, encodings: Mapping[int, str]) -> tuple[Interaction, ...]:
    items = place.member(root, "interactions")
    if not isinstance(items, _List) or not items:
        raise place.error(f"expected a list of interactions, found {_kind(items)} without any; {_IMPORT}.")
    unknown = sorted(number for number in encodings if number >= len(items))
    if unknown:
        raise place.error(
            f"recorded: 'encodings' names interaction {unknown[0]}, found {len(items)} counted from 0; correct it."
        )
    return tuple(
        _interaction(_Place(place.path, line, f"interaction {index}: "), index, item, encodings.get(index))
        for index, (line, item) in enumerate(zip(items.lines, items, strict=True))
    )


def _interaction(place: _Place, index: int, item: object, encoding: str | None) -> Interaction:
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
            _body(place, place.member(request, "body")),
        ),
        response=RecordedResponse(
            status,
            reason,
            _headers(place, response.get("headers")),
            _body(place, place.member(response, "content" if "status_code" in response else "body")),
        ),
        encoding=encoding,
    )


def _method(place: _Place, request: _Map) -> str:
    method = place.text(place.member(request, "method"), "the method")
    if not re.fullmatch(r"[A-Za-z][A-Za-z-]*", method):
        raise place.error("expected an HTTP method such as GET; correct it or record again.")
    return method


def _uri(place: _Place, request: _Map) -> str:
    uri = place.text(place.member(request, "uri"), "the uri")
    try:
        parts = urlsplit(uri)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and not _BAD_URI.search(uri)
    except ValueError:
        good = False
    if not good:
        raise place.error("expected an absolute http or https uri, found something else; correct it or record again.")
    return uri


def _status(place: _Place, response: _Map) -> tuple[int, str]:
    # vcrpy before 5 kept httpx answers flat: `status_code` and `content`.
    flat = "status_code" in response
    status = _Map(code=response["status_code"]) if flat else place.mapping(place.member(response, "status"), "status")
    code = status.get("code")
    if not isinstance(code, _Plain) or type(code.value) is not int or not 100 <= code.value <= 999:  # noqa: PLR2004  # RFC 9110: three digits
        raise place.error("expected a status code of three digits; correct it or record again.")
    return code.value, place.text(status.get("message"), "the status message")


def _headers(place: _Place, value: object) -> tuple[tuple[str, str], ...]:
    return tuple(_header(place, name, text) for name, text in _header_pairs(place, value))


def _header_pairs(place: _Place, value: object) -> Iterator[tuple[object, object]]:
    match value:
        case None:
            pairs: list[tuple[object, object]] = []
        case _Map():
            pairs = list(value.items())
        case _List() if all(isinstance(pair, _List) and len(pair) == _PAIR for pair in value):
            pairs = [(pair[0], pair[1]) for pair in value if isinstance(pair, _List)]
        case _:
            raise place.error(f"expected headers as a mapping of names to lists, found {_kind(value)}; record again.")
    for name, values in pairs:
        for each in values if isinstance(values, _List) else [values]:
            yield name, each


def _header(place: _Place, name: object, value: object) -> tuple[str, str]:
    key = place.text(name, "a header's name")
    text = _FOLD.sub(" ", place.text(value, f"the header {key[:60]!r}"))
    if _BAD_HEADER_NAME.search(key) or _BAD_HEADER_VALUE.search(text):
        raise place.error(
            f"the header {key[:60]!r} holds characters that HTTP does not allow there; correct it or record again."
        )
    return key, text


def _body(place: _Place, value: object) -> bytes:
    match value:
        case bytes():
            return value
        case _List():
            return b"".join(_body(place, each) for each in value)
        case _Map():
            return _wrapped_body(place, value)
        case _:
            try:
                return place.text(value, "a body").encode("utf-8")
            except UnicodeEncodeError:
                raise place.error(
                    "the body holds half of a surrogate pair; record again, or store it as !!binary."
                ) from None


def _wrapped_body(place: _Place, body: _Map) -> bytes:
    if "base64_string" not in body:
        return _body(place, place.member(body, "string"))
    try:
        return base64.b64decode(place.text(body["base64_string"], "a body"), validate=False)
    except (binascii.Error, ValueError):
        raise place.error("expected base64 in 'base64_string', found something else; record again.") from None


def _written(each: Interaction) -> dict[str, Any]:
    request, response = each.request, each.response
    return {
        "request": {
            "method": request.method,
            "uri": request.uri,
            "headers": _grouped(request.headers),
            "body": _body_text(request.body) if request.body else None,
        },
        "response": {
            "status": {"code": response.status, "message": response.reason},
            "headers": _grouped(response.headers),
            "body": {"string": _body_text(response.body)},
        },
    }


def _grouped(headers: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in headers:
        grouped.setdefault(name, []).append(value)
    return grouped


def _body_text(body: bytes) -> str | bytes:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body


def _writable(value: object, where: str) -> object:
    """A copy in types that YAML and JSON share, so that the file has no aliases and no tags but !!binary."""
    match value:
        case Enum():
            return _writable(value.value, where)
        case str() | bytes() | bool() | int() | float() | None:
            return value
        case date():
            return value.isoformat()
        case Mapping():
            return {_writable(key, where): _writable(each, f"{where}.{key}") for key, each in value.items()}
        case list() | tuple():
            return [_writable(each, where) for each in value]
        case _:
            raise CassetteError(
                f"{where} holds a {type(value).__name__}; expected plain data: text, numbers, lists, mappings."
            )
