"""What goes over the wire: the request that an adapter sent, and the answer it gets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

__all__ = ["Answer", "Headers", "SentRequest", "ascii_host"]


def ascii_host(host: str) -> str:
    """A host name as it goes over the wire (RFC 3490); what cannot be one stays as it is."""
    if host.isascii():
        return host.lower()
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.lower()


class Headers(Mapping[str, str]):
    """Header fields, in order; names compare without case (RFC 9110 section 5.1)."""

    __slots__ = ("raw",)

    def __init__(self, raw: Iterable[tuple[str, str]] = ()) -> None:
        self.raw = tuple(raw)

    def __getitem__(self, name: str) -> str:
        """All values of a field, joined by a comma (RFC 9110 section 5.3)."""
        if not (values := self.get_all(name)):
            raise KeyError(name)
        return ", ".join(values)

    def get_all(self, name: str) -> list[str]:
        """Every value of a field, in order."""
        wanted = name.lower()
        return [value for key, value in self.raw if key.lower() == wanted]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(key.lower() for key, _ in self.raw))

    def __len__(self) -> int:
        return len(set(self))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self.get_all(name))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        return {key: self[key] for key in self} == {str(key).lower(): value for key, value in other.items()}

    def __hash__(self) -> int:
        raise TypeError("Headers equal plain mappings, which have no hash: use their `raw` pairs")

    def __repr__(self) -> str:
        return f"Headers({list(self)})"


@dataclass(frozen=True, slots=True)
class SentRequest:
    """One request as it reached the service.

    Attributes:
        method: in capitals as sent.
        url: absolute, with query, percent-encoded as sent.
        headers: names compare without case.
        body: the bytes as sent, content-encoding not undone.
    """

    method: str
    url: str
    headers: Headers = field(default_factory=Headers, repr=False)
    body: bytes = field(default=b"", repr=False)

    def json(self) -> Any:
        """The body parsed as JSON.

        Raises:
            ValueError: where it is none.
        """
        return json.loads(self.body)

    @property
    def origin(self) -> str:
        """Scheme, host and port (RFC 6454)."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.lower()}"

    @property
    def path(self) -> str:
        """The path as sent."""
        return urlsplit(self.url).path or "/"

    @property
    def query(self) -> str:
        """The query as sent, without its question mark."""
        return urlsplit(self.url).query


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service says.

    Attributes:
        status: RFC 9110 section 15.
        reason: free text of the status line.
        headers: fields in order; framing fields are the server's business.
        body: as it goes over the wire, content-encoding applied.
        chunked: whether it is sent in chunks (RFC 9112 section 7.1).
        found: how it was found among the recordings: ``exact``, by its ``endpoint``, or ``none``.
        recorded: the cassette's name and the interaction's number.
    """

    status: int
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    chunked: bool = False
    found: Literal["exact", "endpoint", "none"] = "exact"
    recorded: tuple[str, int] | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the class of statuses
