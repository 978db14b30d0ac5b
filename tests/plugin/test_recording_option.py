"""`pytest --connector --connector-record`: recorded, then certified from that; or refused, and not certified."""

from __future__ import annotations

import os

import pytest
from plugin.authored import ACME, report_of, run
from recording.live import Asked, Says, Service, serving

CASE = """
from automate_connectors import ConnectionProfile
from automate_connectors.testing import ConnectorTestCase

class TestAcme(ConnectorTestCase):
    adapter_class = AcmeAdapter
    profile = ConnectionProfile("acme", secrets={{"token": "env://ACME_TOKEN"}})
    recording_options = {{"base_url": "{address}/v1"}}
"""


def acme(asked: Asked) -> Says:
    """Acme, to whoever has the token."""
    if asked.headers.get("authorization") != "Bearer the-real-token":
        return Says(b'{"message": "bad token"}', 401)
    return Says(b'{"id": "u_1", "name": "Ada"}')


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, pytester: pytest.Pytester) -> object:
    """Acme on loopback, and its case in a file."""
    monkeypatch.setenv("ACME_TOKEN", "the-real-token")
    # Recording reads the environment, proxies included; loopback needs none.
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    with serving(acme) as found:
        pytester.makepyfile(test_acme=ACME + CASE.format(address=found.address))
        yield found


def test_it_records_and_certifies_from_what_was_recorded(pytester: pytest.Pytester, service: Service) -> None:
    """The service is asked once for each call, and the report names the cassettes."""
    result = run(pytester, "--connector=acme", "--connector-record")
    assert result.ret == 0
    assert len(service.asked) == 3
    result.stdout.fnmatch_lines(
        ["acme: recorded connect.yaml, get_user.yaml, post_note.yaml in cassettes/acme", "acme 1.0.0: certified bronze"]
    )
    assert len(report_of(pytester, "acme")["cassettes"]) == 3
    assert "the-real-token" not in (pytester.path / "cassettes" / "acme" / "connect.yaml").read_text()


def test_what_could_not_be_recorded_is_not_certified(
    pytester: pytest.Pytester, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 1, the reason without the token, and the old cassettes as they were."""
    assert run(pytester, "--connector=acme", "--connector-record").ret == 0
    folder = pytester.path / "cassettes" / "acme"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setenv("ACME_TOKEN", "the-wrong-token")
    result = run(pytester, "--connector=acme", "--connector-record")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["acme: not certified: nothing was recorded and no cassette was touched: connect() failed: AUTH_FAILED*401*"]
    )
    assert "the-wrong-token" not in result.stdout.str()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert not (pytester.path / "certification" / "acme" / "report.json").exists()
    assert len(service.asked) == 4


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["--connector=acme", "--connector-record", "-n", "2"],
            "*works without -n only: workers would call the service*",
        ),
        (["--connector-record"], "*--connector=NAME names: name one*"),
    ],
)
def test_it_is_refused_where_it_cannot_work(
    pytester: pytest.Pytester, service: Service, arguments: list[str], told: str
) -> None:
    """Exit 4 with the reason, and the service is not called."""
    result = run(pytester, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([told])
    assert service.asked == []


def test_collecting_only_calls_nobody(pytester: pytest.Pytester, service: Service) -> None:
    """Requirements are listed, nothing is recorded."""
    assert run(pytester, "--connector=acme", "--connector-record", "--collect-only", "-q").ret == 0
    assert service.asked == []


def test_a_connector_without_network_has_nothing_to_record(pytester: pytest.Pytester) -> None:
    """It is told, and certified all the same."""
    result = run(pytester, "--connector=logging", "--connector-record", "--connector-level=bronze")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["logging: it sent no request, so there is nothing to record"])


def test_a_case_that_cannot_be_made_is_told(pytester: pytest.Pytester) -> None:
    """By the place where it broke."""
    broken = CASE.format(address="http://127.0.0.1:1") + "\n    def __init__(self):\n        raise LookupError('no')\n"
    pytester.makepyfile(test_acme=ACME + broken)
    result = run(pytester, "--connector=acme", "--connector-record")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*the case cannot be read: LookupError in test_acme.py:*"])
