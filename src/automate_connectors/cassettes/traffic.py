"""What cassettes hold: requests, answers, and what the recorder noted about them.

Source: contract, section 4.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from automate_connectors.errors import ConfigurationError


class CassetteError(ConfigurationError):
    """A cassette cannot be read or written; the message names the file, the line, and what to do."""


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request as it was sent: absolute `uri`, headers in order, decoded or raw `body`."""

    method: str
    uri: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class RecordedResponse:
    """The answer to a request; `reason` may be empty."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Interaction:
    """One request and its answer.

    Attributes:
        index: Its number in the file, counted from 0.
        line: The line of the file on which it starts, counted from 1; 0 where it comes from no file.
        request: What was sent.
        response: What came back.
        encoding: The content-encoding that the answer had before it was stored decoded.
    """

    index: int
    line: int
    request: RecordedRequest
    response: RecordedResponse
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The `recorded` map; `at` is in UTC where the file gives no zone, `lines` are those of its keys."""

    at: datetime | None
    connector: str | None
    adapter_version: str | None
    hosts: tuple[str, ...]
    payload: dict[str, Any]
    scrubbed: tuple[str, ...] = ()
    source: str | None = None
    encodings: Mapping[int, str] = field(default_factory=dict)
    previous: Mapping[str, Any] | None = None
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cassette:
    """A file of recorded traffic.

    Attributes:
        path: Where it was read.
        name: The file's name without `.yaml`, such as `send_message.2`.
        action: The action it belongs to, or `connect`.
        number: Which of the action's examples, counted from 1.
        recorded: What the recorder noted about it.
        interactions: The traffic, in the order in which it was sent.
        sha256: Digest of the file's bytes, in lower-case hex.
    """

    path: Path
    name: str
    action: str
    number: int
    recorded: Recorded
    interactions: tuple[Interaction, ...]
    sha256: str

    def place_of(self, key: str) -> str:
        """File and line of a key of its `recorded` map; where it lacks that key, of the map."""
        return f"{self.path.name}:{self.recorded.lines.get(key, self.recorded.line)} (recorded.{key})"
