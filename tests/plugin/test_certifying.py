"""`pytest --connector`: options, exit codes, what it prints and writes (contract, sections 3 and 5)."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from plugin.authored import case, outcomes, report_of, run, toy

SCHEMA = Path(__file__).resolve().parents[2] / "conformance" / "report.schema.json"

#: Settings under which a plugin that leans on pytest's defaults breaks.
HOSTILE = """
[pytest]
addopts = --strict-markers --strict-config --import-mode=importlib -p no:randomly -W error
filterwarnings = error
python_files = check_*.py
python_functions = examine_*
python_classes = Nothing
"""

MEDDLING = """
import pytest

@pytest.fixture(autouse=True)
def everywhere():
    raise RuntimeError("an author's fixture ran under --connector")

@pytest.fixture
def subject():
    raise RuntimeError("an author's fixture was asked for")

verdict = level = connector = subject
"""


def test_built_in_connectors_are_certified_from_an_empty_folder(pytester: pytest.Pytester) -> None:
    """Both reach their level, the terminal ends with level, families and path, and the report fits its schema."""
    result = run(
        pytester,
        "--connector=slack",
        "--connector=logging",
        "--connector-report=out",
        "--connector-seed=7",
        "--junitxml=junit.xml",
    )
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "*= slack =*",
            "slack 1.0.0: certified silver",
            "contract * passed*",
            "secrets and safety * passed*",
            "report: out/slack/report.json",
            "*= logging =*",
            "logging 1.0.0: certified gold",
            "report: out/logging/report.json",
        ]
    )
    schema = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text()))
    for name, level in (("slack", "silver"), ("logging", "gold")):
        report = report_of(pytester, name, "out")
        schema.validate(report)
        assert (report["certified"], report["level"], report["seed"], report["host"]) == (True, level, 7, "inline")
        assert len(report["requirements"]) == 45
    _properties_hold(pytester.path / "junit.xml")


def _properties_hold(junit: Path) -> None:
    """Each test case of the JUnit file names its requirement and level."""
    cases = ET.parse(junit).getroot().findall(".//testcase")  # noqa: S314 - pytest itself wrote the file
    named = [{p.attrib["name"]: p.attrib["value"] for p in each.findall("./properties/property")} for each in cases]
    assert {(each["requirement"], each["level"]) for each in named} >= {
        ("C01", "bronze"),
        ("E02", "silver"),
        ("I03", "gold"),
    }
    assert {each["connector"] for each in named} == {"slack", "logging"}


def test_neither_settings_nor_the_authors_own_tests_and_fixtures_touch_a_certification(
    pytester: pytest.Pytester,
) -> None:
    """Hostile settings, autouse fixtures and failing tests of the author leave the verdict as it is."""
    pytester.makeini(HOSTILE)
    pytester.makeconftest(MEDDLING)
    own = "\n    def test_never_runs(self):\n        assert False\n\ndef examine_this():\n    assert False\n"
    pytester.makepyfile(check_toy=toy() + case() + own)
    result = run(pytester, "--connector=toy", "-v")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*toy::C01-identity PASSED*", "toy 1.0.0: certified bronze"])
    result.stdout.no_fnmatch_line("*never_runs*")
    result.stdout.no_fnmatch_line("*examine_this*")


def test_two_workers_find_what_one_process_finds(pytester: pytest.Pytester) -> None:
    """With `-n 2` the outcomes, the seed and the exit code are those of a run without."""
    pytester.makepyfile(test_toys=toy("one") + toy("two"))
    alone = run(pytester, "--connector=one", "--connector=two", "--connector-report=alone", "-q")
    shared = run(pytester, "--connector=one", "--connector=two", "--connector-report=shared", "-q", "-n", "2")
    assert (alone.ret, shared.ret) == (0, 0)
    for name in ("one", "two"):
        shared.stdout.fnmatch_lines([f"{name} 1.0.0: certified bronze"])
        found = [report_of(pytester, name, folder) for folder in ("alone", "shared")]
        assert outcomes(found[0]) == outcomes(found[1])
        assert found[0]["seed"] == found[1]["seed"]
        assert set(outcomes(found[1]).values()) == {"pass", "not_applicable"}


def test_a_level_not_reached_is_exit_1_and_says_what_to_mend(pytester: pytest.Pytester) -> None:
    """`--connector-level` replaces the claimed level; each failing requirement ends on the terminal with its remedy."""
    pytester.makepyfile(test_toy=toy().replace("payload: dict", "payload") + case())
    result = run(pytester, "--connector=toy", "--connector-level=silver", "-q")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "toy 1.0.0: not certified silver (reached bronze)",
            "FAILED C09 declared actions: *expected*; got *To mend it: *",
            "report: certification/toy/report.json",
        ]
    )
    report = report_of(pytester, "toy")
    assert (report["claimed_level"], report["level"], report["certified"]) == ("silver", "bronze", False)
    assert outcomes(report, "silver")["C09"] == "fail"


def test_what_was_deselected_counts_as_not_reached(pytester: pytest.Pytester) -> None:
    """`-k` cannot make a certificate: exit 1, and each requirement that did not run says so."""
    pytester.makepyfile(test_toy=toy())
    result = run(pytester, "--connector=toy", "-k", "C01 or C02")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["toy 1.0.0: not certified bronze*", "NOT RUN C03 health check says yes: *deselected*"])
    assert outcomes(report_of(pytester, "toy"))["C08"] == "not_run"


def test_a_run_that_judges_nothing_leaves_no_certificate_of_an_earlier_one(pytester: pytest.Pytester) -> None:
    """Where everything is deselected, the report says so in place of the one that certified."""
    pytester.makepyfile(test_toy=toy())
    assert run(pytester, "--connector=toy").ret == 0
    result = run(pytester, "--connector=toy", "-k", "nothing")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["toy 1.0.0: not certified bronze*"])
    assert not report_of(pytester, "toy")["certified"]


def test_collect_only_lists_requirements_and_judges_nothing(pytester: pytest.Pytester) -> None:
    """Every requirement up to the level is listed in catalogue order, session-wide ones last; no report is written."""
    pytester.makepyfile(test_toy=toy())
    result = run(pytester, "--connector=toy", "--collect-only", "-q")
    assert result.ret == 0
    listed = [line.partition("::")[2][:3] for line in result.outlines if line.startswith("toy::")]
    assert listed == ["C01", "C02", "C03", "C04", "C05", "C06", "S02", "C07", "C08", "S01", "R01"]
    result.stdout.no_fnmatch_line("*not certified*")
    assert not (pytester.path / "certification").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--connector=slak", "-n", "2"], "*There is no connector 'slak'; did you mean slack*"),
        (["--connector=slack", "--connector-level=gilded"], "*invalid choice: 'gilded'*"),
    ],
)
def test_what_cannot_be_done_is_a_usage_error(pytester: pytest.Pytester, arguments: list[str], told: str) -> None:
    """Exit 4 and one line that says what to write instead."""
    result = run(pytester, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([told])


def test_every_page_stands_beside_the_report(pytester: pytest.Pytester) -> None:
    """The page, the summary and the badges; coverage is in the report from Gold on."""
    result = run(pytester, "--connector=logging", "--connector-report=out")
    assert result.ret == 0
    folder = pytester.path / "out" / "logging"
    assert {path.name for path in folder.iterdir()} == {
        "report.json", "report.html", "report.md", "badge.json", "badge.svg",
    }  # fmt: skip
    covered = json.loads((folder / "report.json").read_text(encoding="utf-8"))["coverage"]
    assert covered["percent"] == pytest.approx(100 * covered["covered"] / covered["lines"], abs=0.01)
    assert covered["percent"] >= 85


def test_what_an_adapter_leaves_to_the_collector_is_no_error_of_the_users(pytester: pytest.Pytester) -> None:
    """Bronze does not ask for clean-up: under `-W error` neither a requirement nor the session breaks of it."""
    leaves = """        import socket
        left = [socket.socket()]
        left.append(left)
        return {"sent": payload.get("text")}
"""
    pytester.makepyfile(test_toy=toy().replace('        return {"sent": payload.get("text")}\n', leaves))
    result = run(pytester, "--connector=toy", "-W", "error")
    assert result.ret == 0, result.stdout.str()
    assert "unclosed" not in result.stdout.str()
