"""A real Synapse on loopback for as long as a command runs: `python synapse.py COMMAND ...`.

Synapse is installed once, into a virtual environment of its own in the user's cache; it is licensed under the AGPL and
no dependency of the connector. The command finds the server and a user's token in `AUTOMATE_MATRIX_LIVE` and
`AUTOMATE_MATRIX_ACCESS_TOKEN`.
"""

import base64
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

VERSION = "1.163.2"
_PATIENCE = 60.0
_CONFIGURATION = """
server_name: matrix.example.org
listeners:
  - {{port: {port}, type: http, tls: false, bind_addresses: ['127.0.0.1'], resources: [{{names: [client]}}]}}
database: {{name: sqlite3, args: {{database: ':memory:'}}}}
signing_key: "ed25519 a_test {key}"
macaroon_secret_key: "{secret}"
form_secret: "{secret}"
media_store_path: media
enable_registration: true
enable_registration_without_verification: true
bcrypt_rounds: 4
report_stats: false
trusted_key_servers: []
rc_message: {{per_second: 1000, burst_count: 1000}}
rc_registration: {{per_second: 1000, burst_count: 1000}}
rc_joins: {{local: {{per_second: 1000, burst_count: 1000}}}}
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, and a user of it."""

    address: str
    token: str

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the connector's case reads."""
        return {"AUTOMATE_MATRIX_LIVE": self.address, "AUTOMATE_MATRIX_ACCESS_TOKEN": self.token}


def installed(home: Path | None = None) -> Path:
    """Return the Python of an environment with Synapse, made now where there is none."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "automate-connectors"
    home = home or cache / f"synapse-{VERSION}-py{sys.version_info.major}{sys.version_info.minor}"
    python = home / "bin" / "python"
    if (home / "complete").exists():
        return python
    shutil.rmtree(home, ignore_errors=True)
    venv.create(home, with_pip=True, symlinks=True)
    subprocess.run(  # noqa: S603 - our own command
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"matrix-synapse=={VERSION}"],
        check=True,
    )
    (home / "complete").touch()
    return python


@contextmanager
def running(python: Path) -> Iterator[Server]:
    """Start Synapse with an empty database in memory and register a user; end it after the block.

    Raises:
        RuntimeError: It does not start; the message ends with its log.
    """
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), _free_port()
        key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        text = _CONFIGURATION.format(port=port, key=key, secret=secrets.token_hex())
        (folder / "hs.yaml").write_text(text, encoding="utf-8")
        with (folder / "log").open("wb") as log:
            command = [str(python), "-m", "synapse.app.homeserver", "-c", "hs.yaml"]
            process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)  # noqa: S603 - our own command
            try:
                address = f"http://127.0.0.1:{port}"
                _wait(process, address, folder / "log")
                yield Server(address, _register(address))
            finally:
                process.kill()  # the database is in memory
                process.wait()


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _wait(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/health", timeout=5).close()  # noqa: S310 - loopback
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"Synapse did not start: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def _register(address: str) -> str:
    user = {"username": "recorder", "password": secrets.token_hex(), "auth": {"type": "m.login.dummy"}}
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{address}/_matrix/client/v3/register", json.dumps(user).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
        return str(json.load(answer)["access_token"])


def main(command: Sequence[str]) -> int:
    """Run a command while Synapse runs, and return its exit status."""
    with running(installed()) as server:
        return subprocess.run(command, env={**os.environ, **server.environment}, check=False).returncode  # noqa: S603 - the user's own command


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
