"""Hears what a process does unasked (C02): network calls and threads, as the interpreter tells of them."""

from __future__ import annotations

import _thread
import sys
import threading
from typing import Any, Final

__all__ = ["THREAD", "Ear"]

THREAD: Final = "a thread was started"
_NETWORK: Final = ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname")
_SHOWN: Final = 80


class Ear:
    """Hears from its making on, until the process ends: an audit hook cannot be taken out again."""

    def __init__(self) -> None:
        self._events: list[str] = []
        sys.addaudithook(self._hook)
        # The interpreter itself tells of new threads from 3.12 on.
        for place, name in ((threading, "_start_new_thread"), (_thread, "start_new_thread"), (_thread, "start_new")):
            setattr(place, name, self._noting(getattr(place, name)))

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event in _NETWORK and not _is_unix(args):
            self._events.append(f"network I/O ({event} {_shown(args)})")
        elif event == "_thread.start_new_thread":
            self._events.append(THREAD)

    def _noting(self, real: Any) -> Any:
        def start(*args: Any, **kwargs: Any) -> Any:
            self._events.append(THREAD)
            return real(*args, **kwargs)

        return start

    def heard(self) -> list[str]:
        """What was heard since the last call, once each; what was printed is flushed."""
        sys.stdout.flush()
        sys.stderr.flush()
        found, self._events = list(dict.fromkeys(self._events)), []
        return found


def _is_unix(args: tuple[Any, ...]) -> bool:
    return bool(args) and getattr(getattr(args[0], "family", None), "name", "") == "AF_UNIX"


def _shown(args: tuple[Any, ...]) -> str:
    return repr(args[1] if len(args) > 1 and not isinstance(args[0], str) else args[0])[:_SHOWN]
