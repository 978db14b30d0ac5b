"""The child's side: whether the adapter replaced functions of the framework, which tell what it did.

It holds against whoever patches by name. Code that searches its own process for this watch can still lie about what it
returned; requests, effects and time are seen by the judge itself.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FunctionType
from typing import Any

_OURS = "automate_connectors"
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
    """Knows the framework as it was before anything of the adapter's was imported."""

    __slots__ = ("_codes", "_parts")

    def __init__(self) -> None:
        self._parts = [(owner, name, value) for owner, name, value in _parts() if not name.startswith("__abstract")]
        self._codes = [(value, value.__code__) for _, _, value in self._parts if isinstance(value, FunctionType)]

    def replaced(self) -> str | None:
        """What is another now."""
        for owner, name, value in self._parts:
            if vars(owner).get(name) is not value:
                return f"{getattr(owner, '__qualname__', owner.__name__)}.{name}"
        for function, code in self._codes:
            if function.__code__ is not code:
                return function.__qualname__
        return None
