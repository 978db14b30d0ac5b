"""X02: recorded lately, and of the shape of the recording before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from suite.planted import subject

from automate_conformance.suite import checks
from automate_connectors.cassettes.drift import shape_of
from automate_connectors.cassettes.player import Library
from automate_connectors.cassettes.traffic import Cassette
from automate_connectors.certification.levels import Outcome
from automate_connectors.certification.verdict import Judged, reach


def judged(folder: Path, change: Any) -> Judged:
    """X02 of Acme with its cassettes changed."""
    with subject(folder) as found:
        library = Library([change(each) for each in found.case.cassettes], secrets=found.case.secrets)
        found.case = replace(found.case, library=library)
        return reach("X02", lambda verdict: checks()["X02"](found, verdict), lambda: 0.0)


def recorded_twice(cassette: Cassette, *, days: int = 0, **shape: Any) -> Cassette:
    """As a second recording leaves it, the first of the same shape but for what is changed."""
    before = [{**each, **shape} for each in shape_of(cassette.interactions)]
    at = datetime.now(UTC) - timedelta(days=days)
    return replace(cassette, recorded=replace(cassette.recorded, at=at, previous={"at": "earlier", "shape": before}))


def test_two_recordings_that_agree_pass(tmp_path: Path) -> None:
    """The newer from this month."""
    assert judged(tmp_path, recorded_twice).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("change", "observed"),
    [({"days": 31}, "31 days old"), ({"status": 418}, "interaction 0: status 200, 418 before")],
)
def test_an_old_recording_or_drift_fails(tmp_path: Path, change: dict[str, Any], observed: str) -> None:
    """Each names the cassette."""
    found = judged(tmp_path, lambda cassette: recorded_twice(cassette, **change))
    assert found.outcome is Outcome.FAIL
    assert observed in {failure.observed for failure in found.failures}


def test_without_a_recording_before_it_is_not_run(tmp_path: Path) -> None:
    """Record a second time."""

    def once(cassette: Cassette) -> Cassette:
        return replace(cassette, recorded=replace(recorded_twice(cassette).recorded, previous=None))

    found = judged(tmp_path, once)
    assert found.outcome is Outcome.NOT_RUN
    assert "record a second time" in str(found.reason)


def test_without_cassettes_it_is_not_run(tmp_path: Path) -> None:
    """There is nothing to be alive."""
    with subject(tmp_path) as found:
        found.case = replace(found.case, library=Library([], secrets={}))
        assert reach("X02", lambda verdict: checks()["X02"](found, verdict), lambda: 0.0).outcome is Outcome.NOT_RUN
