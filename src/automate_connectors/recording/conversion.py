"""What vcrpy heard, as interactions: bodies as bytes with their content-encoding undone, headers as pairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from automate_connectors.cassettes import encodings
from automate_connectors.cassettes.traffic import CassetteError, Interaction, RecordedRequest, RecordedResponse

__all__ = ["interaction_of", "undone"]

#: More than this a cassette cannot hold: `reading.MAX_FILE_BYTES` with what YAML adds.
MAX_BODY_BYTES = 40 * 1024 * 1024
#: What says how an answer was encoded; tornado renames it when it has undone that.
_ENCODING = ("content-encoding", "x-consumed-content-encoding")


def interaction_of(number: int, request: Any, response: Mapping[str, Any]) -> Interaction:
    """One exchange.

    Args:
        number: Its place among those of the cassette.
        request: A `vcr.request.Request`.
        response: vcrpy's answer: status, headers by name, body.

    Raises:
        CassetteError: A body is too large, or in an encoding that cannot be undone; or it is the answer to another
            request, to which the client was redirected out of hearing.
    """
    method, address = str(request.method), _address(str(request.uri))
    final = response.get("url")
    if final and _address(str(final)) != address:
        raise CassetteError(
            f"{method} {address.partition('?')[0]} was redirected, and the client followed without telling: let it not "
            "follow (tornado's `follow_redirects=False`) and send the next request in the adapter"
        )
    status, body = response["status"], _bytes(response["body"].get("string"))
    return undone(
        Interaction(
            number,
            0,
            RecordedRequest(method, address, _pairs(request.headers), _bytes(request.body)),
            RecordedResponse(int(status["code"]), _text(status["message"] or ""), _pairs(response["headers"]), body),
        )
    )


def undone(each: Interaction) -> Interaction:
    """A copy whose answer has its content-encoding undone, and remembers it.

    Raises:
        CassetteError: The body is too large, or in an encoding that cannot be undone.
    """
    request, response = each.request, each.response
    place = f"the answer to {request.method} {request.uri.partition('?')[0]}"
    body, encoding = _decoded(response.headers, response.body, place)
    if encoding is None:
        return each
    headers = _without_encoding(response.headers, len(body) if body else None)
    return replace(each, response=replace(response, headers=headers, body=body), encoding=encoding)


def _address(uri: str) -> str:
    """The address as it is sent: neither user and password, which go in a header, nor a fragment."""
    parts = urlsplit(uri)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path or "/", parts.query, ""))


def _pairs(headers: Mapping[Any, Any] | Iterable[tuple[Any, Any]]) -> tuple[tuple[str, str], ...]:
    given = headers.items() if isinstance(headers, Mapping) else headers
    return tuple((_text(name), _text(each)) for name, value in given for each in _several(value))


def _several(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _bytes(body: Any) -> bytes:
    """A body that vcrpy kept as it was given: text, bytes, a file, or pieces."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    if hasattr(body, "read"):
        return _bytes(body.read())
    try:
        return b"".join(map(_bytes, body))
    except TypeError:
        raise CassetteError(
            f"a request has a body of type {type(body).__name__}, which cannot be recorded: send text, bytes or pieces"
        ) from None


def _decoded(headers: tuple[tuple[str, str], ...], body: bytes, place: str) -> tuple[bytes, str | None]:
    """The body with its content-encoding undone, and that encoding; None where it has none."""
    encoding = ", ".join(value for name, value in headers if name.lower() in _ENCODING)
    try:
        plain = encodings.decode(encoding, body)
    except encodings.UnsupportedEncoding as error:
        raise CassetteError(f"{place} cannot be searched for secrets: {error}") from error
    except encodings.CorruptBody:
        # Clients that decode by themselves hand over the decoded body under the header of the encoded one.
        plain = body
    if len(plain) > MAX_BODY_BYTES:
        raise CassetteError(
            f"{place} has {len(plain) // 2**20} MiB, and a cassette holds {MAX_BODY_BYTES // 2**20} MiB at most: "
            "give an example that asks for less"
        )
    return plain, encoding if encoding.strip().lower() not in ("", "identity") else None


def _without_encoding(headers: tuple[tuple[str, str], ...], length: int | None) -> tuple[tuple[str, str], ...]:
    kept = ((name, value) for name, value in headers if name.lower() not in _ENCODING)
    return tuple(
        (name, str(length) if length is not None and name.lower() == "content-length" else value)
        for name, value in kept
    )
