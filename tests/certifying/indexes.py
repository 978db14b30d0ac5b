"""A package index on loopback, to publish to."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest


@dataclass(frozen=True)
class Index:
    """A package index: where it listens, and the folder that it serves."""

    url: str
    folder: Path

    @property
    def files(self) -> set[str]:
        """What was uploaded."""
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """A pypiserver that takes uploads from everybody."""
    folder = tmp_path / "served"
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "pypiserver", "run", "-p", str(port), "-i", "127.0.0.1", "-P", ".", "-a", "."]
    server = subprocess.Popen([*command, "--disable-fallback", str(folder)], stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
    try:
        url = f"http://127.0.0.1:{port}/"
        _wait_for(url, server)
        yield Index(url, folder)
    finally:
        server.kill()
        server.wait()


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        try:
            httpx.get(url, timeout=1)
        except httpx.TransportError:
            continue
        return
    raise AssertionError("the index did not start")
