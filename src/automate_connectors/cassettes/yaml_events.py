"""YAML read strictly, into values that know their line: what the readers of cassettes and OpenAPI documents stand on.

Values are built from parser events and not by a loader, because only the events know lines, doubled keys, depth and the
text that YAML 1.1 turns into something else (`on`, `1:30`, `2026-01-01`).
"""

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from automate_connectors.cassettes.traffic import CassetteError

#: How much text the aliases of one file may repeat, in characters: shared headers fit, a bomb does not.
MAX_ALIASED = 4 * 1024 * 1024
MAX_DEPTH = 100
HOW_TO_IMPORT = (
    "convert the file with `automate-connectors cassettes import DIR --action ACTION --connector NAME`, "
    "or record it with --connector-record"
)

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_YAML = "tag:yaml.org,2002:"
_TEXT_TAGS = frozenset({"!", *(_YAML + name for name in ("str", "python/str", "python/unicode"))})
_SCALAR_TAGS = frozenset(_YAML + name for name in ("null", "bool", "int", "float", "timestamp", "binary"))
_LIST_TAGS = frozenset({None, "!", _YAML + "seq", _YAML + "python/tuple"})
#: What vcrpy writes for the body of a request that was a file or an iterator, and where its content stands.
_BODY_TAGS = {_YAML + "python/object/new:_io.BytesIO": "state", _YAML + "python/object/apply:builtins.iter": "args"}
_MAP_TAGS = frozenset({None, "!", _YAML + "map", *_BODY_TAGS})


class YamlMap(dict[str, object]):
    """A mapping that knows the line it starts on, and that of each key."""

    line = 0

    def __init__(self, *arguments: Any, **entries: object) -> None:
        super().__init__(*arguments, **entries)
        self.lines: dict[str, int] = {}


class YamlList(list[object]):
    """A sequence that knows the line of each member."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


@dataclass(frozen=True, slots=True)
class Unquoted:
    """An unquoted scalar that YAML takes for something else than text, with the text that stands there."""

    text: str
    value: object


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which file something stands, for messages."""

    path: Path
    line: int
    subject: str = ""

    def error(self, message: str) -> CassetteError:
        """The error to raise about this place."""
        return CassetteError(f"{self.path}:{self.line}: {self.subject}{message}")

    def text(self, value: object, what: str) -> str:
        """The text that stands here, as it was written.

        Raises:
            CassetteError: A list or a mapping stands here.
        """
        match value:
            case str():
                return value
            case bytes():
                return value.decode("latin-1")
            case Unquoted():
                return value.text
            case None:
                return ""
            case _:
                raise self.error(f"expected text for {what}, found {kind_of(value)}; correct it or record again.")

    def mapping(self, value: object, what: str) -> YamlMap:
        """The mapping that stands here.

        Raises:
            CassetteError: Something else does.
        """
        if not isinstance(value, YamlMap):
            raise self.error(f"expected a mapping for {what}, found {kind_of(value)}; {HOW_TO_IMPORT}.")
        return value

    def member(self, mapping: YamlMap, key: str) -> object:
        """What a mapping holds under a key.

        Raises:
            CassetteError: It holds nothing there.
        """
        if key not in mapping:
            raise self.error(f"{key!r} is missing; {HOW_TO_IMPORT}.")
        return mapping[key]


def kind_of(value: object) -> str:
    """What a value is, without showing it: it may be a secret."""
    if isinstance(value, Unquoted):
        return type(value.value).__name__
    names = {YamlMap: "a mapping", YamlList: "a list", str: "text", bytes: "binary data", type(None): "nothing"}
    return names.get(type(value), type(value).__name__)


def parse(path: Path, data: bytes) -> object:
    """Return the value of the one document in a file.

    Raises:
        CassetteError: The bytes are no UTF-8, no YAML, or more than a cassette needs; it names the file and the line.
    """
    try:
        data.decode("utf-8")
        return _Events(path, data).document()
    except UnicodeDecodeError as error:
        raise Place(path, data.count(b"\n", 0, error.start) + 1).error(
            "expected UTF-8 text, found other bytes; save it as UTF-8."
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else data.count(b"\n", 0, getattr(error, "position", 0)) + 1
        why = getattr(error, "problem", None) or getattr(error, "reason", "unreadable")
        raise CassetteError(
            f"{path}:{line}: expected YAML, but {why}; correct the line or have the file made again."
        ) from error


def body_of(place: Place, value: object) -> bytes:
    """The bytes of a body in any of the forms in which vcrpy, old or new, stores one.

    Raises:
        CassetteError: It is stored in none of them.
    """
    match value:
        case bytes():
            return value
        case YamlList():
            return b"".join(body_of(place, each) for each in value)
        case YamlMap():
            return _wrapped_body(place, value)
        case _:
            try:
                return place.text(value, "a body").encode("utf-8")
            except UnicodeEncodeError:
                raise place.error(
                    "the body holds half of a surrogate pair; record again, or store it as !!binary."
                ) from None


def _wrapped_body(place: Place, body: YamlMap) -> bytes:
    if "base64_string" not in body:
        return body_of(place, place.member(body, "string"))
    try:
        return base64.b64decode(place.text(body["base64_string"], "a body"), validate=False)
    except (binascii.Error, ValueError):
        raise place.error("expected base64 in 'base64_string', found something else; record again.") from None


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
            raise self._at(extra).error("expected one YAML document, found a second; keep one in a file.")
        return value

    def _at(self, event: yaml.Event) -> Place:
        return Place(self._path, _line(event))

    def _node(self, event: yaml.Event, depth: int) -> object:
        if depth > MAX_DEPTH:
            raise self._at(event).error(f"expected at most {MAX_DEPTH} levels, found more; have the file made again.")
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
            raise self._at(event).error("the aliases unfold to more than 4 MiB of text; write the values out.")
        return value

    def _list(self, depth: int) -> YamlList:
        items = YamlList()
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.lines.append(_line(event))
            items.append(self._node(event, depth + 1))
        return items

    def _map(self, start: yaml.MappingStartEvent, depth: int) -> YamlMap | bytes:
        entries = YamlMap()
        entries.line = _line(start)
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._at(event).text(self._node(event, depth + 1), "a key")
            if key in entries:
                raise self._at(event).error(f"the key {key[:60]!r} stands twice in one mapping; remove one.")
            entries.lines[key] = _line(event)
            entries[key] = self._node(next(self._events), depth + 1)
        if start.tag not in _BODY_TAGS:
            return entries
        held = entries.get(_BODY_TAGS[start.tag])
        return body_of(self._at(start), held[0] if isinstance(held, YamlList) and held else None)

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
        return value if value is None or isinstance(value, bytes) else Unquoted(text, value)

    def _refused(self, event: yaml.Event, tag: str) -> CassetteError:
        return self._at(event).error(
            f"expected plain YAML, found the tag {tag.removeprefix(_YAML)[:60]!r}; quote the value or drop the tag."
        )
