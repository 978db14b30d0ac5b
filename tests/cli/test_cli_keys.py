"""The commands ``keygen``, ``verify`` and ``explain``, and what surrounds them."""

import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cli.test_cli_gate import kit_of_today
from tamper.builder import FILENAME, SIGNER, STRANGER, bundle, keyid_of, line, pem, wheel_bytes

from automate_conformance.catalogue import CATALOGUE
from automate_connectors import __version__
from automate_connectors.certification.certificate import write_certificate
from automate_connectors.certification.dsse import private_key, trusted_key
from automate_connectors.certification.gate_codes import CODES
from automate_connectors.cli import COMMANDS, main
from automate_connectors.cli.output import print_lines, printable

Capture = pytest.CaptureFixture[str]


def test_keygen_writes_a_pair(tmp_path: Path, capsys: Capture) -> None:
    """The private half for its owner's eyes only, whatever the umask."""
    before = os.umask(0)
    try:
        assert main(["keygen", str(tmp_path / "k")]) == 0
    finally:
        os.umask(before)
    key, pub = tmp_path / "k.key", tmp_path / "k.pub"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert private_key(key.read_bytes()).public_key() == trusted_key(pub.read_bytes()).key
    out = capsys.readouterr().out
    assert trusted_key(pub.read_bytes()).keyid in out
    assert "PRIVATE" not in out


def test_keygen_never_overwrites(tmp_path: Path, capsys: Capture) -> None:
    """Neither half, nor a dangling link."""
    for suffix in ("key", "pub"):
        (tmp_path / f"{suffix}.{suffix}").write_text("mine")
        assert main(["keygen", str(tmp_path / suffix)]) == 1
        assert (tmp_path / f"{suffix}.{suffix}").read_text() == "mine"
    (tmp_path / "link.key").symlink_to(tmp_path / "nowhere")
    assert main(["keygen", str(tmp_path / "link")]) == 1
    assert "never overwritten" in capsys.readouterr().out
    assert len(list(tmp_path.iterdir())) == 3


def test_keygen_says_why_it_cannot(tmp_path: Path, capsys: Capture) -> None:
    """A folder that is not there; and for machines it prints one object."""
    assert main(["keygen", str(tmp_path / "nowhere" / "k")]) == 2
    assert "No such file" in capsys.readouterr().out
    assert main(["keygen", str(tmp_path / "k"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["keyid"] == trusted_key(Path(found["pub"]).read_bytes()).keyid


def test_the_keys_of_keygen_sign_what_the_gate_reads(tmp_path: Path) -> None:
    """From one command to the next."""
    kit, _ = kit_of_today(tmp_path)
    assert main(["keygen", str(tmp_path / "new")]) == 0
    kit.key = private_key((tmp_path / "new.key").read_bytes())
    kit.write()
    assert main(["gate", str(kit.path), "--trust", str(tmp_path / "new.pub")]) == 0


def test_verify_explains_a_certificate(tmp_path: Path, capsys: Capture) -> None:
    """Who signed what about which wheel."""
    kit, (_, *trust) = kit_of_today(tmp_path)
    kit.waive("D01", "2999-01-01")
    kit.write()
    assert main(["verify", str(kit.certificate), *trust]) == 0
    out = capsys.readouterr().out
    for text in (FILENAME, "acme_mail 1.0: certified gold (process)", "acme.mail:Mail", "send: exactly-once"):
        assert text in out
    assert f"signed by {keyid_of(SIGNER)}" in out
    assert "waived D01 until 2999-01-01: the service lacks it" in out
    assert "expired" not in out


def test_verify_without_keys_checks_nothing(tmp_path: Path, capsys: Capture) -> None:
    """And says so."""
    kit, _ = kit_of_today(tmp_path)
    kit.predicate["not_after"] = "2020-01-01T00:00:00Z"
    kit.report["certified"] = False
    kit.write()
    assert main(["verify", str(kit.certificate)]) == 2
    out = capsys.readouterr().out
    assert "signature not checked" in out
    assert "it claims the key" in out
    assert "not certified" in out
    assert "(expired)" in out
    assert main(["verify", str(kit.certificate), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["lines"][0]["signature"] == "not checked"


def test_verify_tells_a_wrong_signature(tmp_path: Path, capsys: Capture) -> None:
    """Of another key, or none at all."""
    kit, (_, *trust) = kit_of_today(tmp_path)
    kit.key = STRANGER
    kit.write()
    assert main(["verify", str(kit.certificate), *trust]) == 1
    assert "signature not valid" in capsys.readouterr().out
    kit.bundle = bundle({**line(kit.statements[0]), "signatures": []})
    kit.write()
    assert main(["verify", str(kit.certificate), *trust]) == 1
    assert "not signed" in capsys.readouterr().out


def test_verify_escapes_what_a_terminal_obeys(tmp_path: Path, capsys: Capture) -> None:
    """Wherever it stands in the certificate."""
    kit, (_, *trust) = kit_of_today(tmp_path)
    evil = "\x1b[2J\u202e\x9b1m\nline 2: forged"
    kit.statements[0]["subject"] = [{"name": evil, "digest": evil}, {"name": [evil], "digest": {"sha256": evil}}, evil]
    kit.report["connector"].update(name=evil, version=evil, adapter=evil)
    kit.report["suite"].update(version=evil, digest=evil)
    kit.report["actions"][0]["name"] = evil
    kit.report["waivers"] = [{"id": evil, "reason": evil, "expires": "2026-07-01"}]
    envelope = line(kit.statements[0])
    envelope["signatures"][0]["keyid"] = evil
    kit.bundle = bundle(envelope)
    kit.write()
    assert main(["verify", str(kit.certificate), *trust]) == 0
    assert main(["verify", str(kit.certificate)]) == 2
    out = capsys.readouterr().out
    assert "\x1b" not in out.replace("\\x1b", "")
    assert all(text.isprintable() for text in out.splitlines())
    assert not [text for text in out.splitlines() if text.startswith("line 2")]


def test_verify_says_what_it_cannot_read(tmp_path: Path, capsys: Capture) -> None:
    """Missing files cannot be decided about; what is no certificate is wrong."""
    path = tmp_path / "c.jsonl"
    assert main(["verify", str(path)]) == 2
    assert main(["verify", ""]) == 2
    for content in (b"", b"x", bundle(line([]))):
        path.write_bytes(content)
        assert main(["verify", str(path)]) == 1
    path.write_bytes(b"x")
    assert main(["verify", str(path), "--trust", str(tmp_path / "k.pub")]) == 2
    assert main(["verify", str(path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["code"] == "malformed"


def test_verify_reads_what_we_write(tmp_path: Path) -> None:
    """A certificate of ours."""
    from certification.test_certificate import judged  # noqa: PLC0415 - beside its only use

    wheel = tmp_path / FILENAME
    wheel.write_bytes(wheel_bytes())
    (tmp_path / "k.pub").write_bytes(pem(SIGNER))
    path = write_certificate(wheel, [judged()], key=SIGNER)
    assert main(["verify", str(path), "--trust", str(tmp_path / "k.pub")]) == 0


def test_explain_knows_every_requirement_and_code(capsys: Capture) -> None:
    """In either case, with all that the record says."""
    for name in [*(record.id for record in CATALOGUE), *(entry.code for entry in CODES)]:
        assert main(["explain", name]) == 0
        out = capsys.readouterr().out
        assert out.startswith(f"{name}: ")
        assert "To mend it: " in out
    assert main(["explain", "e07", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "E07"


def test_explain_fits_a_narrow_terminal(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 40 columns; on a wide one no line is longer than 100."""
    for columns, most in (("40", 40), ("300", 100)):
        monkeypatch.setenv("COLUMNS", columns)
        assert main(["explain", "C04"]) == 0
        assert max(map(len, capsys.readouterr().out.splitlines())) <= most


def test_explain_suggests_what_is_near(capsys: Capture) -> None:
    """And says what ids look like where nothing is."""
    assert main(["explain", "signatur"]) == 2
    assert "did you mean signature" in capsys.readouterr().out
    assert main(["explain", "\x1b\x1b"]) == 2
    assert "ids look like E07" in capsys.readouterr().out


def test_the_command_lists_its_commands(capsys: Capture) -> None:
    """And helps those who mistype one."""
    assert main(["--help"]) == 0
    assert main([]) == 2
    out = capsys.readouterr().out
    assert all(command in out for command in COMMANDS)
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"automate-connectors {__version__}\n"
    assert main(["verfy"]) == 2
    assert "did you mean verify?" in capsys.readouterr().err
    assert main(["\x1b"]) == 2
    assert "expected one of" in capsys.readouterr().err
    assert main(["gate", "--help"]) == 0


def test_it_runs_as_a_module() -> None:
    """With the same exit status."""
    command = [sys.executable, "-m", "automate_connectors.cli", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    assert done.returncode == 0
    assert __version__ in done.stdout


def test_what_the_terminal_cannot_show_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long texts are cut."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="")
    monkeypatch.setattr(sys, "stdout", stream)
    print_lines(["caf\xe9"])
    stream.flush()
    assert stream.buffer.getvalue() == b"caf\\xe9\n"
    assert printable("a\nb\x00\xe9") == "a\\nb\\x00\xe9"
    assert printable("x" * 400) == "x" * 297 + "..."


@pytest.mark.parametrize(
    "command",
    [
        ["cassettes", "no-such-connector"],
        ["explain", "E99"],
        ["keygen", "nowhere/k"],
        ["new", "../x"],
        ["new", "pets", "--openapi", "nowhere.json"],
        ["publish", "nowhere.whl", "--repository-url", "nowhere"],
    ],
)
def test_a_problem_is_one_object_for_machines(
    command: list[str], tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the command: it says the same as it does to people, who get no object."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "twine", None)
    status = main([*command, "--json"])
    problem = json.loads(capsys.readouterr().out)["problem"]
    assert status in {1, 2}
    assert main(command) == status
    assert capsys.readouterr().out == f"{problem}\n"
    assert list(tmp_path.iterdir()) == []
