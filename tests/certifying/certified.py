"""Certifying as a user does, and one wheel that was: it takes seconds."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from certifying.acme_wheel import acme_wheel, needed_wheels

from automate_connectors.cli import main


@dataclass(frozen=True)
class Certified:
    """A certified wheel, the keys, and what certifying said."""

    wheel: Path
    key: Path
    trust: Path
    links: Path
    status: int
    said: str


@pytest.fixture(scope="session")
def links(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the requirements of connectors lie."""
    return needed_wheels(tmp_path_factory.mktemp("links"))


@pytest.fixture(scope="session")
def certify(links: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[int, str]]:
    """Run ``certify`` as a user does, without an index."""

    def run(*arguments: str | Path) -> tuple[int, str]:
        reports = (
            [] if any("--report" in str(one) for one in arguments) else [f"--report={tmp_path_factory.mktemp('r')}"]
        )
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            status = main(["certify", *map(str, arguments), *reports, "--no-index", f"--find-links={links}"])
        return status, said.getvalue()

    return run


@pytest.fixture(scope="session")
def certified(
    links: Path, certify: Callable[..., tuple[int, str]], tmp_path_factory: pytest.TempPathFactory
) -> Certified:
    """Acme's wheel, certified at Gold."""
    folder = tmp_path_factory.mktemp("dist")
    wheel = acme_wheel(folder)
    assert main(["keygen", str(folder / "k")]) == 0
    status, said = certify(wheel, "--level", "gold", "--key", folder / "k.key")
    return Certified(wheel, folder / "k.key", folder / "k.pub", links, status, said)
