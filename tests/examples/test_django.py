"""The Django example does what its page says, in a real project on SQLite."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from docs.documents import ROOT, runs

PROJECT = ROOT / "examples" / "django"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project."""
    ignored = shutil.ignore_patterns("__pycache__", "certification", "*.sqlite3")
    return Path(shutil.copytree(PROJECT, tmp_path / "django", ignore=ignored))


def manage(project: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of the project."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)  # noqa: S603 - ours


def test_the_page_runs(project: Path) -> None:
    """Migration, profile, refusal of a secret, list, check, certification."""
    runs(project / "README.md", project)


def test_the_migration_is_the_models(project: Path) -> None:
    """Nothing is left to migrate."""
    done = manage(project, "makemigrations", "--check", "--dry-run", "automate_connectors")
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_cannot_be_certified_says_so(project: Path) -> None:
    """An unknown name, and a level that is not reached: the exit status is pytest's, the report is there."""
    unknown = manage(project, "certify", "\x1bslak")
    assert unknown.returncode == 4
    assert "is not registered" in unknown.stderr
    assert "\x1b" not in unknown.stderr
    below = manage(project, "certify", "logging", "--level", "platinum")
    assert below.returncode == 1
    assert "logging is not certified" in below.stderr
    assert (project / "certification" / "logging" / "report.html").is_file()
