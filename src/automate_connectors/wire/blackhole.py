"""A port that never answers: its listener's backlog is full, so further connections wait (Linux)."""

from __future__ import annotations

import contextlib
import socket

from automate_connectors.wire import originals


class Blackhole:
    """Holds the port; made when first asked for, since few clients need a real one."""

    def __init__(self) -> None:
        self._listener: socket.socket | None = None
        self._filling: list[socket.socket] = []

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        if self._listener is None:
            self._listener = socket.socket()
            self._listener.bind(("127.0.0.1", 0))
            self._listener.listen(0)
            for _ in range(4):
                self._fill()
        return int(self._listener.getsockname()[1])

    def _fill(self) -> None:
        assert self._listener is not None
        filling = socket.socket()
        filling.settimeout(0)
        with contextlib.suppress(BlockingIOError):
            originals.connect(filling, self._listener.getsockname())
        # Kept referenced: a collected socket would free its place in the backlog.
        self._filling.append(filling)

    def close(self) -> None:
        """Give the port back."""
        for sock in (*self._filling, *([self._listener] if self._listener else [])):
            sock.close()
        self._filling, self._listener = [], None
