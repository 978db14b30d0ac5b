"""How the connector is certified, and how its cassettes are recorded: see `synapse.py` beside the package."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from automate_connectors.profiles import ConnectionProfile
from automate_connectors.testing import ConnectorTestCase
from automate_matrix.adapter import MatrixAdapter

__all__ = ["MatrixCase"]

#: Where a recording calls; the profile's own address stands in the cassettes.
_LIVE = os.environ.get("AUTOMATE_MATRIX_LIVE")


class MatrixCase(ConnectorTestCase):
    """Matrix, from recordings of Synapse."""

    adapter_class = MatrixAdapter
    level = "gold"
    profile: ClassVar[ConnectionProfile | None] = ConnectionProfile(
        "matrix",
        options={"base_url": "https://matrix.example.org"},
        secrets={"access_token": "env://AUTOMATE_MATRIX_ACCESS_TOKEN"},
    )
    recording_options: ClassVar[Mapping[str, Any]] = {"base_url": _LIVE} if _LIVE else {}
    cassette_dir: ClassVar[str | Path | None] = Path(__file__).parent / "cassettes"

    _rooms: tuple[str, ...] = ()

    def prepare(self, adapter: MatrixAdapter) -> Mapping[str, Sequence[dict[str, Any]]]:
        """Make three rooms, the first with messages on more than one page."""
        talk, lobby, exit_ = self._rooms = tuple(_room(adapter, name) for name in ("talk", "lobby", "exit"))
        for number in range(5):
            adapter.execute(
                "send_message", {"room_id": talk, "text": f"Message {number}", "idempotency_key": f"prepared {number}"}
            )
        return {
            "send_message": [
                {"room_id": lobby, "text": "Backup finished."},
                {"room_id": lobby, "text": "Sauvegarde terminée ✓", "kind": "notice"},
            ],
            "join_room": [{"room": lobby}],
            "leave_room": [{"room_id": exit_}],
            "set_topic": [{"room_id": lobby, "topic": "What the machines say"}],
            "list_messages": [{"room_id": talk, "limit": 10, "page_size": 2}, {"room_id": talk, "limit": 2}],
        }

    def cleanup(self, adapter: MatrixAdapter) -> None:
        """Leave the rooms; empty ones are gone."""
        for room in self._rooms:
            adapter.execute("leave_room", {"room_id": room})


def _room(adapter: MatrixAdapter, name: str) -> str:
    made = adapter.request("POST", "/_matrix/client/v3/createRoom", json={"name": name, "preset": "public_chat"})
    return str(adapter.json(made)["room_id"])
