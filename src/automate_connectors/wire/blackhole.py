"""A port that never answers: its listener's backlog is full, so further connections wait (Linux)."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable

from automate_connectors.wire import originals


def filled_listener() -> list[socket.socket]:
    """The listener, and the connections that fill its backlog: a collected socket would free its place there."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    return [listener, *(_filling(listener) for _ in range(4))]


def _filling(listener: socket.socket) -> socket.socket:
    filling = socket.socket()
    filling.settimeout(0)
    with contextlib.suppress(BlockingIOError):
        originals.connect(filling, listener.getsockname())
    return filling


class Blackhole:
    """Holds the port; made when first asked for, since few clients need a real one."""

    def __init__(self, make: Callable[[], list[socket.socket]] = filled_listener) -> None:
        self._make = make
        self._sockets: list[socket.socket] = []

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        if not self._sockets:
            self._sockets = self._make()
        return int(self._sockets[0].getsockname()[1])

    def close(self) -> None:
        """Give the port back."""
        for sock in self._sockets:
            sock.close()
        self._sockets = []
