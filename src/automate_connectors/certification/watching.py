"""Sees sockets and child processes that a call opens, through the interpreter's audit events (PEP 578)."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

_PROCESS_EVENTS: Final = frozenset(
    {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.exec", "os.spawn", "os.system", "pty.spawn"}
)
_SOCKET_EVENTS: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


class Watch:
    """Notes events while a call runs; an audit hook cannot be removed, so one stays and is mostly idle."""

    def __init__(self) -> None:
        self._note: Callable[[str], object] | None = None

    @contextmanager
    def noting(self) -> Iterator[list[str]]:
        """Collect what the block opens, each once."""
        seen: dict[str, None] = {}
        self._note = seen.setdefault
        found: list[str] = []
        try:
            yield found
        finally:
            self._note = None
            found.extend(seen)

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        """The audit hook."""
        if self._note is None:
            return
        if event in _PROCESS_EVENTS:
            self._note(f"child process ({event})")
        elif event in _SOCKET_EVENTS and (address := _address(args)):
            self._note(f"socket ({event.partition('.')[2]} {address})")
        elif event == "socket.getaddrinfo" and args and args[0]:
            self._note(f"name look-up ({args[0]})")


def _address(args: tuple[Any, ...]) -> str:
    sock, address = args[0], args[1] if len(args) > 1 else None
    if getattr(sock, "family", None) == getattr(socket, "AF_UNIX", None):
        return f"unix {address!r}"
    return f"{address[0]}:{address[1]}" if isinstance(address, tuple) and len(address) > 1 else repr(address)


@cache
def watch() -> Watch:
    """The one of this process."""
    one = Watch()
    sys.addaudithook(one.hook)
    return one
