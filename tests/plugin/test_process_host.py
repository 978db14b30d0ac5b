"""``pytest --connector-host=process``: the same verdict by a judge that imports neither case nor adapter."""

from __future__ import annotations

import json

import pytest
from certification.authored_file import acme_file


def _report(pytester: pytest.Pytester, name: str) -> dict[str, object]:
    path = pytester.path / "certification" / name / "report.json"
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_a_local_adapter_is_certified_outside(pytester: pytest.Pytester) -> None:
    """Its file is imported by children alone, and the report says which isolation was in force."""
    acme_file(pytester.path, "local", after="import os; assert 'AUTOMATE_CONNECTORS_CHILD' in os.environ")
    done = pytester.runpytest_subprocess("--connector=local", "--connector-host=process", "-p", "no:cacheprovider")
    assert done.ret == 0, done.stdout.str()
    done.stdout.fnmatch_lines(["*local 1.0.0: certified bronze*"])
    report = _report(pytester, "local")
    assert report["host"] == "process"
    environment = report["environment"]
    assert isinstance(environment, dict)
    assert "separate process" in environment["isolation"]


def test_what_cannot_be_judged_outside_is_a_usage_error(pytester: pytest.Pytester) -> None:
    """An unknown name, and a file that ends the child."""
    acme_file(pytester.path, "local")
    done = pytester.runpytest_subprocess("--connector=locale", "--connector-host=process", "-p", "no:cacheprovider")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*did you mean local?*"])
    acme_file(pytester.path, "local", after="import os; os._exit(3)")
    done = pytester.runpytest_subprocess("--connector=local", "--connector-host=process", "-p", "no:cacheprovider")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*ended the child process*"])


def test_a_wrong_case_is_reported(pytester: pytest.Pytester) -> None:
    """Every requirement says so, and so does the end of the run."""
    acme_file(pytester.path, "wrong", case="waivers = {'C01': 'because'}")
    done = pytester.runpytest_subprocess("--connector=wrong", "--connector-host=process", "-p", "no:cacheprovider")
    assert done.ret == 1
    done.stdout.fnmatch_lines(["*not certified: the waiver of C01 must be Waiver*"])
    assert _report(pytester, "wrong")["host"] == "process"


def test_a_broken_connector_is_refused_beside_others(pytester: pytest.Pytester) -> None:
    """Its level cannot be told, and the others are judged all the same."""
    acme_file(pytester.path, "right")
    acme_file(pytester.path, "odd", case="level = 'copper'")
    done = pytester.runpytest_subprocess(
        "--connector=right", "--connector=odd", "--connector-host=process", "-p", "no:cacheprovider"
    )
    assert done.ret == 1
    done.stdout.fnmatch_lines(["*right 1.0.0: certified bronze*", "*odd: not certified:*copper*"])
