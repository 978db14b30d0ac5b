"""Part of a session's work done ahead, by a fork of the judge on a core that is free.

A judge runs on one core, and an inline adapter in the same interpreter. Where a second core is free, a fork of the
judge takes up pieces of work that the session will ask for later, each on fresh adapters, a host and a network of its
own. Each piece goes to whichever of the two comes first, and what the fork sends back is what the session would have
found: the value, and the evidence that was seen on the way. A fork that dies takes nothing with it: what it had not
told is done by the session.
"""

from __future__ import annotations

import ctypes
import io
import mmap
import os
import pickle
import queue
import select
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn, Self

from automate_connectors.certification.case import Case
from automate_connectors.certification.evidence import Evidence
from automate_connectors.certification.processes import children_of
from automate_connectors.certification.subject import Subject
from automate_connectors.testing import ConnectorTestCase
from automate_connectors.wire import originals

_TASKS: Final = Path("/proc/self/task")
#: Before each thing told: the number of the piece, and the length of what came of it.
_HEAD: Final = struct.Struct("<qq")
_LINES: Final = -1
_DEATH_SIGNAL: Final = 1
#: Pieces beyond are nobody's but the session's.
_MOST: Final = 4096
#: Real seconds that the fork may hold the claims: it holds them for a few instructions, unless it died in between.
_PATIENCE: Final = 5.0
#: Real seconds until the fork is told once more to end.
_AGAIN: Final = 1.0
#: Real seconds that threads which were told to end get to do so.
_WAIT_FOR_THREADS: Final = 0.2


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


def forkable() -> bool:
    """Whether this process can fork so that it pays.

    It needs a second core, no other thread (what one holds, a fork never gets back), and nobody who traces or measures
    this process.
    """
    cores = sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1
    return cores and not watched() and _is_alone()


def watched() -> bool:
    """Whether a debugger, a profiler or a measurement of coverage looks at this process."""
    coverage = sys.modules.get("coverage")
    measured = coverage is not None and coverage.Coverage.current() is not None
    return measured or sys.gettrace() is not None or sys.getprofile() is not None


def _is_alone() -> bool:
    deadline = originals.monotonic() + _WAIT_FOR_THREADS
    while len(list(_TASKS.iterdir())) > 1:
        if originals.monotonic() > deadline:
            return False
        originals.sleep(0.005)
    return True


def divisible(case: Case) -> bool:
    """Whether the adapter's effects show on the network alone: what a case keeps itself lives in one process."""
    kept = type(case.test_case)
    own = kept.effects is not ConnectorTestCase.effects or kept.reset is not ConnectorTestCase.reset
    return not own and kept.service is None and not case.test_case.ports and bool(case.library.cassettes)


class _Claims:
    """Which pieces are taken: a byte each in memory that both processes share, under a lock that is a pipe."""

    def __init__(self) -> None:
        self._taken = mmap.mmap(-1, _MOST)
        self._in, self._out = os.pipe()
        # Both may see the lock free, and one alone takes it: the other must not wait for a process that died with it.
        os.set_blocking(self._in, False)
        os.write(self._out, b"x")

    def claim(self, number: int) -> bool:
        """Take a piece, unless it is taken."""
        if not self._locked():
            return False
        free = self._taken[number] == 0
        self._taken[number] = 1
        os.write(self._out, b"x")
        return free

    def _locked(self) -> bool:
        deadline = originals.monotonic() + _PATIENCE
        while select.select([self._in], [], [], max(0.0, deadline - originals.monotonic()))[0]:
            with suppress(BlockingIOError):
                return bool(os.read(self._in, 1))
        return False

    def close(self) -> None:
        """Give back the descriptors."""
        os.close(self._in)
        os.close(self._out)
        self._taken.close()


class Ahead:
    """The fork, seen from the session that asks for its work."""

    def __init__(self, claims: _Claims, told: socket.socket, child: int) -> None:
        self._claims = claims
        # No file and no pipe: those could be opened through /proc by whoever runs as the same user.
        self._told = told
        self._child = child
        self._open = True
        #: Whether it has told all that it ever will.
        self._ended = False
        self._numbers: dict[Hashable, int] = {}
        self._shared: Any = None
        self._data: dict[int, bytes] = {}

    def expect(self, keys: Sequence[Hashable], shared: Any) -> None:
        """Say how the pieces are called, in the order that the fork knows, and what both sides have."""
        self._numbers = _numbered(keys)
        self._shared = shared

    def taken(self, key: Hashable) -> Done | None:
        """What the fork made of a piece, waited for where it is at it; None where it falls to the session."""
        number = self._numbers.get(key)
        if number is None or not self._open or (not self._ended and self._claims.claim(number)):
            return None
        done: Done | None = self._await(number)
        return done

    def lines_run(self) -> frozenset[int]:
        """The lines of the adapter's file that the fork ran; to be asked for when all of its work was."""
        return (self._await(_LINES) if self._open else None) or frozenset()

    def close(self) -> None:
        """End the fork, and with it every process that it started."""
        if not self._open:
            return
        self._open = False
        self._told.close()
        self._claims.close()
        with suppress(OSError):
            again = originals.monotonic()
            deadline = again + _PATIENCE
            while os.waitpid(self._child, os.WNOHANG)[0] == 0:
                now = originals.monotonic()
                if now > deadline:
                    _kill(self._child)
                elif now >= again:
                    # What leaves an adapter is a fact, and so was the last signal, if it came while one ran.
                    os.kill(self._child, signal.SIGTERM)
                    again = now + _AGAIN
                originals.sleep(0.005)

    def _await(self, number: int) -> Any:
        while number not in self._data:
            if self._ended:
                return None
            head = self._received(_HEAD.size)
            which, length = _HEAD.unpack(head) if head else (0, 0)
            data = self._received(length) if head else None
            if data is None:
                self._ended = True
                return None
            self._data[which] = data
        try:
            return unpickled(self._data[number], self._shared)
        except Exception:  # noqa: BLE001 - what does not cross, such as a function without a name, is made here
            return None

    def _received(self, length: int) -> bytes | None:
        """So many bytes; None where the fork ended before."""
        parts = []
        while length > 0:
            try:
                part = originals.recv(self._told, min(length, 1 << 20))
            except OSError:
                return None
            if not part:
                return None
            parts.append(part)
            length -= len(part)
        return b"".join(parts)


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
        before = len(self.host.conduct)
        try:
            value = make()
        except Exception:  # noqa: BLE001 - it is raised again in the session
            return None
        self.evidence.conduct += self.host.conduct[before:]
        return Done(value, self.evidence, self.hung, self.ran_away)


@dataclass(frozen=True, slots=True)
class Work:
    """What the fork is to do: who does it, how the pieces are called, and the pieces in the order of the fork."""

    worker: Worker
    keys: Sequence[Hashable]
    pieces: Callable[[], Iterable[Piece]]
    shared: Any


class _EndedError(BaseException):
    """The session wants no more."""


def start(prepare: Callable[[Callable[[Work], None]], None]) -> Ahead | None:
    """Fork, and let the fork work; None where the system allows no further process.

    Args:
        prepare: called in the fork with the function that does the work; gives back what it took.
    """
    claims = _Claims()
    told, tell = socket.socketpair()
    parent = os.getpid()
    try:
        child = os.fork()
    except OSError:
        for held in (claims, told, tell):
            held.close()
        return None
    if child:
        tell.close()
        return Ahead(claims, told, child)
    # Nothing of this process may go on in the fork: no test, no handler of its end.
    try:
        with suppress(BaseException):
            told.close()
            signal.signal(signal.SIGTERM, _end)
            _end_with(parent)
            prepare(lambda work: _do(work, claims, tell))
    finally:
        os._exit(0)


def _kill(pid: int) -> None:
    """Kill a process and what it started, which would be nobody's after it."""
    started = children_of(pid)
    with suppress(OSError):
        os.kill(pid, signal.SIGKILL)
    for child in started:
        _kill(child)


def _end(_number: int, _frame: Any) -> NoReturn:
    raise _EndedError


def _end_with(parent: int) -> None:
    """Be ended when the session's process is, however that ends (prctl(2), PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        raise _EndedError


def _do(work: Work, claims: _Claims, tell: socket.socket) -> None:
    numbers = _numbered(work.keys)
    try:
        with _Teller(tell, work.shared) as teller:
            for piece in work.pieces():
                number = numbers.get(piece.key)
                if number is not None and claims.claim(number):
                    teller.tell(number, work.worker.done(piece.make))
            teller.tell(_LINES, work.worker.host.lines_run())
    finally:
        # What was started for the work is given back now, and that must not be broken off.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


class _Teller:
    """Tells in a thread of its own: the fork goes on while nobody listens yet."""

    def __init__(self, sock: socket.socket, shared: Any) -> None:
        self._sock = sock
        self._shared = shared
        self._told: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._send, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._told.put(None)
        self._thread.join()

    def tell(self, number: int, value: Any) -> None:
        """Tell what came of a piece."""
        data = pickled(value, self._shared)
        self._told.put(_HEAD.pack(number, len(data)) + data)

    def _send(self) -> None:
        with suppress(OSError):
            while data := self._told.get():
                self._sock.sendall(data)


def _numbered(keys: Sequence[Hashable]) -> dict[Hashable, int]:
    return {key: number for number, key in enumerate(keys[:_MOST])}


def pickled(value: Any, shared: Any) -> bytes:
    """A value as it crosses from the fork; of the object that both sides have, the word that it is that one."""
    out = io.BytesIO()

    class Pickler(pickle.Pickler):
        def persistent_id(self, obj: Any) -> str | None:
            return "shared" if obj is shared else None

    Pickler(out, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    return out.getvalue()


def unpickled(data: bytes, shared: Any) -> Any:
    """The inverse of `pickled`; raises whatever the value's own classes do."""

    class Unpickler(pickle.Unpickler):
        def persistent_load(self, pid: Any) -> Any:
            del pid
            return shared

    return Unpickler(io.BytesIO(data)).load()
