"""A ConnectorTestCase under plain `pytest`: the author's tests, and one test a requirement (contract, section 2)."""

import pytest
from plugin.authored import ACME, acme_cassettes, case, run, toy

#: What an author may do in their own tests; each line is a promise of the contract.
OWN_TESTS = """
import socket
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from automate_connectors import ConnectorError, NetworkError, RateLimitedError, ServiceTimeoutError
from automate_connectors.testing import ConnectorTestCase, Fault
from acme_adapter import AcmeAdapter


class AcmeChecks(ConnectorTestCase):
    adapter_class = AcmeAdapter

    def test_shows_that_cassettes_answer(self):
        adapter = self.get_adapter()
        assert adapter.connect() is True
        assert adapter.execute("get_user", {"user_id": "u_7"})["name"] == "Ada"

    def test_shows_that_options_and_placeholders_arrive(self):
        adapter = self.get_adapter(timeout=3.5, colour="red")
        assert adapter.profile.option("colour") == "red"
        assert len(adapter.profile.secret("token")) >= 16
        assert "token" in adapter.profile.secrets

    def test_shows_requests(self):
        with self.replay() as wire:
            adapter = self.get_adapter()
            adapter.connect()
            adapter.execute("post_note", {"text": "Remember the milk."})
        asked, posted = wire.requests
        assert (asked.method, asked.url) == ("GET", "https://api.acme.test/v1/me")
        assert posted.json() == {"text": "Remember the milk."}
        assert isinstance(posted.body, bytes)
        assert posted.headers["AUTHORIZATION"] == posted.headers["authorization"]
        assert posted.headers["Authorization"] == "Bearer " + adapter.profile.secret("token")

    def test_shows_status_faults(self):
        adapter = self.get_adapter()
        with self.replay(fault=Fault.status(429, retry_after=7)), pytest.raises(RateLimitedError) as caught:
            adapter.execute("get_user", {"user_id": "u_7"})
        assert caught.value.retry_after == 7
        assert adapter.execute("get_user", {"user_id": "u_7"})["name"] == "Ada"

    def test_shows_that_a_fault_can_strike_once(self):
        adapter = self.get_adapter()
        with self.replay(fault=Fault.status(503, times=1)) as wire:
            with pytest.raises(ConnectorError):
                adapter.execute("get_user", {"user_id": "u_7"})
            assert adapter.execute("get_user", {"user_id": "u_7"})["id"] == "u_7"
        assert len(wire.requests) == 2

    def test_shows_that_a_fault_can_strike_at_one_request_of_each_call(self):
        adapter = self.get_adapter()
        with self.replay(fault=Fault.status(503, at=2)):
            assert adapter.execute("get_user", {"user_id": "u_7"})["id"] == "u_7"
            assert adapter.execute("get_user", {"user_id": "u_7"})["id"] == "u_7"
        with self.replay(fault=Fault.status(503, at=1)), pytest.raises(ConnectorError):
            adapter.execute("get_user", {"user_id": "u_7"})

    @pytest.mark.parametrize(("kind", "error"), [("read_timeout", ServiceTimeoutError), ("refused", NetworkError)])
    def test_shows_network_faults(self, kind, error):
        with self.replay(fault=Fault.network(kind)), pytest.raises(error):
            self.get_adapter().connect()

    def test_shows_broken_bodies(self):
        with self.replay(fault=Fault.body("html")), pytest.raises(ConnectorError) as caught:
            self.get_adapter().execute("get_user", {"user_id": "u_7"})
        assert caught.value.code == "BAD_RESPONSE"

    def test_shows_that_an_unknown_host_fails(self):
        with pytest.raises(OSError):
            urllib.request.urlopen("https://example.com/", timeout=5)
        with pytest.raises(OSError):
            socket.create_connection(("192.0.2.1", 443), timeout=5)

    def test_shows_that_loopback_stays_reachable(self):
        class Hello(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "5")
                self.end_headers()
                self.wfile.write(b"hello")

            def log_message(self, *_):
                pass

        with HTTPServer(("127.0.0.1", 0), Hello) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            for host in ("127.0.0.1", "localhost"):
                with urllib.request.urlopen(f"http://{host}:{server.server_port}/", timeout=5) as answer:
                    assert answer.read() == b"hello"
            server.shutdown()


def test_shows_that_tests_beside_the_case_are_plain_tests():
    assert socket.gethostbyname("localhost")
"""

#: Cases that collect: any class name, with fixtures, marks and inheritance as in any test class.
SHAPES = """
import pytest
from automate_connectors.testing import ConnectorTestCase
from toy_adapter import ToyAdapter

class Shared(ConnectorTestCase):
    def test_shared(self, greeting):
        assert self.get_adapter().execute("send", {"text": greeting}) == {"sent": "hello"}

@pytest.fixture
def greeting():
    return "hello"

@pytest.fixture
def subject():
    raise RuntimeError("nobody asks for this")

class ToyChecks(Shared):
    adapter_class = ToyAdapter
    level = "silver"

    @pytest.fixture(autouse=True)
    def prepared(self):
        self.ready = True

    def setup_method(self):
        self.counted = 1

    def test_fixtures(self):
        assert self.ready and self.counted == 1
"""


def test_the_kit_keeps_its_promises_inside_an_authors_tests(pytester: pytest.Pytester) -> None:
    """Cassettes answer, faults strike, requests show, strangers fail and loopback stays."""
    acme_cassettes(pytester.path)
    pytester.makepyfile(acme_adapter=ACME, test_acme=OWN_TESTS)
    run(pytester, "-k", "shows", "-W", "error").assert_outcomes(passed=12, deselected=11)


def test_a_case_runs_its_own_tests_and_one_test_a_requirement(pytester: pytest.Pytester) -> None:
    """Whatever its name, a case is collected once, with requirements up to its level named after them."""
    lacking = toy().replace("payload: dict", "payload")
    pytester.makepyfile(toy_adapter=lacking, test_toy=SHAPES, test_other="from test_toy import ToyChecks, Shared\n")
    result = run(pytester, "-v", "-rs", "-k", "test_ or C01 or C09 or E02")
    assert result.ret == 1
    result.stdout.fnmatch_lines_random(
        [
            "test_toy.py::ToyChecks::test_shared PASSED*",
            "test_toy.py::ToyChecks::test_fixtures PASSED*",
            "test_toy.py::ToyChecks::C01-identity PASSED*",
            "test_toy.py::ToyChecks::C09-declared-actions FAILED*",
            "test_toy.py::ToyChecks::E02-status-errors SKIPPED (not applicable*",
            "*C09 declared actions (silver)*",
            "*observed *it lacks an input schema*",
            "To mend it: *",
        ]
    )
    result.stdout.no_fnmatch_line("test_other.py::*")
    result.stdout.no_fnmatch_line("*::Shared::*")
    assert not (pytester.path / "certification").exists()


def test_what_lacks_examples_is_a_skip_that_says_what_to_declare(pytester: pytest.Pytester) -> None:
    """A case without examples is no failure: exit 0, and the skips name what to declare."""
    silent = toy().replace('@action(examples=[{"text": "Hello"}])', "@action")
    pytester.makepyfile(test_toy=silent + case(name="ToyChecks"))
    result = run(pytester, "-rs", "-k", "C05 or C07")
    result.assert_outcomes(skipped=2, deselected=9)
    result.stdout.fnmatch_lines(["SKIPPED*there is no example: declare `examples` on the test case or on @action*"])


def test_a_level_that_is_none_is_said_of_the_case(pytester: pytest.Pytester) -> None:
    """The case is named with the levels there are, under plain pytest and under --connector."""
    pytester.makepyfile(test_toy=toy() + case(level="gilded"))
    told = "*TestToy.level is 'gilded' and must be one of bronze, silver, gold, platinum*"
    run(pytester).stdout.fnmatch_lines([told])
    result = run(pytester, "--connector=toy")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([told])


def test_a_requirement_over_the_whole_session_is_judged_alone_as_well(pytester: pytest.Pytester) -> None:
    """With `-k S01` what the others would have shown is run first: a leak is found, not skipped."""
    leaky = toy().replace("        return {", '        print(self.profile.secret("token"))\n        return {')
    declared = leaky.replace('version = "1.0.0"', 'version = "1.0.0"\n    secrets = ("token",)')
    pytester.makepyfile(test_toy=declared + case(name="ToyChecks"))
    result = run(pytester, "-k", "S01")
    result.assert_outcomes(failed=1, deselected=10)
    result.stdout.fnmatch_lines(["*observed *it stands in the stdout*"])
