"""The judge's side of a child's questions about names and connections; decided by the network, not by the child."""

from __future__ import annotations

import contextlib
import json
import math
import socket
from typing import Any, Final

from automate_connectors.certification.outside.channel import LONGEST_QUESTION, ChannelError
from automate_connectors.wire import originals
from automate_connectors.wire.clock import CLOCK
from automate_connectors.wire.network import Network
from automate_connectors.wire.threads import untraced

_NOBODY: Final = ["blocked", 0, False]
_LONGEST_NAME: Final = 255
#: A thousand years in seconds: longer than any adapter sleeps.
_LONGEST_WAIT: Final = 3.2e10
_HIGHEST_PORT: Final = 65535


class Questions:
    """Answers in a thread of its own until it is closed.

    Attributes:
        network: who decides; None outside a session, when nobody is reachable.
        asked: how many names and connections were asked for.
        wrong: how a question was none, which ends the answers.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.network: Network | None = None
        self.asked = 0
        self.wrong: str | None = None
        self._socket = sock
        untraced(self._answer)

    def expect_sense(self) -> None:
        """See that every question was one.

        Raises:
            ChannelError: one was none.
        """
        if self.wrong:
            raise ChannelError(self.wrong)

    def close(self) -> None:
        """Stop."""
        # A blocked recv() is woken by a shutdown, not by a close.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _answer(self) -> None:
        with contextlib.suppress(OSError):
            while data := originals.recv(self._socket, LONGEST_QUESTION):
                try:
                    number, what, *about = json.loads(data)
                    answer = self._decided(what, about)
                except (ValueError, TypeError, RecursionError):
                    self.wrong = "it asked a question about the network that is none"
                    self._socket.shutdown(socket.SHUT_RDWR)
                    return
                self._socket.send(json.dumps([number, answer]).encode())

    def _decided(self, what: Any, about: list[Any]) -> Any:
        network = self.network
        if what == "moved":
            (seconds,) = about
            CLOCK.advance(_seconds(seconds))
            return None
        if what == "holding":
            return network is not None and network.holding()
        self.asked += what in ("resolve", "route")
        if what == "resolve":
            (host,) = about
            return network.resolve(_text(host)) if network else None
        if what == "route":
            address, port, local_port = about
            if network is None:
                return _NOBODY
            route = network.route(_text(address), _port(port), _port(local_port))
            return [route.kind, route.port, route.silent]
        if what != "stuck":
            raise ValueError(what)
        (local_port,) = about
        if network is not None:
            network.stuck(None if local_port is None else _port(local_port))
        return None


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError("no length of time")
    return min(max(float(value), 0.0), _LONGEST_WAIT)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_NAME:
        raise TypeError("no host")
    return value


def _port(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _HIGHEST_PORT:
        raise TypeError("no port")
    return value
