"""Acme on our own base class with one habit changed, and subjects of such adapters."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from certification.judged import case_of, subject_of
from zoo import payloads as p
from zoo.acme import BASE, EXAMPLES, SAID

from automate_connectors import Idempotency, action
from automate_connectors.adapters.http import HttpConnectorAdapter
from automate_connectors.certification.subject import Subject

#: What its cassettes hold.
FEW = {name: SAID[name] for name in ("connect", "get_user", "list_items")}


class Acme(HttpConnectorAdapter):
    """Two reading actions, one of them of two requests."""

    name = "acme_planted"
    version = "1.0.0"
    base_url = BASE
    secrets = ("token",)

    def auth_headers(self) -> dict[str, str]:
        """Acme takes a bearer token."""
        return {"Authorization": f"Bearer {self.profile.secret('token')}"}

    def connect(self) -> bool:
        """Ask who we are."""
        return "id" in self.json(self.request("GET", "/me"))

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return self.json(self.request("GET", f"/users/{payload.user_id}"), p.User)

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["list_items"]])
    def list_items(self, payload: p.ListItems) -> p.Items:
        """List every item, two a page."""
        del payload
        query, found = {"limit": "2"}, []
        while True:
            page = self.json(self.request("GET", "/items", params=query))
            found += page["items"]
            if not page["next"]:
                return p.Items(items=found)
            query["cursor"] = page["next"]


@contextlib.contextmanager
def subject(folder: Path, kind: type[Any] = Acme, *, said: Any = None, **attributes: Any) -> Iterator[Subject]:
    """A subject in session."""
    with subject_of(case_of(folder, kind, cassettes={"said": said or FEW}, **attributes)) as found:
        yield found
