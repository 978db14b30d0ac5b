"""Compile a declared schema into a strategy of the payloads it allows.

Supported: type, enum, const, properties, required, additionalProperties, patternProperties, propertyNames,
min/maxProperties, dependentRequired, dependentSchemas, items, prefixItems, min/maxItems, uniqueItems, the bounds of
numbers, multipleOf, lengths, pattern, the formats of `formats.py`, anyOf, oneOf, allOf, if/then/else, local references
(recursive ones to a bounded depth), `nullable`, boolean schemas. `not` and `contains` are heeded by trial and named.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from hypothesis.strategies import SearchStrategy

from .declared import Declared, Flat
from .drawing import draw
from .json_values import Json
from .text import sieve
from .values import Values

__all__ = ["Compiled", "compile_schema"]

_PROBE_SEED: Final = 0
_USUAL_BUDGET: Final = 2
_PROBES: Final = 5
#: Values that are shown to a model before it is believed to take some: a few, then many.
_MODEL_PROBES: Final = (8, 40)
_FEWEST_ACCEPTED: Final = 2


@dataclass(frozen=True, slots=True)
class Compiled:
    """A schema ready to be generated from.

    Attributes:
        strategy: Values valid for the schema, formats included; None when none can be generated.
        unsupported: Each keyword that cannot be generated from, as "pointer: keyword", and why `strategy` is None.
        is_valid: Whether a value satisfies the schema, formats included.
        refuses_nothing: Whether every object is valid.
    """

    strategy: SearchStrategy[Any] | None
    unsupported: tuple[str, ...]
    is_valid: Callable[[Any], bool]
    refuses_nothing: bool

    def payloads(self, accepts: Callable[[Any], bool] | None) -> "Compiled":
        """The same, restricted to what the model accepts too.

        Where a sample shows that the model refuses nearly all, `strategy` is None and `unsupported` says so.
        """
        if self.strategy is None or accepts is None:
            return self
        for count in _MODEL_PROBES:
            sample = draw(self.strategy, seed=_PROBE_SEED, count=count)
            if sum(map(accepts, sample)) >= min(_FEWEST_ACCEPTED, len(sample)):
                return replace(self, strategy=sieve(self.strategy, accepts))
        reason = "/: the model's own validators refuse most payloads that its schema allows"
        return replace(self, strategy=None, unsupported=(*self.unsupported, reason))


def compile_schema(schema: Mapping[str, Any], *, payload: bool = True) -> Compiled:
    """Compile a declared schema.

    Args:
        schema: A JSON Schema (drafts 4 to 2020-12, or OpenAPI 3.0's), self-contained.
        payload: Generate objects only, as `execute` takes nothing else, if the schema allows objects at all.

    Raises:
        SchemaError: It is no JSON Schema, or a reference leads nowhere.
    """
    declared = Declared(schema)
    values, strategy = _shallowest(declared, payload=payload)
    checked = sieve(strategy, declared.accepts)
    possible = bool(draw(checked, seed=_PROBE_SEED, count=_PROBES))
    unsupported = values.unsupported
    if not possible:
        because = " (see above)" if unsupported else ""
        unsupported = (*unsupported, f"/: no valid value could be generated{because}")
    refuses_nothing = any(_allows_every_object(flat.keywords) for flat in _flats(declared, declared.deepest))
    return Compiled(checked if possible else None, unsupported, declared.accepts, refuses_nothing)


def _flats(declared: Declared, budget: int) -> list[Flat]:
    return declared.alternatives(declared.root, "", budget)


def _shallowest(declared: Declared, *, payload: bool) -> tuple[Values, SearchStrategy[Any]]:
    """Values that follow recursive references no deeper than is needed: each level multiplies their size."""
    budget = min(_USUAL_BUDGET, declared.deepest)
    while True:
        values, flats = Values(declared), _flats(declared, budget)
        strategy = values.among(_objects_only(flats) if payload else flats)
        if not strategy.is_empty or budget >= declared.deepest:
            return values, strategy
        budget = min(2 * budget, declared.deepest)


def _objects_only(flats: list[Flat]) -> list[Flat]:
    objects = [
        Flat({**flat.keywords, "type": ["object"]}, flat.at, flat.budget)
        for flat in flats
        if "object" in flat.keywords.get("type", ["object"])
    ]
    return objects or flats


def _allows_every_object(keywords: Mapping[str, Any]) -> bool:
    telling = {key: value for key, value in keywords.items() if not (value is True or value in ({}, []))}
    telling.pop("properties", None)
    undemanding = all(_says_nothing(node) for node in keywords.get("properties", {}).values())
    return undemanding and telling.keys() <= {"type"} and "object" in telling.get("type", ["object"])


def _says_nothing(node: Json) -> bool:
    return node is True or (
        isinstance(node, Mapping) and node.keys() <= {"title", "description", "default", "examples"}
    )
