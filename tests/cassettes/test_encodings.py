"""Content-encodings: every kind a service sends, undone and applied again, with bombs and damage refused."""

import gzip
import importlib
import zlib
from types import ModuleType

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from automate_connectors.cassettes.encodings import CorruptBody, UnsupportedEncoding, decode, encode

BODY = b'{"name": "\xc3\xbc"}' * 50
ZSTD = zstandard.ZstdCompressor().compress(BODY)


@pytest.mark.parametrize(
    "encoding",
    [
        "gzip",
        "x-gzip",
        "deflate",
        "br",
        "zstd",
        "identity",
        "",
        " GZIP ",
        "gzip, br",
        "deflate,identity,zstd",
        "aws-chunked,gzip",
    ],
)
def test_what_is_encoded_is_decoded(encoding: str) -> None:
    """Lists are undone from the last to the first; the same body gives the same bytes; no body stays none."""
    assert decode(encoding, encode(encoding, BODY)) == BODY
    assert encode(encoding, BODY) == encode(encoding, BODY)
    assert decode(encoding, b"") == b""


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd", "aws-chunked"]))
def test_any_body_survives(body: bytes, encoding: str) -> None:
    """Whatever the bytes are."""
    assert decode(encoding, encode(encoding, body)) == body


@pytest.mark.parametrize(
    ("encoding", "sent"),
    [
        ("deflate", zlib.compress(BODY)[2:-4]),
        ("gzip", gzip.compress(BODY, mtime=0) + b"\0padding"),
        ("gzip", zlib.compress(BODY)),
        ("br", brotli.compress(BODY)),
        ("zstd", ZSTD),
        (
            "aws-chunked",
            b"A;chunk-signature=0f\r\n%b\r\n%x\r\n%b\r\n0\r\nx-amz-checksum-crc32:AA==\r\n\r\n"
            % (BODY[:10], len(BODY) - 10, BODY[10:]),
        ),
    ],
)
def test_other_writers_bodies_are_decoded(encoding: str, sent: bytes) -> None:
    """Bare deflate, padding after gzip, zlib under the name of gzip, signed chunks: what clients take is taken."""
    assert decode(encoding, sent) == BODY


@pytest.mark.parametrize(("encoding", "sent"), [("gzip", gzip.compress(BODY, mtime=0) * 2), ("zstd", ZSTD * 2)])
def test_streams_in_a_row_are_one_body(encoding: str, sent: bytes) -> None:
    """Gzip members and zstd frames may follow one another."""
    assert decode(encoding, sent) == BODY * 2


@pytest.mark.parametrize(
    ("encoding", "sent", "says"),
    [
        ("gzip", gzip.compress(BODY, mtime=0)[:-9], "cut short"),
        ("deflate", zlib.compress(BODY)[:-5], "cut short"),
        ("br", brotli.compress(BODY)[:-3], "cut short"),
        ("zstd", ZSTD[:-3], "cut short"),
        ("gzip", b"plain text", "incorrect header"),
        ("deflate", b"plain text", "expected a body in deflate"),
        ("br", b"plain text", "expected a body in br"),
        ("zstd", b"plain text", "expected a body in zstd"),
        ("aws-chunked", b"plain text", "expected a body in aws-chunked"),
        ("aws-chunked", b"5\r\nabcd", "a chunk is cut short"),
        ("aws-chunked", b"4\r\nabcd\r\n", "a chunk is cut short"),
        ("aws-chunked", b"ffffffffffffffff\r\nabcd\r\n", "expected at most"),
    ],
)
def test_damage_is_told(encoding: str, sent: bytes, says: str) -> None:
    """A body that is cut short or something else is an error that names the coding."""
    with pytest.raises(CorruptBody, match=says):
        decode(encoding, sent)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "aws-chunked"])
def test_bombs_are_refused(encoding: str) -> None:
    """A small body may not unfold beyond the limit; one of exactly the limit may."""
    bomb = encode(encoding, bytes(100_000))
    with pytest.raises(CorruptBody, match="at most 99999 bytes"):
        decode(encoding, bomb, limit=99_999)
    assert len(decode(encoding, bomb, limit=100_000)) == 100_000


def test_an_unknown_encoding_is_named() -> None:
    """With the known ones, and what to do."""
    with pytest.raises(
        UnsupportedEncoding, match=r"expected one of aws-chunked, br, deflate, gzip, x-gzip, zstd.*found 'compress'"
    ):
        decode("gzip, compress", b"x")
    with pytest.raises(UnsupportedEncoding):
        encode("compress", b"x")


@pytest.mark.parametrize(("encoding", "package"), [("br", "brotli"), ("zstd", "zstandard")])
def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, encoding: str, package: str) -> None:
    """The libraries for br and zstd are optional."""

    def absent(name: str) -> ModuleType:
        raise ImportError(name)

    sent = encode(encoding, BODY)
    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(UnsupportedEncoding, match=f"pip install {package}"):
        decode(encoding, sent)
