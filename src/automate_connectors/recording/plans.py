"""What is to be recorded: the examples of a case, and those that only its cassettes know."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from automate_connectors.cassettes.traffic import Cassette
from automate_connectors.certification.describing import Description
from automate_connectors.errors import ConfigurationError
from automate_connectors.testing import ConnectorTestCase

__all__ = ["CONNECT", "Take", "plan"]


@dataclass(frozen=True, slots=True)
class Take:
    """One call to be recorded.

    Attributes:
        action: The action, or `connect`.
        number: Which of its examples, from 1.
        payload: What it is given.
    """

    action: str
    number: int
    payload: dict[str, Any]

    @property
    def name(self) -> str:
        """The name of its cassette."""
        return self.action if self.number == 1 else f"{self.action}.{self.number}"

    @property
    def file(self) -> str:
        """The file of its cassette."""
        return f"{self.name}.yaml"

    @property
    def label(self) -> str:
        """Its name for people."""
        return "connect()" if self.action == "connect" else f"{self.action} (example {self.number})"


CONNECT: Final = Take("connect", 1, {})


def plan(
    test_case: ConnectorTestCase,
    description: Description,
    recorded: Sequence[Cassette],
    prepared: Mapping[str, Sequence[dict[str, Any]]] | None,
) -> list[Take]:
    """The calls of a session after `connect`, in order.

    Of each action, the examples that `prepare` returned count, else the case's, else the adapter's, else those that
    only the old cassettes hold, as imported ones do.

    Raises:
        ConfigurationError: An example is no payload.
    """
    examples: dict[str, Sequence[Any]] = {each.action: [] for each in recorded if each.action != "connect"}
    known = {action.name for action in description.actions}
    for name in examples:
        if name in known or not known:
            examples[name] = [dict(each.recorded.payload) for each in recorded if each.action == name]
    examples |= {action.name: list(action.examples) for action in description.actions if action.examples}
    examples |= {action: list(payloads) for action, payloads in test_case.examples.items()}
    examples |= {action: list(payloads) for action, payloads in (prepared or {}).items()}
    return [
        Take(action, number, _complete(action, number, payload, description))
        for action, payloads in examples.items()
        for number, payload in enumerate(payloads, 1)
    ]


def _complete(action: str, number: int, payload: object, description: Description) -> dict[str, Any]:
    """A payload with an operation id where the action is keyed, as `ConnectorRunner` would give it one."""
    if not isinstance(payload, Mapping):
        raise ConfigurationError(
            f"example {number} of {action} is a {type(payload).__name__} and must be a dict, the payload of one call"
        )
    declared = description.action(action)
    key = declared.key_field if declared else None
    given = dict(payload)
    return given if key is None or key in given else {**given, key: str(uuid.uuid4())}
