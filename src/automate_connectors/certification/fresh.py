"""A fresh virtual environment for one wheel; the judge looks into it and never runs in it.

Nothing of the wheel's or its requirements' runs while they are installed: only wheels are taken.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

import automate_connectors
from automate_connectors.certification.outside.process import Launch
from automate_connectors.certification.wheels import Wheel

_OWN: Final = "automate-connectors"
_MINUTES: Final = 15
_SHOWN: Final = 12


class NotInstallableError(Exception):
    """The wheel cannot be installed; the message says why, in pip's words."""


@dataclass(frozen=True, slots=True)
class FreshEnvironment:
    """Where a wheel was installed.

    Attributes:
        site: its ``site-packages``.
        members: what is in the wheel, unpacked by the judge for itself: the child may change what is installed.
        launch: how a child is started there.
    """

    site: Path
    members: Path
    launch: Launch

    def original(self, installed: str) -> Path:
        """The judge's own copy of a file or folder that was installed.

        Raises:
            ValueError: it is none of the wheel's.
        """
        inside = Path(installed).resolve().relative_to(self.site.resolve())
        return self.members / inside


def fresh_environment(wheel: Wheel, content: bytes, folder: Path, options: Sequence[str]) -> FreshEnvironment:
    """Make the environment in an empty folder, and install the wheel with its requirements.

    Args:
        wheel: what the strict reader made of it.
        content: its bytes.
        folder: where everything goes.
        options: of ``pip install``: where requirements come from.

    Raises:
        NotInstallableError: pip refuses.
    """
    if sha256(content).hexdigest() != wheel.sha256:
        raise NotInstallableError(f"{wheel.filename} changed while it was read")
    copy = folder / "wheel" / wheel.filename
    copy.parent.mkdir(parents=True)
    copy.write_bytes(content)
    home = folder / "environment"
    venv.EnvBuilder(with_pip=importlib.util.find_spec("pip") is None, symlinks=True).create(home)
    python = str(home / "bin" / "python")
    site = next((home / "lib").glob("python*/site-packages"))
    _name_framework(site)
    interpreter = _interpreter(home)
    _install(python, copy, folder, options)
    if _interpreter(home) != interpreter:
        raise NotInstallableError(
            "it, or what it requires, replaces the interpreter that it is installed for: "
            "bring no script or data file named python or pyvenv.cfg"
        )
    members = folder / "members"
    with zipfile.ZipFile(BytesIO(content)) as archive:
        # Every name was found harmless by the strict reader.
        archive.extractall(members)
    return FreshEnvironment(site, members, Launch(python, *_child_half(folder)))


def _name_framework(site: Path) -> None:
    """Let pip find the framework installed: it comes from this process's own files, and from no index."""
    own = importlib.metadata.distribution(_OWN)
    info = site / f"automate_connectors-{own.version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(own.read_text("METADATA") or "", encoding="utf-8")
    (info / "INSTALLER").write_text("automate-connectors certify\n", encoding="utf-8")
    (info / "RECORD").write_text(f"{info.name}/METADATA,,\n{info.name}/RECORD,,\n", encoding="utf-8")


def _interpreter(home: Path) -> dict[str, str]:
    """What decides which program a child is (PEP 405): each way to the interpreter, and each pyvenv.cfg that it reads.

    Scripts and data files of a wheel go beside them, and a script named ``python`` in their place: the judge would then
    start the connector's own program, before any isolation, and take that for its other half.
    """
    links = {path.name: str(path.readlink()) for path in (home / "bin").glob("python*") if path.is_symlink()}
    read = (home / "pyvenv.cfg", home / "bin" / "pyvenv.cfg")
    return links | {str(path): path.read_text("utf-8", "replace") for path in read if path.exists()}


def _install(python: str, wheel: Path, folder: Path, options: Sequence[str]) -> None:
    constraint = folder / "constraint.txt"
    constraint.write_text(f"{_OWN}=={importlib.metadata.version(_OWN)}\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", python]
    if importlib.util.find_spec("pip") is None:
        pip = [python, "-m", "pip"]
    command = [
        *pip,
        "--no-input",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--only-binary=:all:",
        f"--constraint={constraint}",
        *options,
        str(wheel),
    ]
    try:
        done = subprocess.run(command, capture_output=True, timeout=60 * _MINUTES, check=False, cwd=folder)  # noqa: S603 - pip on our own arguments
    except subprocess.TimeoutExpired as error:
        raise NotInstallableError(f"pip did not end within {_MINUTES} minutes") from error
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise NotInstallableError(" / ".join(told[-_SHOWN:]) or "pip said nothing")


def _child_half(folder: Path) -> tuple[Path, tuple[str, ...], tuple[str, ...]]:
    """The script of the child and its import path: the framework before what was installed, coverage behind it."""
    first, last = folder / "half", folder / "tools"
    shutil.copytree(Path(automate_connectors.__file__).parent, first / "automate_connectors", ignore=_NO_CACHES)
    last.mkdir()
    coverage = importlib.util.find_spec("coverage")
    if coverage is not None and coverage.origin is not None:
        (last / "coverage").symlink_to(Path(coverage.origin).parent)
    script = first / "automate_connectors" / "certification" / "outside" / "bootstrap.py"
    return script, (str(first),), (str(last),)


_NO_CACHES: Final = shutil.ignore_patterns("__pycache__", "_cassettes")
