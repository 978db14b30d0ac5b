"""A ConnectorTestCase under plain ``pytest``: its own tests, and the suite's checks up to its level."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from automate_conformance.suite import judged_order
from automate_connectors.certification import authoring
from automate_connectors.errors import ConfigurationError
from automate_connectors.plugin.items import RequirementItem
from automate_connectors.plugin.runs import ConnectorRun, Order
from automate_connectors.testing import ConnectorTestCase


class CaseClass(pytest.Class):
    """Collects the author's tests, then the requirements."""

    @classmethod
    def collected(cls, collector: pytest.Module | pytest.Class, name: str, case: type[Any]) -> Any:
        """The collector of a case; nothing for one that names no adapter, or that is only imported here."""
        adapter_class = getattr(case, "adapter_class", None)
        if adapter_class is None or inspect.isabstract(adapter_class) or case.__module__ != _module(collector):
            return []
        return cls.from_parent(collector, name=name, obj=case)

    def collect(self) -> Iterator[Any]:
        """The author's tests first."""
        yield from super().collect()
        case: type[ConnectorTestCase] = self.obj
        run = ConnectorRun(_order(case, self.config.rootpath))
        for record in judged_order(case.level):
            yield RequirementItem.of(self, run, record)


def _order(case: type[ConnectorTestCase], root: Path) -> Order:
    name = getattr(case.adapter_class, "name", case.__name__)
    try:
        return Order(name=name, adapter_class=case.adapter_class, case_class=case, level=case.level, root=root)
    except ConfigurationError as error:
        raise pytest.Collector.CollectError(error.message) from error


def _module(collector: pytest.Module | pytest.Class) -> str:
    module = collector.getparent(pytest.Module)
    return str(module.obj.__name__) if module else ""


@contextlib.contextmanager
def replayed(item: pytest.Item) -> Iterator[None]:
    """Let the connector's cassettes answer while an author's own test runs."""
    parent = item.getparent(CaseClass)
    if parent is None or isinstance(item, RequirementItem):
        yield
        return
    with authoring.bench(parent.obj, item.config.rootpath):
        yield
