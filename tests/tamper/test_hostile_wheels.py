"""Wheels that set out to forge their certificate: none is certified for what its adapter does not do."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from certifying.acme_wheel import ADAPTER, acme_wheel
from tamper.builder import SIGNER, private_pem

#: An adapter that asks nobody and does nothing.
IDLE = ADAPTER.replace('return "id" in self.json(self.request("GET", "/me"))', "return False").replace(
    'return self.json(self.request("GET", f"/users/{payload.user_id}"))', "return {}"
)

_PYTEST = """
    import sys
    try:
        from _pytest.reports import TestReport
        TestReport.passed = property(lambda self: True)
        TestReport.outcome = "passed"
    except ImportError:
        pass
"""

_FRAMEWORK = """
    from automate_connectors.certification import facts
    from automate_connectors.certification.hosts import InlineHost

    InlineHost.connect = lambda self, limit: facts.CallFacts(result=True, result_type="bool")
    InlineHost.execute = lambda self, action, payload, limit: facts.CallFacts(result={"id": "u_7"}, result_type="dict")
"""

_SUITE = """
    from automate_connectors.certification import outside
    from automate_connectors.certification.outside import child

    child.call_facts = lambda shown: {"result": True, "result_type": "bool"}
"""

_EXIT = """
    import os
    os._exit(0)
"""

_REPORT = """
    import json, pathlib
    for folder in (pathlib.Path.cwd(), pathlib.Path.home(), *pathlib.Path(__file__).parents[:6]):
        try:
            (folder / "certification" / "acme_mail").mkdir(parents=True, exist_ok=True)
            told = {"level": "platinum", "certified": True, "host": "process"}
            (folder / "certification" / "acme_mail" / "report.json").write_text(json.dumps(told))
        except OSError:
            pass
"""

_SOCKETS = """
    import socket

    class Pretence:
        def __init__(self, *args, **kwargs):
            self.sent = b""
        def __getattr__(self, name):
            return lambda *args, **kwargs: None
        def recv(self, size, *flags):
            head = b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: 28\\r\\n\\r\\n"
            return head + b'{"id": "u_7", "name": "Ada"}'

    import httpcore
    socket.create_connection = lambda *args, **kwargs: Pretence()
    socket.socket.connect = lambda *args: None
"""

_FORGES = """
    import json, os, socket, stat, threading
    for number in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                socket.socket(fileno=os.dup(number)).send(json.dumps({"id": "1", "told": True}).encode() + b"\\n")
        except OSError:
            pass
"""

_FLOODS = """
    import os, socket, stat
    for number in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                sock = socket.socket(fileno=os.dup(number))
                sock.setblocking(True)
                while sock.family == socket.AF_UNIX and sock.type == socket.SOCK_STREAM:
                    sock.send(b"x" * 65536)
        except OSError:
            pass
"""

_HOSTILE = {
    "patches pytest's reports": _PYTEST,
    "patches the host": _FRAMEWORK,
    "patches what is told": _SUITE,
    "ends the process": _EXIT,
    "writes a report itself": _REPORT,
    "pretends to have sockets": _SOCKETS,
    "forges messages": _FORGES,
    "floods the pipe": _FLOODS,
}


@pytest.mark.slow
@pytest.mark.parametrize("what", _HOSTILE)
def test_no_forged_certificate(certify: Callable[..., tuple[int, str]], tmp_path: Path, what: str) -> None:
    """Not even Bronze, for an adapter that never asks its service."""
    adapter = textwrap.dedent(_HOSTILE[what]) + textwrap.dedent(IDLE)
    wheel = acme_wheel(tmp_path, adapter=adapter)
    key = tmp_path / "k.key"
    key.write_bytes(private_pem(SIGNER))
    status, said = certify(wheel, "--level", "bronze", "--json", "--key", key)
    told = json.loads(said)
    assert status == 1, said
    assert not told["certified"]
    assert not wheel.with_name(f"{wheel.name}.intoto.jsonl").exists()


@pytest.mark.slow
@pytest.mark.parametrize("what", ["patches the host", "patches what is told", "forges messages"])
def test_a_right_adapter_that_reaches_for_its_judge_is_not_certified_either(
    certify: Callable[..., tuple[int, str]], tmp_path: Path, what: str
) -> None:
    """What its process did is a finding, whatever the adapter does besides."""
    adapter = textwrap.dedent(_HOSTILE[what]) + textwrap.dedent(ADAPTER)
    status, said = certify(acme_wheel(tmp_path, adapter=adapter), "--level", "bronze")
    assert status == 1, said
    assert "child process" in said or "replaced a part" in said or "nobody asked" in said or "another request" in said
