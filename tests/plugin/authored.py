"""What a connector's author writes, and how they run it: files for `pytester`, and the report that comes out."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from zoo.acme import write_cassettes

#: An adapter without network, good enough for Bronze, registered by call.
TOY = '''
from automate_connectors import ConnectorAdapter, action, connector_registry

class {Name}Adapter(ConnectorAdapter):
    """A toy."""

    name = "{name}"
    version = "1.0.0"

    def connect(self):
        return True

    @action(examples=[{{"text": "Hello"}}])
    def send(self, payload: dict) -> dict:
        """Send a text."""
        return {{"sent": payload.get("text")}}

connector_registry.register("{name}", {Name}Adapter)
'''

#: A case for the adapter `toy` in the same file or an imported one.
CASE = """
from automate_connectors.testing import ConnectorTestCase

class {name}(ConnectorTestCase):
    adapter_class = {adapter}
    level = "{level}"
"""

#: An adapter of the service Acme, on the ready-made HTTP client.
ACME = '''
from automate_connectors import Idempotency, action, connector_registry
from automate_connectors.adapters.http import HttpConnectorAdapter

class AcmeAdapter(HttpConnectorAdapter):
    """Acme."""

    name = "acme"
    version = "1.0.0"
    secrets = ("token",)
    base_url = "https://api.acme.test/v1"

    def auth_headers(self):
        return {"Authorization": "Bearer " + self.profile.secret("token")}

    def connect(self):
        return "id" in self.json(self.request("GET", "/me"))

    @action(idempotency=Idempotency.read_only(), examples=[{"user_id": "u_7"}])
    def get_user(self, payload: dict) -> dict:
        """Look a user up."""
        return self.json(self.request("GET", "/users/" + payload["user_id"]))

    @action(idempotency=Idempotency.unsafe(), examples=[{"text": "Remember the milk."}])
    def post_note(self, payload: dict) -> dict:
        """Post a note."""
        return self.json(self.request("POST", "/notes", json={"text": payload["text"]}))

connector_registry.register("acme", AcmeAdapter)
'''


def toy(name: str = "toy") -> str:
    """The source of a toy adapter under a name."""
    return TOY.format(name=name, Name=name.title().replace("_", ""))


def case(adapter: str = "ToyAdapter", *, name: str = "TestToy", level: str = "bronze") -> str:
    """The source of its test case."""
    return CASE.format(name=name, adapter=adapter, level=level)


def acme_cassettes(folder: Path) -> None:
    """Write Acme's cassettes under ``folder``."""
    write_cassettes(folder / "cassettes" / "acme", "acme", actions=["get_user", "post_note"])


def install(folder: Path, distribution: str, entry_points: str, **modules: str) -> None:
    """Put modules beside the metadata of a distribution, as an installer would; ``folder`` must be importable."""
    folder.mkdir(parents=True, exist_ok=True)
    metadata = folder / f"{distribution}-1.0.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0.0\n")
    (metadata / "entry_points.txt").write_text(entry_points)
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(source)


def importable(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the processes that a test starts import from ``folder``."""
    monkeypatch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest in a process of its own; no traceback of the kit may ever show."""
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments)
    shown = result.stdout.str() + result.stderr.str()
    assert "INTERNALERROR" not in shown, shown
    assert "Traceback (most recent call last)" not in shown, shown
    return result


def report_of(pytester: pytest.Pytester, connector: str, folder: str = "certification") -> dict[str, Any]:
    """The report that a run wrote."""
    text = (pytester.path / folder / connector / "report.json").read_text(encoding="utf-8")
    report: dict[str, Any] = json.loads(text)
    return report


def outcomes(report: Mapping[str, Any], level: str = "bronze") -> dict[str, str]:
    """The outcome of each requirement of one level."""
    return {each["id"]: each["outcome"] for each in report["requirements"] if each["level"] == level}
