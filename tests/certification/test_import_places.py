"""What an import would run is told as Python then finds it, and nothing is run."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from automate_connectors.certification.import_places import files_run


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the import path."""
    folder = tmp_path / "installed"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    return folder


def _module(folder: Path, name: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("raise SystemExit\n", encoding="utf-8")
    return file


def test_every_package_on_the_way_is_told(installed: Path) -> None:
    """Folders without ``__init__`` are none."""
    files = [_module(installed, f"places_space/inner/pack/{name}") for name in ("__init__.py", "deep.py")]
    assert list(files_run("places_space.inner.pack.deep")) == files
    assert list(files_run("places_space.inner.pack.gone")) == files[:1]
    assert list(files_run("places_no_such_module")) == []


def test_a_package_goes_before_a_module(installed: Path) -> None:
    """In one folder; and an earlier folder before both."""
    _module(installed, "places_one.py")
    package = _module(installed, "places_one/__init__.py")
    assert list(files_run("places_one")) == [package]


def test_what_is_imported_stays_what_it_is(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it came from."""
    file = _module(installed, "places_two.py")
    loaded = ModuleType("places_two")
    loaded.__file__ = str(installed.parent / "elsewhere.py")
    monkeypatch.setitem(sys.modules, "places_two", loaded)
    assert list(files_run("places_two")) == [installed.parent / "elsewhere.py", file]
