"""What a child tells of itself and of a case, as plain data that is checked when it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from automate_connectors.certification.describing import Description


@dataclass(frozen=True, slots=True)
class Listed:
    """A connector that was asked for: the level that its case claims, or why it cannot be judged."""

    name: str
    level: str
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a child found among files and installed distributions.

    Attributes:
        wrong: what is wrong with the command itself; None where nothing is.
        listed: the connectors that were asked for.
    """

    wrong: str | None
    listed: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """An error sample of a case; `raw` says that its body is bytes, here as Latin-1."""

    action: str | None
    body: Any
    raw: bool
    code: str
    retryable: bool | None
    status: int
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case from outside.

    Attributes:
        title: the name of its class.
        level: what it claims.
        description: what the adapter says of itself.
        directory: where its cassettes lie, or would.
        options: of its profile.
        secrets: the names of its profile's secrets; None where it has no profile.
        literals: the values among them that stand in the case itself, which no cassette may hold (S03).
        ports: the codes that each port can fail with.
        waivers: reason and last day of each.
        prepares: whether it sets up live state for recordings.
        judges_effects: whether it overrides ``is_effect``.
        tells_effects: whether it overrides ``effects`` or ``reset``.
        serves: whether it has a service of its own.
        others: other registered adapter classes of the same file.
    """

    title: str
    level: str
    description: Description
    directory: str
    options: dict[str, Any]
    secrets: tuple[str, ...] | None
    literals: dict[str, str] = field(repr=False)
    examples: dict[str, list[dict[str, Any]]]
    samples: tuple[Sample, ...]
    waivers: dict[str, tuple[str, str]]
    placeholders: dict[str, str]
    scrub: tuple[str, ...]
    ports: dict[str, tuple[str, ...]]
    prepares: bool
    judges_effects: bool
    tells_effects: bool
    serves: bool
    others: tuple[str, ...]
