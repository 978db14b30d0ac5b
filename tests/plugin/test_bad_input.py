"""What goes wrong is said of the thing that is wrong, with the remedy, and harms no other connector of the run."""

import threading
import time
from pathlib import Path

import pytest
from plugin.authored import ACME, acme_cassettes, importable, install, outcomes, report_of, run, toy

from automate_connectors.certification.watchdog import CallHung, Watchdog

#: Adapters that misbehave when they are called; each is judged, and fails what it breaks.
MISBEHAVING = """
import os, sys
from automate_connectors import ConnectorAdapter, action, connector_registry

class Toy(ConnectorAdapter):
    version = "1.0.0"

    def connect(self):
        return True

    @action(examples=[{"text": "Hello"}])
    def send(self, payload: dict) -> dict:
        "Send."
        return self.sent(payload)

    def sent(self, payload):
        return {"sent": payload.get("text")}

class Exiting(Toy):
    name = "exiting"
    def sent(self, payload):
        sys.exit(3)

class Unhealthy(Toy):
    name = "unhealthy"
    def connect(self):
        raise SystemExit("no")

class Chatty(Toy):
    name = "chatty"
    def sent(self, payload):
        print("x" * 3_000_000)
        sys.stderr.write("y" * 3_000_000)
        return {}

class Binary(Toy):
    name = "binary"
    def sent(self, payload):
        return {"body": b"\\xff\\xfe"}

class Moving(Toy):
    name = "moving"
    def sent(self, payload):
        os.chdir("/")
        os.environ.clear()
        return {"sent": True}

class Unprintable(Toy):
    name = "unprintable"
    def sent(self, payload):
        class Silent(Exception):
            def __str__(self):
                raise RuntimeError("no text")
            __repr__ = __str__
        raise Silent

class Unmade(Toy):
    name = "unmade"
    def __init__(self, profile=None):
        raise RuntimeError("not today")

class Needy(Toy):
    name = "needy"
    def sent(self, payload):
        return {"sent": bool(self.profile.secret("api_key"))}

for adapter in (Exiting, Unhealthy, Chatty, Binary, Moving, Unprintable, Unmade, Needy):
    connector_registry.register(adapter.name, adapter)
"""

#: Cases that are wrong themselves; nothing is judged.
WRONG_CASES = """
from datetime import date, timedelta
from automate_connectors import connector_registry
from automate_connectors.testing import ConnectorTestCase, Waiver

class UnknownWaiver(ConnectorTestCase):
    adapter_class = connector_registry.get("unknown_waiver")
    waivers = {"Z99": Waiver("because", date.today() + timedelta(days=10))}

class WrongWaiver(ConnectorTestCase):
    adapter_class = connector_registry.get("wrong_waiver")
    waivers = {"E02": "because"}

class WrongProfile(ConnectorTestCase):
    adapter_class = connector_registry.get("wrong_profile")
    profile = {"token": "tok-1"}

class WrongExamples(ConnectorTestCase):
    adapter_class = connector_registry.get("wrong_examples")
    examples = ["Hello"]

class RaisingCase(ConnectorTestCase):
    adapter_class = connector_registry.get("raising_case")
    def __init__(self):
        raise RuntimeError("not today")
"""


def _asked(*names: str) -> list[str]:
    return [f"--connector={name}" for name in names]


def test_an_adapter_that_misbehaves_fails_what_it_breaks_and_nothing_else(pytester: pytest.Pytester) -> None:
    """Exiting, printing megabytes, moving away, raising what cannot be shown: the next connector is still certified."""
    pytester.makeconftest(MISBEHAVING + toy("good"))
    broken = {
        "exiting": {"C05", "C08"},
        "unhealthy": {"C03", "C08"},
        "chatty": set(),
        "binary": {"C05"},
        "moving": set(),
        "unprintable": {"C05"},
        "unmade": {"C02", "C03"},
        "needy": {"C05"},
    }
    result = run(pytester, *_asked(*broken, "good"), "-q", "--tb=line")
    assert result.ret == 1
    for name, failed in broken.items():
        found = outcomes(report_of(pytester, name))
        assert {key for key, value in found.items() if value in ("fail", "error")} == failed, name
    result.stdout.fnmatch_lines_random(
        [
            "FAILED C05 plain results: *raised SystemExit: 3*",
            "FAILED C03 health check says yes: *the adapter cannot be made*RuntimeError: not today*",
            "FAILED C05 plain results: send: *ConfigurationError*'api_key'*",
            "good 1.0.0: certified bronze",
        ]
    )
    assert len(result.stdout.str()) < 60_000


def test_a_case_that_is_wrong_is_named_with_the_remedy(pytester: pytest.Pytester) -> None:
    """Waivers, profile, examples or constructor of a case: said once, reported as not certified, others unharmed."""
    names = ("unknown_waiver", "wrong_waiver", "wrong_profile", "wrong_examples", "raising_case")
    pytester.makepyfile(test_all="".join(map(toy, (*names, "good"))) + WRONG_CASES)
    result = run(pytester, *_asked(*names, "good"), "-q", "--tb=line")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "unknown_waiver 1.0.0: not certified bronze (*1 wrong besides)",
            "WRONG *Z99*no requirement has this id*",
            "wrong_waiver: not certified: the waiver of E02 must be Waiver(reason, expires=date(...))",
            "wrong_profile: not certified: WrongProfile.profile is a dict and must be a ConnectionProfile, or None",
            "wrong_examples: not certified: WrongExamples cannot be read (AttributeError: *ConnectorTestCase",
            "raising_case: not certified: RaisingCase cannot be read (RuntimeError: not today)*",
            "good 1.0.0: certified bronze",
        ]
    )
    for name in names:
        assert not report_of(pytester, name)["certified"]


_FOREIGN = """
version: 1
recorded: {connector: slack, payload: {}}
interactions:
- request: {method: GET, uri: 'https://api.acme.test/v1/me', headers: {}, body: null}
  response: {status: {code: 200, message: OK}, headers: {}, body: {string: ''}}
"""

#: What stands in a cassette, and what is said of it.
CASSETTES = {
    "empty": ("", "*empty/get_user.yaml*"),
    "malformed": ("version: 1\ninteractions: [\n", "*malformed/get_user.yaml:3*expected YAML*"),
    "newer": ("version: 2\ninteractions: []\n", "*newer/get_user.yaml:1*"),
    "silent": (
        "version: 1\nrecorded: {connector: silent, payload: {}}\ninteractions: []\n",
        "*silent/get_user.yaml*",
    ),
    "foreign": (_FOREIGN, "*foreign/get_user.yaml: expected a cassette of connector 'foreign', found one of 'slack'*"),
}


def test_a_cassette_that_cannot_be_used_is_named_by_file_and_line(pytester: pytest.Pytester) -> None:
    """Empty, malformed, of another version, without interactions or another connector's: never "no interactions"."""
    for name, (text, _) in CASSETTES.items():
        folder = pytester.path / "cassettes" / name
        folder.mkdir(parents=True)
        (folder / "get_user.yaml").write_text(text)
    pytester.makeconftest("".join(map(toy, [*CASSETTES, "good"])))
    result = run(pytester, *_asked(*CASSETTES, "good"), "-q", "--tb=line")
    assert result.ret == 1
    result.stdout.fnmatch_lines([f"{name}: not certified: {told}" for name, (_, told) in CASSETTES.items()])
    result.stdout.fnmatch_lines(["good 1.0.0: certified bronze"])


def test_missing_cassettes_are_told(pytester: pytest.Pytester) -> None:
    """A connector that speaks HTTP without cassettes reaches nothing, and is told to record."""
    pytester.makepyfile(test_acme=ACME)
    result = run(pytester, "--connector=acme", "-q", "--tb=line")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["acme 1.0.0: not certified bronze*", "FAILED R01 reproducible offline: *api.acme.test*Record again*"]
    )


def test_a_broken_plugin_is_named_and_the_others_are_certified(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry point that fails to import, exits or names no adapter; alone it is a usage error."""
    points = (
        "[automate.connectors]\nfailing = failing_plugin:Adapter\nleaving = leaving_plugin:Adapter\n"
        "wrong_kind = wrong_plugin:NotAnAdapter\ngood = good_plugin:GoodAdapter\nhalf = good_plugin:GoodAdapter\n"
        "[automate.connector_cases]\nhalf = failing_plugin:Case\n"
    )
    install(
        pytester.path / "site",
        "broken_connectors",
        points,
        failing_plugin="import a_library_that_is_not_installed",
        leaving_plugin="raise SystemExit(9)",
        wrong_plugin="class NotAnAdapter: ...",
        good_plugin=toy("good").replace("connector_registry.register", "# installed:"),
    )
    importable(monkeypatch, pytester.path / "site")
    stale = pytester.path / "certification" / "failing" / "report.json"
    stale.parent.mkdir(parents=True)
    stale.write_text('{"certified": true}')
    result = run(pytester, *_asked("failing", "leaving", "wrong_kind", "half", "good"), "-q")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "good 1.0.0: certified bronze",
            "failing: not certified: *'failing' is broken*mend or uninstall*ModuleNotFoundError: *not_installed*",
            "leaving: not certified: *'leaving' is broken*(SystemExit: 9)",
            "wrong_kind: not certified: *'wrong_kind' is broken*must be a subclass of ConnectorAdapter*",
            "half: not certified: the test case of half (failing_plugin:Case) cannot be imported*not_installed*",
        ]
    )
    assert not stale.exists()
    alone = run(pytester, "--connector=failing")
    assert alone.ret == pytest.ExitCode.USAGE_ERROR
    alone.stderr.fnmatch_lines(["*'failing' is broken*"])


def test_what_is_no_adapter_cannot_be_registered(pytester: pytest.Pytester) -> None:
    """The file that registers it is named, with what a connector must be."""
    pytester.makepyfile(
        test_toy="from automate_connectors import connector_registry\nconnector_registry.register('toy', dict)\n"
    )
    result = run(pytester, "--connector=toy")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*test_toy.py cannot be imported*must be a subclass of ConnectorAdapter*"])


def test_a_call_that_never_comes_back_is_ended() -> None:
    """The watchdog interrupts what waits without end, in real time."""
    began = time.monotonic()
    with pytest.raises(CallHung), Watchdog().watching(limit=0.1):
        threading.Event().wait(30)
    assert time.monotonic() - began < 10


def test_answers_that_are_no_text_do_not_end_a_run(pytester: pytest.Pytester) -> None:
    """A recorded body that is not UTF-8 is replayed as it is, and an adapter that decodes it is judged like any."""
    acme_cassettes(pytester.path)
    cassette = Path(pytester.path / "cassettes" / "acme" / "get_user.yaml")
    text = cassette.read_text().replace("""'{"id": "u_7", "name": "Ada"}'""", '!!binary "//4AgQ=="')
    assert "binary" in text
    cassette.write_text(text)
    pytester.makepyfile(test_acme=ACME)
    result = run(pytester, "--connector=acme", "-q", "--tb=line", "-k", "C05")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["FAILED C05 plain results: get_user: *BAD_RESPONSE*"])


@pytest.mark.parametrize("place", ["file", "file/below", "link"])
def test_a_place_where_no_report_can_be_is_refused_at_once(pytester: pytest.Pytester, place: str) -> None:
    """Before anything is judged; what lies there stays."""
    (pytester.path / "file").write_text("mine")
    (pytester.path / "link").symlink_to("nowhere")
    result = run(pytester, "--connector=logging", f"--connector-report={place}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "--connector-report needs a folder to write to" in result.stderr.str()
    assert (pytester.path / "file").read_text() == "mine"
    assert not (pytester.path / "nowhere").exists()
