"""The content of members, unpacked piece by piece: exact length, exact checksum, bounded memory."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from automate_connectors.certification.wheels.headers import Entry, refused

__all__ = ["unpacked"]

_PIECE: Final = 256 * 1024


def unpacked(file: BinaryIO, entry: Entry, start: int) -> Iterator[bytes]:
    """Yield the content of a member; it is only good when the last piece came without a refusal.

    Args:
        file: The archive.
        entry: The member.
        start: The place of its first content byte.

    Raises:
        WheelRefused: ``archive``: the content is not what the header promises.
    """
    header = entry.header
    pieces = _packed(file, start, header.packed)
    size = crc = 0
    for piece in pieces if header.method == 0 else _inflated(pieces, entry):
        size += len(piece)
        crc = zlib.crc32(piece, crc)
        if size > header.size:
            break
        yield piece
    if (size, crc) != (header.size, header.crc):
        raise refused(entry.path, "has a content of another length or checksum than its header says")


def _packed(file: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    at, end = start, start + length
    while at < end:
        file.seek(at)
        piece = file.read(min(_PIECE, end - at))
        if not piece:
            return
        at += len(piece)
        yield piece


def _inflated(pieces: Iterator[bytes], entry: Entry) -> Iterator[bytes]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in pieces:
        waiting, more = piece, True
        while more and not stream.eof:
            found = _step(stream, waiting, entry)
            yield found
            waiting = stream.unconsumed_tail
            more = len(found) == _PIECE  # a full piece: there may be more of it inside
        if stream.eof:
            break
    if not stream.eof or stream.unused_data or next(pieces, b""):
        raise refused(entry.path, "is not one whole deflate stream")


def _step(stream: "zlib._Decompress", data: bytes, entry: Entry) -> bytes:
    try:
        return stream.decompress(data, _PIECE)
    except zlib.error as error:
        raise refused(entry.path, "is no deflate stream") from error
