"""Content-encodings of HTTP bodies: undone before a body is searched or compared, applied again at replay.

Sources: RFC 9110, section 8.4 (the header, gzip, x-gzip, deflate); RFC 7932 (br); RFC 8878 (zstd); the reference of
Amazon S3, "Transferring payload in multiple chunks" (aws-chunked, in which its clients send).
"""

import gzip
import importlib
import re
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

#: No recorded answer is larger; a body that unfolds further is a bomb.
MAX_BODY_BYTES = 256 * 1024 * 1024

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_RAW_DEFLATE = -zlib.MAX_WBITS
#: brotli and zstandard unfold a piece whole, so pieces are small enough for none of them to fill the memory.
_PIECE = 64
_ZSTD_WINDOW = 2**27
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,16})(?:;[^\r\n]{0,200})?\r\n")


class UnsupportedEncoding(ValueError):  # noqa: N818  # the name says what is the matter; "Error" would add nothing
    """The content-encoding is unknown, or the library for it is not installed."""


class CorruptBody(ValueError):  # noqa: N818  # as above
    """The body is not what its content-encoding says, is cut short, or unfolds beyond the limit."""


def decode(encoding: str, body: bytes, *, limit: int = MAX_BODY_BYTES) -> bytes:
    """Undo the codings of a Content-Encoding value, the last applied first.

    Args:
        encoding: The header's value, such as `gzip` or `deflate, br`.
        body: The bytes as they were sent; an empty body stays empty, as answers to HEAD are.
        limit: The most bytes to unfold to.

    Raises:
        UnsupportedEncoding: A coding is unknown, or its library is missing.
        CorruptBody: The bytes cannot be decoded, or are more than `limit`.
    """
    for coding in reversed(_codings(encoding)):
        if body:
            body = _DECODERS[coding](body, limit)
    return body


def encode(encoding: str, body: bytes) -> bytes:
    """Apply the codings of a Content-Encoding value in order; the same body gives the same bytes.

    Raises:
        UnsupportedEncoding: A coding is unknown, or its library is missing.
    """
    for coding in _codings(encoding):
        body = _ENCODERS[coding](body)
    return body


def _codings(encoding: str) -> list[str]:
    codings = [name for part in encoding.split(",") if (name := part.strip().lower()) not in ("", "identity")]
    for coding in codings:
        if coding not in _DECODERS:
            raise UnsupportedEncoding(
                f"expected one of {', '.join(sorted(_DECODERS))} as content-encoding, found {coding[:40]!r}; "
                "ask the service for another with Accept-Encoding."
            )
    return codings


def _ungzip(body: bytes, limit: int) -> bytes:
    unfolded = b""
    while body:
        member, body = _inflate(body, _GZIP_OR_ZLIB, "gzip", limit - len(unfolded))
        unfolded += member
        # Members may follow one another; anything else after the first is padding that clients ignore.
        body = body if body.startswith(b"\x1f\x8b") else b""
    return unfolded


def _undeflate(body: bytes, limit: int) -> bytes:
    # RFC 9110 says zlib's format; some servers send the bare deflate stream, and every client takes both.
    try:
        return _inflate(body, zlib.MAX_WBITS, "deflate", limit)[0]
    except CorruptBody as first:
        if not isinstance(first.__cause__, zlib.error):
            raise
    return _inflate(body, _RAW_DEFLATE, "deflate", limit)[0]


def _inflate(body: bytes, bits: int, coding: str, limit: int) -> tuple[bytes, bytes]:
    """Decode one stream; give it and what follows it."""
    stream = zlib.decompressobj(bits)
    try:
        unfolded = stream.decompress(body, limit + 1)
    except zlib.error as error:
        raise _corrupt(coding, str(error)) from error
    if len(unfolded) > limit:
        raise _too_large(coding, limit)
    if not stream.eof:
        raise _corrupt(coding, "the body is cut short")
    return unfolded, stream.unused_data


class _Stream(NamedTuple):
    """One run of a decoder that keeps no limit of its own."""

    coding: str
    unfold: Callable[[bytes], bytes]
    finished: Callable[[], bool]
    failure: type[Exception]

    def read(self, body: bytes, limit: int) -> tuple[bytes, bytes]:
        """Decode one stream piece by piece; give it and the pieces that follow it."""
        unfolded = bytearray()
        for start in range(0, len(body), _PIECE):
            try:
                unfolded += self.unfold(body[start : start + _PIECE])
            except self.failure as error:
                raise _corrupt(self.coding, str(error)) from error
            if len(unfolded) > limit:
                raise _too_large(self.coding, limit)
            if self.finished():
                return bytes(unfolded), body[start + _PIECE :]
        raise _corrupt(self.coding, "the body is cut short")


def _unbrotli(body: bytes, limit: int) -> bytes:
    brotli = _library("br", "brotli")
    decoder = brotli.Decompressor()
    return _Stream("br", decoder.process, decoder.is_finished, brotli.error).read(body, limit)[0]


def _unzstd(body: bytes, limit: int) -> bytes:
    unfolded = b""
    while body:
        frame, body = _zstd_frame(body, limit - len(unfolded))
        unfolded += frame
    return unfolded


def _zstd_frame(body: bytes, limit: int) -> tuple[bytes, bytes]:
    zstandard = _library("zstd", "zstandard")
    decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
    stream = _Stream("zstd", decoder.decompress, lambda: bool(decoder.eof), zstandard.ZstdError)
    unfolded, rest = stream.read(body, limit)
    return unfolded, decoder.unused_data + rest


def _unchunk(body: bytes, limit: int) -> bytes:
    """Chunks as `size[;chunk-signature=...]` and data, then one of no size, and trailers, which are dropped."""
    unfolded = bytearray()
    at = 0
    while head := _CHUNK.match(body, at):
        size = int(head[1], 16)
        if not size:
            return bytes(unfolded)
        if len(unfolded) + size > limit:
            raise _too_large("aws-chunked", limit)
        at = head.end() + size
        if body[at : at + 2] != b"\r\n":
            break
        unfolded += body[head.end() : at]
        at += 2
    raise _corrupt("aws-chunked", "a chunk is cut short or has no size")


def _library(coding: str, name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UnsupportedEncoding(
            f"the content-encoding {coding!r} needs the package {name!r}: install it with `pip install {name}`."
        ) from error


def _corrupt(coding: str, why: str) -> CorruptBody:
    return CorruptBody(f"expected a body in {coding}, but {why[:200]}; record the answer again.")


def _too_large(coding: str, limit: int) -> CorruptBody:
    return CorruptBody(f"expected at most {limit} bytes after undoing {coding}, found more; record a shorter answer.")


def _regzip(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


def _rebrotli(body: bytes) -> bytes:
    return bytes(_library("br", "brotli").compress(body))


def _rechunk(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"


def _rezstd(body: bytes) -> bytes:
    return bytes(_library("zstd", "zstandard").ZstdCompressor().compress(body))


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "aws-chunked": _unchunk,
    "br": _unbrotli,
    "deflate": _undeflate,
    "gzip": _ungzip,
    "x-gzip": _ungzip,
    "zstd": _unzstd,
}
_ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "aws-chunked": _rechunk,
    "br": _rebrotli,
    "deflate": zlib.compress,
    "gzip": _regzip,
    "x-gzip": _regzip,
    "zstd": _rezstd,
}
