"""What certification costs, against a floor measured in the same run. Reports; judges nothing.

``make bench`` runs it. Seconds are wall seconds of whole processes unless said otherwise; the machine is noisy, so
compare ratios.
"""

from __future__ import annotations

import http.client
import json
import os
import ssl
import statistics
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from pathlib import Path
from typing import Any, Final

import trustme

from automate_connectors.cassettes.format import load
from automate_connectors.cassettes.player import Library
from automate_connectors.wire import originals
from automate_connectors.wire.install import install
from automate_connectors.wire.messages import Answer, Headers, SentRequest
from automate_connectors.wire.network import Call, Network
from automate_connectors.wire.redirect import REDIRECT

_RUNS: Final = 3
_URL: Final = "https://api.bench.test/items"


def timed(command: list[str], folder: Path) -> float:
    """Wall seconds of a command, the least of a few runs."""
    seconds = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        subprocess.run(command, cwd=folder, capture_output=True, check=False)  # noqa: S603 - our own commands
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def certify(level: str, folder: Path, host: str = "inline") -> tuple[float, dict[str, Any]]:
    """Certify Slack in a process of its own, the adapter in another where ``host`` says so."""
    pytest = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--connector=slack",
        f"--connector-level={level}",
        f"--connector-host={host}",
        "-p",
        "no:cacheprovider",
    ]
    seconds = timed(pytest, folder)
    report: dict[str, Any] = json.loads((folder / "certification/slack/report.json").read_text())
    return seconds, report


def floor(tests: int, requests: int, folder: Path) -> float:
    """As many empty tests with hypothesis loaded, and as many bare requests over fresh TLS connections."""
    (folder / "test_empty.py").write_text(
        textwrap.dedent(
            f"""
            import hypothesis, pytest
            @pytest.mark.parametrize("n", range({tests}))
            def test_empty(n): pass
            """
        )
    )
    empty = timed(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:automate_connectors",
            "-p",
            "no:cacheprovider",
            "test_empty.py",
        ],
        folder,
    )
    return empty + requests * bare_request()


def bare_request() -> float:
    """Seconds of one request over a fresh TLS connection to a minimal loopback server."""
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.issue_cert("localhost").configure_cert(server)
    authority.configure_trust(client)
    import socket  # noqa: PLC0415 - the floor stands apart from our own sockets

    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(listener, server), daemon=True).start()
    seconds = []
    for _ in range(200):
        began = originals.perf_counter()
        connection = http.client.HTTPSConnection("localhost", listener.getsockname()[1], context=client)
        connection.request("GET", "/")
        connection.getresponse().read()
        connection.close()
        seconds.append(originals.perf_counter() - began)
    listener.close()
    return statistics.median(seconds)


def _serve(listener: Any, context: ssl.SSLContext) -> None:
    while True:
        try:
            sock, _ = listener.accept()
        except OSError:
            return
        with context.wrap_socket(sock, server_side=True) as wrapped:
            wrapped.recv(65536)
            wrapped.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")


class _Same:
    def answer(self, request: SentRequest) -> Answer:
        del request
        return Answer(
            200, "OK", (("Content-Type", "application/json"),), b'{"ok": true, "text": "' + b"x" * 900 + b'"}'
        )


def replay_cpu(requests_sent: int = 1000) -> float:
    """CPU milliseconds a request with `requests` over TLS with keep-alive, both ends."""
    import requests  # noqa: PLC0415 - one measurement

    install()
    network = Network()
    network.serve([_URL])
    with REDIRECT.through(network), requests.Session() as session:
        network.begin(Call(_Same()))
        session.get(_URL, timeout=10)
        began = time.process_time()
        for _ in range(requests_sent):
            session.get(_URL, timeout=10)
        spent = time.process_time() - began
        network.end()
    network.close()
    return 1000 * spent / requests_sent


def look_up(interactions: int, folder: Path) -> float:
    """Microseconds to find the answer of an equal request among so many."""
    path = folder / f"list_{interactions}.yaml"
    head = "version: 1\nrecorded: {at: '2026-11-24T00:00:00Z', connector: bench, payload: {}}\ninteractions:\n"
    one = (
        "- request: {{method: GET, uri: '{url}/{n}', headers: {{}}, body: null}}\n"
        "  response: {{status: {{code: 200, message: OK}}, headers: {{}}, body: {{string: '{{}}'}}}}\n"
    )
    path.write_text(head + "".join(one.format(url=_URL, n=n) for n in range(interactions)))
    library = Library([load(path)], secrets={})
    playback = library.play("list", {}, own=path.stem)
    playback.answer(SentRequest("GET", f"{_URL}/0", Headers()))
    began = time.perf_counter()
    for n in range(200):
        playback.answer(SentRequest("GET", f"{_URL}/{n * interactions // 200}", Headers()))
    return 1e6 * (time.perf_counter() - began) / 200


def unused_plugin(folder: Path) -> float:
    """Milliseconds that the installed plugin adds to pytest on an empty test."""
    (folder / "test_one.py").write_text("def test_one(): pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_one.py"]
    return 1000 * (timed(command, folder) - timed([*command, "-p", "no:automate_connectors"], folder))


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for level in ("silver", "gold"):
            seconds, report = certify(level, folder)
            cases = sum(result["cases"] for result in report["requirements"])
            requests_sent = report["environment"].get("requests", 0)
            base = floor(cases, requests_sent, folder)
            schedules = sum(action["schedules"] for action in report["actions"])
            print(  # noqa: T201 - a report
                f"slack {level}: {seconds:.2f} s, {cases} judged cases ({cases / seconds:.0f} a second), "
                f"{requests_sent} exchanges, {schedules} schedules; floor {base:.2f} s, ratio {seconds / base:.2f}"
            )
            outside, _ = certify(level, folder, "process")
            print(f"slack {level} in the process host: {outside:.2f} s, ratio to inline {outside / seconds:.2f}")  # noqa: T201 - a report
        # In a process of its own: what is imported here slows it down.
        code = "import pathlib, sys; from benchmarks.reused_client import schedules_a_second as run"
        code += "; print(f'{run(pathlib.Path(sys.argv[1])):.0f}')"
        told = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", code, str(folder / "reused")],
            cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True,
        )  # fmt: skip
        print(f"schedules, an httpx adapter whose client is reused: {told.stdout.strip()} a second")  # noqa: T201 - a report
        print(f"replay: {replay_cpu():.2f} ms CPU a request")  # noqa: T201 - a report
        for count in (10, 1000, 10_000):
            print(f"look-up among {count}: {look_up(count, folder):.0f} microseconds")  # noqa: T201 - a report
        print(f"unused plugin: {unused_plugin(folder):.0f} ms")  # noqa: T201 - a report


if __name__ == "__main__":
    # As a user's machine does it: modules are compiled once.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    main()
