"""The kit inside an author's own tests."""

from __future__ import annotations

import asyncio
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from zoo.acme import EXAMPLES, write_cassettes
from zoo.right.http_plain import HttpAcmeAdapter
from zoo.right.with_async_httpx import AsyncHttpxAcmeAdapter

from automate_connectors import RateLimitedError, ServiceUnavailableError
from automate_connectors.certification.authoring import bench
from automate_connectors.testing import ConnectorTestCase, Fault
from automate_connectors.wire.redirect import REDIRECT

ME = "https://api.acme.test/v1/me"


def case_class(folder: Path, kind: type[Any] = HttpAcmeAdapter) -> type[ConnectorTestCase]:
    """A case with its cassettes in a folder."""
    write_cassettes(folder, kind.name, version=kind.version)
    return type("AcmeCase", (ConnectorTestCase,), {"adapter_class": kind, "cassette_dir": folder})


def test_inside_a_test_cassettes_answer_and_calls_are_told_apart(tmp_path: Path) -> None:
    """Recorded answers begin anew with each call of an adapter."""
    kind = case_class(tmp_path)
    with bench(kind, tmp_path):
        test_case = kind()
        with test_case.replay() as wire, test_case.get_adapter(timeout=3) as adapter:
            assert adapter.profile.option("timeout") == 3
            assert adapter.connect() is True
            assert adapter.execute("get_user", EXAMPLES["get_user"])["name"] == "Ada"
            assert adapter.execute(action="get_user", payload=EXAMPLES["get_user"])["name"] == "Ada"
        assert [request.url.rpartition("/")[2] for request in wire.requests] == ["me", "u_7", "u_7"]
    assert REDIRECT.router is None


def test_a_fault_strikes_inside_its_replay_alone(tmp_path: Path) -> None:
    """Innermost first; outside of it the cassettes answer again."""
    kind = case_class(tmp_path)
    with bench(kind, tmp_path):
        test_case = kind()
        adapter = test_case.get_adapter()
        with test_case.replay(fault=Fault.status(503, times=1)):
            with test_case.replay(fault=Fault.status(429)), pytest.raises(RateLimitedError):
                adapter.connect()
            with pytest.raises(ServiceUnavailableError):
                adapter.connect()
            assert adapter.connect() is True
        assert adapter.connect() is True


def test_outside_of_a_test_a_replay_lays_its_own_network(tmp_path: Path) -> None:
    """For a shell, or a script."""
    test_case = case_class(tmp_path)()
    with test_case.replay() as wire:
        with urllib.request.urlopen(ME, timeout=5) as answer:
            assert answer.status == 200
        with test_case.get_adapter() as adapter:
            assert adapter.connect() is True
    assert [request.url for request in wire.requests] == [ME, ME]
    assert REDIRECT.router is None


def test_an_adapter_may_be_made_without_a_replay(tmp_path: Path) -> None:
    """It is on the replay profile, and its calls are its own."""
    adapter = case_class(tmp_path)().get_adapter()
    assert adapter.profile.secret("token")
    with pytest.raises(ValueError, match="no_such_action"):
        adapter.execute("no_such_action", {})
    adapter.close()


def test_an_asynchronous_adapter_is_told_apart_too(tmp_path: Path) -> None:
    """Its author closes it, in a loop of their own."""
    kind = case_class(tmp_path, AsyncHttpxAcmeAdapter)

    async def talk(adapter: Any) -> Any:
        assert await adapter.connect() is True
        found = await adapter.execute("get_user", EXAMPLES["get_user"])
        await adapter.close()
        return found

    with bench(kind, tmp_path), kind().replay() as wire:
        assert asyncio.run(talk(kind().get_adapter()))["name"] == "Ada"
    assert len(wire.requests) == 2


def test_odd_arguments_are_the_adapters_to_refuse(tmp_path: Path) -> None:
    """The kit takes no offence."""
    kind = case_class(tmp_path)
    with bench(kind, tmp_path):
        adapter = kind().get_adapter()
        for action, payload in ((3, {}), ("get_user", None)):
            with pytest.raises(Exception, match=r"action|payload|dict|object"):
                adapter.execute(action, payload)


def test_an_adapter_with_slots_keeps_its_methods(tmp_path: Path) -> None:
    """Its calls count as one."""

    class Slotted:
        __slots__ = ("profile",)
        name = HttpAcmeAdapter.name
        version = "1.0.0"

        def __init__(self, profile: Any = None) -> None:
            self.profile = profile

        def connect(self) -> bool:
            """Say yes."""
            return True

        def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
            """Give it back."""
            return {action: payload}

        def close(self) -> None:
            """Fail: closing is not what a test is about."""
            raise LookupError("closed already")

    kind = case_class(tmp_path, Slotted)
    with bench(kind, tmp_path):
        assert kind().get_adapter().execute("a", {}) == {"a": {}}
