"""What of a session can be done ahead: the pieces that requirements read, each on adapters of its own."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence

from automate_conformance import deliveries, generated, retry_after, samples, sweep
from automate_connectors.certification.ahead import Piece
from automate_connectors.certification.case import Case
from automate_connectors.certification.subject import Subject

__all__ = ["FIRST_READERS", "keys", "pieces"]

#: By what is done ahead, the requirement that asks for it first, in the order in which a session comes to them.
_PAYLOADS, _SWEEP, _SAMPLES, _RETRY_AFTER, _DELIVERIES = "C10", "C13", "E05", "E08", "I02"

#: Without any of these, nothing can be done ahead.
FIRST_READERS = frozenset({_PAYLOADS, _SWEEP, _SAMPLES, _RETRY_AFTER, _DELIVERIES})


def keys(case: Case, ids: Collection[str]) -> list[Hashable]:
    """The names of the pieces that judging these requirements asks for."""
    found: dict[str, Sequence[Hashable]] = {
        _PAYLOADS: [generated.key(action) for action in case.description.actions],
        _SWEEP: [sweep.key(example) for example in case.examples],
        _SAMPLES: samples.keys(case),
        _RETRY_AFTER: [retry_after.key(example) for example in case.examples],
        _DELIVERIES: [deliveries.key(action) for action in deliveries.writing_actions(case)],
    }
    return [key for identifier, names in found.items() if identifier in ids for key in names]


def pieces(subject: Subject, ids: Collection[str]) -> Iterator[Piece]:
    """The pieces: payloads, which everything else takes long to come to, then backwards from what is asked for last."""
    found = {
        _PAYLOADS: generated.pieces,
        _DELIVERIES: deliveries.pieces,
        _RETRY_AFTER: retry_after.pieces,
        _SAMPLES: samples.pieces,
        _SWEEP: sweep.pieces,
    }
    with subject.session():
        for identifier, make in found.items():
            if identifier in ids:
                made = list(make(subject))
                yield from made if identifier == _PAYLOADS else reversed(made)
