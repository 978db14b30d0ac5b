"""Two operations of one action that differ in their operation ids alone (I06)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from automate_conformance.deliveries import Delivery, ledger
from automate_conformance.generated import seed_for
from automate_conformance.generation.identifiers import field_schema, first_character_pair, last_character_pair
from automate_conformance.local_deliveries import local_separation
from automate_connectors.certification.describing import ActionFacts
from automate_connectors.certification.subject import Subject

_Pair = tuple[Any, Any]


def pairs_of_ids(subject: Subject, action: ActionFacts) -> Iterator[tuple[str, _Pair]]:
    """Pairs that differ in the first character only and in the last only, where the schema allows."""
    schema = field_schema(action.input_schema or {}, str(action.key_field))
    seed = seed_for(subject, action.name, "pairs")
    for where, make in (("first character", first_character_pair), ("last character", last_character_pair)):
        if (pair := make(schema, seed=seed)) is not None:
            yield where, pair


def separated(subject: Subject, delivery: Delivery, ids: _Pair) -> str | None:
    """What is wrong when both operations run on one instance; None where each has its own effects."""
    drive, calm = delivery.drives[0]
    expected = calm.counts
    if delivery.rules is None:
        count, wanted_count = local_separation(subject, delivery.action, drive.payload, ids), 2 * sum(expected.values())
        return None if count == wanted_count else _told(count, wanted_count)
    name, field = delivery.action.name, str(delivery.action.key_field)
    example = subject.case.examples_of(name)[0]
    state = ledger(subject, delivery.rules, drive.payload, example.cassette)()
    service = state.begin() if state.whole else None
    with subject.connected(f"{name}-two operations", service=service) as adapter:
        for operation in ids:
            adapter.execute(name, {**drive.payload, field: operation}, service=state.begin())
    wanted = Counter({member: 2 * count for member, count in expected.items()})
    if state.counts == wanted:
        return None
    return _told(sum(state.counts.values()), sum(wanted.values()))


def _told(count: int, wanted: int) -> str:
    return f"{count} effects for two operations where {wanted} were expected"
