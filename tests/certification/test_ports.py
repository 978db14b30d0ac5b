"""Faults around the callables through which an adapter without HTTP reaches its service."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from automate_connectors.certification.ports import PortBoard, PortFault
from automate_connectors.errors import ConfigurationError, ConnectorErrorCode

Code = ConnectorErrorCode


class Store:
    """A service in memory."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def put(self, text: str) -> str:
        """Keep a text."""
        self.kept.append(text)
        return f"kept {text}"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client library, and an adapter's module that took its function by name."""
    library: Any = ModuleType("port_library")
    store = Store()
    library.store, library.put, library.Store = store, store.put, Store

    async def put_later(text: str) -> str:
        return store.put(text)

    library.put_later = put_later
    adapter: Any = ModuleType("port_adapter")
    adapter.put = library.put
    library.adapter = adapter
    monkeypatch.setitem(sys.modules, "port_library", library)
    monkeypatch.setitem(sys.modules, "port_adapter", adapter)
    return library


def board(name: str = "port_library.put") -> PortBoard:
    """A board with one port that fails in two ways."""
    return PortBoard({name: {Code.TRANSIENT_NETWORK: ConnectionError, "TIMEOUT": TimeoutError}})


def seen(work: Callable[[], Any]) -> str:
    """What came of a call."""
    try:
        return str(work())
    except Exception as error:  # noqa: BLE001 - which one it is, is what the tests are about
        return type(error).__name__


def test_a_port_is_replaced_where_it_is_held_and_put_back(client: Any) -> None:
    """Under its own name, and under that of the adapter's module."""
    original, ports = client.put, board()
    with ports.replaced("port_adapter"):
        assert client.put is client.adapter.put
        assert client.put is not original
        assert client.put("a") == "kept a"
        assert client.adapter.put("b") == "kept b"
    assert client.put is client.adapter.put
    assert client.put == original
    assert ports.entered == ["port_library.put"] * 2
    assert ports.struck == 0


def test_a_fault_strikes_before_the_call_or_after_it(client: Any) -> None:
    """Before: nothing happened. After: it did, and the caller does not know."""
    ports = board()
    with ports.replaced("port_adapter"):
        ports.arm([None, PortFault("before", "TIMEOUT"), PortFault("after", "TRANSIENT_NETWORK")])
        outcomes = [seen(lambda text=text: client.put(text)) for text in "abcd"]  # type: ignore[misc]  # bound early
    assert outcomes == ["kept a", "TimeoutError", "ConnectionError", "kept d"]
    assert client.store.kept == ["a", "c", "d"]
    assert (len(ports.entered), ports.struck) == (4, 2)


def test_a_persistent_fault_strikes_every_later_call(client: Any) -> None:
    """Until the board is armed anew."""
    ports = board()
    with ports.replaced("port_adapter"):
        ports.arm([None], PortFault("before", "TIMEOUT"))
        assert [seen(lambda: client.put("x")) for _ in range(3)] == ["kept x", "TimeoutError", "TimeoutError"]
        ports.arm()
        assert ports.entered == []
        assert client.put("y") == "kept y"


def test_a_coroutine_function_is_a_port_as_well(client: Any) -> None:
    """It is awaited in between."""
    ports = board("port_library.put_later")
    with ports.replaced("port_adapter"):
        ports.arm([None, PortFault("before", "TIMEOUT"), PortFault("after", "TRANSIENT_NETWORK")])
        outcomes = [seen(lambda: asyncio.run(client.put_later("x"))) for _ in range(3)]
    assert outcomes == ["kept x", "TimeoutError", "ConnectionError"]
    assert client.store.kept == ["x", "x"]


def test_a_method_of_a_class_is_a_port(client: Any) -> None:
    """Named by its module, class and method."""
    ports = board("port_library.Store.put")
    with ports.replaced("no_such_module"):
        ports.arm([PortFault("before", "TIMEOUT")])
        assert seen(lambda: client.store.put("x")) == "TimeoutError"
        assert client.store.put("y") == "kept y"


def test_the_codes_are_those_of_every_port() -> None:
    """Each once, as text; one that a port does not know fails in another way of its own."""
    assert board().codes == ["TRANSIENT_NETWORK", "TIMEOUT"]
    assert PortFault("after", "TIMEOUT").shown == "TIMEOUT after the call"


def test_a_code_that_a_port_does_not_declare_fails_in_its_first_way(client: Any) -> None:
    """Several ports may know different codes."""
    ports = board()
    with ports.replaced("port_adapter"):
        ports.arm([PortFault("before", "CONFLICT")])
        assert seen(lambda: client.put("x")) == "ConnectionError"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("no_such_module_anywhere.send", "leads to no module"),
        ("port_library.nothing", "is no callable"),
        ("port_library.store.kept", "is no callable"),
        ("port_library.nothing.at.all", "is no callable"),
        ("builtins.str.upper", "cannot be replaced: wrap it in a function of your own"),
    ],
)
@pytest.mark.usefixtures("client")
def test_a_port_that_cannot_be_one_is_refused(name: str, told: str) -> None:
    """The message says what to name instead."""
    with pytest.raises(ConfigurationError, match=told), board(name).replaced("port_adapter"):
        pass
