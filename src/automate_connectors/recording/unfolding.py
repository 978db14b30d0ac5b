"""What a body may hide: compressed data and base64 undone, and what comes out looked at in the same way."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from automate_connectors.cassettes import encodings

__all__ = ["unfolded"]

_DEPTH = 4
#: No more than this is unfolded out of one piece: bombs are not evidence.
_LIMIT = 64 * 1024 * 1024
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
#: How packed data begins (RFC 1952, RFC 1950, RFC 8878), and what undoes it.
_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"\x78\x01": "deflate",
    b"\x78\x9c": "deflate",
    b"\x78\xda": "deflate",
    b"(\xb5/\xfd": "zstd",
}


def unfolded(data: bytes, depth: int = _DEPTH) -> Iterator[bytes]:
    """The data, and everything that is packed in it."""
    yield data
    if not depth:
        return
    for coding in dict.fromkeys(coding for magic, coding in _MAGIC.items() if data.startswith(magic)):
        try:
            inner = encodings.decode(coding, data, limit=_LIMIT)
        except ValueError:
            continue
        yield from unfolded(inner, depth - 1)
    if b"\0" in data:
        # UTF-16, of whatever is mostly ASCII.
        yield from unfolded(data.replace(b"\0", b""), depth - 1)
    plain = [piece for found in _BASE64.finditer(data) if (piece := _plain(found[0])) is not None]
    for piece in plain:
        if piece.startswith(tuple(_MAGIC)):
            yield from unfolded(piece, depth - 1)
    if plain:
        # Together: a long text has hundreds of thousands of words that could be base64.
        yield from unfolded(b"\n".join(plain), depth - 1)


def _plain(token: bytes) -> bytes | None:
    bare = token.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    try:
        return base64.b64decode(bare + b"=" * (-len(bare) % 4))
    except binascii.Error:
        return None
