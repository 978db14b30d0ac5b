"""What the ear of C02 hears, and what it does not."""

import _thread
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from automate_connectors.certification.hearing import Ear

Tell = Callable[[str, tuple[Any, ...]], None]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> tuple[Ear, Tell]:
    """An ear, and what tells it of an event; nothing of it stays in this process."""
    hooks: list[Tell] = []
    monkeypatch.setattr(sys, "addaudithook", hooks.append)
    for place, name in ((threading, "_start_new_thread"), (_thread, "start_new_thread"), (_thread, "start_new")):
        monkeypatch.setattr(place, name, getattr(place, name))
    ear = Ear()
    return ear, hooks[0]


def test_each_thing_is_heard_once(told: tuple[Ear, Tell]) -> None:
    """Since the last time that somebody asked."""
    ear, tell = told
    for _ in range(2):
        tell("socket.getaddrinfo", ("service.test", 443, 0, 0, 0))
        tell("_thread.start_new_thread", (len, (), None))
        tell("open", ("file", "r", 0))
    assert ear.heard() == ["network I/O (socket.getaddrinfo 'service.test')", "a thread was started"]
    assert ear.heard() == []


def test_a_connection_is_heard_with_its_address_unless_it_stays_on_the_machine(told: tuple[Ear, Tell]) -> None:
    """A Unix socket is no network."""
    ear, tell = told
    with socket.socket(socket.AF_UNIX) as local, socket.socket() as other:
        tell("socket.connect", (local, "/run/it"))
        tell("socket.connect", (other, ("192.0.2.1", 443)))
    assert ear.heard() == ["network I/O (socket.connect ('192.0.2.1', 443))"]


def test_a_thread_is_heard_whoever_starts_it(told: tuple[Ear, Tell]) -> None:
    """By the interpreter's own function too, which Python 3.11 tells nobody of; it starts all the same."""
    ear, _ = told
    done = threading.Event()
    _thread.start_new_thread(done.set, ())
    assert done.wait(30)
    assert ear.heard() == ["a thread was started"]
