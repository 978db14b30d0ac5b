"""What authors get wrong at Gold ends in a finding or an error that says what, and everything else is judged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from automate_conformance.replays import load_schedule, still_broken
from automate_connectors import ConfigurationError, __version__
from automate_connectors.certification import subject, watchdog
from automate_connectors.certification.report import Report
from automate_connectors.plugin.runs import ConnectorRun, Order
from automate_connectors.testing import ConnectorTestCase
from zoo.certify import SEED, certify, outcomes, unmet
from zoo.gold_broken.hanging import HangingRetryAdapter
from zoo.gold_right.chat import Chat, SearchingCase
from zoo.gold_right.database import MEMBERS as DATABASES
from zoo.gold_right.database import SqliteAdapter, SqliteCase
from zoo.gold_right.keys import HeaderKeyAdapter, payments
from zoo.gold_right.searching import SEARCHING, SearchingAdapter
from zoo.members import Member
from zoo.right.tape import record

_DELIVERY = {"I03", "I04", "I05", "I06", "I07"}


class SilentCase(SqliteCase):
    """Its `effects()` breaks."""

    def effects(self) -> Sequence[Any]:
        """Break."""
        raise KeyError("orders")


class ShrinkingCase(SqliteCase):
    """Each look at the effects shows one less."""

    def effects(self) -> Sequence[Any]:
        """The rows, and then none."""
        rows = super().effects()
        self.looks = getattr(self, "looks", 0) + 1
        return rows if self.looks % 2 else []


class ForgetfulCase(SqliteCase):
    """Its `reset()` forgets nothing."""

    def reset(self) -> None:
        """Do nothing."""


class BrokenChat(Chat):
    """A service that breaks at every write."""

    def answer(self, method: str, path: str, query: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Status and body."""
        if method == "POST":
            raise ZeroDivisionError("the fake is wrong")
        return super().answer(method, path, query, body)


class LateBrokenChat(Chat):
    """A service that breaks where a message is there already."""

    def answer(self, method: str, path: str, query: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Status and body."""
        if self.messages and method == "GET" and not path.endswith("/me"):
            raise ZeroDivisionError("the fake is wrong")
        return super().answer(method, path, query, body)


class BrokenChatCase(SearchingCase):
    """Judged by a service that breaks."""

    service = BrokenChat()


class LateBrokenChatCase(SearchingCase):
    """Judged by a service that breaks late."""

    service = LateBrokenChat()


def _certified(member: Member, folder: Path) -> Report:
    with member.among_its_neighbours():
        return certify(member.test_case(folder), level="gold", root=folder)


def _sqlite(case: type[ConnectorTestCase]) -> Member:
    return Member(SqliteAdapter, level="gold", base_case=case, options=DATABASES[0].options)


def _searching(case: type[ConnectorTestCase]) -> Member:
    return Member(SearchingAdapter, level="gold", base_case=case, record=record(SearchingAdapter, SEARCHING))


@pytest.mark.slow
def test_a_retry_that_never_returns_did_not_get_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that said retryable and then hangs fails I07, and the watchdog ends each such call."""
    monkeypatch.setattr(watchdog, "_TICK", 0.05)
    monkeypatch.setattr(subject, "LIMIT", 2.0)
    monkeypatch.setattr(subject, "_IMPATIENT", 0.2)
    member = Member(HangingRetryAdapter, record=payments(HangingRetryAdapter))
    assert set(unmet(_certified(member, tmp_path))) == {"I07"}


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (SilentCase, "effects() raised KeyError: 'orders'"),
        (ShrinkingCase, "effects() "),
        (ForgetfulCase, "after reset() there are still"),
    ],
)
def test_effects_that_cannot_be_told_leave_delivery_unjudged(
    case: type[ConnectorTestCase], told: str, tmp_path: Path
) -> None:
    """I03 to I07 are not run and say why; everything else is judged and met."""
    report = _certified(_sqlite(case), tmp_path)
    found = unmet(report)
    assert set(found) == _DELIVERY
    assert {outcomes(report)[identifier] for identifier in _DELIVERY} == {"not_run"}
    assert all(told in text for text in found.values()), found


@pytest.mark.parametrize("case", [BrokenChatCase, LateBrokenChatCase])
def test_a_service_of_the_authors_own_that_fails_is_named_and_no_fault_of_the_adapter(
    case: type[ConnectorTestCase], tmp_path: Path
) -> None:
    """What the application raised is the reason why delivery is not judged."""
    report = _certified(_searching(case), tmp_path)
    found = unmet(report)
    assert set(found) == _DELIVERY, found
    assert all("the case's service raised ZeroDivisionError: the fake is wrong" in text for text in found.values())


_GOOD = {
    "schema": "automate-connectors/schedule/1",
    "suite": __version__,
    "connector": "acme_sqlite",
    "action": "order",
    "requirement": "I03",
    "payload": {"item": "tea", "idempotency_key": "3f0c2a1e"},
    "schedule": ["ok"],
}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "cannot be read as a schedule"),
        ("[]", "is no schedule file"),
        ("null", "is no schedule file"),
        (json.dumps({}), "is no schedule file"),
        (json.dumps(_GOOD | {"schema": "automate-connectors/schedule/2"}), "is no schedule file"),
        (json.dumps(_GOOD | {"suite": "0.0.1"}), "was made by suite '0.0.1'"),
        (json.dumps(_GOOD | {"schedule": "ok"}), "is damaged (schedule)"),
        (json.dumps(_GOOD | {"schedule": [1]}), "is damaged"),
        (json.dumps(_GOOD | {"payload": []}), "is damaged (payload)"),
        (json.dumps(_GOOD | {"requirement": "C01"}), "is damaged"),
        (json.dumps(_GOOD | {"requirement": ["I03"]}), "is damaged (requirement)"),
        (json.dumps({key: _GOOD[key] for key in _GOOD if key != "connector"}), "is damaged (connector)"),
        ("\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "cannot be read as a schedule"),
    ],
)
def test_a_schedule_file_that_is_none_is_refused(content: str, told: str, tmp_path: Path) -> None:
    """A damaged file, or one of another suite, is an error that says what is wrong with it."""
    file = tmp_path / "schedule.json"
    file.write_bytes(content.encode("latin-1"))
    with pytest.raises(ConfigurationError) as caught:
        load_schedule(file)
    assert told in caught.value.message
    assert str(tmp_path) not in caught.value.message


def test_a_schedule_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The error names the file."""
    with pytest.raises(ConfigurationError, match=r"gone\.json cannot be read"):
        load_schedule(tmp_path / "gone.json")


@pytest.mark.parametrize(
    ("member", "change", "told"),
    [
        (_sqlite(SqliteCase), {"action": "sell"}, "has no example of sell"),
        (_sqlite(SqliteCase), {"schedule": ["melted"]}, "has the step 'melted'"),
        (
            Member(HeaderKeyAdapter, record=payments(HeaderKeyAdapter)),
            {"connector": "acme_key_in_header", "action": "pay", "schedule": ["melted"]},
            "has the step 'melted'",
        ),
    ],
)
def test_a_schedule_that_does_not_fit_the_connector_is_refused(
    member: Member, change: dict[str, Any], told: str, tmp_path: Path
) -> None:
    """An action that is gone or a step that is none ends in an error, never in FIXED."""
    file = tmp_path / "schedule.json"
    file.write_text(json.dumps(_GOOD | change), encoding="utf-8")
    case: Any = member.test_case(tmp_path / "cassettes")
    run = ConnectorRun(Order(member.adapter_class.name, member.adapter_class, case, "gold", tmp_path, seed=SEED))
    try:
        with run.subject.session(), pytest.raises(ConfigurationError) as caught:
            still_broken(run.subject, load_schedule(file))
    finally:
        run.close()
    assert told in caught.value.message
