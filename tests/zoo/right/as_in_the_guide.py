"""The guide's quick start: `execute` written whole, nothing declared; Bronze."""

from __future__ import annotations

from typing import Any

import requests

from automate_connectors import ConnectorAdapter
from zoo.acme import BASE
from zoo.members import Member, acme


class GuideAcmeAdapter(ConnectorAdapter):
    """As short as the guide's own."""

    name = "acme_guide"
    version = "0.1.0"

    def connect(self) -> bool:
        """Ask who we are."""
        try:
            response = requests.get(f"{BASE}/me", headers=self._headers(), timeout=10)
        except requests.RequestException:
            return False
        return response.ok

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Send a message, and nothing else."""
        if action == "send_message":
            response = requests.post(
                f"{BASE}/messages",
                json={"channel": payload["channel"], "text": payload["text"]},
                headers=self._headers() | {"Idempotency-Key": payload["idempotency_key"]},
                timeout=10,
            )
            response.raise_for_status()
            return dict(response.json())
        raise ValueError(f"unknown action: {action}")

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.profile.secret('token')}"}


MEMBERS = [Member(GuideAcmeAdapter, level="bronze", record=acme(GuideAcmeAdapter, actions=("send_message",)))]
