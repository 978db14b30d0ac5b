"""The host that keeps the adapter in a child: every outcome is read from outside, and a lost child is a finding."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

from automate_connectors.certification.case import Case
from automate_connectors.certification.crowd import Job
from automate_connectors.certification.exercise import Exercised, exercised
from automate_connectors.certification.facts import CallFacts
from automate_connectors.certification.hosts import Unasked
from automate_connectors.certification.leftovers import PATIENCE, Held
from automate_connectors.certification.outside import looking
from automate_connectors.certification.outside.process import (
    MARK,
    ChildLostError,
    ChildProcess,
    Launch,
    RaisedError,
)
from automate_connectors.certification.outside.remote_case import read_case, remote_case
from automate_connectors.certification.outside.told import Found
from automate_connectors.certification.outside.unasked_look import look
from automate_connectors.certification.ports import PortFault
from automate_connectors.certification.watchdog import LIMIT
from automate_connectors.errors import ConfigurationError
from automate_connectors.profiles import ConnectionProfile
from automate_connectors.wire import originals
from automate_connectors.wire.blackhole import Blackhole, filled_listener

if TYPE_CHECKING:
    from automate_connectors.wire.network import Network

_FACTS: Final = TypeAdapter(CallFacts)
_FOUND: Final = TypeAdapter(Found)
#: Children that may be lost before no further one is started.
_MOST_LOST: Final = 20
_MOST_EFFECTS: Final = 10_000_000
#: Orders that take the limit of a call.
_TIMED: Final = frozenset({"connect", "execute", "crowd"})
_BIGGEST_SOURCE: Final = 8 * 1024 * 1024


class ProcessHost:
    """Runs the adapter in a child; one child serves many checks, and a lost one is replaced."""

    name = "process"

    def __init__(self, launch: Launch, files: Sequence[Path] = (), root: Path | None = None) -> None:
        if MARK in os.environ:
            raise ConfigurationError(
                "the adapter's module starts a certification of its own when it is imported: put that into a test file"
            )
        self._launch = launch
        self._files = [str(file) for file in files]
        self._root = root or Path.cwd()
        self._child: ChildProcess | None = None
        self._network: Network | None = None
        self._beside = contextlib.ExitStack()
        self._loaded = ""
        self._measured: str | None = None
        self._source: str | None = None
        self._holds_instance = False
        self._lost: list[str] = []
        self._case: Case | None = None
        self._isolation = "not started"

    # What there is to judge.

    def find(self, names: Sequence[str]) -> Found:
        """Look connectors up in a child.

        Raises:
            ConfigurationError: the child cannot tell.
        """
        try:
            return self._found(self._started(), names)
        except ChildLostError as error:
            raise ConfigurationError(f"importing {', '.join(names)} ended the child process: {error}") from error

    def _found(self, child: ChildProcess, names: Sequence[str]) -> Found:
        try:
            return _FOUND.validate_python(child.ask("find", LIMIT, files=self._files, names=list(names)))
        except (ValidationError, RaisedError) as error:
            raise ConfigurationError(f"the child did not say which connectors there are: {error}") from error

    def load(self, name: str, original: Callable[[str], Path] | None = None) -> Case:
        """Take a connector's case; ``original`` turns the path of an installed file into that of the judge's copy.

        Raises:
            ConfigurationError: the case or a cassette is wrong, or lies where the judge has no copy.
        """
        try:
            told = read_case(self._told_case(name))
        except ChildLostError as error:
            raise ConfigurationError(f"loading {name} ended the child process: {error}") from error
        self._loaded = name
        try:
            directory = original(told.directory) if original else None
            if original and told.description.file:
                self._source = str(original(told.description.file))
        except ValueError as error:
            raise ConfigurationError(
                f"the adapter and the cassettes of {name} must lie in its wheel: ship them, and let the case say where"
            ) from error
        self._case = remote_case(told, self._ask_beside, directory)
        return self._case

    def _told_case(self, name: str) -> Any:
        child = self._child
        if child is None:
            child = self._started()
            if wrong := self._found(child, [name]).wrong:
                raise ConfigurationError(wrong)
        try:
            return child.ask("load", LIMIT, name=name, root=str(self._root))
        except RaisedError as error:
            raise ConfigurationError(error.text) from error

    def _started(self) -> ChildProcess:
        self.end()
        self._child = child = ChildProcess(self._launch)
        self._isolation = str(child.ask("hello", LIMIT))
        return child

    def end(self) -> None:
        """End the child."""
        self._beside.close()
        if self._child is not None:
            self._child.close()
            self._child = None

    # Sessions.

    @contextlib.contextmanager
    def session(self, network: Network) -> Iterator[None]:
        """Lead the child's sockets to the network."""
        self._network = network
        try:
            yield
        finally:
            self._network = None
            child = self._child
            if child is not None and child.questions.network is not None:
                child.questions.network = None
                self._asked("session_end")

    def _ready(self) -> ChildProcess:
        """The child, in session; a fresh one where the last was lost.

        Raises:
            ChildLostError: too many were.
        """
        child = self._child
        if child is None:
            if len(self._lost) >= _MOST_LOST:
                raise ChildLostError(f"its process was lost {_MOST_LOST} times, and is not started again")
            child = self._started()
            self._found(child, [self._loaded])
            child.ask("load", LIMIT, name=self._loaded, root=str(self._root))
            if self._measured:
                child.ask("measure", LIMIT, file=self._measured)
        if self._network is not None and child.questions.network is not self._network:
            self._enter(child, self._network)
        return child

    def _enter(self, child: ChildProcess, network: Network) -> None:
        if child.listeners:
            listener, *filled = child.listeners
            child.listeners = []
            for sock in filled:
                self._beside.callback(sock.close)
            self._beside.enter_context(network.beside(listener, Blackhole(_blackholes(child, filled))))
        child.questions.network = network
        origins, hosts = network.known
        child.ask("session", LIMIT, origins=origins, hosts=hosts, ca_pem=network.ca_pem)

    def measure(self, file: str) -> None:
        """Measure which lines of a file are run; it is the child's word."""
        self._measured = file
        if self._child is not None:
            self._asked("measure", file=file)

    def measured(self) -> contextlib.AbstractContextManager[None]:
        """Nothing of the adapter's runs here."""
        return contextlib.nullcontext()

    def exercised(
        self, class_name: str, others: frozenset[str], also: frozenset[int] = frozenset()
    ) -> Exercised | None:
        """What the child says was run, held against the statements of the file."""
        file = self._source or self._measured
        lines = self.lines_run()
        if file is None or lines is None or not _is_source(file):
            return None
        return exercised(file, also | lines, class_name, others)

    def lines_run(self) -> frozenset[int] | None:
        """The lines that the child says it ran."""
        lines = self._asked("lines")
        return frozenset(line for line in lines if isinstance(line, int)) if isinstance(lines, list) else None

    @property
    def isolation(self) -> str:
        """What held, in a sentence."""
        return f"{self._isolation}; files are not held; statements run (T02) are the child's word"

    @property
    def conduct(self) -> Sequence[str]:
        """How children were lost."""
        return tuple(self._lost)

    # One instance.

    def open(self, profile: ConnectionProfile) -> CallFacts:
        """Make an instance."""
        self._holds_instance = True
        return self._call("open", LIMIT, **_told_profile(profile))

    def connect(self, limit: float) -> CallFacts:
        """Call ``connect()``."""
        return self._call("connect", limit)

    def execute(self, action: str, payload: dict[str, Any], limit: float) -> CallFacts:
        """Call ``execute()``."""
        return self._call("execute", limit, action=action, payload=payload)

    def close(self) -> CallFacts:
        """Call ``close()``."""
        return self._call("close", LIMIT)

    def crowd(self, profiles: Sequence[ConnectionProfile], jobs: Sequence[Job], limit: float) -> CallFacts:
        """Run many calls at once."""
        self._holds_instance = True
        told = [[job.instance, job.action, job.payload] for job in jobs]
        return self._call("crowd", limit, profiles=[_told_profile(one) for one in profiles], jobs=told)

    def _call(self, do: str, limit: float, **about: Any) -> CallFacts:
        if not self._holds_instance:
            return CallFacts(ended="lost", lost="the process that held the instance has ended")
        try:
            timed = {"within": limit} if do in _TIMED else {}
            return _FACTS.validate_python(self._ready().ask(do, limit, **about, **timed))
        except ChildLostError as error:
            return self._lose(error, limit)
        except (ValidationError, RaisedError):
            return self._lose(ChildLostError("it sent facts that are none"), limit)

    def _lose(self, error: ChildLostError, limit: float) -> CallFacts:
        self._holds_instance = False
        if self._child is not None:
            self.end()
            if not error.hung:
                self._lost.append(str(error))
        if error.hung:
            return CallFacts(ended="hung", seconds=limit)
        return CallFacts(ended="lost", lost=str(error))

    def stop(self) -> None:
        """End the call that runs."""
        if (child := self._child) is not None:
            with contextlib.suppress(ChildLostError, RaisedError):
                child.ask_beside("stop")

    # What the case and its ports tell.

    def accepts(self, action: str, payload: dict[str, Any]) -> bool | None:
        """Whether the action's input model accepts a payload."""
        answer = self._asked("accepts", action=action, payload=payload)
        return answer if isinstance(answer, bool) else None

    def effects(self) -> Sequence[Any]:
        """As many as the case's ``effects()`` tells of."""
        count = self._asked("effects", raising=True)
        return [None] * count if isinstance(count, int) and 0 <= count <= _MOST_EFFECTS else []

    def reset_effects(self) -> None:
        """Call the case's ``reset()``."""
        self._asked("reset", raising=True)

    def port_codes(self) -> list[str]:
        """The codes that the declared ports can fail with."""
        ports = self._case.test_case.ports if self._case else {}
        return list(dict.fromkeys(str(code) for codes in ports.values() for code in codes))

    def arm_ports(self, steps: Sequence[PortFault | None] = (), after: PortFault | None = None) -> None:
        """Decide about the calls of the ports that follow."""
        self._asked("arm", steps=[_told_fault(step) for step in steps], after=_told_fault(after))

    def ports_entered(self) -> tuple[int, int]:
        """How many calls of the ports there were since, and how many failed on purpose."""
        match self._asked("entered"):
            case [int(entered), int(struck)]:
                return entered, struck
        return 0, 0

    def _asked(self, do: str, *, raising: bool = False, **about: Any) -> Any:
        """What the child says; nothing where it was lost, which is noted."""
        try:
            return self._ready().ask(do, LIMIT, **about)
        except ChildLostError as error:
            self._lose(error, LIMIT)
            if raising:
                raise
        except RaisedError as error:
            if error.kind == "NotImplementedError":
                raise NotImplementedError(error.text) from error
            if error.kind == "ConfigurationError":
                raise ConfigurationError(error.text) from error
            if raising:
                raise
        return None

    def _ask_beside(self, do: str, **about: Any) -> Any:
        child = self._child
        if child is None:
            raise ChildLostError("the process that held the case has ended")
        return child.ask_beside(do, **about)

    # What it holds, and what it does unasked, seen from outside.

    def held(self) -> Held:
        """What the child's process holds, read by the judge."""
        try:
            return looking.held_by(self._ready().pid)
        except ChildLostError as error:
            self._lose(error, LIMIT)
            return Held(frozenset(), frozenset())

    def left_over(self, before: Held, connections: Callable[[], int]) -> list[str]:
        """What it holds now and did not before, once everything had time to end."""
        self._asked("collect")
        child = self._child
        if child is None:
            return ["nothing that could be looked at: the process was lost"]
        deadline = originals.monotonic() + PATIENCE
        while (found := looking.left_over(child.pid, before, connections)) and originals.monotonic() < deadline:
            originals.sleep(0.01)
        return found

    def unasked(self) -> Unasked:
        """Import and construct in a fresh child, and look at it meanwhile."""
        assert self._case is not None
        return look(self._launch, self._case)


def _told_profile(profile: ConnectionProfile) -> dict[str, Any]:
    return {"options": dict(profile.options), "secrets": profile.secret_values()}


def _told_fault(fault: PortFault | None) -> list[str] | None:
    return None if fault is None else [fault.when, fault.code]


def _blackholes(child: ChildProcess, first: list[socket.socket]) -> Callable[[], list[socket.socket]]:
    """Makes ports of the child's network that never answer: the first is there, further ones are asked for."""
    there = [first]

    def make() -> list[socket.socket]:
        try:
            return there.pop() if there else child.blackhole()
        except ChildLostError:
            return filled_listener()

    return make


def _is_source(file: str) -> bool:
    path = Path(file)
    return path.is_file() and path.stat().st_size <= _BIGGEST_SOURCE
