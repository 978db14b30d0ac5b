"""R02-R04, S03 and X02 say in which file, and on which of its lines, what they find stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from certification.judged import subject_of
from suite.planted import FEW, Acme
from zoo.acme import SAID, write_cassettes

from automate_conformance.suite import checks
from automate_connectors.certification.case import resolve
from automate_connectors.certification.verdict import Finding, reach
from automate_connectors.testing import ConnectorTestCase

_GITHUB = "ghp_" + "a1B2" * 9
#: A request that nothing sends, after one that is sent.
_UNUSED = FEW | {"get_user": [*FEW["get_user"], *SAID["delete_message"]]}


def failures(
    identifier: str,
    folder: Path,
    *,
    change: tuple[str, str] = ("", ""),
    examples: Any = (),
    **cassettes: Any,
) -> tuple[Finding, ...]:
    """What a check finds wrong with Acme's cassettes, a text in `get_user.yaml` changed."""
    write_cassettes(folder, Acme.name, **{"said": FEW, **cassettes})
    path = folder / "get_user.yaml"
    path.write_text(path.read_text().replace(*change) if change[0] else path.read_text())
    members = {"adapter_class": Acme, "cassette_dir": folder, "examples": dict(examples)}
    case = resolve(Acme.name, Acme, type("AcmeCase", (ConnectorTestCase,), members), root=folder)
    with subject_of(case) as subject:
        return reach(identifier, lambda verdict: checks()[identifier](subject, verdict), lambda: 0.0).failures


def line_with(folder: Path, text: str) -> int:
    """The number of the one line of `get_user.yaml` that holds a text."""
    lines = (folder / "get_user.yaml").read_text().splitlines()
    (number,) = (number for number, line in enumerate(lines, 1) if text in line)
    return number


@pytest.mark.parametrize(
    ("identifier", "arguments", "text", "key"),
    [
        pytest.param("R04", {"recorded_at": datetime.now(UTC) - timedelta(days=401)}, " at: ", "at", id="R04 age"),
        pytest.param("R04", {"version": "2.0.0"}, " adapter_version: ", "adapter_version", id="R04 version"),
        pytest.param("X02", {"recorded_at": datetime.now(UTC) - timedelta(days=31)}, " at: ", "at", id="X02 age"),
        pytest.param("S03", {"change": ("written by hand", _GITHUB)}, " source: ", "source", id="S03 source"),
        pytest.param("S03", {"change": ("u_7\n", f"{_GITHUB}\n")}, " payload:", "payload", id="S03 payload"),
    ],
)
def test_what_the_recorder_noted_is_found_at_its_line(
    tmp_path: Path, identifier: str, arguments: dict[str, Any], text: str, key: str
) -> None:
    """Age, version, where it came from, and the payload."""
    found = [each.case for each in failures(identifier, tmp_path, **arguments)]
    assert f"get_user.yaml:{line_with(tmp_path, text)} (recorded.{key})" in found


def test_a_note_that_is_missing_is_looked_for_in_its_map(tmp_path: Path) -> None:
    """The line is that on which what was noted begins."""
    (found,) = failures("R04", tmp_path, change=("  adapter_version: 1.0.0\n", ""))
    assert found.case == f"get_user.yaml:{line_with(tmp_path, 'recorded:') + 1} (recorded.adapter_version)"


@pytest.mark.parametrize(
    ("identifier", "arguments", "number"),
    [
        pytest.param("R03", {"said": _UNUSED}, 1, id="R03"),
        pytest.param("S03", {"change": ("Bearer {{token}}", f"Bearer {_GITHUB}")}, 0, id="S03"),
    ],
)
def test_traffic_is_found_at_the_line_of_its_interaction(
    tmp_path: Path, identifier: str, arguments: dict[str, Any], number: int
) -> None:
    """With its number."""
    (found,) = failures(identifier, tmp_path, **arguments)
    lines = (tmp_path / "get_user.yaml").read_text().splitlines()
    starts = [at for at, line in enumerate(lines, 1) if line.startswith("- request:")]
    assert found.case == f"get_user.yaml:{starts[number]} (interaction {number})"


def test_an_example_without_a_cassette_is_told_whose_are_there(tmp_path: Path) -> None:
    """By file and line of the payload that is another's."""
    (found,) = failures("R02", tmp_path, examples={"get_user": [{"user_id": "u_8"}]})
    payload = line_with(tmp_path, " payload:")
    assert found.case == "get_user"
    assert found.observed == f"there is none; get_user.yaml:{payload} (recorded.payload) is another's"


def test_a_comment_is_found_at_its_line(tmp_path: Path) -> None:
    """It is no part of the recording, and is committed with it."""
    (found,) = failures("S03", tmp_path, change=("version: 1\n", f"# by {_GITHUB}\nversion: 1\n"))
    assert found.case == f"get_user.yaml:{line_with(tmp_path, '# by')}"
    assert found.observed == "a comment holds what looks like GitHub token: ghp_…"
