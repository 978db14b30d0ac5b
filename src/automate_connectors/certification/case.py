"""What is judged, resolved once: the connector, its replay profile, its examples and its cassettes."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from automate_connectors.cassettes.player import Library, Rule
from automate_connectors.cassettes.reading import load_directory
from automate_connectors.cassettes.traffic import Cassette
from automate_connectors.certification.authored import (
    LEVELS,
    check_case,
    declared_case,
    find_directory,
    other_adapters,
)
from automate_connectors.certification.describing import ActionFacts, Description, describe
from automate_connectors.profiles import ConnectionProfile
from automate_connectors.testing import ConnectorTestCase

__all__ = ["LEVELS", "Case", "Example", "declared_case", "find_directory", "gather", "placeholder", "resolve"]

#: Operation id of the examples that have none, in the form that `ConnectorRunner` gives: equal in every run.
_OPERATION_ID = str(uuid.UUID("1d9c4f0e-52b7-4a63-8e0f-6c1f0a7b3d25"))
_PLACEHOLDER = re.compile(r"\{\{([A-Za-z_][A-Za-z0-9_.-]*)\}\}")


@dataclass(frozen=True, slots=True)
class Example:
    """One payload that shows an action at work.

    Attributes:
        action: the action.
        payload: as recorded, where it was.
        cassette: the name of its cassette; None where it has none.
        number: its place among the action's examples, from 1.
    """

    action: str
    payload: dict[str, Any]
    cassette: str | None
    number: int = 1

    @property
    def label(self) -> str:
        """Its name in a finding."""
        return self.action if self.number == 1 else f"{self.action}.{self.number}"


@dataclass(frozen=True)
class Case:
    """Everything that the judge knows of a connector before it runs it.

    Attributes:
        name: the registered name.
        adapter_class: the class behind it; where this process must not import it, a stand-in that can do nothing.
        test_case: the author's case, or one made from the adapter's examples.
        level: what it claims.
        description: what the adapter says of itself.
        examples: every example, declared or recorded.
        library: the cassettes.
        secrets: the replay value of each secret name.
        profile_secrets: the names among them that are the profile's own.
        options: of the replay profile.
        directory: where the cassettes lie, or would.
        other_adapters: the names of the other registered adapter classes in the file that defines this one.
    """

    name: str
    adapter_class: type[Any]
    test_case: ConnectorTestCase
    level: str
    description: Description
    examples: tuple[Example, ...]
    library: Library
    secrets: Mapping[str, str]
    profile_secrets: frozenset[str]
    options: Mapping[str, Any]
    directory: Path
    other_adapters: frozenset[str] = frozenset()

    @property
    def cassettes(self) -> tuple[Cassette, ...]:
        """In order: connect first, then by action."""
        return self.library.cassettes

    def profile(
        self, secrets: Mapping[str, str] | None = None, options: Mapping[str, Any] | None = None
    ) -> ConnectionProfile:
        """The replay profile."""
        return ConnectionProfile(
            self.name,
            options={**self.options, **(options or {})},
            secrets=dict(self.secrets if secrets is None else secrets),
        )

    @property
    def handed_out(self) -> frozenset[str]:
        """The names of the secrets that stand in recorded answers: the service gives them."""
        answers = (i.response for cassette in self.cassettes for i in cassette.interactions)
        texts = (text for r in answers for text in (r.body.decode("utf-8", "replace"), *(v for _, v in r.headers)))
        return frozenset(name for text in texts if "{{" in text for name in _PLACEHOLDER.findall(text))

    def examples_of(self, action: str) -> tuple[Example, ...]:
        """The examples of one action."""
        return tuple(example for example in self.examples if example.action == action)

    def facts(self, action: str) -> ActionFacts:
        """What is declared of an action; the defaults where nothing is."""
        return self.description.action(action) or ActionFacts(action)


def resolve(name: str, adapter_class: type[Any], case_class: type[ConnectorTestCase] | None, *, root: Path) -> Case:
    """Gather a case.

    Args:
        name: the registered name.
        adapter_class: what the registry hands out under it.
        case_class: the author's case; None makes one from the adapter's own examples.
        root: pytest's root directory, where cassettes are looked for last.

    Raises:
        CassetteError: where a cassette cannot be read or belongs to another connector.
        ConfigurationError: where the case itself is wrong: an unknown level, a profile of the wrong kind.
    """
    chosen = case_class or declared_case(adapter_class)
    test_case = chosen()
    check_case(chosen)
    description = describe(name, adapter_class)
    directory = find_directory(name, chosen, root)
    return gather(adapter_class, test_case, description, directory, other_adapters(adapter_class))


def gather(
    adapter_class: type[Any],
    test_case: ConnectorTestCase,
    description: Description,
    directory: Path,
    others: frozenset[str],
) -> Case:
    """Put a case together from what its author and its adapter say, and the cassettes in a directory.

    Raises:
        CassetteError: as `resolve`.
    """
    name = description.registered
    cassettes = load_directory(directory, connector=name)
    declared = test_case.profile.secrets if test_case.profile else {}
    own = frozenset({*declared, *description.secrets})
    scrubbed = {secret for cassette in cassettes for secret in cassette.recorded.scrubbed} | _placeholders(cassettes)
    secrets = {secret: placeholder(name, secret, test_case.placeholders) for secret in sorted(own | scrubbed)}
    return Case(
        name=name,
        adapter_class=adapter_class,
        test_case=test_case,
        level=test_case.level,
        description=description,
        examples=_examples(test_case, description, cassettes),
        library=Library(
            cassettes,
            secrets=secrets,
            rules={a.name: _rule(a) for a in description.actions},
            unwritten=test_case.scrub,
        ),
        secrets=secrets,
        profile_secrets=own or frozenset(scrubbed),
        options=dict(test_case.profile.options) if test_case.profile else {},
        directory=directory,
        other_adapters=others,
    )


def placeholder(connector: str, secret: str, given: Mapping[str, str] = {}, salt: str = "") -> str:
    """The replay value of a secret: the author's stand-in, else 32 stable letters and digits."""
    if not salt and secret in given:
        return given[secret]
    return "placeholder" + hashlib.sha256(f"{connector}/{secret}/{salt}".encode()).hexdigest()[:21]


def _placeholders(cassettes: Iterable[Cassette]) -> set[str]:
    """The names that stand as ``{{name}}`` in the recorded traffic."""
    found: set[str] = set()
    for cassette in cassettes:
        for interaction in cassette.interactions:
            request, response = interaction.request, interaction.response
            texts = [request.uri, request.body.decode("utf-8", "replace"), response.body.decode("utf-8", "replace")]
            texts += [value for _, value in (*request.headers, *response.headers)]
            found.update(name for text in texts if "{{" in text for name in _PLACEHOLDER.findall(text))
    return found


def _rule(action: ActionFacts) -> Rule:
    fields = set(action.volatile)
    if action.key_place in ("body", "query") and action.key_name:
        fields.add(action.key_name)
    return Rule(frozenset(fields), action.key_field if action.key_place == "path" else None)


def _examples(
    test_case: ConnectorTestCase, description: Description, cassettes: Sequence[Cassette]
) -> tuple[Example, ...]:
    declared = {action.name: list(action.examples) for action in description.actions}
    declared |= {action: [dict(payload) for payload in payloads] for action, payloads in test_case.examples.items()}
    recorded: dict[str, list[Cassette]] = {}
    for cassette in cassettes:
        if cassette.action != "connect":
            recorded.setdefault(cassette.action, []).append(cassette)
    prepares = type(test_case).prepare is not ConnectorTestCase.prepare
    return tuple(
        Example(action, payload, cassette, number)
        for action in dict.fromkeys([*declared, *recorded])
        for number, (payload, cassette) in enumerate(
            _paired(declared.get(action, []), recorded.get(action, []), description.action(action), by_order=prepares),
            1,
        )
    )


def _paired(
    payloads: Sequence[dict[str, Any]], cassettes: Sequence[Cassette], action: ActionFacts | None, *, by_order: bool
) -> list[tuple[dict[str, Any], str | None]]:
    """Each example with its cassette: by payload; where the case prepares live state, the rest in order."""
    key = action.key_field if action else None
    free = list(cassettes)
    pairs: list[tuple[dict[str, Any], Cassette | None]] = []
    for payload in payloads:
        match = next((c for c in free if _same(c.recorded.payload, payload, key)), None)
        if match:
            free.remove(match)
        pairs.append((payload, match))
    if by_order:
        pairs = [(payload, cassette or (free.pop(0) if free else None)) for payload, cassette in pairs]
    found = [(dict(c.recorded.payload), c.name) if c else (_completed(payload, action), None) for payload, c in pairs]
    return found + [(dict(cassette.recorded.payload), cassette.name) for cassette in free]


def _completed(payload: dict[str, Any], action: ActionFacts | None) -> dict[str, Any]:
    """A payload with the operation id that its schema requires, which a host gives and no recording did."""
    key = action.key_field if action else None
    required = (action.input_schema or {}).get("required", ()) if action else ()
    return {key: _OPERATION_ID, **payload} if key in required and key is not None else payload


def _same(recorded: Mapping[str, Any], declared: Mapping[str, Any], key: str | None) -> bool:
    """Whether a recorded payload is that of an example; an operation id that only the recording holds is left out."""
    if key and key not in declared:
        return {name: value for name, value in recorded.items() if name != key} == dict(declared)
    return dict(recorded) == dict(declared)
