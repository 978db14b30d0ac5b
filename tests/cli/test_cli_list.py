"""``automate-connectors list``."""

import json
from importlib.metadata import EntryPoint, entry_points

import pytest

from automate_connectors import ConnectorAdapter, connector_registry
from automate_connectors.cli import list as listing
from automate_connectors.cli import main
from automate_connectors.registry import ConnectorRegistry

Capture = pytest.CaptureFixture[str]
BROKEN = EntryPoint("broken_one", "no_such_module:Adapter", "automate.connectors")


class Odd(ConnectorAdapter):
    """Its version is hostile."""

    name = "odd_one"
    version = "1\x1b[2J\n"

    def connect(self) -> bool:
        """Never asked."""
        raise NotImplementedError


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> ConnectorRegistry:
    """A registry with the built-in connectors, one by call, and a broken one."""
    found = [*entry_points(group="automate.connectors"), BROKEN]
    made = ConnectorRegistry(lambda: found)
    made.register("odd_one", Odd)
    monkeypatch.setattr("automate_connectors.registry.connector_registry", made)
    monkeypatch.setattr(listing, "entry_points", lambda **_: found)
    return made


def test_the_built_in_connectors_are_listed(capsys: Capture) -> None:
    """With version, actions, class and distribution."""
    assert main(["list", "--json"]) in (0, 1)
    told = {each["name"]: each for each in json.loads(capsys.readouterr().out)["connectors"]}
    assert set(connector_registry.names()) == set(told)
    slack = told["slack"]
    assert slack["adapter"] == "automate_connectors.adapters.slack:SlackAdapter"
    assert slack["distribution"].startswith("automate-connectors ")
    assert "send_message" in slack["actions"]


def test_a_broken_one_is_listed_with_its_reason(registry: ConnectorRegistry, capsys: Capture) -> None:
    """And the exit says that something is broken; nothing hostile reaches the terminal."""
    assert registry.names() == ["broken_one", "logging", "odd_one", "slack"]
    assert main(["list"]) == 1
    out = capsys.readouterr().out
    assert out.splitlines()[0].split() == ["NAME", "VERSION", "ACTIONS", "FROM"]
    assert "broken: ModuleNotFoundError: No module named" in out
    assert "registered by call" in out
    assert "\x1b" not in out


@pytest.mark.usefixtures("registry")
def test_a_narrow_terminal_gets_one_fact_a_line(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """No line of the table is broken in two."""
    monkeypatch.setenv("COLUMNS", "40")
    assert main(["list"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "slack" in lines
    assert "  actions: 5" in lines
    assert all(len(line) <= 40 for line in lines if "broken:" not in line)
