"""A generated project that is installed as far as entry points go: found by `importlib.metadata`, built by nobody."""

import os
import subprocess
import sys
from pathlib import Path

from automate_connectors.cli import main

ROOT = Path(__file__).resolve().parents[2]


def new(folder: Path, *options: str, name: str = "acme_tasks") -> Path:
    """Write a project and what makes its entry points known."""
    project = folder / "project"
    assert main(["new", name, str(project), *options]) == 0
    info = project / "src" / f"{name}-0.1.0.dist-info"
    info.mkdir()
    class_name = "".join(part.capitalize() for part in name.split("_"))
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(
        f"[automate.connectors]\n{name} = {name}.adapter:{class_name}Adapter\n"
        f"[automate.connector_cases]\n{name} = {name}.certification:{class_name}Case\n",
        encoding="utf-8",
    )
    return project


def pytest_in(project: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run pytest in a project, strict about warnings, and return what it said."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
    environment |= {"PYTHONPATH": str(project / "src"), "COLUMNS": "80"}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error", *arguments]
    return subprocess.run(  # noqa: S603 - our own program
        command, cwd=project, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
