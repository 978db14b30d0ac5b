"""Payloads made from the declared schemas, the same ones throughout a session."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Hashable, Iterator
from typing import Any, Final

from automate_conformance.generation import (
    SchemaError,
    Violation,
    compile_schema,
    draw,
    field_schema,
    operation_ids,
    simplest_first,
    violating_payloads,
)
from automate_connectors.certification.ahead import Piece
from automate_connectors.certification.describing import ActionFacts
from automate_connectors.certification.subject import Subject

#: Generated payloads for each action.
COUNT: Final = 25
#: Of these, how many are spoilt in turn, beside the examples.
_SPOILT: Final = 3
_MOST_VIOLATIONS: Final = 40


def seed_for(subject: Subject, *parts: str) -> int:
    """A seed for one purpose, derived from the session's."""
    text = "/".join([str(subject.seed), *parts])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])


def refused_payloads(subject: Subject, action: ActionFacts) -> tuple[Violation, ...] | SchemaError:
    """Payloads that break the action's declared schema; the error where the schema is none."""
    if action.input_schema is None:
        return ()
    base = [example.payload for example in subject.case.examples_of(action.name)]
    try:
        generated = _drawn(subject, action)[:_SPOILT]
        found = violating_payloads(action.input_schema, [*base, *generated], accepts=_model_takes(subject, action))
    except SchemaError as error:
        return error
    return found.cases[:_MOST_VIOLATIONS]


def accepted_payloads(subject: Subject, action: ActionFacts) -> list[dict[str, Any]] | SchemaError:
    """Payloads that the schema (and the model) allows; the examples stand in where none can be generated."""
    if action.input_schema is None:
        return []
    try:
        generated = _drawn(subject, action)
    except SchemaError as error:
        return error
    return generated or [example.payload for example in subject.case.examples_of(action.name)]


def _model_takes(subject: Subject, action: ActionFacts) -> Any:
    return lambda payload: subject.host.accepts(action.name, payload) is True


def _accepts(subject: Subject, action: ActionFacts) -> Any:
    return lambda payload: subject.host.accepts(action.name, payload) is not False


def _drawn(subject: Subject, action: ActionFacts) -> list[dict[str, Any]]:
    drawn: list[dict[str, Any]] = subject.recall(key(action), lambda: _draw(subject, action))
    return drawn


def key(action: ActionFacts) -> Hashable:
    """The name under which an action's payloads are recalled."""
    return ("drawn", action.name)


def pieces(subject: Subject) -> Iterator[Piece]:
    """The payloads by action."""
    for action in subject.case.description.actions:
        if action.input_schema is not None:
            yield Piece(key(action), functools.partial(_drawn, subject, action))


def _draw(subject: Subject, action: ActionFacts) -> list[dict[str, Any]]:
    assert action.input_schema is not None
    compiled = compile_schema(action.input_schema).payloads(_accepts(subject, action))
    # A schema that says nothing gives nothing to make payloads from: the examples stand in.
    if compiled.strategy is None or compiled.refuses_nothing:
        return []
    drawn = draw(compiled.strategy, seed=seed_for(subject, action.name, "payloads"), count=COUNT)
    return [with_operation_id(subject, action, payload) for payload in simplest_first(drawn)]


def with_operation_id(
    subject: Subject, action: ActionFacts, payload: dict[str, Any], number: int = 0
) -> dict[str, Any]:
    """The payload of one operation of a keyed action, as `ConnectorRunner` completes it."""
    if action.key_field is None:
        return payload
    found: list[Any] = subject.recall(("operation ids", action.name), lambda: _ids(subject, action))
    return {**payload, action.key_field: found[number % len(found)]} if found else payload


def _ids(subject: Subject, action: ActionFacts) -> list[Any]:
    schema = field_schema(action.input_schema or {}, str(action.key_field))
    source = operation_ids(schema, seed=seed_for(subject, action.name, "operation ids"))
    return [value for value, _ in zip(source, range(64), strict=False)]
