"""The command ``cassettes``: lists, checks, compares, imports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from recording.adapters import AcmeAdapter, case, recorded
from recording.live import Asked, Says, Service, serving

from automate_connectors import connector_registry
from automate_connectors.cassettes.format import load
from automate_connectors.cli import main

Capture = pytest.CaptureFixture[str]

#: As pytest-recording writes it, with a token in it.
FOREIGN = """
interactions:
- request:
    method: GET
    uri: https://api.acme.test/v1/notes/n_{number}
    headers: {{authorization: [Bearer abcdef-123456]}}
    body: null
  response:
    status: {{code: 200, message: OK}}
    headers: {{Content-Type: [application/json], Content-Encoding: [gzip]}}
    body: {{string: '{{"id": "n_{number}"}}'}}
version: 1
"""


def answering(asked: Asked) -> Says:
    """Acme."""
    return Says(json.dumps({"ok": True, "at": asked.target}).encode())


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Acme on loopback, registered, in an empty folder with a profile for it."""
    monkeypatch.chdir(tmp_path)
    with serving(answering) as found:
        text = f'[acme.default]\noptions.base_url = "{found.address}/v1"\nsecrets.token = "the-real-token"\n'
        (tmp_path / "connectors.toml").write_text(text)
        connector_registry.register("acme", AcmeAdapter)
        yield found
        connector_registry.unregister("acme")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Cassettes of Acme."""
    with serving(answering) as found:
        recorded(case(found.address, examples={"get_note": [{"id": "n_1"}]}), tmp_path / "cassettes")
    return tmp_path / "cassettes"


def test_files_are_listed_with_age_size_and_hosts(folder: Path, capsys: Capture) -> None:
    """One line each."""
    assert main(["cassettes", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[1:2] + line.split("  ")[3:] for line in lines] == [
        ["0 days", "1 interactions", "api.acme.test"],
        ["0 days", "1 interactions", "api.acme.test"],
    ]
    assert main(["cassettes", str(folder / "connect.yaml"), "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["cassettes"]
    assert (one["days"], one["interactions"], one["unscrubbed"]) == (0, 1, [])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("Bearer {{token}}", "Bearer ghp_" + "a1B2" * 9), "unscrubbed: connect.yaml:*Bearer value: ghp_*"),
        (("version: 1", "version: 0"), "*expected 'version: 1'*"),
        (("at: '20", "at: '19"), "*days ago, 400 at most"),
    ],
)
def test_check_finds_what_must_not_be_committed(
    folder: Path, change: tuple[str, str], told: str, capsys: Capture
) -> None:
    """A credential, a file that is no cassette, one that is too old: exit 1 and the place."""
    from fnmatch import fnmatch  # noqa: PLC0415 - for this test alone

    path = folder / "connect.yaml"
    assert main(["cassettes", "--check", str(path)]) == 0
    path.write_text(path.read_text().replace(*change))
    assert main(["cassettes", "--check", str(path)]) == 1
    assert fnmatch(capsys.readouterr().out.strip(), f"{path}: {told}")


def test_of_a_connector_it_is_known_what_nothing_uses(capsys: Capture) -> None:
    """Slack's own cassettes are all used, as the suite judges."""
    assert main(["cassettes", "slack", "--check"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["cassettes", "slack"]) == 0
    assert "slack.com" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["cassettes", "nobody"], "There is no connector 'nobody'"),
        (["cassettes", "diff", "nobody"], "There is no connector 'nobody'"),
        (["cassettes", "slack", "logging"], "expected one connector"),
        (["cassettes", "import", "."], "import needs --action"),
        (["cassettes", "import", ".", "--action", "x", "--connector", "slack", "--payload", "{"], "must be the JSON"),
        (["cassettes", "import", ".", "--action", "x", "--connector", "slack"], "holds no cassette"),
    ],
)
def test_what_cannot_be_done_is_exit_2(
    arguments: list[str], told: str, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the reason."""
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert told in capsys.readouterr().out


def test_vcrpys_cassettes_are_imported(tmp_path: Path, service: Service, capsys: Capture) -> None:
    """Scrubbed, with their head, after those that are there; stock ones need no `recorded` map."""
    del service
    foreign, into = tmp_path / "foreign", tmp_path / "own"
    foreign.mkdir()
    for number in (1, 2):
        (foreign / f"test_{number}.yaml").write_text(FOREIGN.format(number=number))
    command = ["cassettes", "import", str(foreign), "--action", "get_note", "--connector", "acme", "--into", str(into)]
    assert main([*command, "--payload", '{"id": "n_1"}', "--payload", '{"id": "n_2"}']) == 0
    first, second = load(into / "get_note.yaml"), load(into / "get_note.2.yaml")
    assert (first.recorded.payload, second.recorded.payload) == ({"id": "n_1"}, {"id": "n_2"})
    assert first.recorded.hosts == ("api.acme.test",)
    assert first.recorded.scrubbed == ("authorization",)
    assert first.interactions[0].encoding == "gzip"
    assert "abcdef-123456" not in (into / "get_note.yaml").read_text()
    capsys.readouterr()
    assert main([*command, "--json"]) == 0
    assert [Path(each).name for each in json.loads(capsys.readouterr().out)["written"]] == [
        "get_note.3.yaml",
        "get_note.4.yaml",
    ]
    assert main([*command, *["--payload", "3"] * 2]) == 2
    assert main([*command[:4], "connect", *command[5:]]) == 2


CASE = """
from recording.adapters import AcmeAdapter
from automate_connectors import ConnectionProfile
from automate_connectors.testing import ConnectorTestCase

class AcmeCase(ConnectorTestCase):
    adapter_class = AcmeAdapter
    profile = ConnectionProfile("acme", secrets={{"token": "the-real-token"}})
    recording_options = {{"base_url": "{address}/v1"}}
    examples = {{"get_note": [{{"id": "n_1"}}], "post_note": []}}
    cassette_dir = "{folder}"
"""


def test_diff_says_whether_the_service_answers_as_before(service: Service, capsys: Capture, tmp_path: Path) -> None:
    """No drift, then a field more, and a call that no cassette knew; the stored ones stay as they are."""
    (tmp_path / "test_drifting.py").write_text(CASE.format(address=service.address, folder=tmp_path / "stored"))
    recorded(case(service.address, examples={"get_note": [{"id": "n_1"}]}), tmp_path / "stored")
    before = {path.name: path.read_bytes() for path in (tmp_path / "stored").iterdir()}
    assert main(["cassettes", "diff", "acme"]) == 0
    assert capsys.readouterr().out == "acme: no drift\n"
    service.answer = lambda asked: Says(json.dumps({"ok": True, "at": asked.target, "new": 1}).encode())
    assert main(["cassettes", "diff", "acme"]) == 1
    assert "get_note.yaml: interaction 0: field '/new' is new: number" in capsys.readouterr().out
    (tmp_path / "stored" / "connect.yaml").unlink()
    assert main(["cassettes", "diff", "acme", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["drift"]["connect.yaml"] == ["it is recorded now and was not before"]
    del before["connect.yaml"]
    assert {path.name: path.read_bytes() for path in (tmp_path / "stored").iterdir()} == before
