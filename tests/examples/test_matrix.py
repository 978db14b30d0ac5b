"""The Matrix example: certified offline from its own cassettes, and recorded anew from a real Synapse."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
import vcr  # type: ignore[import-untyped]  # vcrpy ships no types
import yaml
from docs.documents import ROOT, blocks

MATRIX = ROOT / "examples" / "matrix"
#: What the pytest around this one, and its coverage, tell their children.
INHERITED = ("AUTOMATE_", "COV", "PYTEST", "PYTHON")


def installed(folder: Path) -> Path:
    """The package as an installer puts it into a folder."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    _run([*pip, "--target", str(folder), str(MATRIX)], cwd=folder.parent)
    return folder / "automate_matrix" / "cassettes"


def _run(command: list[str], *, cwd: Path, **environment: str) -> str:
    own = {name: value for name, value in os.environ.items() if not name.startswith(INHERITED)}
    done = subprocess.run(  # noqa: S603 - our own commands
        command, cwd=cwd, env={**own, **environment}, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def shown() -> list[list[str]]:
    """What its page asks pytest for: first to certify, then, where Synapse runs, to record."""
    words = [block.text.split() for block in blocks(MATRIX / "README.md")]
    return [each[each.index("pytest") + 1 :] for each in words]


def certified(folder: Path, site: Path, options: Sequence[str], **environment: str) -> dict[str, Any]:
    """What a certification of the installed package reports."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *options]
    _run(command, cwd=folder, PYTHONPATH=str(site), **environment)
    report: dict[str, Any] = json.loads((folder / "certification" / "matrix" / "report.json").read_text())
    return report


def guarantees(report: Mapping[str, Any]) -> dict[str, str]:
    """What each action gives."""
    return {action["name"]: action["guarantee"] for action in report["actions"]}


EXPECTED = {
    "send_message": "exactly-once",
    "join_room": "natural",
    "leave_room": "natural",
    "set_topic": "natural",
    "list_messages": "read-only",
}


@pytest.mark.slow
def test_the_package_certifies_gold_from_its_own_cassettes(tmp_path: Path) -> None:
    """Installed, from an empty folder, with no server anywhere: gold, and messages are sent exactly once."""
    site, folder = tmp_path / "site", tmp_path / "empty"
    folder.mkdir()
    installed(site)
    report = certified(folder, site, shown()[0])
    assert (report["level"], report["certified"]) == ("gold", True)
    assert guarantees(report) == EXPECTED


@pytest.mark.synapse
@pytest.mark.slow
def test_it_is_recorded_from_a_real_synapse_certified_from_that_and_replayed_by_stock_vcrpy(tmp_path: Path) -> None:
    """The whole way: every cassette is written anew, none holds the token, and all of them replay."""
    site, folder = tmp_path / "site", tmp_path / "empty"
    folder.mkdir()
    cassettes = installed(site)
    before = {path.name: path.read_bytes() for path in cassettes.glob("*.yaml")}
    synapse = _synapse()
    with synapse.running(synapse.installed()) as server:
        report = certified(folder, site, shown()[1], **server.environment)
    assert (report["level"], report["certified"]) == ("gold", True)
    assert guarantees(report) == EXPECTED
    written = {path.name: path.read_bytes() for path in cassettes.glob("*.yaml")}
    assert written.keys() == before.keys()
    assert [name for name in written if written[name] == before[name]] == []
    assert [name for name, data in written.items() if server.token.encode() in data] == []
    for path in sorted(cassettes.glob("*.yaml")):
        _replays(path)


def _synapse() -> ModuleType:
    spec = importlib.util.spec_from_file_location("matrix_synapse_on_loopback", MATRIX / "synapse.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Its dataclass looks its module up.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _replays(path: Path) -> None:
    """Stock vcrpy answers each recorded request from the file, and every interaction is used."""
    recorded = yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"]
    with vcr.use_cassette(str(path), record_mode="none") as cassette:
        for each in recorded:
            request = each["request"]
            headers = {name: values[0] for name, values in request["headers"].items() if name != "content-length"}
            answer = httpx.request(request["method"], request["uri"], headers=headers, content=request["body"] or b"")
            assert answer.status_code == each["response"]["status"]["code"]
            assert answer.text == each["response"]["body"]["string"]
        assert cassette.all_played
