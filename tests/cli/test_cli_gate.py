"""The command ``gate``: what it prints, its exit status, and what it costs."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tamper.builder import SIGNER, Item, Kit, moment, pem, report, wheel_bytes

from automate_connectors.cli import main

UNWANTED = ("pytest", "hypothesis", "rich", "jinja2", "typer", "pydantic", "httpx")


def kit_of_today(folder: Path, **options: Any) -> tuple[Kit, list[str]]:
    """Write an honest kit that holds by the machine's clock, and return it with the arguments of the gate."""
    now = datetime.now(UTC)
    kit = Kit(folder, **options)
    kit.recertify({**report(), "finished_at": moment(now)})
    kit.predicate.update(not_before=moment(now), not_after=moment(now + timedelta(days=1)))
    kit.write()
    (folder / "k.pub").write_bytes(pem(SIGNER))
    return kit, [str(kit.path), "--trust", str(folder / "k.pub")]


def test_an_honest_wheel_is_allowed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the level and the guarantee of every action."""
    kit, arguments = kit_of_today(tmp_path)
    assert main(["gate", *arguments]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"ALLOW {kit.filename}: every connector reached at least gold, as judged by trusted keys",
        "  acme_mail: gold",
        "    send: exactly-once",
        "    ping: at-most-once",
    ]


def test_json_is_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also when the wheel stands behind the keys."""
    kit, (wheel, *trust) = kit_of_today(tmp_path)
    assert main(["gate", "--json", *trust, wheel]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["decision", "code", "message", "wheel", "connectors", "level"]
    assert (found["decision"], found["code"], found["wheel"], found["level"]) == ("allow", None, kit.filename, "gold")


def test_a_refusal_says_how_to_mend_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing that a terminal obeys."""
    kit, arguments = kit_of_today(tmp_path)
    kit.report["connector"]["name"] = "\x1b[2J"
    kit.write()
    assert main(["gate", *arguments]) == 1
    out = capsys.readouterr().out
    assert out.startswith("DENY [bundle]")
    assert "To mend it" in out
    assert "\x1b" not in out


def test_every_option_reaches_the_gate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each refuses for its own reason."""
    _, arguments = kit_of_today(tmp_path)
    nowhere = str(tmp_path / "nowhere")
    for option, code, status in (
        (["--min-level", "platinum"], "level", 1),
        (["--min-guarantee", "read-only"], "guarantee", 1),
        (["--policy", nowhere], "trust", 2),
        (["--suites", nowhere], "trust", 2),
        (["--certificate", nowhere], "missing", 1),
        (["--trust", nowhere], "trust", 2),
    ):
        assert main(["gate", *arguments, "--json", *option]) == status
        assert json.loads(capsys.readouterr().out)["code"] == code
    assert main(["gate", *arguments, "--assurance", "self"]) == 0


def test_without_keys_nothing_is_decided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And without a wheel, neither; a wrong usage is no decision."""
    _, (wheel, *_) = kit_of_today(tmp_path)
    assert main(["gate", wheel]) == 2
    assert "[trust]" in capsys.readouterr().out
    assert main(["gate"]) == 2
    assert main(["gate", "--trust", "k.pub"]) == 2
    assert main(["gate", wheel, "--min-level", "best"]) == 2
    assert "Level" not in capsys.readouterr().err
    assert main(["gate", wheel, "--min", "gold"]) == 2
    assert "usage" in capsys.readouterr().err


def test_a_machine_gets_an_object_for_no_wheel_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It reads what is printed, whatever was asked."""
    _, (_, *trust) = kit_of_today(tmp_path)
    for arguments in (["--json"], ["--json", *trust]):
        assert main(["gate", *arguments]) == 2
        assert json.loads(capsys.readouterr().out)["decision"] == "undecided"


def test_it_is_quick(tmp_path: Path) -> None:
    """A wheel of 100 files is judged within the budget of 250 ms, and no large library is imported for it."""
    modules = [Item(f"acme/m{number}.py", f"x = {number}\n".encode() * 50) for number in range(95)]
    _, arguments = kit_of_today(tmp_path, wheel=wheel_bytes(*modules))
    script = (
        "import json, os, sys; from automate_connectors.cli import main; status = main(sys.argv[1:]);"
        "times = os.times(); print(json.dumps([status, times.user + times.system, sorted(sys.modules)]))"
    )
    least = 9.0
    for _ in range(5):
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", script, "gate", *arguments], capture_output=True, text=True, check=True, cwd=tmp_path
        )
        status, seconds, loaded = json.loads(done.stdout.splitlines()[-1])
        assert status == 0
        assert not [name for name in loaded if name.partition(".")[0] in UNWANTED]
        least = min(least, seconds)
    assert least <= 0.25
