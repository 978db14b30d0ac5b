"""From a built wheel over certificate and gate to a package index on loopback, and from there into an environment."""

from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest
from certifying.certified import Certified
from certifying.indexes import Index

from automate_connectors.certification.certificate import certificate_path
from automate_connectors.certification.publishing import PublicationError, publish, upload_by_twine
from automate_connectors.cli import main

_MATRIX = Path(__file__).parents[2] / "examples" / "matrix"


@pytest.fixture(params=["credentials", "none"])
def _credentials(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some, and none at all: an index of one's own may take wheels from anybody."""
    for name, value in (("TWINE_USERNAME", "anybody"), ("TWINE_PASSWORD", "anything")):
        if request.param == "none":
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)


def _installed(index: Index, name: str, home: Path) -> list[Path]:
    """The package as pip installs it from the index into a fresh environment."""
    venv.create(home)
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install", "--no-deps", "--isolated"]
    done = subprocess.run(  # noqa: S603 - pip on our own index
        [*pip, f"--index-url={index.url}simple/", name], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return list(home.glob("lib/python*/site-packages/*/__init__.py"))


@pytest.mark.slow
@pytest.mark.usefixtures("_credentials")
def test_a_certified_wheel_is_published_and_installed(certified: Certified, index: Index, tmp_path: Path) -> None:
    """Exactly the bytes that were judged arrive at the index, and pip installs them."""
    asked = ["--trust", str(certified.trust), "--min-level", "gold", "--repository-url", index.url]
    assert main(["publish", str(certified.wheel), *asked]) == 0
    assert index.files == {certified.wheel.name}
    assert (index.folder / certified.wheel.name).read_bytes() == certified.wheel.read_bytes()
    assert [file.parent.name for file in _installed(index, "acme-mail", tmp_path / "home")] == ["acme_mail"]


@pytest.mark.slow
def test_the_matrix_connector_goes_the_whole_way(
    certify: Callable[..., tuple[int, str]], index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Built, certified gold with exactly-once sending and a page that names the certificate, published, installed."""
    source = tmp_path / "matrix"
    shutil.copytree(_MATRIX, source)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    subprocess.run(build, cwd=source, capture_output=True, check=True, timeout=60)  # noqa: S603 - our own package
    (wheel,) = (tmp_path / "dist").iterdir()
    monkeypatch.chdir(tmp_path)
    assert main(["keygen", "k"]) == 0
    status, said = certify(wheel, "--level", "gold", "--key", tmp_path / "k.key", "--report", tmp_path / "reports")
    assert status == 0, said
    assert "send_message: exactly-once" in said
    digest = hashlib.sha256(certificate_path(wheel).read_bytes()).hexdigest()
    assert digest in (tmp_path / "reports" / "matrix" / "report.html").read_text(encoding="utf-8")
    assert main(["publish", str(wheel), "--trust", "k.pub", "--min-level", "gold", "--repository-url", index.url]) == 0
    assert [file.parent.name for file in _installed(index, wheel.name.split("-")[0], tmp_path / "home")] == [
        "automate_matrix"
    ]


@pytest.mark.slow
def test_one_changed_byte_sends_nothing(
    certified: Certified, index: Index, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither the changed wheel nor the honest one beside it leaves the machine."""
    changed = tmp_path / certified.wheel.name
    content = bytearray(certified.wheel.read_bytes())
    content[len(content) // 2] ^= 1
    changed.write_bytes(content)
    shutil.copyfile(certificate_path(certified.wheel), certificate_path(changed))
    asked = ["--trust", str(certified.trust), "--repository-url", index.url]
    assert main(["publish", str(certified.wheel), str(changed), *asked]) == 1
    assert "nothing was sent" in capsys.readouterr().out
    assert index.files == set()


def test_what_is_sent_cannot_change_after_the_gate(certified: Certified) -> None:
    """The upload gets private copies, whatever happens to the original meanwhile."""
    sent: list[bytes] = []
    done = publish(
        [certified.wheel], upload=lambda files: sent.extend(file.read_bytes() for file in files), trust=certified.trust
    )
    assert done.sent
    assert sent == [certified.wheel.read_bytes()]


@pytest.mark.parametrize("wheel", ["gone-1.0-py3-none-any.whl", "", ".."])
def test_a_missing_wheel_is_undecided(certified: Certified, wheel: str) -> None:
    """And nothing is sent."""
    done = publish([Path(wheel)], upload=lambda _: pytest.fail("sent"), trust=certified.trust)
    assert not done.sent
    assert [decision.code for decision in done.decisions] == ["wheel"]
    assert done.exit_code == 2


def test_an_index_that_is_not_there_is_said(certified: Certified, capsys: pytest.CaptureFixture[str]) -> None:
    """In a sentence that says what to see to."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    asked = ["--trust", str(certified.trust), "--repository-url", f"http://127.0.0.1:{port}/"]
    assert main(["publish", str(certified.wheel), *asked]) == 2
    assert "not published" in capsys.readouterr().out


def test_twine_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not installed."""
    monkeypatch.setitem(sys.modules, "twine", None)
    with pytest.raises(PublicationError, match="automate-connectors\\[publish\\]"):
        upload_by_twine(None)
