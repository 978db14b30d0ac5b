"""The child's side: whether the adapter replaced functions of the framework, which tell what it did.

It holds against whoever patches by name. Code that searches its own process for this watch can still lie about what it
returned; requests, effects and time are seen by the judge itself.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from operator import attrgetter, is_
from types import FunctionType
from typing import Any

_OURS = "automate_connectors"
_code = attrgetter("__code__")
_KINDS = (FunctionType, staticmethod, classmethod, property, type)


def _parts() -> Iterator[tuple[Any, str, Any]]:
    """Every function and class of the framework that is loaded: its owner, its name, itself."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == _OURS and module is not None:
            for attribute, value in list(vars(module).items()):
                if isinstance(value, _KINDS):
                    yield module, attribute, value
                if isinstance(value, type) and value.__module__ == name:
                    yield from (
                        (value, part, item) for part, item in list(vars(value).items()) if isinstance(item, _KINDS)
                    )


class Watch:
    """Knows the framework as it was before anything of the adapter's was imported.

    It looks after each call, at some thousand parts: in loops that the interpreter does not run itself.
    """

    __slots__ = ("_codes", "_functions", "_owners")

    def __init__(self) -> None:
        owned: dict[Any, dict[str, Any]] = {}
        for owner, name, value in _parts():
            if not name.startswith("__abstract"):
                owned.setdefault(owner, {})[name] = value
        self._owners = [(owner, vars(owner).get, (*parts,), (*parts.values(),)) for owner, parts in owned.items()]
        everything = [value for parts in owned.values() for value in parts.values()]
        self._functions = [value for value in everything if isinstance(value, FunctionType)]
        self._codes = [*map(_code, self._functions)]

    def replaced(self) -> str | None:
        """What is another now."""
        for owner, get, names, values in self._owners:
            if not all(map(is_, map(get, names), values)):
                name = next(name for name, value in zip(names, values, strict=True) if get(name) is not value)
                return f"{getattr(owner, '__qualname__', owner.__name__)}.{name}"
        if not all(map(is_, map(_code, self._functions), self._codes)):
            functions = zip(self._functions, self._codes, strict=True)
            return next(function.__qualname__ for function, code in functions if function.__code__ is not code)
        return None
