"""A declared schema made ready: checked, its references resolvable, any fragment of it usable as a validator."""

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import jsonschema_rs

from .dialect import ROOT_URI, children, modernise, pointer, resolve_pointer
from .errors import SchemaError
from .json_values import Json
from .merging import conjoin

__all__ = ["Declared", "Flat"]

_ANNOTATIONS: Final = frozenset(
    {
        *("$anchor", "$comment", "$defs", "components", "default", "definitions", "deprecated", "description"),
        *("discriminator", "example", "examples", "externalDocs", "readOnly", "title", "writeOnly", "xml"),
    }
)
_APPLIED: Final = frozenset({"$ref", "allOf", "anyOf", "const", "dependentSchemas", "else", "if", "oneOf", "then"})
_CHECKED: Final = ("contains", "not", "oneOf")
_MOST_ALTERNATIVES: Final = 64


@dataclass(frozen=True, slots=True)
class Flat:
    """One way to satisfy a schema: keywords without references or alternatives.

    Attributes:
        keywords: The keywords; `allOf` holds what only a final validation can heed.
        at: JSON pointer to where they are declared.
        budget: How many more recursive references may be followed below.
    """

    keywords: Mapping[str, Any]
    at: str
    budget: int

    def below(self, *parts: str | int) -> "Flat":
        """A place inside, nothing said about it yet."""
        return Flat({}, pointer(self.at, *parts), self.budget)


class Declared:
    """A declared schema in the shared form.

    Attributes:
        root: The schema as JSON Schema 2020-12 with absolute references.
        unreadable: The patterns that had to be left out, named with their places.
        deepest: How many recursive references one value may need: each of them once.

    Raises:
        SchemaError: On construction, when it is no JSON Schema or a reference leads nowhere.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        unreadable: list[str] = []
        self.root: Final = modernise(schema, unreadable.append)
        self.unreadable: Final = tuple(unreadable)
        self.recursive: Final = frozenset(_recursive(self._followed()))
        self._validators: dict[str, Callable[[Any], bool]] = {}
        self._registry = jsonschema_rs.Registry([(ROOT_URI, self.root)])
        self.accepts: Final = self.validator(self.root)
        self.deepest: Final = len(self.recursive) + 1

    def _followed(self) -> dict[str, frozenset[str]]:
        """The references that can be reached, each with those that its target holds."""
        followed: dict[str, frozenset[str]] = {}
        pending = list(_references(self.root, ""))
        while pending:
            reference, at = pending.pop()
            if reference not in followed:
                found = list(_references(*self._resolved(reference, at)))
                followed[reference] = frozenset(inner for inner, _ in found)
                pending.extend(found)
        return followed

    def _resolved(self, reference: str, at: str) -> tuple[Any, str]:
        try:
            return self.resolve(reference)
        except LookupError:
            written = reference.removeprefix(ROOT_URI)
            problem = f"it refers to {written!r}, which the schema does not hold"
            remedy = "put the definition under '$defs' of the same schema and refer to it as '#/$defs/Name'"
            raise SchemaError(at, problem, remedy) from None

    def resolve(self, reference: str) -> tuple[Any, str]:
        """The schema a reference leads to, and the pointer to it; LookupError when it leads nowhere."""
        base, _, fragment = reference.partition("#")
        if base not in {"", ROOT_URI}:
            raise LookupError(reference)
        if fragment and not fragment.startswith("/"):
            return _anchored(self.root, fragment, "")
        try:
            return resolve_pointer(self.root, fragment), fragment
        except (ValueError, TypeError) as error:
            raise LookupError(reference) from error

    def validator(self, fragment: Json) -> Callable[[Any], bool]:
        """Whether a value satisfies a fragment of the schema, formats included.

        Raises:
            SchemaError: The fragment is no JSON Schema.
        """
        written = json.dumps(fragment, sort_keys=True)
        if written not in self._validators:
            self._validators[written] = self._compiled(fragment)
        return self._validators[written]

    def _compiled(self, fragment: Json) -> Callable[[Any], bool]:
        try:
            compiled = jsonschema_rs.validator_for(
                fragment, registry=self._registry, validate_formats=True, offline=True
            )
        except jsonschema_rs.ValidationError as error:
            at = pointer("", *error.instance_path)
            remedy = "see https://json-schema.org/draft/2020-12 for what the keyword takes"
            raise SchemaError(at, error.message, remedy) from None
        return compiled.is_valid

    def alternatives(self, node: Json, at: str, budget: int) -> list[Flat]:
        """The ways to satisfy `node`; an empty list when there is none within the budget."""
        return self._alternatives(node, Flat({}, at, budget), frozenset())

    def _alternatives(self, node: Json, place: Flat, trail: frozenset[str]) -> list[Flat]:
        if not isinstance(node, Mapping):
            return [Flat({}, place.at, place.budget)] if node is True else []
        flats = [Flat(_own(node), place.at, place.budget)]
        for group in self._groups(node, place, trail):
            merged = (_merge(flat, part) for flat in flats for part in group)
            flats = [flat for flat in merged if flat is not None][:_MOST_ALTERNATIVES]
        return [Flat(_closed(flat.keywords), flat.at, flat.budget) for flat in flats]

    def _groups(self, node: Mapping[str, Any], place: Flat, trail: frozenset[str]) -> Iterator[list[Flat]]:
        """Of each group, one member has to be satisfied too."""
        expand = functools.partial(self._alternatives, trail=trail)
        if "$ref" in node:
            yield self._referred(node["$ref"], place, trail)
        for number, part in enumerate(node.get("allOf", [])):
            yield expand(part, place.below("allOf", number))
        for keyword in ("anyOf", "oneOf"):
            if keyword in node:
                parts = ((part, place.below(keyword, number)) for number, part in enumerate(node[keyword]))
                yield [flat for part, below in parts for flat in expand(part, below)]
        if "if" in node:
            when = {"allOf": [node["if"], node.get("then", True)]}
            yield [*expand(when, place), *expand(node.get("else", True), place)]
        for name, part in node.get("dependentSchemas", {}).items():
            with_it = {"required": [name], "allOf": [part]}
            yield [*expand(with_it, place), *expand({"properties": {name: False}}, place)]

    def _referred(self, reference: str, place: Flat, trail: frozenset[str]) -> list[Flat]:
        budget = place.budget - (reference in self.recursive)
        if reference in trail or budget < 0:
            return []
        node, at = self.resolve(reference)
        return self._alternatives(node, Flat({}, at, budget), trail | {reference})


def _own(node: Mapping[str, Any]) -> dict[str, Any]:
    """What the node says by itself; what only a validator can judge goes to `allOf`."""
    own = {key: value for key, value in node.items() if key not in _ANNOTATIONS and key not in _APPLIED}
    if "const" in node:
        allowed = conjoin({"enum": [node["const"]]}, {"enum": node.get("enum", [node["const"]])})
        own["enum"] = [] if allowed is None else allowed["enum"]
    if isinstance(own.get("type"), str):
        own["type"] = [own["type"]]
    checks: list[dict[str, Any]] = [{key: node[key]} for key in _CHECKED if key in node]
    if "if" in node:
        checks.append({key: node[key] for key in ("if", "then", "else") if key in node})
    if checks:
        own["allOf"] = checks
    for key in ("contains", "not"):
        own.pop(key, None)
    return own


def _closed(keywords: Mapping[str, Any]) -> Mapping[str, Any]:
    """Everything is evaluated by now, so `unevaluatedProperties` says what `additionalProperties` would."""
    closed = dict(keywords)
    for unevaluated, additional in (("unevaluatedProperties", "additionalProperties"), ("unevaluatedItems", "items")):
        if unevaluated in closed:
            closed.setdefault(additional, closed.pop(unevaluated))
    return closed


def _merge(left: Flat, right: Flat) -> Flat | None:
    merged = conjoin(left.keywords, right.keywords)
    if merged is None:
        return None
    at = left.at if left.keywords.keys() - {"type", "required", "allOf"} else right.at
    return Flat(merged, at, min(left.budget, right.budget))


def _references(node: Json, at: str) -> Iterator[tuple[str, str]]:
    """Every `$ref` of a schema and of the schemas inside it, definitions apart, with its place."""
    if not isinstance(node, Mapping):
        return
    if isinstance(node.get("$ref"), str):
        yield node["$ref"], at
    for place, child in children(node, at):
        yield from _references(child, place)


def _recursive(followed: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """The references from which one comes back to the same reference."""
    for start, direct in followed.items():
        reached: set[str] = set()
        pending = set(direct)
        while pending:
            reached |= pending
            pending = {inner for reference in pending for inner in followed[reference]} - reached
        if start in reached:
            yield start


def _anchored(node: Json, anchor: str, at: str) -> tuple[Any, str]:
    """The schema that carries `$anchor`; LookupError when none does."""
    if isinstance(node, Mapping) and node.get("$anchor") == anchor:
        return node, at
    children = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    for key, value in children:
        try:
            return _anchored(value, anchor, pointer(at, key))
        except LookupError:
            continue
    raise LookupError(anchor)
