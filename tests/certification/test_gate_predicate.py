"""What the gate takes for a predicate is what the report's model and the page say."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError
from tamper.builder import report, statement, wheel_bytes

from automate_connectors.certification.predicate import ShapeError, read_predicate
from automate_connectors.certification.report import Report

VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    7,
    7.0,
    0.5,
    10**400,
    "",
    "text",
    "pass",
    "gold",
    "natural",
    "inline",
    "2026-01-31",
    "2026-02-30",
    "2026-01-31T12:00:00Z",
    "2026-01-31T12:00:00",
    "2026-01-31T23:59:60+01:00",
    [],
    [1],
    {},
    {"a": 1},
    ["a"],
    [{}],
]
FREE = {("environment",), ("actions", 0, "counterexample")}


def honest() -> dict[str, Any]:
    """Return a report in which no list is empty and no field null."""
    full = report()
    full["requirements"] = full["requirements"][:1]
    full["actions"] = full["actions"][:1]
    full["requirements"][0].update(reason="b", failures=[{"case": "a", "expected": "b", "observed": "c"}])
    full["waivers"] = [{"id": "S05", "reason": "later", "expires": "2026-07-01"}]
    full["actions"][0]["counterexample"] = {"payload": {}}
    return full


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the place of every value, but nothing inside of free objects."""
    yield path
    if path not in FREE:
        for step in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
            yield from paths(value[step], (*path, step))


def at(document: Any, path: tuple[Any, ...]) -> Any:
    """Return the value at a place."""
    for step in path:
        document = document[step]
    return document


def by_model(found: Any) -> bool:
    """Tell whether the report's model takes it."""
    try:
        Report.model_validate(found)
    except ValidationError:
        return False
    return True


def by_gate(found: Any) -> bool:
    """Tell whether the gate takes it."""
    predicate = {**statement(wheel_bytes())["predicate"], "assurance": "self", "report": found}
    try:
        read_predicate(predicate)
    except ShapeError:
        return False
    return True


@pytest.mark.parametrize("path", list(paths(honest())), ids=lambda path: ".".join(map(str, path)) or "report")
def test_gate_and_model_take_the_same_reports(path: tuple[Any, ...]) -> None:
    """Whatever is put, left out or added at any place."""
    for value in VALUES:
        document = {"report": honest()}
        at(document, ("report", *path)[:-1])[("report", *path)[-1]] = value
        assert by_gate(document["report"]) is by_model(document["report"]), value
    document = {"report": honest()}
    here = at(document["report"], path)
    if isinstance(here, dict):
        for name in list(here):
            changed = copy.deepcopy(document)
            del at(changed["report"], path)[name]
            assert by_gate(changed["report"]) is by_model(changed["report"]), name
        here["surprise"] = 1
        assert by_gate(document["report"]) is by_model(document["report"]) is (path in FREE)


def test_it_holds_what_the_gate_looks_at() -> None:
    """In words of its own."""
    predicate = read_predicate({**statement(wheel_bytes())["predicate"], "report": honest()})
    assert predicate.report.distribution == ("acme-mail", "1.0")
    assert predicate.report.requirements[0].failures == 1
    assert predicate.report.waivers[0].expires == "2026-07-01"
    assert [action.guarantee for action in predicate.report.actions] == ["exactly-once"]


def test_a_long_place_is_cut() -> None:
    """Names of fields are anybody's."""
    with pytest.raises(ShapeError) as caught:
        read_predicate({"\x1b" * 1000: 1})
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200
