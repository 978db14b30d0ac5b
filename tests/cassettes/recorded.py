"""Cassettes made in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from automate_connectors.cassettes.traffic import Cassette, Interaction, Recorded, RecordedRequest, RecordedResponse

ORIGIN = "https://api.acme.test"
JSON = (("Content-Type", "application/json"),)

Headers = tuple[tuple[str, str], ...]


def said(
    method: str,
    path: str,
    answer: Any = None,
    *,
    sent: Any = None,
    status: int = 200,
    headers: Headers = JSON,
    encoding: str | None = None,
) -> Interaction:
    """One request and its answer; both bodies are JSON, or bytes as they stand."""
    url = path if path.startswith("http") else ORIGIN + path
    request = RecordedRequest(method, url, JSON if sent is not None else (), _bytes(sent))
    return Interaction(0, 0, request, RecordedResponse(status, "OK", headers, _bytes(answer)), encoding)


def cassette(name: str, interactions: Sequence[Interaction], payload: Mapping[str, Any] | None = None) -> Cassette:
    """A cassette of that name; its interactions are numbered."""
    recorded = Recorded(None, "acme", "1.0.0", ("api.acme.test",), dict(payload or {}))
    numbered = tuple(
        Interaction(i, i + 1, each.request, each.response, each.encoding) for i, each in enumerate(interactions)
    )
    action, _, number = name.partition(".")
    return Cassette(Path(f"{name}.yaml"), name, action, int(number or 1), recorded, numbered, "0" * 64)


def _bytes(value: Any) -> bytes:
    if value is None:
        return b""
    return value if isinstance(value, bytes) else json.dumps(value).encode()
