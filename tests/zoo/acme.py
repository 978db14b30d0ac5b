"""Acme, the toy service of the zoo: its actions, their examples, and what it answers, written as cassettes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from automate_connectors.cassettes.drift import shape_of
from automate_connectors.cassettes.format import Interaction, RecordedRequest, RecordedResponse, save

ORIGIN = "https://api.acme.test"
BASE = f"{ORIGIN}/v1"

#: One example of each action; the operation id is that of the recording.
EXAMPLES: dict[str, dict[str, Any]] = {
    "get_user": {"user_id": "u_7"},
    "list_items": {},
    "send_message": {
        "channel": "general",
        "text": "Deploy finished.",
        "idempotency_key": "3f0c2a1e-5d64-4c7e-9a57-0b6b5a1d2c3e",
    },
    "set_topic": {"channel": "general", "topic": "Release day"},
    "delete_message": {"message_id": "m_1"},
    "post_note": {"text": "Remember the milk."},
}


@dataclass(frozen=True, slots=True)
class Said:
    """One request to Acme and its answer."""

    method: str
    path: str
    status: int = 200
    answer: Any = None
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


SAID: dict[str, list[Said]] = {
    "connect": [Said("GET", "/v1/me", answer={"id": "u_1", "name": "bot"})],
    "get_user": [Said("GET", "/v1/users/u_7", answer={"id": "u_7", "name": "Ada"})],
    "list_items": [
        Said("GET", "/v1/items?limit=2", answer={"items": [{"id": "i_1"}, {"id": "i_2"}], "next": "c2"}),
        Said("GET", "/v1/items?limit=2&cursor=c2", answer={"items": [{"id": "i_3"}], "next": None}),
    ],
    "send_message": [
        Said(
            "POST",
            "/v1/messages",
            201,
            {"id": "m_1", "channel": "general", "text": "Deploy finished."},
            {"channel": "general", "text": "Deploy finished."},
            {"Idempotency-Key": EXAMPLES["send_message"]["idempotency_key"]},
        )
    ],
    "set_topic": [
        Said(
            "PUT",
            "/v1/channels/general/topic",
            200,
            {"channel": "general", "topic": "Release day"},
            {"topic": "Release day"},
        )
    ],
    "delete_message": [Said("DELETE", "/v1/messages/m_1", 204)],
    "post_note": [
        Said("POST", "/v1/notes", 201, {"id": "n_1", "text": "Remember the milk."}, {"text": "Remember the milk."})
    ],
}


def write_cassettes(
    directory: Path,
    connector: str,
    *,
    version: str = "1.0.0",
    actions: Iterable[str] | None = None,
    said: Mapping[str, list[Said]] = SAID,
    examples: Mapping[str, dict[str, Any]] = EXAMPLES,
    authorization: str = "Bearer {{token}}",
    scrubbed: Iterable[str] = ("token",),
    recorded_at: datetime | None = None,
    before: Mapping[str, list[Said]] | None = None,
) -> None:
    """Write ``connect.yaml`` and a cassette for each action's example.

    Args:
        directory: where the cassettes go.
        connector: the registered name that they are for.
        version: of the adapter that recorded them.
        actions: which ones; by default all that ``said`` holds.
        said: what the service answers to each action's requests, in order.
        examples: the payload of each action.
        authorization: the header that every request carries.
        scrubbed: the names of secrets that stand as placeholders.
        recorded_at: now by default.
        before: what the service answered when it was recorded before; None where it was not.
    """
    directory.mkdir(parents=True, exist_ok=True)
    chosen = {"connect", *actions} if actions is not None else set(said)
    for action in sorted(chosen & set(said)):
        recorded: dict[str, Any] = {
            "at": (recorded_at or datetime.now(UTC)).isoformat(),
            "connector": connector,
            "adapter_version": version,
            "host": ["api.acme.test"],
            "payload": examples.get(action, {}),
            "scrubbed": list(scrubbed),
            "source": "written by hand for the zoo; there is no such service",
        }
        if before is not None:
            shape = shape_of(_interaction(i, one, authorization) for i, one in enumerate(before[action]))
            recorded["previous"] = {"at": "2026-01-01T00:00:00+00:00", "shape": shape}
        interactions = [_interaction(i, one, authorization) for i, one in enumerate(said[action])]
        save(directory / f"{action}.yaml", recorded=recorded, interactions=interactions)


def _interaction(index: int, said: Said, authorization: str) -> Interaction:
    body = json.dumps(said.body).encode() if said.body is not None else b""
    sent = [("Authorization", authorization), *said.headers.items()]
    if body:
        sent.append(("Content-Type", "application/json"))
    answer = json.dumps(said.answer).encode() if said.answer is not None else b""
    received = [("Content-Type", "application/json")] if answer else []
    uri = said.path if said.path.startswith("http") else ORIGIN + said.path
    return Interaction(
        index=index,
        line=0,
        request=RecordedRequest(said.method, uri, tuple(sent), body),
        response=RecordedResponse(
            said.status, {201: "Created", 204: "No Content"}.get(said.status, "OK"), tuple(received), answer
        ),
        encoding=None,
    )
