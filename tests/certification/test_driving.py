"""An adapter is run, and each call says what it showed."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from pydantic import BaseModel

from automate_connectors import ActionSpec, ConnectionProfile, NotFoundError
from automate_connectors.certification import watchdog
from automate_connectors.certification.crowd import Job
from automate_connectors.certification.driving import Driven, Driver, closing
from automate_connectors.certification.facts import CallFacts
from automate_connectors.wire.install import install

install()
PROFILE = ConnectionProfile("toy", secrets={"token": "a-token-of-the-profile"})


class Number(BaseModel):
    """A payload."""

    number: int


class Toy:
    """An adapter without a base class: it does what its action's name says."""

    actions = {"typed": ActionSpec("Typed.", input=Number), "raw": ActionSpec("Raw.", input={"type": "object"})}  # noqa: RUF012 - as some adapter may have it

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        self.closed = False
        self.profile = profile

    def connect(self) -> bool:
        """Say yes."""
        return True

    def execute(self, action: str, payload: dict[str, Any]) -> Any:
        """Do it."""
        return getattr(self, action)(payload)

    def close(self) -> None:
        """Note that it was."""
        self.closed = True

    def echo(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Give the payload back."""
        return payload

    def change(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Change it first."""
        payload["more"] = True
        return {}

    def fail(self, payload: dict[str, Any]) -> None:
        """Raise an error of ours."""
        raise NotFoundError(f"no {payload['what']}")

    def leave(self, _payload: dict[str, Any]) -> None:
        """Leave the program."""
        raise SystemExit(3)

    def wait(self, payload: dict[str, Any]) -> str:
        """Sleep, and print."""
        print("waiting")  # noqa: T201 - what the test listens for
        time.sleep(payload["seconds"])
        return "done"

    def hang(self, _payload: dict[str, Any]) -> None:
        """Never come back."""
        while True:
            pass


class AsyncToy(Toy):
    """The same on an event loop."""

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self.loops: list[int] = []

    async def connect(self) -> bool:  # type: ignore[override]  # asynchronous on purpose
        """Say yes."""
        self.loops.append(id(asyncio.get_running_loop()))
        return True

    async def execute(self, action: str, payload: dict[str, Any]) -> Any:
        """Do it."""
        self.loops.append(id(asyncio.get_running_loop()))
        await asyncio.sleep(10)
        return super().execute(action, payload)

    async def close(self) -> None:  # type: ignore[override]  # asynchronous on purpose
        """Note that it was."""
        super().close()


def opened(kind: type[Any] = Toy) -> Driven:
    """A toy, made."""
    driven, made = Driver(kind).open(PROFILE)
    assert made.error is None
    return driven


def executed(action: str, payload: dict[str, Any] | None = None, kind: type[Any] = Toy) -> CallFacts:
    """What one call showed."""
    with closing(opened(kind)) as driven:
        return driven.execute(action, payload or {}, limit=10)


def sources(facts: CallFacts) -> list[str]:
    """Where the texts appeared that a call let out."""
    return [emission.source for emission in facts.emissions]


def test_a_call_that_returns_shows_its_result() -> None:
    """As JSON carries it, with its class, its time and the adapter's repr."""
    facts = executed("echo", {"a": [1]})
    assert (facts.result, facts.result_type, facts.result_problems) == ({"a": [1]}, "dict", ())
    assert (facts.ended, facts.error, facts.changed) == ("returned", None, None)
    assert sources(facts) == ["result", "repr of the adapter"]
    assert facts.seconds < 10


def test_a_changed_payload_is_noticed_and_the_callers_own_stays() -> None:
    """The adapter was given a copy."""
    payload = {"a": 1}
    assert executed("change", payload).changed == "payload['more'] was added"
    assert payload == {"a": 1}


def test_a_call_that_raises_shows_its_error() -> None:
    """And everything that it shows."""
    facts = executed("fail", {"what": "note"})
    assert facts.error is not None
    assert (facts.error.code, facts.error.message) == ("NOT_FOUND", "no note")
    assert "traceback of the error's cause chain" in sources(facts)


def test_whatever_leaves_an_adapter_is_a_fact() -> None:
    """Even what ends programs."""
    facts = executed("leave")
    assert facts.error is not None
    assert (facts.error.type, facts.error.ordinary) == ("SystemExit", False)


def test_sleeps_are_skipped_and_told() -> None:
    """In seconds; prints are heard."""
    facts = executed("wait", {"seconds": 3600})
    assert facts.sleeps == (3600.0,)
    assert facts.seconds < 10
    assert "stdout" in sources(facts)


def test_a_call_that_does_not_come_back_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the watchdog; the instance can be closed all the same."""
    monkeypatch.setattr(watchdog, "_TICK", 0.01)
    driven = opened()
    facts = driven.execute("hang", {}, limit=0.02)
    assert (facts.ended, facts.error, facts.result) == ("hung", None, None)
    assert driven.close().ended == "returned"
    assert driven.adapter.closed


def test_a_call_that_was_stopped_says_so() -> None:
    """After far too many requests."""
    driver = Driver(Toy)

    def run_away() -> None:
        driver.watchdog.stop()
        while True:
            pass

    assert driver.observe(run_away, limit=10).ended == "stopped"


def test_the_users_own_interrupt_ends_the_certification() -> None:
    """It is no fact about the adapter."""
    driver = Driver(Toy)

    def interrupted() -> None:
        driver.watchdog.interrupted = True
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        driver.observe(interrupted)


def test_an_instance_that_cannot_be_made_says_why() -> None:
    """There is none then."""

    class Unmade(Toy):
        def __init__(self, profile: ConnectionProfile | None = None) -> None:
            raise LookupError(f"no region in {profile!r}"[:9])

    driven, facts = Driver(Unmade).open(PROFILE)
    assert facts.error is not None
    assert facts.error.shown == "LookupError: no region"
    assert driven.adapter is None


def test_an_asynchronous_adapter_lives_on_one_loop() -> None:
    """From connect to close, in virtual time."""
    driven = opened(AsyncToy)
    assert driven.connect().result is True
    facts = driven.execute("echo", {"a": 1})
    assert (facts.result, facts.sleeps) == ({"a": 1}, (10,))
    assert len(set(driven.adapter.loops)) == 1
    assert driven.close().error is None
    assert driven.adapter.closed
    driven.end_loop()


def test_payloads_are_tried_on_the_input_model() -> None:
    """Where there is one; nothing else can say."""
    driver = Driver(Toy)
    assert driver.accepts("typed", {"number": 1})
    assert not driver.accepts("typed", {"number": "x"})
    assert driver.accepts("raw", {"number": "x"}) is None
    assert driver.accepts("unknown", {}) is None


@pytest.mark.parametrize("kind", [Toy, AsyncToy])
def test_a_crowd_runs_at_once_and_lists_what_each_did(kind: type[Any]) -> None:
    """On an instance for each profile."""
    jobs = [Job(n % 2, "echo", {"n": n}) for n in range(4)] + [Job(0, "fail", {"what": "note"})]
    facts = Driver(kind).crowd([PROFILE, PROFILE], jobs)
    *results, error = facts.result
    assert results == [{"result": {"n": n}} for n in range(4)]
    assert error == {"error": "automate_connectors.errors.NotFoundError (NOT_FOUND): no note"}
