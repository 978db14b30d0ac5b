"""An author's own mocks keep working inside a ConnectorTestCase."""

import pytest
from plugin.authored import ACME, acme_cassettes, run

MOCKED = """
import httpx
import requests
import responses
import respx
import vcr

from automate_connectors.testing import ConnectorTestCase
from acme_adapter import AcmeAdapter

ME = "https://api.acme.test/v1/me"


class TestAcme(ConnectorTestCase):
    adapter_class = AcmeAdapter

    def test_mocks_by_respx(self):
        with respx.mock:
            route = respx.get(ME).respond(json={"id": "from respx"})
            assert self.get_adapter().connect()
            assert route.called

    def test_mocks_by_responses(self):
        with responses.RequestsMock() as mocked:
            mocked.get(ME, json={"id": "from responses"})
            assert requests.get(ME, timeout=5).json() == {"id": "from responses"}
        assert requests.get(ME, timeout=5).json()["id"] == "u_1"

    def test_mocks_by_pytest_httpx(self, httpx_mock):
        httpx_mock.add_response(url=ME, json={"name": "no id"})
        assert self.get_adapter().connect() is False

    def test_mocks_by_vcrpy(self):
        with vcr.use_cassette("cassettes/acme/connect.yaml", record_mode="none") as tape:
            assert self.get_adapter().connect()
            assert tape.play_count == 1

    def test_mocks_end_where_they_end(self):
        with self.replay() as wire:
            assert self.get_adapter().connect()
        assert [request.url for request in wire.requests] == [ME]
"""


def test_four_kinds_of_mocks_work_beside_cassettes(pytester: pytest.Pytester) -> None:
    """respx, responses, pytest-httpx and vcrpy answer before the cassettes do, and only while they are active."""
    acme_cassettes(pytester.path)
    pytester.makepyfile(acme_adapter=ACME, test_acme=MOCKED)
    run(pytester, "-k", "mocks").assert_outcomes(passed=5, deselected=11)
