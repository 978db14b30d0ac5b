"""The profile's own addresses in place of those that were called: a sandbox, or a server on loopback."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from automate_connectors.cassettes.secret_forms import any_spelling
from automate_connectors.cassettes.traffic import Interaction

__all__ = ["Origins", "addresses_of"]

#: No letter, digit or dash before or after: a longer name is another host, a longer number another port.
_START, _END = r"(?<![\w.-])", r"(?![\w-]|\.\w|:\d)"


@dataclass(frozen=True, slots=True)
class _Move:
    """One address, in whatever spelling it stands in a text, and what stands there instead."""

    pattern: re.Pattern[str]
    own: str


class Origins:
    """Writes own addresses where called ones stood.

    Args:
        moved: Addresses that were called, each with the profile's own.
    """

    def __init__(self, moved: Mapping[str, str]) -> None:
        self._bases = [(called.rstrip("/"), own.rstrip("/")) for called, own in moved.items()]
        self._bases.sort(key=lambda pair: -len(pair[0]))
        self._moves = tuple(_moves(self._bases))

    def interaction(self, each: Interaction) -> Interaction:
        """A copy in which own addresses stand."""
        if not self._moves:
            return each
        request, response = each.request, each.response
        return replace(
            each,
            request=replace(
                request,
                uri=self._uri(request.uri),
                headers=self._headers(request.headers),
                body=self._raw(request.body),
            ),
            response=replace(response, headers=self._headers(response.headers), body=self._raw(response.body)),
        )

    def payload(self, value: Any) -> Any:
        """JSON in whose texts own addresses stand."""
        match value:
            case str():
                return self.text(value)
            case Mapping():
                return {key: self.payload(each) for key, each in value.items()}
            case list() | tuple():
                return [self.payload(each) for each in value]
            case _:
                return value

    def text(self, text: str) -> str:
        """A text in which own addresses stand."""
        for move in self._moves:
            text = move.pattern.sub(move.own.replace("\\", r"\\"), text)
        return text

    def _uri(self, uri: str) -> str:
        for called, own in self._bases:
            if uri == called or uri.startswith((f"{called}/", f"{called}?")):
                return own + self.text(uri[len(called) :])
        return self.text(uri)

    def _headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple((name, self.text(value)) for name, value in headers)

    def _raw(self, body: bytes) -> bytes:
        return self.text(body.decode("latin-1")).encode("latin-1")


def _moves(bases: Iterable[tuple[str, str]]) -> Iterator[_Move]:
    for called, own in bases:
        one, other = urlsplit(called), urlsplit(own)
        here, there = f"{one.scheme}://{one.netloc}", f"{other.scheme}://{other.netloc}"
        for old, new in dict.fromkeys([(called, own), (here, there), (one.netloc, other.netloc)]):
            yield _Move(re.compile(f"{_START}(?:{any_spelling(old)}){_END}"), new)


def addresses_of(called: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, str]:
    """The options that are addresses and were replaced while recording: what was called, and the profile's own."""
    pairs = ((value, own.get(name)) for name, value in called.items())
    return {str(one): str(other) for one, other in pairs if one != other and _is_address(one) and _is_address(other)}


def _is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://")) and bool(urlsplit(value).hostname)
