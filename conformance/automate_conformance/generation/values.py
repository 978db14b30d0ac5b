"""From one fragment of a declared schema to a strategy of its values."""

import copy
import functools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from .containers import ArrayShape, ObjectShape, arrays, objects
from .declared import Declared, Flat
from .formats import FREE_TEXT, STRING_FORMATS
from .json_values import Json
from .numeric import integers, numbers
from .patterns import UnsupportedPatternError, matching
from .text import LARGEST_CHOICE, sieve, text

__all__ = ["Values", "types_of"]

_HINTS: Final = {
    "object": {"additionalProperties", "maxProperties", "minProperties", "patternProperties", "properties", "required"},
    "array": {"items", "maxItems", "minItems", "prefixItems", "uniqueItems"},
    "string": {"contentMediaType", "format", "maxLength", "minLength", "pattern"},
    "number": {"exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"},
}
_EXTRA_NAMES: Final = ("extra", "note", "x-custom", "größe", "0", "two words")
_DYNAMIC: Final = ("$dynamicRef", "$recursiveRef")


def types_of(keywords: Mapping[str, Any]) -> tuple[str, ...]:
    """The JSON types a value may have; where none are declared, those that the keywords speak about."""
    if "type" in keywords:
        declared = tuple(keywords["type"])
        return tuple(name for name in declared if name != "integer" or "number" not in declared)
    return tuple(name for name, hints in _HINTS.items() if hints & keywords.keys())


def _anything() -> SearchStrategy[Any]:
    scalars = st.one_of(st.none(), st.booleans(), integers({}), numbers({}), text())
    return st.one_of(scalars, st.lists(scalars, max_size=2), st.fixed_dictionaries({"key": scalars}))


#: Longer texts are not made of a pattern.
_LONGEST_PATTERNED: Final = 10_000


class Values:
    """Compiles fragments, and collects the names of what it cannot generate from."""

    def __init__(self, declared: Declared) -> None:
        self._declared = declared
        self._unsupported: dict[str, None] = dict.fromkeys(declared.unreadable)
        self._made: dict[
            tuple[int, int], tuple[Json, SearchStrategy[Any]]
        ] = {}  # holds the node, so its id stays its own
        self._makers: Mapping[str, Callable[[Flat], SearchStrategy[Any]]] = {
            "array": self._array,
            "boolean": lambda _: st.booleans(),
            "integer": lambda flat: integers(flat.keywords),
            "null": lambda _: st.none(),
            "number": lambda flat: numbers(flat.keywords),
            "object": self._object,
            "string": self._string,
        }

    @property
    def unsupported(self) -> tuple[str, ...]:
        """Each keyword met that cannot be generated from, with its place."""
        return tuple(self._unsupported)

    def name(self, at: str, keyword: str) -> None:
        """Report a keyword."""
        self._unsupported[f"{at or '/'}: {keyword}"] = None

    def of(self, node: Json, place: Flat) -> SearchStrategy[Any]:
        """Values of a fragment found at a place; empty when none are within the budget of recursive references."""
        key = id(node), place.budget
        if key not in self._made:
            made = self.among(self._declared.alternatives(node, place.at, place.budget))
            self._made[key] = node, made
        return self._made[key][1]

    def among(self, flats: Sequence[Flat]) -> SearchStrategy[Any]:
        """Values of any of the alternatives."""
        usable = [strategy for strategy in map(self._flat, flats) if not strategy.is_empty]
        return st.one_of(*usable) if usable else st.nothing()

    def _flat(self, flat: Flat) -> SearchStrategy[Any]:
        keywords = flat.keywords
        for keyword in _DYNAMIC:
            if keyword in keywords:
                self.name(flat.at, keyword)
                return st.nothing()
        drawn = self._enumerated(flat) if "enum" in keywords else self._typed(flat)
        return self._checked(drawn, flat)

    def _checked(self, drawn: SearchStrategy[Any], flat: Flat) -> SearchStrategy[Any]:
        """The values that also satisfy what could not be built in."""
        checks = flat.keywords.get("allOf", [])
        for keyword in ("contains", "not"):
            if any(keyword in check and check[keyword] != {} for check in checks):
                self.name(flat.at, keyword)
        if {"not": {}} in checks:
            return st.nothing()
        return sieve(drawn, self._declared.validator({"allOf": list(checks)})) if checks else drawn

    def _enumerated(self, flat: Flat) -> SearchStrategy[Any]:
        allowed = list(filter(self._declared.validator(dict(flat.keywords)), flat.keywords["enum"]))
        return st.sampled_from(allowed[:LARGEST_CHOICE]).map(copy.deepcopy) if allowed else st.nothing()

    def _typed(self, flat: Flat) -> SearchStrategy[Any]:
        types = types_of(flat.keywords)
        if not types and "type" not in flat.keywords:
            return _anything()
        usable = [strategy for name in types if not (strategy := self._makers[name](flat)).is_empty]
        return st.one_of(*usable) if usable else st.nothing()

    def _string(self, flat: Flat) -> SearchStrategy[str]:
        keywords = flat.keywords
        shortest, longest = int(keywords.get("minLength", 0)), keywords.get("maxLength")
        limits = {key: keywords[key] for key in ("minLength", "maxLength", "pattern", "format") if key in keywords}
        fits = self._declared.validator({"type": "string", **limits})
        if "pattern" in keywords:
            found = self._matching(keywords["pattern"], shortest, flat.at)
            edge = min(int(longest or 0), _LONGEST_PATTERNED)
            # A match whose last character may repeat reaches the longest text that is allowed.
            stretched = found.map(lambda match: match + match[-1:] * (edge - len(match)))
            return st.one_of(sieve(found, fits), sieve(st.one_of(stretched, found), fits))
        if keywords.get("contentMediaType") == "application/json" and "contentSchema" in keywords:
            content = self.of(keywords["contentSchema"], flat.below("contentSchema"))
            return sieve(content.map(functools.partial(json.dumps, ensure_ascii=False)), fits)
        if (format_name := keywords.get("format", "")) not in FREE_TEXT:
            return sieve(self._formatted(format_name, flat.at), fits)
        return text(shortest, None if longest is None else int(longest))

    def _matching(self, pattern: str, shortest: int, at: str) -> SearchStrategy[str]:
        try:
            return matching(pattern, shortest)
        except UnsupportedPatternError as error:
            self.name(at, f"pattern {pattern!r} ({error})")
            return st.nothing()

    def _formatted(self, format_name: str, at: str) -> SearchStrategy[str]:
        if format_name not in STRING_FORMATS:
            self.name(at, f"format {format_name!r}")
            return st.nothing()
        return STRING_FORMATS[format_name]()

    def _object(self, flat: Flat) -> SearchStrategy[dict[str, Any]]:
        keywords, required = flat.keywords, flat.keywords.get("required", ())
        members = {
            name: self.of(node, flat.below("properties", name)) for name, node in keywords.get("properties", {}).items()
        }
        for name in required:
            if name not in members:
                members[name] = self._undeclared(flat, name)
        if any(members[name].is_empty for name in required):
            return st.nothing()
        shape = ObjectShape(
            required={name: members[name] for name in required},
            optional={name: made for name, made in members.items() if name not in required and not made.is_empty},
            extras=self._extras(flat, frozenset(members)),
            least=int(keywords.get("minProperties", 0)),
            most=None if "maxProperties" not in keywords else int(keywords["maxProperties"]),
            dependents=keywords.get("dependentRequired", {}),
        )
        return objects(shape) if shape.possible else st.nothing()

    def _undeclared(self, flat: Flat, name: str) -> SearchStrategy[Any]:
        """A member that is required but not among the properties."""
        extras = self._extras(flat, frozenset())
        fits = self._declared.validator({**flat.keywords, "required": [], "minProperties": 0})
        if extras:
            return st.one_of(*[sieve(value, lambda drawn: fits({name: drawn})) for _, value in extras])
        return st.nothing() if flat.keywords.get("additionalProperties") is False else _anything()

    def _extras(self, flat: Flat, known: frozenset[str]) -> tuple[tuple[SearchStrategy[str], SearchStrategy[Any]], ...]:
        """Strategies of names and values for members beyond the declared ones.

        An object that lists properties and is silent on others gets none: authors mean it closed more often than not,
        and a silence is no promise. `additionalProperties: true` or a schema is one.
        """
        keywords = flat.keywords
        pairs = []
        for pattern, node in keywords.get("patternProperties", {}).items():
            place = flat.below("patternProperties", pattern)
            pairs.append((self._matching(pattern, 0, place.at), self.of(node, place)))
        node = keywords.get("additionalProperties", not (keywords.get("properties") or pairs))
        if node is not False:
            pairs.append((self._free_names(flat), self.of(node, flat.below("additionalProperties"))))
        return tuple(
            (self._fitting(names, flat, known), values)
            for names, values in pairs
            if not (names.is_empty or values.is_empty)
        )

    def _free_names(self, flat: Flat) -> SearchStrategy[str]:
        named = st.sampled_from(_EXTRA_NAMES)
        if "propertyNames" in flat.keywords:
            rule = {"type": "string", "allOf": [flat.keywords["propertyNames"]]}
            return self.of(rule, flat.below("propertyNames"))
        return named if flat.keywords.get("properties") else st.one_of(named, text(1, 12))

    def _fitting(self, names: SearchStrategy[str], flat: Flat, known: frozenset[str]) -> SearchStrategy[str]:
        rule = flat.keywords.get("propertyNames", True)
        allowed = self._declared.validator(rule) if rule is not True else None
        return names.filter(lambda name: name not in known and (allowed is None or allowed(name)))

    def _array(self, flat: Flat) -> SearchStrategy[list[Any]]:
        keywords = flat.keywords
        prefix = [
            self.of(node, flat.below("prefixItems", number))
            for number, node in enumerate(keywords.get("prefixItems", []))
        ]
        shape = ArrayShape(
            prefix=tuple(prefix),
            items=self.of(keywords.get("items", True), flat.below("items")),
            least=int(keywords.get("minItems", 0)),
            most=None if "maxItems" not in keywords else int(keywords["maxItems"]),
            unique=bool(keywords.get("uniqueItems")),
        )
        return arrays(shape) if shape.possible else st.nothing()
