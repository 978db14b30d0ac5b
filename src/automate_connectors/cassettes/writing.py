"""Cassettes to disk: text that stock vcrpy loads, written atomically and only where it reads back as it was.

Source: contract, section 4; vcrpy 9.4 (`vcr/serialize.py`, `vcr/serializers`).
"""

import contextlib
import os
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from automate_connectors.cassettes.reading import MAX_FILE_BYTES, parse_interactions
from automate_connectors.cassettes.traffic import CassetteError, Interaction

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
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
    staged = stage(path, recorded=recorded, interactions=interactions)
    try:
        staged.commit()
    finally:
        staged.discard()


@dataclass(frozen=True, slots=True)
class Staged:
    """A finished cassette that waits beside its place, under a hidden name.

    Attributes:
        path: Where it belongs.
        temporary: Where it is.
    """

    path: Path
    temporary: Path

    def commit(self) -> None:
        """Put it in its place, at once.

        Raises:
            CassetteError: The folder cannot be written.
        """
        with _explained(self.path):
            self.temporary.replace(self.path)

    def discard(self) -> None:
        """Remove it, unless it is in its place."""
        self.temporary.unlink(missing_ok=True)


def stage(path: Path, *, recorded: Mapping[str, Any], interactions: Sequence[Interaction]) -> Staged:
    """Write a cassette beside its place.

    Raises:
        CassetteError: The parts make no cassette that `load` accepts, or the folder cannot be written.
    """
    data = dump(recorded=recorded, interactions=interactions).encode("ascii")
    if len(data) > MAX_FILE_BYTES:
        raise CassetteError(
            f"{path}: not written, because it would have {len(data) // 2**20} MiB, and a cassette has "
            f"{MAX_FILE_BYTES // 2**20} MiB at most; give an example with shorter answers."
        )
    read = parse_interactions(path, data)
    if [(each.request, each.response) for each in read] != [(each.request, each.response) for each in interactions]:
        raise CassetteError(f"{path}: not written, because the file would not read back as what was recorded.")
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return Staged(path, temporary)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CassetteError(f"{path}: cannot be written ({error.strerror}); check the folder's permissions.") from error


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
