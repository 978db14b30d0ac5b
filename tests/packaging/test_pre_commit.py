"""The hook of `.pre-commit-hooks.yaml`: what it runs on staged cassettes, and that pre-commit installs and runs it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
HOOKS = ROOT / ".pre-commit-hooks.yaml"
_GITHUB = "ghp_" + "a1B2" * 9
#: What a build of the kit reads.
_SOURCES = (
    *("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "Makefile"),
    *("src", "conformance", "cassettes", ".pre-commit-hooks.yaml"),
)


def run(*command: str | Path, cwd: Path, expect: int | None = 0) -> str:
    """Run a command as on a machine of its own, and return what it says; another exit status shows it."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST", "PYTHON"))
    }
    environment |= {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(cwd.parent / "pre-commit"),
    }
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=300)  # noqa: S603 - our own commands
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout


def repository(folder: Path) -> Path:
    """A repository whose files are all staged."""
    run("git", "init", "-q", cwd=folder)
    run("git", "add", "-A", cwd=folder)
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with cassettes of two connectors, and files that are none."""
    folder = tmp_path / "project"
    for name in ("slack", "other"):
        shutil.copytree(ROOT / "cassettes" / "slack", folder / "tests" / "cassettes" / name)
    (folder / "settings.yaml").write_text(f"token: {_GITHUB}\n")
    (folder / "tests" / "cassettes" / "notes.txt").write_text(f"{_GITHUB}\n")
    return repository(folder)


def spoilt(project: Path) -> Path:
    """Put a token into one cassette, and stage it."""
    path = project / "tests" / "cassettes" / "other" / "connect.yaml"
    path.write_text(path.read_text().replace("Bearer {{token}}", f"Bearer {_GITHUB}"))
    repository(project)
    return path.relative_to(project)


def hook() -> dict[str, Any]:
    """The one hook."""
    (found,) = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    return dict(found)


def command_for(project: Path) -> list[str]:
    """What pre-commit runs: the entry, its arguments, and the staged files that the hook asks for."""
    staged = run("git", "diff", "--cached", "--name-only", "--diff-filter=ACMRTUXB", cwd=project).splitlines()
    files = [name for name in staged if re.search(hook()["files"], name)]
    return [*shlex.split(hook()["entry"]), *hook().get("args", []), *files]


def test_clean_cassettes_may_be_committed(project: Path) -> None:
    """Only cassettes are looked at: 0 and not a word."""
    command = command_for(project)
    assert len([each for each in command if each.endswith(".yaml")]) == 2 * len(
        list((ROOT / "cassettes").glob("*/*.yaml"))
    )
    assert run(*command, cwd=project) == ""


def test_a_cassette_with_a_credential_may_not(project: Path) -> None:
    """1, with file and line; the others are no matter."""
    path = spoilt(project)
    told = run(*command_for(project), cwd=project, expect=1)
    assert re.fullmatch(rf"{path}: unscrubbed: connect\.yaml:\d+ \(interaction 0\): .*Bearer value: ghp_…\n", told)
    assert _GITHUB not in told


def test_what_is_no_cassette_may_not(project: Path) -> None:
    """A half-written file, as a merge leaves it."""
    path = project / "tests" / "cassettes" / "other" / "connect.yaml"
    path.write_text("<<<<<<< ours\n" + path.read_text())
    repository(project)
    told = run(*command_for(project), cwd=project, expect=1)
    assert told.startswith(f"{path.relative_to(project)}: {path.relative_to(project)}:")


@pytest.mark.slow
def test_pre_commit_installs_and_runs_it(project: Path, tmp_path: Path) -> None:
    """From a repository of the kit, into an environment of its own: passed, then failed with the place."""
    kit = tmp_path / "kit"
    kit.mkdir()
    for name in _SOURCES:
        source = ROOT / name
        shutil.copytree(source, kit / name) if source.is_dir() else shutil.copy(source, kit / name)
    repository(kit)
    run("git", "-c", "user.name=A", "-c", "user.email=a@b.test", "commit", "-q", "-m", "The kit", cwd=kit)
    revision = run("git", "rev-parse", "HEAD", cwd=kit).strip()
    config = {"repos": [{"repo": str(kit), "rev": revision, "hooks": [{"id": hook()["id"]}]}]}
    (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    repository(project)
    tool = tmp_path / "tool"
    venv.create(tool, with_pip=True)
    run(tool / "bin" / "pip", "install", "--quiet", "pre-commit", cwd=project)
    command = (tool / "bin" / "pre-commit", "run", hook()["id"])
    assert re.search(r"connector cassettes hold no credentials\.+Passed", run(*command, cwd=project))
    path = spoilt(project)
    told = run(*command, cwd=project, expect=1)
    assert re.search(r"connector cassettes hold no credentials\.+Failed", told)
    assert f"{path}: unscrubbed: connect.yaml:" in told
