"""The judge's side of one child: it is started, asked, watched and ended here, and nothing that it says is believed."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from automate_connectors.certification.outside import looking
from automate_connectors.certification.outside.channel import (
    QUESTION_KIND,
    Channel,
    ChannelError,
    ClosedError,
    LateError,
    encoded,
    receive_descriptors,
)
from automate_connectors.certification.outside.isolation import keep_out
from automate_connectors.certification.outside.questions import Questions
from automate_connectors.certification.processes import children_of
from automate_connectors.wire.clock import CLOCK

#: Real seconds beyond an order's own limit before the child counts as hung.
_GRACE: Final = 10.0
_START: Final = 60.0
_BESIDE: Final = 30.0
#: What a child may know of the judge's environment.
_PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ")
#: Stands in the environment of a child.
MARK: Final = "AUTOMATE_CONNECTORS_CHILD"
_LISTENERS: Final = 6


class ChildLostError(Exception):
    """The child did not answer, and was ended; `hung` says that it only took too long."""

    def __init__(self, why: str, *, hung: bool = False) -> None:
        super().__init__(why)
        self.hung = hung


class RaisedError(Exception):
    """What the author's code raised in the child: the name of the class, and the text."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(f"{kind}: {text}")
        self.kind = kind
        self.text = text


@dataclass(frozen=True, slots=True)
class Launch:
    """How a child is started.

    Attributes:
        python: the interpreter.
        bootstrap: the script that it runs.
        first: entries that come first on its import path.
        path: entries that come last; where `own_path` is false, all of it.
        own_path: whether its own installed packages are on the path.
        isolate: whether namespaces are asked for.
    """

    python: str
    bootstrap: Path
    first: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    own_path: bool = True
    isolate: bool = True


def local_launch() -> Launch:
    """A child on the judge's own import path, so that local adapters load."""
    return Launch(sys.executable, bootstrap_file(), (), tuple(entry for entry in sys.path if entry), own_path=False)


def bootstrap_file() -> Path:
    """The script that a child runs first."""
    found = find_spec("automate_connectors.certification.outside.bootstrap")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin)


class ChildProcess:
    """One child, from start to end.

    Attributes:
        questions: what it asks about names and connections.
        listeners: sockets of its own network, for the judge to answer at; none where it has no network of its own.
    """

    def __init__(self, launch: Launch) -> None:
        keep_out()
        main, asked, beside = (socket.socketpair(socket.AF_UNIX, kind) for kind in _KINDS)
        self._folder = tempfile.TemporaryDirectory(prefix="automate-child-", ignore_cleanup_errors=True)
        self._sink = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        self._lock = threading.Lock()
        self._channel, self._side = Channel(main[0]), Channel(beside[0])
        self.questions = Questions(asked[0])
        self._process = self._started(launch, [one[1] for one in (main, asked, beside)])
        for _, end in (main, asked, beside):
            end.close()
        self.listeners: list[socket.socket] = []
        self.pid = self._process.pid
        try:
            order = {"first": launch.first, "path": launch.path, "own_path": launch.own_path, "isolate": launch.isolate}
            self._channel.send(encoded(order), _START)
            self.listeners = self._taken(main[0], _START)
        except ChannelError as error:
            raise self._lost(error) from error
        if self.listeners:
            # The first process of its own namespace is the only child of the one that was started.
            self.pid = next(iter(children_of(self._process.pid)), self._process.pid)

    def _started(self, launch: Launch, ends: list[socket.socket]) -> subprocess.Popen[bytes]:
        home = Path(self._folder.name)
        for name in ("home", "tmp", "work"):
            (home / name).mkdir()
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        numbers = [end.fileno() for end in ends]
        return subprocess.Popen(  # noqa: S603 - our own script on the interpreter that was chosen
            [launch.python, "-I", "-B", "-W", "ignore", str(launch.bootstrap), *map(str, numbers)],
            cwd=home / "work",
            env={
                **environment,
                "HOME": str(home / "home"),
                "TMPDIR": str(home / "tmp"),
                "NETRC": os.devnull,
                MARK: "1",
            },
            stdin=subprocess.DEVNULL,
            stdout=self._sink,
            stderr=self._sink,
            pass_fds=numbers,
            start_new_session=True,
        )

    def _taken(self, sock: socket.socket, limit: float) -> list[socket.socket]:
        return [socket.socket(fileno=number) for number in receive_descriptors(sock, _LISTENERS, limit)]

    @property
    def printed(self) -> int:
        """How many bytes it printed so far that nobody else heard."""
        return os.fstat(self._sink.fileno()).st_size

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def ask(self, do: str, limit: float, **about: Any) -> Any:
        """Give an order and wait for its answer.

        Raises:
            ChildLostError: it died, hung, flooded, or said what it was not asked.
            RaisedError: the author's code raised.
        """
        token = secrets.token_hex(8)
        order = {"id": token, "clock": CLOCK.offset, "zone": os.environ.get("TZ"), "do": do, **about}
        try:
            self._channel.expect_silence()
            self._channel.send(encoded(order), limit + _GRACE)
            line = self._channel.receive(limit + _GRACE)
            self.questions.expect_sense()
            return _answer(line, token)
        except ChannelError as error:
            raise self._lost(error) from error

    def ask_beside(self, do: str, **about: Any) -> Any:
        """The same of its second voice, while a call runs; safe from any thread."""
        with self._lock:
            token = secrets.token_hex(8)
            try:
                self._side.send(encoded({"id": token, "do": do, **about}), _BESIDE)
                return _answer(self._side.receive(_BESIDE), token)
            except ChannelError as error:
                raise ChildLostError(str(error)) from error

    def blackhole(self) -> list[socket.socket]:
        """A port of its network that never answers."""
        with self._lock:
            try:
                self._side.send(encoded({"id": "", "do": "blackhole"}), _BESIDE)
                return self._taken(self._side.socket, _BESIDE)
            except ChannelError as error:
                raise ChildLostError(str(error)) from error

    def _lost(self, error: ChannelError) -> ChildLostError:
        why = str(error)
        if isinstance(error, ClosedError):
            with contextlib.suppress(subprocess.TimeoutExpired):
                why = f"its process ended unasked (exit status {self._process.wait(2)})"
        if self.questions.wrong:
            why = self.questions.wrong
        self.close()
        return ChildLostError(why, hung=isinstance(error, LateError) and not self.questions.wrong)

    def close(self) -> None:
        """End it and whatever it started, and give everything back."""
        looking.end_tree(self._process, self.pid)
        self.questions.close()
        self._channel.close()
        self._side.close()
        self._sink.close()
        for sock in self.listeners:
            sock.close()
        self._folder.cleanup()


_KINDS: Final = (socket.SOCK_STREAM, QUESTION_KIND, socket.SOCK_STREAM)


def _answer(line: bytes, token: str) -> Any:
    """What an answer tells.

    Raises:
        ChannelError: it is none, or another order's.
        RaisedError: it tells of an exception.
    """
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ChannelError("it sent what is no JSON message") from error
    if not isinstance(answer, dict) or not secrets.compare_digest(str(answer.get("id")).encode(), token.encode()):
        raise ChannelError("it sent a message that answers another request")
    if replaced := answer.get("replaced"):
        raise ChannelError(f"it replaced a part of the framework: {str(replaced)[:200]!a}")
    raised = answer.get("raised")
    if raised is not None:
        kind, text = (str(part) for part in (raised if isinstance(raised, list) and len(raised) == 2 else ("", "")))  # noqa: PLR2004 - class and text
        raise RaisedError(kind, text)
    return answer.get("told")


@contextlib.contextmanager
def one(launch: Launch) -> Iterator[ChildProcess]:
    """A child for the block alone."""
    child = ChildProcess(launch)
    try:
        yield child
    finally:
        child.close()
