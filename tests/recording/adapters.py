"""Adapters to be recorded, and the cases that record them against a service on loopback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from automate_connectors import ConnectionProfile, Idempotency, action
from automate_connectors.adapters.base import AsyncConnectorAdapter
from automate_connectors.adapters.http import HttpConnectorAdapter
from automate_connectors.recording.recorder import Recording, record
from automate_connectors.testing import ConnectorTestCase

TOKEN = "tok/en+with=odd ü%chars"
OWN = "https://api.acme.test/v1"


class AcmeAdapter(HttpConnectorAdapter):
    """A service with notes."""

    name = "acme"
    version = "1.2.0"
    secrets = ("token",)
    base_url = OWN

    def auth_headers(self) -> dict[str, str]:
        """The token, as it may stand in a header."""
        return {"Authorization": f"Bearer {self.profile.secret('token').encode().hex()}"}

    def connect(self) -> bool:
        """Ask who we are."""
        return self.json(self.request("GET", "/me")).get("ok") is True

    @action(idempotency=Idempotency.keyed(header="Idempotency-Key"))
    def post_note(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Post a note."""
        headers = {"Idempotency-Key": payload["idempotency_key"]}
        return self.json(self.request("POST", "/notes", json={"text": payload["text"]}, headers=headers))

    @action(idempotency=Idempotency.read_only())
    def get_note(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Read a note."""
        response = self.request("GET", f"/notes/{payload['id']}")
        return {"bytes": len(response.content)}


def case(address: str, **members: Any) -> type[ConnectorTestCase]:
    """A case of Acme that is recorded from an address."""
    stated: dict[str, Any] = {
        "adapter_class": AcmeAdapter,
        "profile": ConnectionProfile("acme", options={"base_url": OWN}, secrets={"token": TOKEN}),
        "recording_options": {"base_url": f"{address}/v1"},
        "examples": {"post_note": [{"text": "Milk"}], "get_note": [{"id": "n_1"}]},
    }
    return type("AcmeCase", (ConnectorTestCase,), stated | members)


def recorded(case_class: type[ConnectorTestCase], folder: Path, adapter_class: type[Any] | None = None) -> Recording:
    """Record a case into a folder."""
    case_class.cassette_dir = folder
    return record("acme", adapter_class or case_class.adapter_class, case_class, root=folder)


class Prepares(ConnectorTestCase):
    """Makes a note, and removes it."""

    told: Sequence[str] = ()

    def prepare(self, adapter: AcmeAdapter) -> Mapping[str, Sequence[dict[str, Any]]]:
        """Make it."""
        made = adapter.json(adapter.request("POST", "/prepared", json={}))
        type(self).told = (*self.told, "prepared")
        return {"get_note": [{"id": made["id"]}]}

    def cleanup(self, adapter: AcmeAdapter) -> None:
        """Remove it."""
        adapter.request("DELETE", "/prepared")
        type(self).told = (*self.told, "cleaned")


class AwaitingAcme(AsyncConnectorAdapter):
    """Acme on aiohttp, with a body of each kind."""

    name = "acme"
    version = "1.0.0"

    async def connect(self) -> bool:
        """Ask who we are."""
        return bool((await self._send("GET", "/me"))["ok"])

    async def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Post a note in a body of the kind that the payload names."""
        del action
        form = aiohttp.FormData()
        form.add_field("text", b"Milk", filename="note.txt", content_type="text/plain")
        bodies: dict[str, dict[str, Any]] = {
            "json": {"json": {"text": "Milk"}},
            "form": {"data": {"text": "Milk & more"}},
            "pairs": {"data": [("text", "a"), ("text", "b")]},
            "multipart": {"data": form},
            "text": {"data": '{"text": "plain"}', "headers": {"Content-Type": "text/x"}},
        }
        return dict(await self._send("POST", "/any", **bodies[payload["kind"]]))

    async def _send(self, method: str, path: str, **body: Any) -> Any:
        address = f"{self.profile.option('base_url')}{path}"
        async with aiohttp.ClientSession() as session, session.request(method, address, **body) as answer:
            return await answer.json()


class AwaitingCase(ConnectorTestCase):
    """Prepares and cleans up with awaits."""

    adapter_class = AwaitingAcme
    profile = ConnectionProfile("acme", options={"base_url": OWN})

    async def prepare(self, adapter: AwaitingAcme) -> Mapping[str, Sequence[dict[str, Any]]]:  # type: ignore[override]  # it may be a coroutine
        """Name the kinds of bodies."""
        await adapter.connect()
        return {"post": [{"kind": kind} for kind in ("json", "form", "pairs", "multipart", "text")]}
