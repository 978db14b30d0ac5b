"""Part of a session's work done ahead, by a fork of this process on a core that is free.

The judge and an inline adapter share one interpreter, and so one core. Where a second is free, a fork takes up pieces
of work that the session will ask for later, each on fresh adapters and a network of its own. Each piece goes to
whichever of the two comes first, and what the fork sends back is what this process would have found: the value, and the
evidence that was seen on the way. A fork that dies takes nothing with it: what it had not sent is done here.
"""

from __future__ import annotations

import io
import mmap
import os
import pickle
import select
import signal
import struct
import sys
import tempfile
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from automate_connectors.certification.case import Case
from automate_connectors.certification.evidence import Evidence
from automate_connectors.certification.hosts import InlineHost
from automate_connectors.certification.subject import Subject
from automate_connectors.testing import ConnectorTestCase

_TASKS: Final = Path("/proc/self/task")
#: What the fork tells: the number of a piece, and where in the file that both have what came of it stands.
_TOLD: Final = struct.Struct("<qqq")
_LINES: Final = -1
#: Seconds that the fork may hold the claims: it holds them for a few instructions, unless it died in between.
_PATIENCE: Final = 5.0


class Done(NamedTuple):
    """A piece of work: what came of it, the evidence seen, and whether a call hung or ran away."""

    value: Any
    evidence: Evidence
    hung: bool = False
    ran_away: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work by the name under which the session asks for it."""

    key: Hashable
    make: Callable[[], Any]


def possible(case: Case) -> bool:
    """Whether a fork of this process would find what the process itself finds, and would find it sooner.

    It needs a second core, no other thread (what one holds, a fork never gets back), nobody who traces or measures
    this process, and an adapter whose effects show on the network alone: what a case keeps itself is in one process.
    """
    kept = type(case.test_case)
    alone = kept.effects is ConnectorTestCase.effects and kept.reset is ConnectorTestCase.reset
    return (
        alone
        and kept.service is None
        and not kept.ports
        and bool(case.library.cassettes)
        and sys.platform == "linux"
        and len(os.sched_getaffinity(0)) > 1
        and len(list(_TASKS.iterdir())) == 1
        and not watched()
    )


def watched() -> bool:
    """Whether a debugger, a profiler or a measurement of coverage looks at this process."""
    coverage = sys.modules.get("coverage")
    measured = coverage is not None and coverage.Coverage.current() is not None
    return measured or sys.gettrace() is not None or sys.getprofile() is not None


class _Claims:
    """Which pieces are taken: a byte each in memory that both processes share, under a lock that is a pipe."""

    def __init__(self, count: int) -> None:
        self._taken = mmap.mmap(-1, max(1, count))
        self._in, self._out = os.pipe()
        os.write(self._out, b"x")

    def claim(self, number: int) -> bool:
        """Take a piece, unless it is taken."""
        if not select.select([self._in], [], [], _PATIENCE)[0]:
            return False
        os.read(self._in, 1)
        free = self._taken[number] == 0
        self._taken[number] = 1
        os.write(self._out, b"x")
        return free

    def close(self) -> None:
        """Give back the descriptors."""
        os.close(self._in)
        os.close(self._out)
        self._taken.close()


class Ahead:
    """The fork, seen from the session that asks for its work."""

    def __init__(
        self, keys: Sequence[Hashable], claims: _Claims, told: int, file: Any, shared: Any, child: int
    ) -> None:
        self._numbers = {key: number for number, key in enumerate(keys)}
        self._claims = claims
        self._told = told
        self._file = file
        self._shared = shared
        self._child = child
        self._open = True
        self._places: dict[int, tuple[int, int]] = {}

    def taken(self, key: Hashable) -> Done | None:
        """What the fork made of a piece, waited for where it is at it; None where it falls to the session."""
        number = self._numbers.get(key)
        if number is None or not self._open or self._claims.claim(number):
            return None
        done: Done | None = self._await(number)
        return done

    def lines_run(self) -> frozenset[int]:
        """The lines of the adapter's file that the fork ran; to be asked for when all of its work was."""
        return (self._await(_LINES) if self._open else None) or frozenset()

    def close(self) -> None:
        """End the fork."""
        if not self._open:
            return
        self._open = False
        os.close(self._told)
        self._file.close()
        self._claims.close()
        with suppress(OSError):
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)

    def _await(self, number: int) -> Any:
        while number not in self._places:
            told = os.read(self._told, _TOLD.size)
            if not told:
                return None
            which, at, length = _TOLD.unpack(told)
            self._places[which] = at, length
        at, length = self._places[number]
        return _unpickled(os.pread(self._file.fileno(), length, at), self._shared)


class Worker(Subject):
    """A subject in the fork: what it does for one piece is told, with the evidence of that piece alone."""

    def recall(self, key: Any, make: Any) -> Any:
        """As the session does; what it sees on the way is evidence there, where it is asked for too."""
        if key not in self.memory:
            evidence, self.evidence = self.evidence, Evidence()
            try:
                self.memory[key] = make()
            finally:
                self.evidence = evidence
        return self.memory[key]

    def done(self, make: Callable[[], Any]) -> Done | None:
        """Do a piece; None where that raises: the session shall see by what."""
        self.evidence = Evidence()
        try:
            value = make()
        except Exception:  # noqa: BLE001 - it is raised again in the session
            return None
        return Done(value, self.evidence, self.hung, self.ran_away)

    def lines_run(self) -> frozenset[int]:
        """The lines of the adapter's file that were run here."""
        return (self.host.lines_run() if isinstance(self.host, InlineHost) else None) or frozenset()


def start(keys: Sequence[Hashable], shared: Any, work: Callable[[], tuple[Worker, Iterable[Piece]]]) -> Ahead:
    """Fork, and let the fork work.

    Args:
        keys: of all pieces.
        shared: an object that both sides have: what comes back may refer to it.
        work: called in the fork: who does the pieces, and the pieces in the order in which they are taken up.
    """
    claims = _Claims(len(keys))
    told, tell = os.pipe()
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed with the fork
    child = os.fork()
    if child:
        os.close(tell)
        return Ahead(keys, claims, told, file, shared, child)
    # Nothing of this process may go on in the fork: no test, no handler of its end.
    try:
        with suppress(BaseException):
            _work(keys, claims, _Teller(tell, file.fileno(), shared), work)
    finally:
        os._exit(0)


def _work(keys: Sequence[Hashable], claims: _Claims, teller: _Teller, work: Any) -> None:
    numbers = {key: number for number, key in enumerate(keys)}
    worker, pieces = work()
    for piece in pieces:
        if claims.claim(numbers[piece.key]):
            teller.tell(numbers[piece.key], worker.done(piece.make))
    teller.tell(_LINES, worker.lines_run())


class _Teller:
    """Puts results into the file and says where: a pipe alone would stop the fork until somebody reads."""

    def __init__(self, pipe: int, file: int, shared: Any) -> None:
        self._pipe = pipe
        self._file = file
        self._shared = shared
        self._at = 0

    def tell(self, number: int, value: Any) -> None:
        """Tell what came of a piece."""
        data = _pickled(value, self._shared)
        view, at = memoryview(data), self._at
        while view:
            written = os.pwrite(self._file, view, at)
            view, at = view[written:], at + written
        os.write(self._pipe, _TOLD.pack(number, self._at, len(data)))
        self._at = at


def _pickled(value: Any, shared: Any) -> bytes:
    out = io.BytesIO()

    class Pickler(pickle.Pickler):
        def persistent_id(self, obj: Any) -> str | None:
            return "shared" if obj is shared else None

    Pickler(out, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    return out.getvalue()


def _unpickled(data: bytes, shared: Any) -> Any:
    class Unpickler(pickle.Unpickler):
        def persistent_load(self, pid: Any) -> Any:
            del pid
            return shared

    return Unpickler(io.BytesIO(data)).load()
