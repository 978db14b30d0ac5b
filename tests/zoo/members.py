"""What a member of the zoo is, and how each finds its way into the tests."""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from automate_connectors import ConnectionProfile, connector_registry
from automate_connectors.testing import ConnectorTestCase
from zoo.acme import write_cassettes


@dataclass(frozen=True)
class Member:
    """One adapter of the zoo.

    Attributes:
        adapter_class: the adapter.
        breaks: the one requirement that it breaks; None for a right one.
        level: up to which it is judged; a right one must reach it.
        case: attributes of its test case beside ``adapter_class`` and ``level``.
        record: writes its cassettes into a folder; None for one that needs none.
        entails: requirements that fall with the broken one by the standard's own words.
        options: the options of its profile, given a folder to work in; None for a member that needs none.
        base_case: the class of its test case, where that has methods of its own.
        guarantees: at Gold, the guarantee that the report gives each action; empty where it is not looked at.
    """

    adapter_class: type[Any]
    breaks: str | None = None
    level: str = "silver"
    case: Mapping[str, Any] = field(default_factory=dict)
    record: Callable[[Path], None] | None = None
    entails: frozenset[str] = frozenset()
    options: Callable[[Path], Mapping[str, Any]] | None = None
    base_case: type[ConnectorTestCase] = ConnectorTestCase
    guarantees: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Its name in the table."""
        return f"{self.adapter_class.__module__.removeprefix('zoo.')}.{self.adapter_class.__name__}"

    def test_case(self, folder: Path) -> type[ConnectorTestCase]:
        """Its test case, with cassettes written into ``folder``."""
        if self.record is not None:
            self.record(folder)
        attributes = {"adapter_class": self.adapter_class, "level": self.level, "cassette_dir": folder, **self.case}
        if self.options is not None:
            folder.mkdir(parents=True, exist_ok=True)
            attributes["profile"] = ConnectionProfile(self.adapter_class.name, options=self.options(folder))
        return type(f"{self.adapter_class.__name__}Case", (self.base_case,), attributes)

    @contextlib.contextmanager
    def among_its_neighbours(self) -> Iterator[None]:
        """Register every adapter of its module, so that T02 tells its statements from theirs (standard, T02)."""
        module = sys.modules[self.adapter_class.__module__]
        kinds = {member.adapter_class for member in getattr(module, "MEMBERS", ())}
        free = [kind for kind in kinds if kind.name not in connector_registry.names()]
        for kind in free:
            connector_registry.register(kind.name, kind)
        try:
            yield
        finally:
            for kind in free:
                connector_registry.unregister(kind.name)


def acme(adapter_class: type[Any], **cassettes: Any) -> Callable[[Path], None]:
    """Record Acme's cassettes for an adapter."""
    return lambda folder: write_cassettes(folder, adapter_class.name, version=adapter_class.version, **cassettes)


def members(package: ModuleType) -> Iterator[Member]:
    """The ``MEMBERS`` of every module of a package, by module name."""
    for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        yield from getattr(module, "MEMBERS", ())


def sampled(chosen: Sequence[Member]) -> list[Any]:
    """Parameters for tests: the others beside the first that breaks each requirement are marked ``exhaustive``.

    Of right ones it is the first of every second module.
    """
    seen: set[str | None] = set()
    modules = list(dict.fromkeys(member.adapter_class.__module__ for member in chosen))[::2]
    found = []
    for member in chosen:
        sort = member.breaks or member.adapter_class.__module__
        further = sort in seen or (member.breaks is None and sort not in modules)
        seen.add(sort)
        found.append(pytest.param(member, id=member.label, marks=[pytest.mark.exhaustive] if further else []))
    return found
