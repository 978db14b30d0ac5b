"""The child's side, driven in this process: what it answers to each order, and how it asks about the network."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from certification.authored_file import acme_file

from automate_connectors.certification.outside import child as child_module
from automate_connectors.certification.outside import questions as questions_module
from automate_connectors.certification.outside import side as side_module
from automate_connectors.certification.outside import unasked
from automate_connectors.certification.outside.channel import (
    QUESTION_KIND,
    Channel,
    ChannelError,
    ClosedError,
    FloodedError,
    LateError,
    encoded,
    receive_descriptors,
)
from automate_connectors.certification.outside.child import Child
from automate_connectors.certification.outside.guarding import Watch
from automate_connectors.certification.outside.questions import Questions
from automate_connectors.certification.outside.remote_case import read_case, remote_case
from automate_connectors.certification.outside.side import answer_beside
from automate_connectors.errors import ConfigurationError
from automate_connectors.registry import connector_registry
from automate_connectors.wire.clock import CLOCK, Clock
from automate_connectors.wire.install import install
from automate_connectors.wire.network import Call, Network
from automate_connectors.wire.redirect import REDIRECT

install()


@pytest.fixture
def judges_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The judge's clock, another one than the child's although both live in this process."""
    clock = Clock()
    monkeypatch.setattr(questions_module, "CLOCK", clock)
    for module in (questions_module, side_module):
        # Threads that coverage follows: here nobody else is measured.
        monkeypatch.setattr(module, "untraced", _traced)
    return clock


def _traced(work: Callable[..., None], *about: Any) -> None:
    threading.Thread(target=work, args=about, daemon=True).start()


@pytest.fixture
def child(tmp_path: Path, judges_clock: Clock) -> Iterator[Child]:
    """A child that found and loaded Acme; its questions are answered by a network."""
    name = f"acme_{tmp_path.name}".lower()[:40]
    ours, theirs = socket.socketpair(socket.AF_UNIX, QUESTION_KIND)
    assert judges_clock.offset == 0
    questions, made = Questions(theirs), Child(ours, "beside the judge")
    made.name, made.questions = name, questions  # type: ignore[attr-defined]  # for the tests below
    made.lead(contextlib.ExitStack())
    try:
        file = acme_file(tmp_path, name)
        assert made.orders["find"]([str(file)], [name])["listed"][0]["level"] == "bronze"
        yield made
    finally:
        made.orders["session_end"]()
        REDIRECT.router = None
        CLOCK.moved = lambda _seconds: None
        questions.close()
        ours.close()
        if name in connector_registry.names():
            connector_registry.unregister(name)


def _loaded(child: Child, tmp_path: Path) -> Any:
    return remote_case(read_case(child.orders["load"](_name(child), str(tmp_path))), lambda *_a, **_k: None)


def _name(child: Child) -> str:
    return str(child.name)  # type: ignore[attr-defined]  # set by the fixture


def test_a_session_leads_to_the_judges_network(child: Child, tmp_path: Path, judges_clock: Clock) -> None:
    """Names, connections and time are the judge's; the result and what was let out are told."""
    case = _loaded(child, tmp_path)
    network = Network()
    network.serve(case.library.urls)
    child.questions.network = network  # type: ignore[attr-defined]  # set by the fixture
    try:
        origins, hosts = network.known
        child.orders["measure"](case.description.file)
        child.orders["session"]([list(origin) for origin in origins], hosts, network.ca_pem)
        opened = child.orders["open"]({}, dict(case.secrets))
        assert opened["ended"] == "returned"
        network.begin(Call(case.library.play("connect", {}, own="connect")))
        assert child.orders["connect"](60.0)["result"] is True
        network.begin(Call(case.library.play("get_user", {"user_id": "u_7"}, own="get_user")))
        told = child.orders["execute"]("get_user", {"user_id": "u_7"}, 60.0)
        network.end()
        assert told["result"] == {"id": "u_7", "name": "Ada"}
        # Where this process is measured already, the child measures nothing of its own.
        assert isinstance(child.orders["lines"](), list)
        assert child.router.holding() is False
        child.router.stuck(None)
        CLOCK.advance(2.5)
        assert judges_clock.offset == 2.5
        assert child.orders["close"]()["error"] is None
        assert child.orders["accepts"]("get_user", {}) is None
        child.orders["session_end"]()
    finally:
        network.close()


def test_outside_a_session_nobody_is_reachable(child: Child) -> None:
    """Neither by name nor by address."""
    with pytest.raises(OSError, match="Name or service not known"):
        socket.create_connection(("api.acme.test", 443), timeout=5)
    with pytest.raises(OSError, match="unreachable"):
        socket.create_connection(("192.0.2.1", 443), timeout=5)
    assert child.questions.asked >= 2  # type: ignore[attr-defined]  # set by the fixture


def test_ports_and_effects_are_the_cases(child: Child, tmp_path: Path) -> None:
    """A case without them has none."""
    _loaded(child, tmp_path)
    child.orders["arm"]([None, ["before", "TIMEOUT"]], None)
    assert child.orders["entered"]() == [0, 0]
    with pytest.raises(NotImplementedError):
        child.orders["effects"]()
    child.orders["reset"]()
    child.orders["collect"]()
    assert child.orders["hello"]() == "beside the judge"


def test_a_crowd_is_run(child: Child, tmp_path: Path) -> None:
    """Without a session every call fails, and each says so."""
    case = _loaded(child, tmp_path)
    told = child.orders["crowd"](
        [{"options": {}, "secrets": dict(case.secrets)}], [[0, "get_user", {"user_id": "u"}]], 60.0
    )
    assert told["error"] is not None


def test_nothing_is_judged_before_it_is_loaded(child: Child) -> None:
    """An unknown name, two cases, and an order too early."""
    with pytest.raises(ConfigurationError, match="nothing is loaded"):
        child.orders["connect"](1.0)
    assert "There is no connector" in child.orders["find"]([], ["no_such_connector"])["wrong"]


def test_a_file_that_cannot_be_imported_is_named(child: Child, tmp_path: Path) -> None:
    """And one that skips itself is left out."""
    broken, skipped = tmp_path / "test_outside_broken.py", tmp_path / "test_outside_skipped.py"
    broken.write_text("1 / 0\n")
    skipped.write_text("import pytest\npytest.skip('not here', allow_module_level=True)\n")
    assert (
        "test_outside_broken.py cannot be imported: ZeroDivisionError"
        in child.orders["find"]([str(broken)], [])["wrong"]
    )
    assert child.orders["find"]([str(skipped)], []) == {"wrong": None, "listed": []}


def test_two_cases_of_one_connector_are_named(child: Child, tmp_path: Path) -> None:
    """As in the judge's own process."""
    name = f"{_name(child)[:30]}_twice"
    file = acme_file(tmp_path, name, after="\nclass Second(Case):\n    pass\n")
    try:
        assert "2 test cases" in child.orders["find"]([str(file)], [name])["wrong"]
    finally:
        connector_registry.unregister(name)


def test_the_second_voice_answers_beside(child: Child, tmp_path: Path) -> None:
    """While a call runs: effects, the service, a port that never answers, and the end of a call."""
    _loaded(child, tmp_path)
    ours, theirs = socket.socketpair()
    answer_beside(Channel(theirs), child)
    beside = Channel(ours)
    request = ["POST", "https://api.acme.test/x", [], ""]
    beside.send(encoded({"id": "1", "do": "is_effect", "request": request}), 5)
    assert json.loads(beside.receive(5)) == {"id": "1", "told": None}
    beside.send(encoded({"id": "2", "do": "serve", "request": request}), 5)
    assert json.loads(beside.receive(5))["told"][0] == 500
    beside.send(encoded({"id": "3", "do": "serve", "request": []}), 5)
    assert json.loads(beside.receive(5))["raised"][0] == "ValueError"
    beside.send(encoded({"id": "", "do": "blackhole"}), 5)
    for number in receive_descriptors(beside.socket, 6, 5):
        os.close(number)
    beside.close()


def test_the_loop_answers_until_the_judge_hangs_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the author's code raises is told by class and text, and a replaced part of the framework is noticed."""
    ours, theirs = socket.socketpair()
    asking, asked = socket.socketpair(socket.AF_UNIX, QUESTION_KIND)
    beside = socket.socketpair()

    def leave(_status: int) -> None:
        raise SystemExit

    monkeypatch.setattr(os, "_exit", leave)
    judge = Channel(ours)
    answers: list[Any] = []

    def ask() -> None:
        orders: tuple[dict[str, Any], ...] = ({"do": "hello"}, {"do": "connect", "within": 1}, {"do": "none"})
        for number, order in enumerate(orders):
            judge.send(encoded({"id": str(number), "clock": 0.0, "zone": None, **order}), 5)
            answers.append(json.loads(judge.receive(5)))
        judge.close()

    asker = threading.Thread(target=ask)
    asker.start()
    try:
        with pytest.raises(SystemExit):
            child_module.serve(theirs, asking, beside[1], "in a test")
    finally:
        asker.join()
        REDIRECT.router = None
        CLOCK.moved = lambda _seconds: None
        for sock in (theirs, asking, asked, *beside):
            sock.close()
    assert [answer["id"] for answer in answers] == ["0", "1", "2"]
    assert answers[0]["told"] == "in a test"
    assert answers[1]["raised"][0] == "ConfigurationError"
    assert answers[2]["raised"][0] == "KeyError"


def test_a_replaced_part_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """By attribute, or by the code inside the function."""
    watch = Watch()
    assert watch.replaced() is None
    monkeypatch.setattr(child_module, "call_facts", None)
    assert watch.replaced() == "automate_connectors.certification.outside.child.call_facts"
    monkeypatch.undo()
    code = child_module.serve.__code__
    child_module.serve.__code__ = (lambda _name: None).__code__
    try:
        assert watch.replaced() == "serve"
    finally:
        child_module.serve.__code__ = code


def test_what_happens_unasked_is_told(tmp_path: Path) -> None:
    """The import by file, the construction, and what they raise."""
    name = f"acme_unasked_{tmp_path.name}".lower()[:40]
    file = acme_file(tmp_path, name)
    try:
        assert unasked.importing(f"test_{name}", str(file), "Acme", name) == []
        assert unasked.constructing(name, {}, {"token": "x" * 20}) == []
        assert unasked.importing("no_such_module_here", None, "Acme", name) == ["the import raised ImportError"]
        assert unasked.importing(f"test_{name}", str(file), "Acme.connect", name) == []
        assert unasked.constructing(name, {}, {}) == ["the constructor raised AttributeError"]
    finally:
        connector_registry.unregister(name)


def test_a_channel_has_limits() -> None:
    """Of size and of time, and it notices its end."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours, longest=10)
    with pytest.raises(LateError):
        channel.receive(0.01)
    with pytest.raises(LateError):
        receive_descriptors(ours, 1, 0.01)
    channel.expect_silence()
    theirs.send(b"x\n")
    with pytest.raises(ChannelError, match="nobody asked for"):
        channel.expect_silence()
    theirs.send(b"x" * 100)
    with pytest.raises(FloodedError):
        channel.receive(5)
    theirs.close()
    with pytest.raises(ClosedError):
        Channel(ours).receive(5)
    with pytest.raises(ClosedError):
        receive_descriptors(ours, 1, 5)
    with pytest.raises(ClosedError):
        channel.send(b"x" * 10_000_000, 5)
    channel.close()


def test_a_channel_that_nobody_reads_is_late() -> None:
    """A child that does not read must not hold its judge up."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    with pytest.raises(LateError):
        channel.send(b"x" * 10_000_000, 0.05)
    channel.close()
    theirs.close()


def test_lone_surrogates_cross_as_question_marks() -> None:
    """UTF-8 cannot carry them."""
    assert json.loads(encoded({"a": "\ud800"})) == {"a": "?"}


@pytest.mark.usefixtures("judges_clock")
@pytest.mark.parametrize(
    "question",
    [
        b"no json",
        b"[1]",
        b'[1,"route"]',
        b'[1,"moved",true]',
        b'[1,"moved","x"]',
        b'[1,"resolve",7]',
        b'[1,"route","a",-1,0]',
        b'[1,"what"]',
    ],
)
def test_a_question_that_is_none_ends_the_answers(question: bytes) -> None:
    """It cannot come from the child's own half."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, QUESTION_KIND)
    questions = Questions(theirs)
    questions.network = Network()
    try:
        ours.send(question)
        ours.settimeout(5)
        # Answers end by an end of the socket, not by one of them.
        with contextlib.suppress(OSError):
            assert not ours.recv(100)
        assert questions.wrong
    finally:
        questions.network.close()
        questions.close()
        ours.close()
