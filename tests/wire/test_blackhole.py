"""A port that never answers."""

from __future__ import annotations

import socket

import pytest

from automate_connectors.wire import originals
from automate_connectors.wire.blackhole import Blackhole


def test_a_connection_to_it_does_not_come_about() -> None:
    """The backlog is full, so the client's timeout decides."""
    hole = Blackhole()
    with socket.socket() as sock:
        originals.settimeout(sock, 0.05)
        with pytest.raises(TimeoutError):
            originals.connect(sock, ("127.0.0.1", hole.port))
    hole.close()


def test_its_port_stays_until_it_is_closed() -> None:
    """Afterwards the port is refused, and asking again makes another one."""
    hole = Blackhole()
    first = hole.port
    assert hole.port == first
    hole.close()
    with socket.socket() as sock, pytest.raises(ConnectionRefusedError):
        originals.connect(sock, ("127.0.0.1", first))
    assert hole.port > 0
    hole.close()
    hole.close()
