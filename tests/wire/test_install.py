"""The replaced functions are in place, inert, and also found under the names by which modules hold them."""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
import time
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from automate_connectors.errors import ConfigurationError
from automate_connectors.wire import originals
from automate_connectors.wire.bypasses import close_bypasses
from automate_connectors.wire.clock import CLOCK
from automate_connectors.wire.install import install, rebind
from automate_connectors.wire.redirect import REDIRECT

install()


def test_the_functions_of_the_standard_library_are_replaced() -> None:
    """Each by ours, and ours know the originals."""
    assert time.sleep == CLOCK.sleep
    assert asyncio.sleep == CLOCK.async_sleep
    assert socket.getaddrinfo == REDIRECT.getaddrinfo
    assert socket.socket.connect is not originals.connect
    assert ssl.SSLContext.wrap_socket is not originals.wrap_socket


def test_installing_twice_changes_nothing() -> None:
    """The originals stay what they were before the first time."""
    before = (time.sleep, socket.socket.connect, asyncio.selector_events.BaseSelectorEventLoop.__init__)
    install()
    assert before == (time.sleep, socket.socket.connect, asyncio.selector_events.BaseSelectorEventLoop.__init__)


def test_without_a_replay_everything_is_as_ever() -> None:
    """Clocks run with the real ones, a TLS context loads its bundle, names resolve."""
    assert not CLOCK.skipping
    assert abs(time.monotonic() - originals.monotonic() - CLOCK.offset) < 1
    assert abs(time.monotonic_ns() - originals.monotonic_ns() - CLOCK.offset * 1e9) < 1e9
    assert abs(time.perf_counter() - originals.perf_counter() - CLOCK.offset) < 1
    assert abs(time.perf_counter_ns() - originals.perf_counter_ns() - CLOCK.offset * 1e9) < 1e9
    assert socket.gethostbyname("localhost") == "127.0.0.1"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    with pytest.raises(FileNotFoundError):
        context.load_verify_locations(cafile="/nowhere/at/all.pem")


def test_names_that_a_module_took_before_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """``from time import sleep`` at the top of an adapter's module is caught; whatever else it holds stays."""
    module: Any = ModuleType("took_them_by_name")
    module.pause, module.ask, module.nap = originals.sleep, originals.getaddrinfo, originals.async_sleep
    module.tick, module.stopwatch = originals.monotonic, originals.perf_counter
    module.unhashable, module.other = [], len
    monkeypatch.setitem(sys.modules, "took_them_by_name", module)
    rebind("took_them_by_name")
    assert (module.pause, module.ask, module.nap) == (time.sleep, socket.getaddrinfo, asyncio.sleep)
    assert (module.tick, module.stopwatch) == (time.monotonic, time.perf_counter)
    assert (module.unhashable, module.other) == ([], len)


def test_a_module_that_is_not_loaded_holds_nothing() -> None:
    """Nobody imported it, so nothing needs replacing."""
    rebind("no_such_module_anywhere")
    assert "no_such_module_anywhere" not in sys.modules


def test_aiohttp_is_led_to_the_systems_resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    """With aiodns installed it would ask a name server itself."""
    connector, resolver = SimpleNamespace(DefaultResolver="aiodns"), SimpleNamespace(ThreadedResolver="threaded")
    monkeypatch.setitem(sys.modules, "aiohttp.connector", connector)
    monkeypatch.setitem(sys.modules, "aiohttp.resolver", resolver)
    close_bypasses()
    assert connector.DefaultResolver == "threaded"
    monkeypatch.delitem(sys.modules, "aiohttp.connector")
    connector.DefaultResolver = "aiodns"
    close_bypasses()
    assert connector.DefaultResolver == "aiodns"


def test_uvloop_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its loops connect past Python's sockets."""
    policy = type("EventLoopPolicy", (), {"__module__": "uvloop"})()
    monkeypatch.setattr(asyncio, "get_event_loop_policy", lambda: policy)
    with pytest.raises(ConfigurationError, match="uvloop is installed as the event loop policy"):
        close_bypasses()
