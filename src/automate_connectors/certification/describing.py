"""What an adapter class says about itself, as plain data: name, version, actions, documentation."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from automate_connectors.actions import ActionSpec
from automate_connectors.certification import facts


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """One declared action.

    Attributes:
        name: as ``execute`` takes it.
        description: one line.
        input_schema: JSON Schema of the payload, or None.
        output_schema: JSON Schema of the result, or None.
        kind: of its idempotency: ``read_only``, ``natural``, ``keyed``, ``unsafe``, ``undeclared``.
        key_field: the payload field of the operation id.
        key_place: ``header``, ``body``, ``query``, ``path`` or None.
        key_name: the name in that place.
        reads_response: whether a 2xx body matters.
        expected_statuses: error statuses that it turns into a result.
        volatile: names that rightly differ between attempts.
        examples: payloads.
    """

    name: str
    description: str = ""
    input_schema: dict[str, Any] | None = None
    output_schema: dict[str, Any] | None = None
    kind: str = "undeclared"
    key_field: str | None = None
    key_place: str | None = None
    key_name: str | None = None
    reads_response: bool = True
    expected_statuses: tuple[int, ...] = ()
    volatile: tuple[str, ...] = ()
    examples: tuple[dict[str, Any], ...] = ()

    @property
    def writes(self) -> bool:
        """Whether it may have an effect at the service."""
        return self.kind != "read_only"


@dataclass(frozen=True, slots=True)
class Description:
    """An adapter class from outside.

    Attributes:
        registered: the name under which the registry hands it out.
        name: what the class calls itself.
        version: its version, as it says.
        reference: ``module:Class``.
        file: the file that defines it.
        doc: its docstring.
        secrets: the names of secrets it declares.
        actions: those it declares, in order.
        problems: what could not be read of all this, in sentences.
    """

    registered: str
    name: Any
    version: Any
    reference: str
    file: str | None
    doc: str
    secrets: tuple[str, ...]
    actions: tuple[ActionFacts, ...]
    problems: tuple[str, ...] = ()

    def action(self, name: str) -> ActionFacts | None:
        """The declaration of an action."""
        return next((action for action in self.actions if action.name == name), None)


def describe(registered: str, adapter_class: type[Any]) -> Description:
    """Read what a class declares; what cannot be read becomes a problem, never an exception."""
    problems: list[str] = []
    actions = getattr(adapter_class, "actions", {})
    if not isinstance(actions, Mapping):
        problems.append(f"`actions` is a {facts.class_name(type(actions))} and must map names to ActionSpec")
        actions = {}
    module = sys.modules.get(adapter_class.__module__)
    secrets = getattr(adapter_class, "secrets", ())
    return Description(
        registered=registered,
        name=_plain(getattr(adapter_class, "name", None)),
        version=_plain(getattr(adapter_class, "version", None)),
        reference=f"{adapter_class.__module__}:{adapter_class.__qualname__}",
        file=_source_file(adapter_class) or getattr(module, "__file__", None),
        doc=inspect.cleandoc(adapter_class.__dict__.get("__doc__") or ""),
        secrets=tuple(str(name) for name in secrets) if not isinstance(secrets, str) else (secrets,),
        actions=tuple(found for name, spec in actions.items() if (found := _action(name, spec, problems))),
        problems=tuple(problems),
    )


def _source_file(adapter_class: type[Any]) -> str | None:
    try:
        return inspect.getsourcefile(adapter_class)
    except TypeError:
        return None


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else None if value is None else f"a {facts.class_name(type(value))}"


def _action(name: Any, spec: Any, problems: list[str]) -> ActionFacts | None:
    if not isinstance(name, str) or not isinstance(spec, ActionSpec):
        problems.append(
            f"the action {name!r} is declared by a {facts.class_name(type(spec))} and must be an ActionSpec"
        )
        return None
    place, key_name = _key_place(spec)
    return ActionFacts(
        name=name,
        description=spec.description,
        input_schema=_schema(spec, "input_schema", name, problems),
        output_schema=_schema(spec, "output_schema", name, problems),
        kind=spec.idempotency.kind,
        key_field=spec.idempotency.field if spec.idempotency.kind == "keyed" else None,
        key_place=place,
        key_name=key_name,
        reads_response=spec.reads_response,
        expected_statuses=tuple(spec.expected_statuses),
        volatile=tuple(spec.volatile),
        examples=tuple(spec.examples),
    )


def _schema(spec: ActionSpec, which: str, name: str, problems: list[str]) -> dict[str, Any] | None:
    try:
        schema = getattr(spec, which)
        return None if schema is None else dict(json.loads(json.dumps(schema)))
    except Exception as error:  # noqa: BLE001 - a model of the adapter's own
        problems.append(f"the {which.replace('_', ' ')} of {name} cannot be read: {type(error).__name__}: {error}")
        return None


def _key_place(spec: ActionSpec) -> tuple[str | None, str | None]:
    key = spec.idempotency
    if key.kind != "keyed":
        return None, None
    for place in ("header", "body", "query"):
        if found := getattr(key, place):
            return place, str(found)
    return ("path", None) if key.path else (None, None)
