"""What a member of the zoo is, and how each finds its way into the tests."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

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
    """

    adapter_class: type[Any]
    breaks: str | None = None
    level: str = "silver"
    case: Mapping[str, Any] = field(default_factory=dict)
    record: Callable[[Path], None] | None = None

    @property
    def label(self) -> str:
        """Its name in the table."""
        return f"{self.adapter_class.__module__.removeprefix('zoo.')}.{self.adapter_class.__name__}"

    def test_case(self, folder: Path) -> type[ConnectorTestCase]:
        """Its test case, with cassettes written into ``folder``."""
        if self.record is not None:
            self.record(folder)
        attributes = {"adapter_class": self.adapter_class, "level": self.level, "cassette_dir": folder, **self.case}
        return type(f"{self.adapter_class.__name__}Case", (ConnectorTestCase,), attributes)


def acme(adapter_class: type[Any], **cassettes: Any) -> Callable[[Path], None]:
    """Record Acme's cassettes for an adapter."""
    return lambda folder: write_cassettes(folder, adapter_class.name, version=adapter_class.version, **cassettes)


def members(package: ModuleType) -> Iterator[Member]:
    """The ``MEMBERS`` of every module of a package, by module name."""
    for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        yield from getattr(module, "MEMBERS", ())
