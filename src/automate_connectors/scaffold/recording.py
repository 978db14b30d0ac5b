"""Cassettes of a new project: the toy service is started on a loopback port and asked what the adapter will ask."""

import json
import runpy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from automate_connectors.cassettes.format import Interaction, RecordedRequest, RecordedResponse, save
from automate_connectors.scaffold.draft import ActionDraft, ProjectDraft

__all__ = ["record"]

_TOKEN: Final = "{{token}}"  # noqa: S105 - the placeholder that cassettes hold
_SECONDS: Final = 10
#: Headers that differ from run to run and that nobody reads.
_DROPPED: Final = frozenset({"date", "server"})


def record(draft: ProjectDraft, service: Path, folder: Path) -> None:
    """Record `connect` and each action's example from a toy service into a folder.

    Raises:
        OSError: No loopback port is free, or a file cannot be written.
    """
    with _running(service) as port:
        connect = _asked(draft, port, "GET", draft.health)
        _save(draft, folder / "connect.yaml", {}, connect)
        for action in draft.actions:
            said = _asked(draft, port, action.method, _target(action), action)
            _save(draft, folder / f"{action.name}.yaml", action.example, said)


@contextmanager
def _running(service: Path) -> Iterator[int]:
    server = runpy.run_path(str(service))["make_server"](0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _target(action: ActionDraft) -> str:
    """Return path and query of an action's example, as the adapter sends them."""
    path = action.path
    for field in action.at("path"):
        path = path.replace("{" + field.name + "}", quote(str(action.example[field.key]), safe=""))
    query = {field.key: action.example[field.key] for field in action.at("query") if field.key in action.example}
    texts = {key: str(value).lower() if isinstance(value, bool) else value for key, value in query.items()}
    return f"{path}?{urlencode(texts, doseq=True)}" if texts else path


def _asked(draft: ProjectDraft, port: int, method: str, target: str, action: ActionDraft | None = None) -> Interaction:
    headers = {"Accept": "application/json"}
    if draft.auth:
        headers[draft.auth[0]] = draft.auth[1] + _TOKEN
    body: bytes | None = None
    if action and action.at("body"):
        fields = {f.key: action.example[f.key] for f in action.at("body") if f.key in action.example}
        body, headers["Content-Type"] = json.dumps(fields).encode(), "application/json"
    if action and action.key_header:
        headers[action.key_header] = str(action.example["idempotency_key"])
    base = urlsplit(draft.base_url)
    connection = HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        connection.request(method, base.path + target, body=body, headers=headers)
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    received = tuple((name, value) for name, value in response.getheaders() if name.lower() not in _DROPPED)
    return Interaction(
        0,
        0,
        RecordedRequest(method, f"{draft.base_url}{target}", tuple(headers.items()), body or b""),
        RecordedResponse(response.status, response.reason, received, content),
    )


def _save(draft: ProjectDraft, path: Path, payload: dict[str, Any], said: Interaction) -> None:
    recorded = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "connector": draft.name,
        "adapter_version": "0.1.0",
        "host": [urlsplit(draft.base_url).hostname],
        "payload": payload,
        "scrubbed": ["token"] if draft.auth else [],
        "source": f"the toy service, python -m {draft.name}.toy_service, not the real one",
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save(path, recorded=recorded, interactions=[said])
