"""A host that hands out certified connectors only: installed files are held against certificates before an import."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest
from certifying.certified import Certified

from automate_connectors.certification.certificate import certificate_path
from automate_connectors.certification.installed import VARIABLE
from automate_connectors.errors import ConfigurationError
from automate_connectors.registry import ConnectorRegistry


@pytest.fixture(scope="module")
def pristine(certified: Certified, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pip installed the certified wheel."""
    home = tmp_path_factory.mktemp("home")
    venv.create(home)
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(certified.wheel)], check=True, capture_output=True, timeout=120)  # noqa: S603 - our own wheel
    return next(home.glob("lib/python*/site-packages"))


@pytest.fixture
def site(pristine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it, on the import path."""
    copy = tmp_path / "site"
    shutil.copytree(pristine, copy)
    monkeypatch.syspath_prepend(copy)
    yield copy
    for name in [name for name in sys.modules if name.partition(".")[0] == "acme_mail"]:
        del sys.modules[name]


def _strict(certified: Certified, folder: Path | None = None, level: str = "gold") -> ConnectorRegistry:
    registry = ConnectorRegistry()
    registry.require(trust=[certified.trust], certificates=folder or certified.wheel.parent, min_level=level)
    return registry


def _refused(registry: ConnectorRegistry, name: str = "acme_mail") -> str:
    with pytest.raises(ConfigurationError) as caught:
        registry.get(name)
    return str(caught.value.details["code"])


@pytest.mark.usefixtures("site")
def test_a_certified_connector_is_handed_out(certified: Certified, monkeypatch: pytest.MonkeyPatch) -> None:
    """The directory may stand in the environment too."""
    monkeypatch.setenv(VARIABLE, str(certified.wheel.parent))
    registry = ConnectorRegistry()
    registry.require(trust=certified.trust)
    assert registry.get("acme_mail").__name__ == "AcmeAdapter"
    assert registry.get("acme_mail") is registry.get("acme_mail")


def test_a_changed_file_is_refused_before_it_is_imported(certified: Certified, site: Path) -> None:
    """Its code never runs, not even where broken plugins are listed."""
    with (site / "acme_mail" / "__init__.py").open("a", encoding="utf-8") as file:
        file.write("raise SystemExit\n")
    registry = _strict(certified)
    assert _refused(registry) == "manifest"
    assert "acme_mail" in registry.broken()
    assert "acme_mail" not in sys.modules


@pytest.mark.parametrize("name", ["certification.cpython-311-x86_64-linux-gnu.so", "certification/__init__.py"])
def test_a_file_that_would_go_before_a_certified_one_is_refused(certified: Certified, site: Path, name: str) -> None:
    """Extension modules and packages take precedence over modules of the same name."""
    file = site / "acme_mail" / name
    file.parent.mkdir(exist_ok=True)
    file.touch()
    assert _refused(_strict(certified)) == "manifest"


@pytest.mark.parametrize("name", ["acme_mail.py", "acme_mail/__init__.py"])
def test_a_module_that_is_found_before_the_certified_one_is_refused(
    certified: Certified, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The current folder, for one, goes before what is installed."""
    assert site.is_dir()
    file = tmp_path / "before" / name
    file.parent.mkdir(parents=True)
    file.write_text("raise SystemExit\n")
    monkeypatch.syspath_prepend(tmp_path / "before")
    assert _refused(_strict(certified)) == "entry-point"


def test_a_missing_file_is_refused(certified: Certified, site: Path) -> None:
    """Cassettes are part of what was certified."""
    (site / "acme_mail" / "cassettes" / "connect.yaml").unlink()
    assert _refused(_strict(certified)) == "manifest"


@pytest.mark.usefixtures("site")
def test_without_a_certificate_nothing_is_handed_out(certified: Certified, tmp_path: Path) -> None:
    """Not even a built-in connector; what is no certificate of a wheel is passed over."""
    empty = tmp_path / "certificates"
    empty.mkdir()
    (empty / "notes.intoto.jsonl").touch()
    registry = _strict(certified, empty)
    assert _refused(registry) == "missing"
    assert _refused(registry, "slack") == "missing"


@pytest.mark.usefixtures("site")
def test_a_certificate_that_says_too_little_is_refused(certified: Certified, tmp_path: Path) -> None:
    """A level that was not reached, an empty certificate, another one's signature."""
    assert _refused(_strict(certified, level="platinum")) == "level"
    folder = tmp_path / "certificates"
    folder.mkdir()
    certificate = folder / certificate_path(certified.wheel).name
    certificate.write_bytes(b"{")
    assert _refused(_strict(certified, folder)) == "malformed"
    certificate.unlink()
    certificate.mkdir()
    assert _refused(_strict(certified, folder)) == "missing"


def test_what_no_distribution_brings_is_refused(certified: Certified) -> None:
    """A connector that was registered by hand has no certificate; an unknown name stays unknown."""
    from zoo.right.http_plain import HttpAcmeAdapter  # noqa: PLC0415 - the zoo is loaded where it is needed

    registry = _strict(certified)
    registry.register("by_hand", HttpAcmeAdapter)
    assert _refused(registry, "by_hand") == "coverage"
    with pytest.raises(ConfigurationError, match="There is no connector"):
        registry.get("nobody")


def test_what_is_asked_for_must_make_sense(
    certified: Certified, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key, a level and a directory."""
    monkeypatch.delenv(VARIABLE, raising=False)
    for asked in (
        {"trust": certified.trust},
        {"trust": certified.trust, "certificates": tmp_path / "gone"},
        {"trust": certified.key, "certificates": tmp_path},
        {"trust": certified.trust, "certificates": tmp_path, "min_level": "copper"},
    ):
        with pytest.raises(ConfigurationError):
            ConnectorRegistry().require(**asked)
