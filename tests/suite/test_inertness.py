"""Importing and constructing an adapter in a fresh interpreter (C02)."""

from __future__ import annotations

import importlib.util
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automate_conformance import inert_child
from automate_conformance.inertness import observe
from automate_connectors.certification.case import Case, resolve
from automate_connectors.certification.hosts import Unasked
from automate_connectors.testing import ConnectorTestCase

ADAPTER = '''
{before}
from automate_connectors import ConnectorAdapter

class InertAdapter(ConnectorAdapter):
    """An adapter."""

    name = "inert_one"
    version = "1.0.0"

    def __init__(self, profile=None):
        super().__init__(profile)
        {inside}

    def connect(self):
        return True
'''


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Case]:
    """Writes an adapter's module, imports it here without its habits, and gives its case."""

    def make(before: str = "", inside: str = "pass") -> Case:
        path = tmp_path / "inert_adapter.py"
        path.write_text(ADAPTER.format(before="", inside="pass"))
        spec = importlib.util.spec_from_file_location("inert_adapter", path)
        assert spec is not None
        assert spec.loader is not None
        module: Any = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, "inert_adapter", module)
        spec.loader.exec_module(module)
        path.write_text(ADAPTER.format(before=before, inside=inside))
        made = type("C", (ConnectorTestCase,), {"adapter_class": module.InertAdapter, "cassette_dir": tmp_path})
        return resolve("inert_one", module.InertAdapter, made, root=tmp_path)

    return make


def test_an_inert_adapter_does_nothing_unasked(case: Callable[..., Case]) -> None:
    """Neither when it is imported nor when it is made."""
    seen = observe(case())
    assert list(seen.phases()) == [("import", ()), ("construction", ())]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("print('hello')", "6 bytes were printed"),
        ("import threading; threading.Thread(target=int).start()", "a thread was started"),
        ("import socket; socket.getaddrinfo('127.0.0.1', 80)", "network I/O (socket.getaddrinfo '127.0.0.1')"),
        ("raise LookupError('no region')", "raised LookupError"),
    ],
)
def test_each_phase_is_heard_apart(case: Callable[..., Case], line: str, told: str) -> None:
    """What happens at import, and what in the constructor."""
    importing, constructing = observe(case(before=line)), observe(case(inside=line))
    assert any(told in each for each in importing.importing), importing
    assert importing.constructing == ()
    assert constructing.importing == ()
    assert any(told in each for each in constructing.constructing), constructing


@pytest.mark.parametrize(
    ("stdout", "seen"),
    [
        (b'noise\n{"importing": ["a"], "constructing": []}\n', Unasked(("a",), ())),
        (b"noise", Unasked(("the interpreter ended with exit status 3",), ())),
        (b'{"importing": 1}', Unasked(("the interpreter ended with exit status 3",), ())),
        (b"[]", Unasked(("the interpreter ended with exit status 3",), ())),
        (b"", Unasked(("the interpreter ended with exit status 3",), ())),
    ],
)
def test_only_a_whole_report_is_believed(
    case: Callable[..., Case], monkeypatch: pytest.MonkeyPatch, stdout: bytes, seen: Unasked
) -> None:
    """A child that dies is what was seen."""
    judged = case()
    done = subprocess.CompletedProcess([], 3, stdout=stdout)
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_options: done)
    assert observe(judged) == seen


def test_a_child_that_hangs_is_what_was_seen(case: Callable[..., Case], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ended after a minute."""
    judged = case()

    def run(*_arguments: Any, timeout: float, **_options: Any) -> None:
        raise subprocess.TimeoutExpired("python", timeout)

    monkeypatch.setattr(subprocess, "run", run)
    assert observe(judged) == Unasked(("it did not end within 60 seconds",), ())


def test_a_module_that_certifies_when_it_is_imported_does_not_start_itself_for_ever(
    case: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child's own certification ends here."""
    judged = case()
    monkeypatch.setenv("AUTOMATE_CONNECTORS_INERT_CHILD", "1")
    assert observe(judged).importing == ("it starts a certification of its own",)


class TellsError(Exception):
    """Carries what the child would have told."""


class Quiet:
    """Hears nothing, and tells by an exception instead of ending the process."""

    def __init__(self, hear: Callable[[], Callable[[], list[str]]]) -> None:
        """Start no hearing: its hook would stay in this process."""

    def heard(self) -> list[str]:
        """Nothing."""
        return []

    def tell(self, report: dict[str, list[str]]) -> None:
        """Raise it."""
        raise TellsError(report)


def told_by_the_child(monkeypatch: pytest.MonkeyPatch, **order: Any) -> Any:
    """What the child tells about an order, run in this process."""
    whole = {"path": sys.path, "connector": "inert_one", "options": {}, "secrets": {"token": "x" * 16}, **order}
    monkeypatch.setattr(inert_child, "Watch", Quiet)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(whole).encode())))
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises(TellsError) as caught:
        inert_child.main()
    return caught.value.args[0]


@pytest.mark.parametrize(
    ("before", "inside", "importing", "constructing"),
    [
        ("", "pass", [], []),
        ("1 / 0", "pass", ["the import raised ZeroDivisionError"], []),
        ("", "1 / 0", [], ["the constructor raised ZeroDivisionError"]),
    ],
)
def test_the_child_imports_constructs_and_tells(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: str,
    inside: str,
    importing: list[str],
    constructing: list[str],
) -> None:
    """What ends either phase is told with it."""
    path = tmp_path / "inert_by_file.py"
    path.write_text(ADAPTER.format(before=before, inside=inside))
    told = told_by_the_child(monkeypatch, module="inert_by_file", file=str(path), qualname="InertAdapter")
    monkeypatch.delitem(sys.modules, "inert_by_file", raising=False)
    assert told == {"importing": importing, "constructing": constructing}
