"""A test file of an author's, written into a folder: the way in which a child meets adapter and case."""

from __future__ import annotations

import textwrap
from pathlib import Path

from zoo.acme import SAID, write_cassettes

_FILE = '''
    from typing import ClassVar

    from automate_connectors import ConnectorAdapter, ConnectionProfile, Idempotency, action, connector_registry
    from automate_connectors.adapters.http import HttpConnectorAdapter
    from automate_connectors.testing import ConnectorTestCase, ErrorSample, Waiver


    class Acme(HttpConnectorAdapter):
        """Looks users of Acme up."""

        name = "{name}"
        version = "1.0.0"
        secrets = ("token",)
        base_url = "https://api.acme.test/v1"

        def auth_headers(self):
            return {{"Authorization": "Bearer " + self.profile.secret("token")}}

        def connect(self):
            return "id" in self.json(self.request("GET", "/me"))

        @action(idempotency=Idempotency.read_only())
        def get_user(self, payload: dict) -> dict:
            """Look a user up."""
            {before}
            return self.json(self.request("GET", "/users/" + payload["user_id"]))


    connector_registry.register("{name}", Acme)


    class Case(ConnectorTestCase):
        adapter_class = Acme
        level = "bronze"
        examples = {{"get_user": [{{"user_id": "u_7"}}]}}
        cassette_dir = {cassettes!r}
        {case}
'''


def acme_file(folder: Path, name: str, *, before: str = "pass", case: str = "pass", after: str = "") -> Path:
    """Write the file and its cassettes; ``before`` runs in the action, ``case`` stands in the case."""
    cassettes = folder / f"cassettes_{name}"
    write_cassettes(cassettes, name, said={key: SAID[key] for key in ("connect", "get_user")})
    file = folder / f"test_{name}.py"
    text = textwrap.dedent(_FILE).format(name=name, before=before, case=case, cassettes=str(cassettes))
    file.write_text(text + textwrap.dedent(after), encoding="utf-8")
    return file
