"""The report's model holds exactly contract section 5."""

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from automate_connectors.certification.report import (
    Guarantee,
    Level,
    Outcome,
    Report,
    ReportError,
    json_schema,
    rfc3339,
)

SCHEMA_FILE = Path(__file__).parents[2] / "conformance" / "report.schema.json"
FULL: dict[str, Any] = {
    "schema": "automate-connectors/report/1",
    "connector": {
        "name": "slack",
        "version": "1.0.0",
        "adapter": "automate_connectors.adapters.slack:SlackAdapter",
        "distribution": {"name": "automate-connectors", "version": "1.0.0"},
    },
    "suite": {"version": "1.0.0", "digest": "0" * 64},
    "claimed_level": "gold",
    "level": "silver",
    "certified": False,
    "requirements": [
        {
            "id": "C05",
            "level": "bronze",
            "title": "plain results",
            "outcome": "fail",
            "reason": None,
            "cases": 3,
            "failures": [{"case": "send_message #1", "expected": "a dict", "observed": "a list"}],
            "seconds": 0.25,
        }
    ],
    "waivers": [{"id": "S05", "reason": "the token is in the path", "expires": "2026-01-31"}],
    "actions": [
        {
            "name": "send_message",
            "idempotency": "unsafe",
            "guarantee": "at-most-once",
            "examples": 2,
            "schedules": 43,
            "counterexample": {"payload": {"text": "x"}, "schedule": ["ok", "lost response"]},
        }
    ],
    "faults": [
        {"action": "send_message", "request": 1, "fault": "status 429", "answer": "RATE_LIMITED", "outcome": "pass"}
    ],
    "cassettes": [{"path": "slack/connect.yaml", "sha256": "1" * 64, "recorded_at": None, "interactions": 1}],
    "coverage": {"lines": 100, "covered": 91, "percent": 91.0},
    "seed": 7,
    "host": "inline",
    "environment": {"python": "3.11.7", "isolation": {"landlock": False}, "anything": [1, None]},
    "started_at": "2026-01-01T00:00:00Z",
    "finished_at": "2026-01-01T01:00:10.5+01:00",
}
INTEGERS = ["requirements.0.cases", "actions.0.examples", "actions.0.schedules", "faults.0.request", "seed"]
INTEGERS += ["cassettes.0.interactions", "coverage.lines", "coverage.covered"]
NUMBERS = ["requirements.0.seconds", "coverage.percent"]
NULLABLE = ["connector.distribution", "level", "requirements.0.reason", "actions.0.counterexample", "coverage"]
NULLABLE += ["cassettes.0.recorded_at", "faults.0.answer"]
FREE = ("environment", "actions.0.counterexample")
"""Where any member is allowed."""


def walk(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield every path of a document with its value, but nothing inside free objects."""
    yield path, value
    if path in FREE:
        return
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from walk(member, f"{path}.{name}".lstrip("."))


def place(document: dict[str, Any], path: str) -> tuple[Any, Any]:
    """Return the container of a path and the last step into it."""
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    container: Any = document
    for step in steps:
        container = container[step]
    return container, last


def changed(path: str, value: object) -> str:
    """Return the full report as JSON, with the value at one path replaced."""
    document = copy.deepcopy(FULL)
    container, last = place(document, path)
    container[last] = value
    return json.dumps(document)


OBJECTS = [path for path, value in walk(FULL) if isinstance(value, dict) and path not in FREE]
MEMBERS = [path for path, _ in walk(FULL) if path and not path.rsplit(".", 1)[-1].isdigit()]
STRINGS = [path for path, value in walk(FULL) if isinstance(value, str)]


def test_it_survives_being_written_and_read() -> None:
    """Text and model agree, and the order of the contract is kept."""
    report = Report.from_json(json.dumps(FULL))
    text = report.to_json()
    assert text.endswith("}\n")
    assert Report.from_json(text.encode()) == report
    assert json.loads(text) == FULL
    assert list(json.loads(text)) == list(FULL)
    assert report.to_json() == text


def test_known_words_are_read_as_enumerations() -> None:
    """So that code compares members and not spellings."""
    report = Report.from_json(json.dumps(FULL))
    assert report.level is Level.SILVER
    assert report.requirements[0].outcome is Outcome.FAIL
    assert report.requirements[0].level is Level.BRONZE
    assert report.actions[0].guarantee is Guarantee.AT_MOST_ONCE


@pytest.mark.parametrize("path", OBJECTS)
def test_an_unknown_field_is_refused_at_every_level(path: str) -> None:
    """But in `environment` and in a counterexample, whose content is free."""
    document = copy.deepcopy(FULL)
    target = document
    if path:
        container, last = place(document, path)
        target = container[last]
    target["surprise"] = 1
    with pytest.raises(ReportError, match="surprise"):
        Report.from_json(json.dumps(document))


@pytest.mark.parametrize("path", FREE)
def test_free_objects_take_any_field(path: str) -> None:
    """What is in there is kept."""
    container, last = place(json.loads(Report.from_json(changed(path, {"a": {"b": [1.5, None]}})).to_json()), path)
    assert container[last] == {"a": {"b": [1.5, None]}}


@pytest.mark.parametrize("path", MEMBERS)
def test_a_missing_field_is_refused(path: str) -> None:
    """No field has a default."""
    document = copy.deepcopy(FULL)
    container, last = place(document, path)
    del container[last]
    with pytest.raises(ReportError):
        Report.from_json(json.dumps(document))


@pytest.mark.parametrize("path", INTEGERS)
@pytest.mark.parametrize("value", [True, 1.0, "1", None])
def test_an_integer_is_an_integer(path: str, value: object) -> None:
    """A boolean is none, nor is a number with a point or a string."""
    with pytest.raises(ReportError):
        Report.from_json(changed(path, value))


@pytest.mark.parametrize("path", NUMBERS)
@pytest.mark.parametrize("value", [True, "1", None])
def test_a_number_is_a_number(path: str, value: object) -> None:
    """A boolean is none, nor is a string."""
    with pytest.raises(ReportError):
        Report.from_json(changed(path, value))


@pytest.mark.parametrize("path", NUMBERS)
@pytest.mark.parametrize("value", [0, 91, 91.5])
def test_a_number_may_be_whole_or_not(path: str, value: float) -> None:
    """Writers differ in whether they write 91 or 91.0."""
    container, last = place(json.loads(Report.from_json(changed(path, value)).to_json()), path)
    assert container[last] == value


@pytest.mark.parametrize("path", STRINGS)
@pytest.mark.parametrize("value", [1, True, [], {}])
def test_a_string_is_a_string(path: str, value: object) -> None:
    """Nothing is turned into one."""
    with pytest.raises(ReportError):
        Report.from_json(changed(path, value))


@pytest.mark.parametrize("path", MEMBERS)
def test_null_is_allowed_only_where_the_contract_says(path: str) -> None:
    """An answer to a fault may be missing too: a call that never came back gave none."""
    text = changed(path, None)
    if path in NULLABLE:
        assert Report.from_json(text).seed == 7
        return
    with pytest.raises(ReportError):
        Report.from_json(text)


@pytest.mark.parametrize("value", [1, 0, "true"])
def test_certified_is_a_boolean(value: object) -> None:
    """A number is none."""
    with pytest.raises(ReportError):
        Report.from_json(changed("certified", value))


@pytest.mark.parametrize("path", ["claimed_level", "level", "host", "actions.0.guarantee"])
def test_a_word_outside_the_enumeration_is_refused(path: str) -> None:
    """The contract lists all of them."""
    with pytest.raises(ReportError):
        Report.from_json(changed(path, "diamond"))


@pytest.mark.parametrize("path", ["requirements.0.outcome", "requirements.0.level"])
def test_an_invented_outcome_or_level_of_a_requirement_is_left_to_the_gate(path: str) -> None:
    """It has reason codes of its own for these: `outcome` and `incomplete`."""
    container, last = place(json.loads(Report.from_json(changed(path, "diamond")).to_json()), path)
    assert container[last] == "diamond"


@pytest.mark.parametrize("value", ["", " ", "any text at all"])
def test_free_text_has_no_form(value: str) -> None:
    """An empty reason of a waiver is refused by the gate, with a code of its own."""
    assert Report.from_json(changed("waivers.0.reason", value)).waivers[0].reason == value
    assert Report.from_json(changed("cassettes.0.recorded_at", value)).cassettes[0].recorded_at == value


@pytest.mark.parametrize(
    "value", ["2026-02-30", "2026-1-31", "20260131", "2026-01-31T00:00:00Z", "\uff12\uff10\uff12\uff16-01-31", ""]
)
def test_a_waiver_expires_on_a_day(value: str) -> None:
    """One that is in the calendar, written with hyphens."""
    with pytest.raises(ReportError):
        Report.from_json(changed("waivers.0.expires", value))


@pytest.mark.parametrize("path", ["started_at", "finished_at"])
@pytest.mark.parametrize("value", ["2026-01-01", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z", "yesterday"])
def test_times_name_their_zone(path: str, value: str) -> None:
    """A time without one could be any of 26 hours."""
    with pytest.raises(ReportError):
        Report.from_json(changed(path, value))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02t03:04:05z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05.1234567Z", datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)),
        ("2026-01-02T03:04:05-23:30", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) + timedelta(hours=23, minutes=30)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
    ],
)
def test_rfc_3339_times_are_read(text: str, moment: datetime) -> None:
    """Lower case, fractions of any length and leap seconds are all in the RFC."""
    assert rfc3339(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-02T03:04Z",
        "2026-01-02T03:04:61Z",
        "2026-01-02T24:04:00Z",
        "2026-13-02T03:04:05Z",
        "0000-01-02T03:04:05Z",
        "2026-01-02T03:04:05+24:00",
        "2026-01-02T03:04:05+0100",
        "2026-01-02T03:04:05.Z",
        "2026-W01-1T03:04:05Z",
        " 2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05Z\n",
        "9999-12-31T23:59:60Z",
    ],
)
def test_other_times_are_refused(text: str) -> None:
    """Among them much that `datetime.fromisoformat` accepts."""
    with pytest.raises(ValueError):  # noqa: PT011 - which of several reasons it is does not matter
        rfc3339(text)


@pytest.mark.parametrize("found", ["automate-connectors/report/2", None, 1, ["x"], {}])
def test_another_schema_is_named_and_refused(found: object) -> None:
    """The message says what was found and what to do."""
    with pytest.raises(
        ReportError, match=r"expected a report of schema automate-connectors/report/1, got .*certify again"
    ):
        Report.from_json(changed("schema", found))


@pytest.mark.parametrize("text", ["[]", "1", "null", '"x"', "{}"])
def test_other_documents_are_no_reports(text: str) -> None:
    """JSON of another kind has no schema."""
    with pytest.raises(ReportError, match="got None"):
        Report.from_json(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"seed": NaN}',
        '{"seed": -Infinity}',
        '{"seed": 1, "seed": 2}',
        b"\xff",
        b"\xef\xbb\xbf{}",
        "[" * 100_000,
    ],
)
def test_what_is_no_strict_json_is_refused(text: str | bytes) -> None:
    """Also constants outside JSON, a name twice, another encoding, and depth without end."""
    with pytest.raises(ReportError, match="expected a report in JSON"):
        Report.from_json(text)


def test_a_refusal_shows_places_but_no_values_and_is_printable() -> None:
    """The document may come from anybody."""
    document = {**FULL, "seed": "hunter2", "\x1b[2J": 1, "host": "moon", "level": 3, "coverage": 4}
    with pytest.raises(ReportError) as caught:
        Report.from_json(json.dumps(document))
    message = str(caught.value)
    assert "hunter2" not in message
    assert message.isprintable()
    assert message.endswith("and 2 more")


def test_lone_surrogates_never_reach_the_file() -> None:
    """An adapter may raise an error whose message UTF-8 cannot carry."""
    document = copy.deepcopy(FULL)
    document["requirements"][0]["failures"][0]["observed"] = "a\ud800b"
    document["actions"][0]["counterexample"] = {"text": "a\udfffb"}
    text = Report.model_validate(document).to_json()
    assert text.encode().decode() == text
    assert text.count('"a?b"') == 2


def test_what_json_cannot_carry_never_becomes_a_wrong_file() -> None:
    """NaN becomes null, as in JavaScript; an object without a form in JSON is an error."""
    report = Report.model_validate({**FULL, "environment": {"load": float("nan")}})
    assert json.loads(report.to_json())["environment"] == {"load": None}
    with pytest.raises(ValueError, match="serialize"):
        Report.model_validate({**FULL, "environment": {"load": object()}}).to_json()


def test_the_schema_file_is_the_models() -> None:
    """``python -m automate_connectors.certification.report > conformance/report.schema.json`` writes it."""
    assert SCHEMA_FILE.read_text(encoding="utf-8") == json_schema()
    command = [sys.executable, "-m", "automate_connectors.certification.report"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == json_schema()  # noqa: S603 - our own module


def test_the_schema_file_accepts_a_report_and_refuses_others() -> None:
    """For readers in other languages; it lists the outcomes, which the model leaves to the gate."""
    schema = json.loads(json_schema())
    assert jsonschema_rs.is_valid(schema, FULL)
    for path, value in (("requirements.0.outcome", "diamond"), ("seed", "1"), ("started_at", 1), ("surprise", 1)):
        assert not jsonschema_rs.is_valid(schema, json.loads(changed(path, value))), path
