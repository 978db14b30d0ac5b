"""Finds secrets in files, however encoded: undoes encodings again and again, and shares no code with the kit."""

from __future__ import annotations

import base64
import gzip
import html
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import yaml

_DEPTH = 4
#: Ten times as fast, where PyYAML has it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_WORD = re.compile(rb"[A-Za-z0-9+/_=-]{8,}")


def exposed(folder: Path, secrets: Iterable[str]) -> list[str]:
    """Each file with the number of a secret that it shows."""
    wanted = [(number, secret.encode()) for number, secret in enumerate(secrets)]
    found = set()
    for path in folder.iterdir():
        data = path.read_bytes()
        texts = [data, *_leaves(yaml.load(data, _LOADER))]  # noqa: S506 - both are safe
        for text in _undone(b"\n".join(texts)):
            found |= {f"{path.name}: secret {number}" for number, secret in wanted if secret in text}
    return sorted(found)


def _leaves(value: Any) -> Iterator[bytes]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from (*_leaves(key), *_leaves(each))
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif isinstance(value, bytes):
        yield value
    else:
        yield str(value).encode("utf-8", "surrogatepass")


def _undone(text: bytes) -> set[bytes]:
    """The text, and what it becomes when encodings are undone in any order."""
    seen, fresh = {text}, {text}
    for _ in range(_DEPTH):
        fresh = {each for one in fresh for each in _steps(one)} - seen
        seen |= fresh
    return seen


def _steps(text: bytes) -> Iterator[bytes]:
    yield unquote_to_bytes(text)
    yield unquote_to_bytes(text.replace(b"+", b" "))
    yield html.unescape(text.decode("latin-1")).encode("latin-1", "ignore")
    yield re.sub(rb"\\u00([0-9a-fA-F]{2})", lambda hit: chr(int(hit[1], 16)).encode(), text)
    yield re.sub(rb"\\([\\\"/nrt])", lambda hit: _ESCAPED.get(hit[1], hit[1]), text)
    words = set(_WORD.findall(text))
    yield b"\n".join(sorted(piece for word in words for piece in _packed(word)))


def _packed(word: bytes) -> Iterator[bytes]:
    bare = word.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    for start in range(4):
        part = bare[start : start + (len(bare) - start) // 4 * 4] if start else bare + b"=" * (-len(bare) % 4)
        try:
            plain = base64.b64decode(part)
        except ValueError:
            continue
        yield plain
        for unpack in (gzip.decompress, zlib.decompress):
            try:
                yield unpack(plain)
            except (OSError, EOFError, zlib.error):
                continue
    if len(word) % 2 == 0 and re.fullmatch(rb"[0-9a-fA-F]+", word):
        yield bytes.fromhex(word.decode())
