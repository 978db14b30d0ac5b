"""Slack's shipped cassettes are what the adapter sends, and say honestly where they come from."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
import respx
import vcr  # type: ignore[import-untyped]  # vcrpy ships no types
import yaml

from automate_connectors.adapters.slack import SlackAdapter
from automate_connectors.cassettes import shipped
from automate_connectors.cassettes.shipped import builtin_cassettes
from automate_connectors.profiles import ConnectionProfile

FILES = sorted(builtin_cassettes("slack").glob("*.yaml"))


def load(path: Path) -> dict[str, Any]:
    """Return a cassette as plain data."""
    cassette = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(cassette, dict)
    return cassette


def canonical(content: str | bytes | None, content_type: str) -> object:
    """Return a body as the standard compares it: JSON parsed, forms in order."""
    text = content.decode() if isinstance(content, bytes) else content or ""
    if "json" in content_type:
        return json.loads(text)
    return parse_qsl(text) if "form" in content_type else text


def recorded_answer(interaction: dict[str, Any]) -> httpx.Response:
    """Return a recorded response."""
    response = interaction["response"]
    return httpx.Response(response["status"]["code"], text=response["body"]["string"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_payload_causes_exactly_the_recorded_requests(path: Path) -> None:
    """Method, target and canonical body are equal, in order, and every interaction is used."""
    cassette = load(path)
    interactions = cassette["interactions"]
    adapter = SlackAdapter(ConnectionProfile("slack", secrets={"token": "{{token}}"}))
    with respx.mock as router:
        router.route().mock(side_effect=[recorded_answer(one) for one in interactions])
        action = path.name.partition(".")[0]
        result = adapter.connect() if action == "connect" else adapter.execute(action, cassette["recorded"]["payload"])
        sent = [call.request for call in router.calls]
    assert result
    assert len(sent) == len(interactions)
    for request, interaction in zip(sent, interactions, strict=True):
        recorded = interaction["request"]
        media_type = (recorded["headers"].get("Content-Type") or [""])[0]
        assert (request.method, str(request.url)) == (recorded["method"], recorded["uri"])
        assert canonical(request.content, request.headers.get("content-type", "")) == canonical(
            recorded["body"], media_type
        )
        assert recorded["headers"]["Authorization"] == [request.headers["authorization"]]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_stock_vcrpy_replays_it(path: Path) -> None:
    """For a client whose secret is the placeholder."""
    adapter = SlackAdapter(ConnectionProfile("slack", secrets={"token": "{{token}}"}))
    action = path.name.partition(".")[0]
    with vcr.use_cassette(str(path), record_mode=vcr.mode.NONE) as cassette, adapter:
        if action == "connect":
            adapter.connect()
        else:
            adapter.execute(action, load(path)["recorded"]["payload"])
        assert cassette.all_played


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_source_is_told_honestly(path: Path) -> None:
    """Nobody may take an imitation for Slack."""
    recorded = load(path)["recorded"]
    assert "emulate 0.8.0, Slack emulator (not Slack itself)" in recorded["source"]
    assert "emulator_" not in recorded["source"]
    assert (recorded["connector"], recorded["adapter_version"]) == ("slack", SlackAdapter.version)
    assert (recorded["host"], recorded["scrubbed"]) == (["slack.com"], ["token"])


def test_every_action_is_recorded() -> None:
    """And the health check."""
    assert {path.name.partition(".")[0] for path in FILES} == {"connect", *SlackAdapter.actions}


def test_payloads_tell_the_examples_apart() -> None:
    """An example belongs to the cassette with its payload."""
    payloads = [json.dumps(load(path)["recorded"]["payload"], sort_keys=True) for path in FILES]
    assert len(set(payloads)) == len(FILES)


def test_the_installed_package_comes_before_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wheel holds them as package data, a checkout beside the sources."""
    package = tmp_path / "checkout" / "src" / "automate_connectors"
    monkeypatch.setattr(shipped, "_PACKAGE", package)
    with pytest.raises(FileNotFoundError, match="nothing_here"):
        builtin_cassettes("nothing_here")
    beside, inside = tmp_path / "checkout" / "cassettes" / "slack", package / "_cassettes" / "slack"
    beside.mkdir(parents=True)
    assert builtin_cassettes("slack") == beside
    inside.mkdir(parents=True)
    assert builtin_cassettes("slack") == inside
