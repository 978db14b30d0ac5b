"""`pytest --connector-replay FILE`: one stored schedule again (contract, section 3)."""

import json
from pathlib import Path
from typing import Any

import pytest
from plugin.authored import ACME, acme_cassettes, run

from automate_connectors import __version__

_SCHEDULE: dict[str, Any] = {
    "schema": "automate-connectors/schedule/1",
    "suite": __version__,
    "connector": "acme",
    "action": "post_note",
    "requirement": "I05",
    "payload": {"text": "Remember the milk."},
    "schedule": ["lost_response"],
}
#: Makes the unsafe action ask for a retry after every failure.
_LYING = """
from automate_connectors import ConnectorError

def execute(self, action, payload, inner=AcmeAdapter.execute):
    try:
        return inner(self, action, payload)
    except ConnectorError as error:
        error.retryable = True
        raise

AcmeAdapter.execute = execute
"""


def _prepared(pytester: pytest.Pytester, source: str, **change: Any) -> None:
    pytester.makepyfile(test_acme=source)
    acme_cassettes(Path(pytester.path))
    (pytester.path / "schedule.json").write_text(json.dumps(_SCHEDULE | change), encoding="utf-8")


def test_a_schedule_that_breaks_the_adapter_no_more_is_fixed(pytester: pytest.Pytester) -> None:
    """Exit 0 and FIXED."""
    _prepared(pytester, ACME)
    result = run(pytester, "--connector-replay=schedule.json")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["FIXED: acme post_note under lost_response"])


def test_a_schedule_that_still_breaks_the_adapter_says_so(pytester: pytest.Pytester) -> None:
    """Exit 1, STILL FAILING, and what is wrong."""
    _prepared(pytester, ACME + _LYING)
    result = run(pytester, "--connector-replay=schedule.json")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*with retryable True after the effect*", "STILL FAILING: acme post_note under *"])


@pytest.mark.parametrize(
    ("change", "arguments", "told"),
    [
        ({"connector": "acne"}, [], "*There is no connector 'acne'*"),
        ({"suite": "0.0.1"}, [], "*schedule.json was made by suite '0.0.1'*"),
        ({"payload": None}, [], "*schedule.json is damaged (payload)*"),
        ({}, ["--connector=slack"], "*schedule.json is a schedule of acme, not of slack*"),
    ],
)
def test_a_schedule_that_cannot_be_run_is_a_usage_error(
    pytester: pytest.Pytester, change: dict[str, Any], arguments: list[str], told: str
) -> None:
    """Exit 4 and one line: another connector's, another suite's, a damaged one."""
    _prepared(pytester, ACME, **change)
    result = run(pytester, "--connector-replay=schedule.json", *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([told])
