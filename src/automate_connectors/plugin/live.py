"""The live line: which requirement is being judged, how many cases, how many seconds.

It stands to the right of pytest's dots and leaves no trace: the cursor is saved before and restored behind it, and what
does not fit is cut by the terminal itself. Only a terminal sees it. Its seconds go on while a case takes long: a thread
that no count of threads sees writes them, from a connector's first case to its last. Before that there is none, for a
process with one thread may fork (`certification.ahead`).
"""

from __future__ import annotations

import _thread
import os
from collections.abc import Callable
from typing import Final, TextIO

from automate_conformance.catalogue import Requirement
from automate_connectors.certification.terminal import printable
from automate_connectors.wire.threads import untraced

__all__ = ["LiveLine", "live_line", "tick"]

#: Between two writings, in seconds: faster than an eye reads, slow enough to cost nothing.
_PAUSE: Final = 0.1
#: Between two looks at the seconds, in seconds.
_TICK: Final = 0.5
#: Seconds that the thread gets to end: it writes at most one line more.
_PATIENCE: Final = 2.0
_SAVE, _RESTORE = "\x1b7", "\x1b8"
_NO_WRAP, _WRAP = "\x1b[?7l", "\x1b[?7h"
_TO_END: Final = "\x1b[K"


class LiveLine:
    """Writes and wipes the line; the thread that ticks and the one that judges may both call it.

    Args:
        write: writes to the terminal at once.
        clock: real seconds, whatever the adapter's clock says.
        start: lets something call `ticked` from time to time, and returns what ends that.
        close: gives back what it writes to.
    """

    def __init__(
        self,
        write: Callable[[str], None],
        clock: Callable[[], float],
        *,
        start: Callable[[LiveLine], Callable[[], None]] = lambda _: lambda: None,
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self._close = close
        self._write = write
        self._clock = clock
        self._start = start
        self._end: Callable[[], None] | None = None
        self._lock = _thread.allocate_lock()
        self._last = float("-inf")
        self._began = 0.0
        self._judged: str | None = None
        self._shown = ""

    def began(self, connector: str, record: Requirement) -> None:
        """A requirement is being judged from now on."""
        self._began = self._clock()
        self._last = float("-inf")
        self._tell(connector, record, 0)

    def counted(self, connector: str, record: Requirement, cases: int) -> None:
        """So many cases are judged by now."""
        self._tell(connector, record, cases)
        if self._end is None:
            self._end = self._start(self)

    def _tell(self, connector: str, record: Requirement, cases: int) -> None:
        number = "1 case" if cases == 1 else f"{cases} cases"
        with self._lock:
            self._judged = f"  {printable(connector, 40)} {record.id} {record.title}: {number}"
            self._show()

    def ticked(self) -> None:
        """Some time went by, in which perhaps no case was judged."""
        with self._lock:
            self._show()

    def wipe(self) -> None:
        """Leave nothing behind; nothing is shown until a requirement is judged."""
        with self._lock:
            self._judged = None
            self._write(_TO_END)

    def rest(self) -> None:
        """Tick no more until a case is judged."""
        if self._end is not None:
            self._end()
            self._end = None

    def close(self) -> None:
        """Write nothing from now on."""
        self.rest()
        with self._lock:
            self._judged = None
            self._close()

    def _show(self) -> None:
        now = self._clock()
        if self._judged is None or now - self._last < _PAUSE:
            return
        text = f"{self._judged}, {now - self._began:.0f} s"
        if text != self._shown or self._last == float("-inf"):
            self._shown = text
            self._write(f"{_SAVE}{_NO_WRAP}{_TO_END}{text}{_WRAP}{_RESTORE}")
        self._last = now


def tick(line: LiveLine, ended: Callable[[], bool]) -> None:
    """Let the seconds of a line go on until something says that it has ended; each asking takes a moment."""
    while not ended():
        line.ticked()


def ticking(line: LiveLine) -> Callable[[], None]:
    """Let a thread tick, and return what ends it and waits until it has."""
    # A lock waits in C, by real time, wherever the adapter's clock is.
    going, running = _thread.allocate_lock(), _thread.allocate_lock()
    going.acquire()
    running.acquire()

    def work() -> None:
        try:
            tick(line, lambda: going.acquire(timeout=_TICK))
        finally:
            running.release()

    def end() -> None:
        going.release()
        running.acquire(timeout=_PATIENCE)

    untraced(work)
    return end


def live_line(stream: TextIO, clock: Callable[[], float], *, verbosity: int) -> LiveLine | None:
    """Return the live line of a run; None where its lines are not its own, or nobody would see it.

    It writes to a copy of the stream's descriptor: while a requirement is judged, pytest captures the stream itself.

    Args:
        stream: What pytest writes to, not captured at this moment.
        clock: Real seconds.
        verbosity: Pytest's; above 0 each requirement has a line already.
    """
    if verbosity > 0 or not stream.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        return None
    terminal = os.dup(stream.fileno())
    encoding = stream.encoding or "ascii"

    def write(text: str) -> None:
        os.write(terminal, text.encode(encoding, "replace"))

    return LiveLine(write, clock, start=ticking, close=lambda: os.close(terminal))
