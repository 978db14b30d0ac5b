"""Work done ahead by a fork: who may, who takes which piece, and what comes back."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from certification.authored_file import acme_file
from certification.judged import case_of

from automate_connectors.certification import ahead
from automate_connectors.certification.ahead import Worker, divisible, forkable
from automate_connectors.certification.evidence import Evidence, SeenError
from automate_connectors.certification.facts import ErrorFacts
from automate_connectors.certification.hosts import InlineHost
from automate_connectors.certification.outside.host import ProcessHost
from automate_connectors.certification.outside.process import local_launch
from automate_connectors.wire import originals
from automate_connectors.wire.network import Network


@pytest.fixture
def _two_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process with one thread on a machine with two cores, which nobody traces."""
    (tmp_path / "tasks" / "1").mkdir(parents=True)
    monkeypatch.setattr(ahead, "_TASKS", tmp_path / "tasks")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(ahead, "watched", lambda: False)
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.mark.usefixtures("_two_cores")
def test_a_process_forks_where_it_pays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a second core, from a process with one thread, on a system that forks well, watched by nobody."""
    assert forkable()
    with monkeypatch.context() as one_core:
        one_core.setattr(os, "sched_getaffinity", lambda _: {0})
        assert not forkable()
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(sys, "platform", "darwin")
        assert not forkable()
    with monkeypatch.context() as watched:
        watched.setattr(ahead, "watched", lambda: True)
        assert not forkable()
    (tmp_path / "tasks" / "2").mkdir()
    monkeypatch.setattr(ahead, "_WAIT_FOR_THREADS", 0.0)
    assert not forkable()


@pytest.mark.usefixtures("_two_cores")
def test_threads_that_were_told_to_end_get_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of an earlier child, for one."""
    second = tmp_path / "tasks" / "2"
    second.mkdir()
    monkeypatch.setattr(ahead, "_WAIT_FOR_THREADS", 60.0)
    monkeypatch.setattr(originals, "sleep", lambda _: second.rmdir())
    assert forkable()


def test_a_case_on_the_network_alone_is_divisible(tmp_path: Path) -> None:
    """It keeps nothing itself."""
    assert divisible(case_of(tmp_path))


def _effects(self: Any) -> Sequence[Any]:
    del self
    return []


async def _service(scope: Any, receive: Any, send: Any) -> None:
    """A service of the author's own."""


@pytest.mark.parametrize(
    "kept", [{"effects": _effects}, {"reset": lambda _: None}, {"service": _service}, {"ports": {"json.loads": {}}}]
)
def test_what_a_case_keeps_itself_is_in_one_process(tmp_path: Path, kept: dict[str, Any]) -> None:
    """Effects, their reset, a service, ports."""
    assert not divisible(case_of(tmp_path, **kept))


def test_a_case_outside_says_what_it_keeps(tmp_path: Path) -> None:
    """Its effects live in one child."""
    for name, kept in (
        ("keeps", "def effects(self): return []"),
        ("calm", "def is_effect(self, request): return None"),
    ):
        file = acme_file(tmp_path, name, case=kept)
        host = ProcessHost(local_launch(), [file], tmp_path)
        try:
            case = host.load(name)
        finally:
            host.end()
        library: Any = SimpleNamespace(cassettes=("some",))
        assert divisible(replace(case, library=library)) is (name == "calm")


def test_a_trace_function_is_a_watcher(monkeypatch: pytest.MonkeyPatch) -> None:
    """A debugger's, a profiler's, or a measurement of coverage."""
    monkeypatch.setitem(sys.modules, "coverage", None)
    monkeypatch.setattr(sys, "gettrace", lambda: None)
    monkeypatch.setattr(sys, "getprofile", lambda: None)
    assert not ahead.watched()
    for name in ("gettrace", "getprofile"):
        with monkeypatch.context() as traced:
            traced.setattr(sys, name, lambda: print)
            assert ahead.watched()


def test_a_piece_is_told_with_its_own_evidence(tmp_path: Path) -> None:
    """What it recalls on the way is evidence where the session asks for that; of what raises nothing is told."""
    case = case_of(tmp_path)
    network = Network()
    worker = Worker(case, InlineHost(case.adapter_class, case.test_case), network, seed=1)
    example = case.examples[0]
    try:
        with worker.session():
            done = worker.done(lambda: (worker.plain(example), worker.example(example))[1].facts.result)
            assert done is not None
            again = worker.done(lambda: worker.plain(example).facts.result)
            assert again is not None
            assert worker.done(lambda: 1 / 0) is None
    finally:
        network.close()
    assert done.value == again.value
    assert (done.evidence.executions, again.evidence.executions) == (1, 0)
    assert (done.hung, done.ran_away) == (False, False)
    assert worker.host.lines_run() is None


def test_evidence_adds_up() -> None:
    """Counts are summed, lists joined in order; of what was watched the first case is kept."""
    error = SeenError("a", ErrorFacts("E", structured=False, ordinary=True, message="m"), None)
    one = Evidence(calls=1, executions=2, requests=3, errors=[error], watched={"fork": "a"})
    one.add(Evidence(calls=10, executions=20, requests=30, strangers=[("b", "host")], watched={"fork": "b", "x": "b"}))
    assert (one.calls, one.executions, one.requests) == (11, 22, 33)
    assert (one.errors, one.strangers) == ([error], [("b", "host")])
    assert one.watched == {"fork": "a", "x": "b"}


_FORKED = """
import os, sys, time
from types import SimpleNamespace
from automate_connectors.certification.ahead import Done, Piece, Work, start
from automate_connectors.certification.evidence import Evidence

class Worker:
    def done(self, make):
        value = make()
        return None if value is None else Done(value, Evidence(calls=1))
    host = SimpleNamespace(lines_run=lambda: frozenset({3}))

shared, given_back = object(), os.environ.get('GIVEN_BACK')
first = os.getpid()
makes = {"pid": lambda: (os.getpid(), shared), "large": lambda: "x" * 300_000, "failed": lambda: None, **MORE}
pieces = [Piece(key, make) for key, make in [*makes.items(), ("unexpected", lambda: 1)]]

def prepare(do):
    try:
        do(Work(Worker(), list(makes), lambda: pieces, shared))
    finally:
        open(given_back, "w").close() if given_back else None

ahead = start(prepare)
ahead.expect(list(makes), shared)
"""


def _forked(code: str, more: str = "{}", *, before: str = "", status: int = 0) -> str:
    """What a process prints that forks and then runs this code."""
    source = before + _FORKED.replace("**MORE", f"**{more}") + code
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", source], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == status, done.stderr
    return done.stdout


def test_the_fork_tells_what_it_made() -> None:
    """However long it is; an object of both comes back as itself; what it failed at falls to the session."""
    code = """
ahead.lines_run()  # by then it has taken all
pid, same = ahead.taken("pid").value
print(pid != first, same is shared, len(ahead.taken("large").value), ahead.taken("failed"), ahead.taken("unknown"))
ahead.close(); ahead.close()
print(ahead.taken("pid"), ahead.lines_run())
"""
    assert _forked(code).splitlines() == ["True True 300000 None None", "None frozenset()"]


def test_a_fork_is_ended_with_what_it_took(tmp_path: Path) -> None:
    """In the middle of its work; nothing is left of it."""
    code = """
os.read(begun, 1)
ahead.close()
try:
    print(os.waitpid(-1, os.WNOHANG))
except ChildProcessError:
    print("no child", end=" ")
print(os.path.exists(given_back))
"""
    more = """{"wait": lambda: os.write(begin, b"x") and os.read(wait, 1)}"""
    before = "import os\nwait, go = os.pipe()\nbegun, begin = os.pipe()\n"
    before += f"os.environ['GIVEN_BACK'] = {str(tmp_path / 'given back')!r}\n"
    assert _forked(code, more, before=before).strip() == "no child True"


_STUBBORN = """
import os
wait, go = os.pipe()
begun, begin = os.pipe()

def stubborn(times):
    pid = os.fork() if times > 100 else None
    if pid == 0:
        os.read(wait, 1)
    for number in range(times):
        try:
            # Told from in here: a signal that comes between two turns would end it.
            number or os.write(begin, b"x")
            os.read(wait, 1)
        except BaseException:
            pass
"""


def test_a_fork_is_ended_out_of_an_adapter_that_catches_everything(tmp_path: Path) -> None:
    """It is told again, and still gives back what it took."""
    before = f"{_STUBBORN}os.environ['GIVEN_BACK'] = {str(tmp_path / 'given back')!r}\n"
    code = """
from automate_connectors.certification import ahead as module
module._AGAIN = 0.01
os.read(begun, 1)
ahead.close()
print(os.path.exists(given_back))
"""
    assert _forked(code, '{"stubborn": lambda: stubborn(1)}', before=before).strip() == "True"


def test_a_fork_that_never_ends_is_killed_with_what_it_started() -> None:
    """Whose it was cannot be told afterwards."""
    code = """
from automate_connectors.certification import ahead as module
from automate_connectors.certification.processes import running
module._PATIENCE = 0.2
os.read(begun, 1)
ahead.close()
while [pid for pid, _, session in running() if session == os.getsid(0)] != [first]:
    time.sleep(0.01)
print("nobody is left")
"""
    before = f"import os\nos.setsid()\n{_STUBBORN}"
    assert _forked(code, '{"stubborn": lambda: stubborn(10**9)}', before=before).strip() == "nobody is left"


def test_a_session_goes_on_where_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does everything itself."""

    def none_left() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", none_left)
    assert ahead.start(lambda _: None) is None


def test_a_fork_that_died_with_the_lock_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Afterwards everything falls to the session at once."""
    monkeypatch.setattr(ahead, "_PATIENCE", 0.05)
    claims = ahead._Claims()  # noqa: SLF001 - no other way to die at the wrong moment
    assert claims._locked()  # noqa: SLF001 - as above
    told, tell = socket.socketpair()
    session = ahead.Ahead(claims, told, 2**22 + 1)
    session.expect(["a", "b"], None)
    tell.close()
    assert session.taken("a") is None
    monkeypatch.setattr(claims, "claim", lambda _: pytest.fail("asked again"))
    assert session.taken("b") is None
    session.close()


def test_lines_are_told_last() -> None:
    """When every piece is done."""
    assert _forked("print(ahead.lines_run())").strip() == "frozenset({3})"


def test_what_does_not_come_back_falls_to_the_session() -> None:
    """Such as a method whose name leads nowhere."""
    code = "ahead.lines_run()  # by then it has ended\nprint(ahead.taken('odd'), ahead.taken('next').value)"
    more = """{"odd": lambda: type("Odd", (), {"m": lambda self: 1}).m.__get__(shared), "next": lambda: 1}"""
    assert _forked(code, more).strip() == "None 1"


def test_each_piece_is_done_once() -> None:
    """What the session takes first, the fork leaves out, and goes on to its end."""
    code = """
os.read(begun, 1)
print(ahead.taken("ends the fork"))
os.write(go, b"x")
print(ahead.taken("wait").value, ahead.lines_run())
"""
    more = """{"wait": lambda: os.write(begin, b"x") and os.read(wait, 1), "ends the fork": lambda: os._exit(1)}"""
    source = "import os\nwait, go = os.pipe()\nbegun, begin = os.pipe()\n"
    assert _forked(code, more, before=source).splitlines() == ["None", "b'x' frozenset({3})"]


def test_a_fork_ends_with_the_session() -> None:
    """Also where that is killed: whoever holds the other end of the fork's pipe sees it end."""
    code = """
os.read(begun, 1)
print("at it", flush=True)
os.kill(os.getpid(), 9)
"""
    more = """{"wait": lambda: os.write(begin, b"x") and os.read(wait, 1)}"""
    before = "import os\nwait, go = os.pipe()\nbegun, begin = os.pipe()\n"
    # The fork has this process's stdout too: it is read to its end only when both are gone.
    assert _forked(code, more, before=before, status=-9) == "at it\n"


def test_a_fork_that_dies_leaves_its_pieces_to_the_session() -> None:
    """The one it was at too, and whatever cannot be told."""
    for broken in ("os._exit(9)", "(lambda: 1)", "sys.exit(2)"):
        code = "ahead.lines_run()  # by then it has ended\n"
        code += "print(ahead.taken('broken'), ahead.taken('next'), ahead.lines_run())"
        more = f"""{{"broken": lambda: {broken}, "next": lambda: 1}}"""
        assert _forked(code, more).strip() == "None None frozenset()"
