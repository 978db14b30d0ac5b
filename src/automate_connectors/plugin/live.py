"""The live line: which requirement is being judged, how many cases, how many seconds.

It stands to the right of pytest's dots and leaves no trace: the cursor is saved before and restored behind it, and what
does not fit is cut by the terminal itself. Only a terminal sees it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final, TextIO

from automate_conformance.catalogue import Requirement
from automate_connectors.certification.terminal import printable

__all__ = ["LiveLine", "live_line"]

#: Between two writings, in seconds: faster than an eye reads, slow enough to cost nothing.
_PAUSE: Final = 0.1
_SAVE, _RESTORE = "\x1b7", "\x1b8"
_NO_WRAP, _WRAP = "\x1b[?7l", "\x1b[?7h"
_TO_END: Final = "\x1b[K"


class LiveLine:
    """Writes and wipes the line.

    Args:
        write: writes to the terminal at once.
        clock: real seconds, whatever the adapter's clock says.
        close: gives back what it writes to.
    """

    def __init__(
        self, write: Callable[[str], None], clock: Callable[[], float], *, close: Callable[[], None] = lambda: None
    ) -> None:
        self.close = close
        self._write = write
        self._clock = clock
        self._last = float("-inf")
        self._began = 0.0

    def began(self, connector: str, record: Requirement) -> None:
        """A requirement is being judged from now on."""
        self._began = self._clock()
        self._last = float("-inf")
        self.counted(connector, record, 0)

    def counted(self, connector: str, record: Requirement, cases: int) -> None:
        """So many cases are judged by now."""
        now = self._clock()
        if now - self._last < _PAUSE:
            return
        self._last = now
        number = "1 case" if cases == 1 else f"{cases} cases"
        text = f"  {printable(connector, 40)} {record.id} {record.title}: {number}, {now - self._began:.0f} s"
        self._write(f"{_SAVE}{_NO_WRAP}{_TO_END}{text}{_WRAP}{_RESTORE}")

    def wipe(self) -> None:
        """Leave nothing behind."""
        self._write(_TO_END)


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

    return LiveLine(write, clock, close=lambda: os.close(terminal))
