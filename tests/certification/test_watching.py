"""Sockets and child processes that a call opens are seen."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from automate_connectors.certification.watching import Watch, watch
from automate_connectors.wire import originals


def test_what_a_call_opens_is_noted_once() -> None:
    """Look-ups, connections, datagrams and child processes, by what they lead to."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with watch().noting() as found:
        for _ in range(2):
            with socket.socket() as sock:
                originals.connect(sock, ("127.0.0.1", port))
        originals.getaddrinfo("127.0.0.1", 80)
        with socket.socket(type=socket.SOCK_DGRAM) as sock:
            originals.sendto(sock, b"x", ("127.0.0.1", port))
        subprocess.run([sys.executable, "-c", ""], check=True)
    listener.close()
    assert found[0] == f"socket (connect 127.0.0.1:{port})"
    assert "name look-up (127.0.0.1)" in found
    assert f"socket (sendto 127.0.0.1:{port})" in found
    assert "child process (subprocess.Popen)" in found
    assert len(found) == len(set(found))


def test_a_unix_socket_is_named_by_its_path() -> None:
    """A database may sit behind it."""
    with watch().noting() as found, socket.socket(socket.AF_UNIX) as sock, pytest.raises(FileNotFoundError):
        originals.connect(sock, "/nowhere/at/all.sock")
    assert found == ["socket (connect unix '/nowhere/at/all.sock')"]


def test_outside_a_call_nothing_is_noted() -> None:
    """The hook stays for good and is idle."""
    with watch().noting() as found:
        pass
    originals.getaddrinfo("127.0.0.1", 80)
    assert found == []
    assert watch() is watch()


def test_odd_events_do_no_harm() -> None:
    """A look-up of nothing, an address of another shape, an event of no interest."""
    one = Watch()
    with one.noting() as found:
        one.hook("socket.getaddrinfo", (None, 80))
        one.hook("socket.getaddrinfo", ())
        one.hook("socket.connect", (object(), b"raw"))
        one.hook("socket.connect", (object(),))
        one.hook("open", ("file", "r"))
        one.hook("os.system", ("ls",))
        one.hook("socket.getaddrinfo", ("db.internal", 5432))
    one.hook("os.system", ("rm",))
    assert found == [
        "socket (connect b'raw')",
        "socket (connect None)",
        "child process (os.system)",
        "name look-up (db.internal)",
    ]
