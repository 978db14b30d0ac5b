"""The process host: a child that dies, hangs, floods or forges is a finding, and the next call meets a fresh one."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from certification.authored_file import acme_file

from automate_connectors.certification.case import Case
from automate_connectors.certification.crowd import Job
from automate_connectors.certification.outside.host import ProcessHost
from automate_connectors.certification.outside.process import MARK, ChildProcess, RaisedError, local_launch, one
from automate_connectors.certification.ports import PortFault
from automate_connectors.certification.subject import Outcome, Subject
from automate_connectors.errors import ConfigurationError
from automate_connectors.wire.asgi import AsgiService
from automate_connectors.wire.install import install
from automate_connectors.wire.messages import Answer, SentRequest
from automate_connectors.wire.network import Network

install()


@contextlib.contextmanager
def subject_outside(file: Path, name: str, *, measure: bool = False) -> Iterator[Subject]:
    """A subject in session, whose adapter lives in a child."""
    host, network = ProcessHost(local_launch(), [file], file.parent), Network()
    try:
        subject = Subject(host.load(name), host, network, seed=1, measure=measure)
        with subject.session():
            yield subject
    finally:
        host.end()
        network.close()


def _example(subject: Subject) -> Outcome:
    return subject.example(subject.examples[0])


def test_a_call_is_judged_from_outside(tmp_path: Path) -> None:
    """Its requests are seen by the judge, its result is told by the child, and its statements are counted."""
    file = acme_file(tmp_path, "calm")
    with subject_outside(file, "calm", measure=True) as subject:
        outcome = _example(subject)
        assert outcome.facts.result == {"id": "u_7", "name": "Ada"}
        assert [request.url for request in outcome.requests] == ["https://api.acme.test/v1/users/u_7"]
        found = subject.exercised()
        assert found is not None
        assert found.percent == 100
        assert subject.host.conduct == ()
        assert "separate process" in subject.host.isolation
        assert "test_calm" not in "".join(sys.modules)


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ("import os; os._exit(3)", "exit status 3"),
        ("import ctypes; ctypes.string_at(0)", "ended unasked"),
        ("import automate_connectors.certification.facts as f; f.plain = None", "replaced a part of the framework"),
    ],
)
def test_a_lost_child_is_a_finding_and_the_run_goes_on(tmp_path: Path, before: str, told: str) -> None:
    """The call says what happened; what else the instance was to do fails too, and a fresh one lives."""
    with subject_outside(acme_file(tmp_path, "dying", before=before), "dying") as subject:
        with subject.connected() as adapter:
            lost = adapter.execute("get_user", {"user_id": "u_7"})
            after = adapter.connect()
        assert lost.facts.ended == "lost"
        assert told in str(lost.facts.lost)
        assert told in lost.shown
        assert "has ended" in str(after.facts.lost)
        [conduct] = subject.host.conduct
        assert told in conduct
        assert subject.healthy().facts.result is True


_ENDS = """
import os, socket, stat
def ends(kind):
    for number in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                sock = socket.socket(fileno=os.dup(number))
                if sock.family == socket.AF_UNIX and sock.type == kind:
                    yield sock
        except OSError:
            pass
"""


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ("[s.send(b'{}\\n') for s in ends(socket.SOCK_STREAM)]", "answers another request"),
        ("[s.send(b'no json\\n') for s in ends(socket.SOCK_STREAM)]", "no JSON message"),
        ("[s.send(b'[1]') for s in ends(socket.SOCK_SEQPACKET)]", "a question about the network that is none"),
    ],
)
def test_forged_messages_are_a_finding(tmp_path: Path, before: str, told: str) -> None:
    """Whether an answer or a question is forged."""
    file = acme_file(tmp_path, "forging", before=before, after=_ENDS)
    with subject_outside(file, "forging") as subject:
        _example(subject)
        subject.healthy()
        assert any(told in conduct for conduct in subject.host.conduct), subject.host.conduct


def test_a_hanging_child_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where it does not heed its own watchdog; that is a hung call, and no conduct."""
    monkeypatch.setattr("automate_connectors.certification.outside.process._GRACE", 1.0)
    before = "import signal, threading; signal.setitimer(signal.ITIMER_REAL, 0); threading.Event().wait()"
    with subject_outside(acme_file(tmp_path, "hanging", before=before), "hanging") as subject:
        with subject.connected():
            facts = subject.host.execute("get_user", {"user_id": "u_7"}, 0.2)
        assert facts.ended == "hung"
        assert subject.host.conduct == ()
        assert subject.healthy().facts.result is True


def test_a_child_that_always_dies_is_not_started_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many the calls are lost at once."""
    monkeypatch.setattr("automate_connectors.certification.outside.host._MOST_LOST", 1)
    with subject_outside(acme_file(tmp_path, "mortal", before="import os; os._exit(0)"), "mortal") as subject:
        _example(subject)
        again = subject.host.open(subject.case.profile())
        assert "not started again" in str(again.lost)
        assert subject.host.accepts("get_user", {}) is None
        assert subject.host.left_over(subject.host.held(), lambda: 0)


def test_what_is_left_open_is_seen_from_outside(tmp_path: Path) -> None:
    """Files, threads and child processes, by /proc."""
    thread = "threading.Thread(target=threading.Event().wait, daemon=True).start()"
    process = "subprocess.Popen(['sleep', '60'])"
    before = f"import threading, subprocess; self.kept = (open(__file__), {thread}, {process})"
    with subject_outside(acme_file(tmp_path, "leaving", before=before), "leaving") as subject:
        _, left = subject.lifetime(subject.examples[0])
        shown = "; ".join(left)
        assert "the open file" in shown
        assert "the thread" in shown
        assert "the child process" in shown


def test_what_happens_unasked_is_seen_from_outside(tmp_path: Path) -> None:
    """A print and a thread at import; a right module does nothing."""
    noisy = acme_file(
        tmp_path,
        "noisy",
        after="print('hello', flush=True)\nimport threading\nthreading.Thread(target=print).start()\n",
    )
    with subject_outside(noisy, "noisy") as subject:
        seen = subject.host.unasked()
        assert seen is not None
        assert any("printed" in what for what in seen.importing)
        assert "a thread was started" in seen.importing
        assert seen.constructing == ()
    with subject_outside(acme_file(tmp_path, "quiet"), "quiet") as subject:
        seen = subject.host.unasked()
        assert seen is not None
        assert not any(found for _, found in seen.phases())


def test_an_import_that_ends_the_process_is_what_was_seen(tmp_path: Path) -> None:
    """Whoever is imported again and then exits."""
    mark = "import pathlib, os\nmark = pathlib.Path(__file__).with_suffix('.mark')\n"
    after = f"{mark}if mark.exists(): os._exit(4)\nmark.touch()\n"
    with subject_outside(acme_file(tmp_path, "once", after=after), "once") as subject:
        seen = subject.host.unasked()
        assert seen is not None
        assert "exit status 4" in seen.importing[0]


def test_effects_ports_and_service_live_in_the_child(tmp_path: Path) -> None:
    """The case's methods are asked there; what they raise is raised here."""
    lines = [
        "ports = {'textwrap.shorten': {'TIMEOUT': lambda: TimeoutError('t')}}",
        "told = []",
        "def effects(self): return self.told",
        "def reset(self): raise ValueError('no')",
        "def is_effect(self, request): return request.method == 'POST'",
        "async def service(scope, receive, send):",
        "    headers = [(b'x-path', scope['path'].encode())]",
        "    await send({'type': 'http.response.start', 'status': 202, 'headers': headers})",
        "    await send({'type': 'http.response.body', 'body': (await receive())['body']})",
    ]
    file = acme_file(tmp_path, "stateful", case="\n    ".join(lines))
    with subject_outside(file, "stateful") as subject:
        host, judged = subject.host, subject.case.test_case
        assert host.port_codes() == ["TIMEOUT"]
        host.arm_ports([None, PortFault("before", "TIMEOUT")])
        assert host.ports_entered() == (0, 0)
        assert len(host.effects()) == 0
        with pytest.raises(RaisedError, match="ValueError: no"):
            host.reset_effects()
        assert judged.is_effect(SentRequest("POST", "https://api.acme.test/x")) is True
        service: Any = judged.service
        answer = AsgiService(service).answer(SentRequest("POST", "https://api.acme.test/x?a=1", body=b"ok"))
        assert (answer.status, answer.headers, answer.body) == (202, (("x-path", "/x"),), b"ok")
        crowd = subject.crowd(
            [Job(0, "get_user", {"user_id": "u_7"})] * 2, [dict(subject.case.secrets)], _Healthy(subject.case)
        )
        assert len(crowd.facts.result) == 2


class _Healthy:
    """Answers as the cassettes do."""

    def __init__(self, case: Case) -> None:
        self._playback = case.library.play("get_user", {"user_id": "u_7"}, own="get_user")

    def answer(self, request: SentRequest) -> Answer:
        """The recorded answer."""
        return self._playback.answer(request)


def test_a_case_without_effects_says_so(tmp_path: Path) -> None:
    """As it does in this process."""
    with (
        subject_outside(acme_file(tmp_path, "stateless"), "stateless") as subject,
        pytest.raises(NotImplementedError, match="says nothing about effects"),
    ):
        subject.host.effects()


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("waivers = {'C01': 'because'}", "must be Waiver"),
        ("level = 'copper'", "must be one of bronze"),
        ("examples = 7", "cannot be read"),
        ("scrub = (7,)", "cannot be read"),
    ],
)
def test_a_wrong_case_is_said(tmp_path: Path, case: str, told: str) -> None:
    """In the words that the inline host has for it."""
    name = "wrong_" + str(abs(sum(map(ord, case))))
    host = ProcessHost(local_launch(), [acme_file(tmp_path, name, case=case)], tmp_path)
    try:
        with pytest.raises(ConfigurationError, match=told):
            host.load(name)
    finally:
        host.end()


def test_a_file_that_ends_the_child_is_said(tmp_path: Path) -> None:
    """There is nothing to judge then."""
    host = ProcessHost(local_launch(), [acme_file(tmp_path, "exiting", after="import os; os._exit(5)")], tmp_path)
    with pytest.raises(ConfigurationError, match="exit status 5"):
        host.find(["exiting"])


def test_a_child_starts_no_child_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """An adapter's module that certifies when it is imported would start one after the other."""
    monkeypatch.setenv(MARK, "1")
    with pytest.raises(ConfigurationError, match="certification of its own"):
        ProcessHost(local_launch())


def test_a_child_knows_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own empty folders, and few variables."""
    monkeypatch.setenv("SECRET_OF_THE_JUDGE", "x")
    before = "import os; return {'env': sorted(os.environ), 'here': os.listdir('.'), 'home': os.environ['HOME']}"
    with subject_outside(acme_file(tmp_path, "curious", before=before), "curious") as subject:
        told = _example(subject).facts.result
    assert set(told["env"]) <= {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "HOME", "TMPDIR", "NETRC", MARK}
    assert told["here"] == []
    assert told["home"] != os.environ.get("HOME")


def test_every_process_of_a_child_ends_with_it() -> None:
    """Also where it has no namespace of its own."""
    for isolate in (True, False):
        with one(replace(local_launch(), isolate=isolate)) as child:
            assert isinstance(child, ChildProcess)
            told = child.ask("hello", 30)
            assert isinstance(told, str)
        assert not child.alive


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prctl is Linux's")
def test_the_judge_is_closed_to_other_processes_of_its_user() -> None:
    """From the first child on its memory and open files are root's (prctl(2), PR_GET_DUMPABLE)."""
    code = (
        "import ctypes\n"
        "from automate_connectors.certification.outside.process import local_launch, one\n"
        "libc = ctypes.CDLL(None)\n"
        "print(libc.prctl(3, 0, 0, 0, 0))\n"
        "with one(local_launch()): print(libc.prctl(3, 0, 0, 0, 0))\n"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["1", "0"]
