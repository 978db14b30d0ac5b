"""Cassettes written by hand for services that Acme's own table does not describe: forms, files, other origins."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from automate_connectors.cassettes.format import Interaction, RecordedRequest, RecordedResponse, save
from zoo.acme import ORIGIN

BEARER = {"Authorization": "Bearer {{token}}"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Turn:
    """One request and its answer.

    Attributes:
        method: of the request.
        url: a path of Acme's, or an absolute address.
        sent: its body: JSON, or bytes as they stand.
        answer: the answer's body: JSON, or bytes as they stand; None for no body.
        status: the answer's.
        headers: of the request.
        received: headers of the answer.
        encoding: the content-encoding that the answer had when it was recorded.
    """

    method: str
    url: str
    sent: Any = None
    answer: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: dict(BEARER))
    received: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None

    @property
    def address(self) -> str:
        """The absolute address."""
        return self.url if self.url.startswith("http") else ORIGIN + self.url

    def interaction(self, index: int) -> Interaction:
        """It as a cassette holds it."""
        sent, asked = _content(self.sent, self.headers)
        said, told = _content(self.answer, self.received)
        return Interaction(
            index=index,
            line=0,
            request=RecordedRequest(self.method, self.address, asked, sent),
            response=RecordedResponse(self.status, HTTPStatus(self.status).phrase, told, said),
            encoding=self.encoding,
        )


@dataclass(frozen=True, slots=True)
class Tape:
    """One cassette: what was asked for, and what went over the wire."""

    payload: Mapping[str, Any]
    turns: Sequence[Turn]


#: What most adapters ask in `connect`.
ME = Turn("GET", "/v1/me", answer={"id": "u_1", "name": "bot"})


def record(adapter_class: type[Any], tapes: Mapping[str, Tape]) -> Callable[[Path], None]:
    """Write these cassettes, by name, for an adapter."""

    def write(folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, tape in tapes.items():
            recorded = {
                "at": datetime.now(UTC).isoformat(),
                "connector": adapter_class.name,
                "adapter_version": adapter_class.version,
                "host": sorted({str(urlsplit(turn.address).hostname) for turn in tape.turns}),
                "payload": dict(tape.payload),
                "scrubbed": list(adapter_class.secrets),
                "source": "written by hand for the zoo; there is no such service",
                "encodings": {i: turn.encoding for i, turn in enumerate(tape.turns) if turn.encoding},
            }
            interactions = [turn.interaction(i) for i, turn in enumerate(tape.turns)]
            save(folder / f"{name}.yaml", recorded=recorded, interactions=interactions)

    return write


def _content(value: Any, headers: Mapping[str, str]) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    fields = tuple(headers.items())
    if value is None or isinstance(value, bytes):
        return value or b"", fields
    return json.dumps(value).encode(), (*fields, ("Content-Type", "application/json"))
