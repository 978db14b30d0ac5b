"""How a planted defect becomes a member of the zoo at Gold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from automate_connectors import ConnectorError, Effect
from zoo.acme import SAID, Said
from zoo.broken.planting import LEAN
from zoo.members import Member, acme

#: What Acme says to the lean adapters and to those that also post notes or set topics.
NOTES: dict[str, list[Said]] = LEAN | {"post_note": SAID["post_note"]}
TOPICS: dict[str, list[Said]] = LEAN | {"set_topic": SAID["set_topic"]}


def planted(
    breaks: str,
    *adapter_classes: type[Any],
    said: Mapping[str, list[Said]] = LEAN,
    entails: Iterable[str] = (),
    record: Callable[[type[Any]], Callable[[Path], None]] | None = None,
    **cassettes: Any,
) -> list[Member]:
    """Members that each break the one requirement, and by it those that it entails."""
    make = record or (lambda kind: acme(kind, said=said, **cassettes))
    return [
        Member(kind, breaks=breaks, level="gold", record=make(kind), entails=frozenset(entails))
        for kind in adapter_classes
    ]


def never_again(error: ConnectorError) -> ConnectorError:
    """The error, not retryable unless nothing can have happened."""
    error.retryable = error.retryable and error.effect is Effect.NONE
    return error
