"""X02 end to end: a connector recorded twice from a service that stayed as it was, or went on in between."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from plugin.authored import ACME, importable, report_of, run
from recording.live import JSON, Asked, Says, Service, serving
from zoo.acme import SAID

TESTS = Path(__file__).resolve().parents[1]
CASE = """
from automate_connectors import ConnectionProfile
from automate_connectors.testing import ConnectorTestCase

class TestAcme(ConnectorTestCase):
    adapter_class = AcmeAdapter
    profile = ConnectionProfile("acme", secrets={{"token": "the-real-token"}})
    recording_options = {{"base_url": "{address}/v1"}}
"""
#: A connector that is right in everything.
RIGHT = '''
from automate_connectors import connector_registry
from zoo.broken.lean import LeanHttp

class AcmeAdapter(LeanHttp):
    """Acme on our own base class."""

    name = "acme"

connector_registry.register("acme", AcmeAdapter)
'''
USER = {"id": "u_1", "name": "Ada", "age": 36}


def answering(fields: dict[str, Any] = USER, status: int = 200, **headers: str) -> Any:
    """A service that answers everything alike."""
    more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return lambda _: Says(json.dumps(fields).encode(), status, (*JSON, *more))


def as_the_zoo_has_it(asked: Asked) -> Says:
    """Acme of the zoo, live."""
    (said,) = [
        each
        for several in SAID.values()
        for each in several
        if (each.method, each.path) == (asked.method, asked.target)
    ]
    return Says(json.dumps(said.answer).encode(), said.status)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Acme on loopback, reached without a proxy."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    with serving(answering()) as found:
        yield found


def recorded(pytester: pytest.Pytester) -> dict[str, Any]:
    """Record Acme and judge X02 of it."""
    run(pytester, "--connector=acme", "--connector-record", "--connector-level=platinum", "-k", "X02")
    (result,) = [each for each in report_of(pytester, "acme")["requirements"] if each["id"] == "X02"]
    return dict(result)


def test_a_service_that_stays_as_it_was_is_alive(pytester: pytest.Pytester, service: Service) -> None:
    """Once is not enough; the second recording agrees with the first, whatever values it has."""
    pytester.makepyfile(test_acme=ACME + CASE.format(address=service.address))
    first = recorded(pytester)
    assert (first["outcome"], "record a second time" in first["reason"]) == ("not_run", True)
    service.answer = answering({**USER, "name": "Grace", "age": 85})
    assert recorded(pytester)["outcome"] == "pass"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        pytest.param(answering({"id": "u_1", "name": "Ada"}), "field '/age' is gone: number before", id="field gone"),
        pytest.param(
            answering({**USER, "mail": "a@b"}), "field '/mail' is new: text", id="field new", marks=pytest.mark.slow
        ),
        pytest.param(answering({**USER, "age": "36"}), "field '/age' is text, number before", id="type"),
        pytest.param(
            answering({**USER, "name": None}), "field '/name' is null, text before", id="null", marks=pytest.mark.slow
        ),
        pytest.param(answering(status=201), "status 201, 200 before", id="status"),
        pytest.param(
            answering(Deprecation="true"), "header 'deprecation' is new: present", id="header", marks=pytest.mark.slow
        ),
    ],
)
def test_a_service_that_went_on_is_drift(pytester: pytest.Pytester, service: Service, answer: Any, told: str) -> None:
    """The second recording is written, and X02 says what changed, with file and line."""
    pytester.makepyfile(test_acme=ACME + CASE.format(address=service.address))
    recorded(pytester)
    service.answer = answer
    found = recorded(pytester)
    assert found["outcome"] == "fail"
    assert {each["observed"] for each in found["failures"]} == {f"interaction 0: {told}"}
    lines = (pytester.path / "cassettes" / "acme" / "get_user.yaml").read_text().splitlines()
    place = next(number for number, line in enumerate(lines, 1) if line.startswith("  previous:"))
    assert f"get_user.yaml:{place} (recorded.previous)" in {each["case"] for each in found["failures"]}


@pytest.mark.slow
def test_a_right_connector_recorded_twice_reaches_platinum(
    pytester: pytest.Pytester, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the service to the level: recorded, recorded again, judged outside."""
    importable(monkeypatch, TESTS)
    service.answer = as_the_zoo_has_it
    pytester.makepyfile(test_acme=RIGHT + CASE.format(address=service.address))
    for _ in range(2):
        recorded(pytester)
    done = run(pytester, "--connector=acme", "--connector-level=platinum", "--connector-host=process")
    done.stdout.fnmatch_lines(["acme 1.0.0: certified platinum"])
    assert done.ret == 0
