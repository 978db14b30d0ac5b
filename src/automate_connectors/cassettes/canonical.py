"""The form in which two requests are compared: target and body parsed, what rightly differs left out.

*Canonical body* (standard): JSON parsed, forms parsed in order, multipart without its boundary, content-encoding
undone. Headers are not compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from automate_connectors.cassettes import encodings
from automate_connectors.wire.messages import ascii_host

_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a comparison leaves out: an action's volatile fields, and the place of its key.

    Attributes:
        fields: names of body fields (dotted for nested ones) and query parameters.
        segment: the operation id that stands in the path, if one does.
    """

    fields: frozenset[str] = frozenset()
    segment: str | None = None


@dataclass(frozen=True, slots=True)
class CanonicalRequest:
    """A request, ready to be compared; equal ones are interchangeable."""

    method: str
    origin: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: str

    @property
    def endpoint(self) -> tuple[str, str, str]:
        """Method, origin and path."""
        return (self.method, self.origin, self.path)


def canonical_request(
    method: str,
    url: str,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    *,
    without: LeftOut = LeftOut(),
) -> CanonicalRequest:
    """Parse a request for comparison."""
    parts = urlsplit(url)
    query = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in without.fields)
    return CanonicalRequest(
        method.upper(), origin_of(url), canonical_path(parts.path, without.segment), tuple(query),
        canonical_body(headers, body, without=without.fields),
    )  # fmt: skip


def origin_of(url: str) -> str:
    """Scheme, host and port, the standard port left out (RFC 6454 section 6.2)."""
    parts = urlsplit(url)
    standard = {"http": 80, "https": 443}.get(parts.scheme)
    host = ascii_host(parts.hostname or "")
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" + ("" if parts.port in (None, standard) else f":{parts.port}")


def canonical_path(path: str, operation: str | None = None) -> str:
    """A path with uniform percent-encoding (RFC 3986 section 6.2.2), the operation's segment replaced."""
    segments = [unquote(segment) for segment in (path or "/").split("/")]
    return "/".join(
        "{operation}" if operation and segment == operation else quote(segment, safe="{}") for segment in segments
    )


def canonical_body(headers: Iterable[tuple[str, str]], body: bytes, *, without: frozenset[str] = frozenset()) -> str:
    """A body as text that is equal where the bodies mean the same."""
    kind, value = parse_body(headers, body)
    if kind == "json":
        value = drop_fields(value, without)
    elif kind == "form":
        value = [(key, item) for key, item in value if key not in without]
    return f"{kind}:{json.dumps(value, sort_keys=True)}"


def parse_body(headers: Iterable[tuple[str, str]], body: bytes) -> tuple[str, Any]:
    """What a body is (``none``, ``json``, ``form``, ``multipart``, ``text``, ``binary``) and what it holds."""
    fields = {name.lower(): value for name, value in headers}
    if not body:
        return "none", None
    plain = _decoded(fields.get("content-encoding", ""), body)
    media = fields.get("content-type", "").lower()
    if "json" in media or plain[:1] in (b"{", b"["):
        try:
            return "json", json.loads(plain)
        except ValueError:
            pass
    if "x-www-form-urlencoded" in media:
        return "form", [list(pair) for pair in parse_qsl(plain.decode("utf-8", "replace"), keep_blank_values=True)]
    if "multipart/" in media and (found := _BOUNDARY.search(fields["content-type"])):
        return "multipart", plain.decode("latin-1").replace(found.group(1), "{boundary}")
    try:
        return "text", plain.decode()
    except UnicodeDecodeError:
        return "binary", plain.hex()


def texts_of(headers: Iterable[tuple[str, str]], body: bytes) -> str:
    """What an answer says, line by line: its header values, its body, and the strings of a JSON body unescaped."""
    fields = list(headers)
    kind, value = parse_body(fields, body)
    strings = [item for item in leaves(value).values() if isinstance(item, str)] if kind == "json" else []
    return "\n".join([*(item for _, item in fields), body.decode("utf-8", "replace"), *strings, ""])


def _decoded(encoding: str, body: bytes) -> bytes:
    if not encoding:
        return body
    try:
        return encodings.decode(encoding, body)
    except ValueError:
        return body


def drop_fields(value: Any, names: frozenset[str], prefix: str = "") -> Any:
    """JSON without the fields of these names: a plain name at any depth, a dotted one at its place."""
    if not names:
        return value
    if isinstance(value, Mapping):
        return {
            key: drop_fields(item, names, f"{prefix}{key}.")
            for key, item in value.items()
            if key not in names and prefix + key not in names
        }
    if isinstance(value, list):
        return [drop_fields(item, names, prefix) for item in value]
    return value


def leaves(value: Any, prefix: str = "") -> dict[str, Any]:
    """The scalars of a JSON value by their place, as JSON pointers (RFC 6901)."""
    if isinstance(value, Mapping):
        found = {k: v for key, item in value.items() for k, v in leaves(item, f"{prefix}/{key}").items()}
        return found or {prefix: {}}
    if isinstance(value, list):
        found = {k: v for i, item in enumerate(value) for k, v in leaves(item, f"{prefix}/{i}").items()}
        return found or {prefix: []}
    return {prefix: value}
