"""How a planted defect becomes a member of the zoo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zoo.acme import SAID, Said
from zoo.members import Member, acme

#: What Acme says to the lean adapters.
LEAN: dict[str, list[Said]] = {name: SAID[name] for name in ("connect", "get_user", "send_message")}


def planted(
    breaks: str,
    *adapter_classes: type[Any],
    said: Mapping[str, list[Said]] = LEAN,
    case: Mapping[str, Any] | None = None,
    level: str = "silver",
    **cassettes: Any,
) -> list[Member]:
    """Members that each break the one requirement, all recorded alike."""
    return [
        Member(one, breaks=breaks, level=level, case=case or {}, record=acme(one, said=said, **cassettes))
        for one in adapter_classes
    ]


def said_with(**more: Sequence[Said]) -> dict[str, list[Said]]:
    """What Acme says to the lean adapters, with other or further answers."""
    return LEAN | {action: list(answers) for action, answers in more.items()}
