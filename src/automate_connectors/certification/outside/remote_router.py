"""The child's side of names and connections: the judge decides about each, over a socket of datagrams."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import dataclass, field
from typing import Any

from automate_connectors.certification.outside.channel import LONGEST_QUESTION
from automate_connectors.wire import originals
from automate_connectors.wire.redirect import Route


@dataclass
class RemoteRouter:
    """Asks the judge; what does not change within a session it knows.

    Attributes:
        questions: the socket to the judge.
        ca_pem: the authority that clients are to trust.
        origins: hosts and ports of the service.
        hosts: the hosts by their synthetic addresses.
    """

    questions: socket.socket
    ca_pem: str = ""
    origins: frozenset[tuple[str, int]] = frozenset()
    hosts: dict[str, str] = field(default_factory=dict)
    _number: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def serves(self, host: str) -> bool:
        """Whether a host is the service's and has a name, not an address."""
        return host not in self.hosts and any(host == known for known, _ in self.origins)

    def knows(self, address: str, port: int) -> bool:
        """Whether an address belongs to the service."""
        return (self.hosts.get(address, ""), port) in self.origins

    def resolve(self, host: str) -> str | None:
        """The synthetic address of a host."""
        found = self._ask("resolve", host)
        return found if isinstance(found, str) else None

    def route(self, address: str, port: int, local_port: int) -> Route:
        """Where a connection goes."""
        kind, number, silent = self._ask("route", address, port, local_port)
        return Route(kind, number, silent)

    def stuck(self, local_port: int | None) -> None:
        """A request waits without any timeout."""
        self._ask("stuck", local_port)

    def holding(self) -> bool:
        """Whether the service is silent on purpose."""
        return bool(self._ask("holding"))

    def moved(self, seconds: float) -> None:
        """The virtual clock was moved on."""
        self._ask("moved", seconds)

    def _ask(self, what: str, *about: Any) -> Any:
        with self._lock:
            # A call that the watchdog ended may have left its answer behind: numbers tell them apart.
            self._number += 1
            number = self._number
            self.questions.send(json.dumps([number, what, *about]).encode())
            while True:
                answered, answer = json.loads(originals.recv(self.questions, LONGEST_QUESTION))
                if answered == number:
                    return answer
