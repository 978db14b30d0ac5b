"""One stored failing schedule, run again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from certification.judged import case_of, subject_of
from zoo.acme import EXAMPLES
from zoo.right.with_urllib import UrllibAcmeAdapter

from automate_conformance.replays import StoredSchedule, load_schedule, still_broken
from automate_connectors import __version__
from automate_connectors.certification.delivery.exhibits import SCHEMA
from automate_connectors.errors import ConfigurationError, ConnectorError

NOTE = EXAMPLES["post_note"]
WHOLE = {
    "schema": SCHEMA,
    "suite": __version__,
    "connector": "acme_http",
    "action": "post_note",
    "requirement": "I05",
    "payload": NOTE,
    "schedule": ["lost_response"],
}


class Lying(UrllibAcmeAdapter):
    """Says of every failed note that trying again is safe."""

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Lie about it."""
        try:
            return super().execute(action, payload)
        except ConnectorError as error:
            error.retryable = True
            raise


def stored(**changes: Any) -> StoredSchedule:
    """A schedule as it was stored."""
    data: dict[str, Any] = {**WHOLE, **changes}
    return StoredSchedule(
        data["connector"], data["action"], data["requirement"], data["payload"], tuple(data["schedule"])
    )


def loaded(folder: Path, data: Any) -> StoredSchedule:
    """A schedule read from a file."""
    path = folder / "post_note.schedule.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return load_schedule(path)


def test_a_schedule_file_is_read(tmp_path: Path) -> None:
    """As a certification wrote it."""
    assert loaded(tmp_path, WHOLE) == stored()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("{broken", "cannot be read as a schedule: JSONDecodeError"),
        ([], "is no schedule file of"),
        ({**WHOLE, "schema": "other/1"}, "is no schedule file of"),
        ({**WHOLE, "suite": "0.0.1"}, "was made by suite '0.0.1'"),
        ({**WHOLE, "payload": []}, r"is damaged \(payload\): certify again"),
        ({**WHOLE, "requirement": "C01"}, r"is damaged \(requirement or schedule\)"),
        ({**WHOLE, "schedule": [1]}, r"is damaged \(requirement or schedule\)"),
    ],
)
def test_what_is_no_schedule_of_this_suite_is_refused(tmp_path: Path, data: Any, told: str) -> None:
    """With the file's name and what is wrong."""
    with pytest.raises(ConfigurationError, match=told):
        loaded(tmp_path, data)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(ConfigurationError, match=r"gone\.json cannot be read"):
        load_schedule(tmp_path / "gone.json")


@pytest.mark.parametrize("requirement", ["I02", "I03", "I04", "I05", "I07"])
def test_what_was_mended_is_broken_no_more(tmp_path: Path, requirement: str) -> None:
    """By any rule of delivery."""
    with subject_of(case_of(tmp_path)) as subject:
        assert still_broken(subject, stored(requirement=requirement)) is None


def test_what_is_still_broken_says_how(tmp_path: Path) -> None:
    """By the rule that it broke."""
    with subject_of(case_of(tmp_path, Lying)) as subject:
        assert "with retryable True after the effect" in str(still_broken(subject, stored()))


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"action": "gone"}, "has no example of gone any more"), ({"schedule": ["thrice"]}, "has the step 'thrice'")],
)
def test_a_schedule_that_fits_no_more_is_refused(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    """The action is gone, or a step is none."""
    with subject_of(case_of(tmp_path)) as subject, pytest.raises(ConfigurationError, match=told):
        still_broken(subject, stored(**changes))
