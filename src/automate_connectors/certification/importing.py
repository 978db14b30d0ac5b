"""Imports files that a user names, with cases and registrations, each under the name that pytest gives it.

In a fresh interpreter, an adapter's module and class are found again.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import os
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from automate_connectors.errors import ConfigurationError
from automate_connectors.registry import connector_registry
from automate_connectors.testing import ConnectorTestCase

_CASES: Final = "automate.connector_cases"


class NotImportableError(Exception):
    """A file cannot be imported; the message names it and the reason."""


def import_file(path: Path) -> ModuleType | None:
    """Import a file; nothing where it skips itself whole.

    Raises:
        NotImportableError: it raised.
    """
    name = _module_name(path)
    try:
        known = sys.modules.get(name)
        if known is not None and getattr(known, "__file__", None) == str(path):
            return known
        if known is None:
            return importlib.import_module(name)
        return import_by_path(path, f"{path.stem}_{abs(hash(str(path))):x}")
    except (Exception, SystemExit) as error:
        raise NotImportableError(f"{path.name} cannot be imported: {type(error).__name__}: {error}") from error
    except BaseException as error:
        # The class by which pytest skips a file; pytest itself need not be there.
        if type(error).__name__ == "Skipped":
            return None
        raise


def _module_name(path: Path) -> str:
    """The name under which pytest would import a file, its root put on the import path."""
    root, parts = path.parent, [path.stem]
    while (root / "__init__.py").is_file():
        parts.insert(0, root.name)
        root = root.parent
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    return ".".join(parts)


def import_by_path(path: Path, name: str) -> ModuleType:
    """Import a file under a name, wherever it lies.

    Raises:
        ImportError: it is no Python file.
    """
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def import_again(name: str, file: str | None) -> ModuleType:
    """Import the module of an adapter: by its name where that leads to its file, else by the file.

    Raises:
        ImportError: neither leads to it.
    """
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        spec = None
    if spec is not None and (
        file is None or spec.origin is None or os.path.realpath(spec.origin) == os.path.realpath(file)
    ):
        return importlib.import_module(name)
    if file is None:
        raise ImportError(f"{name} cannot be found again")
    sys.path.insert(0, str(Path(file).parent))
    return import_by_path(Path(file), name)


def class_again(module: ModuleType, qualname: str, connector: str) -> Any:
    """Return a class by its name in a module; one that was made there without a name, by what it registered.

    Raises:
        ConfigurationError: it is neither there nor registered.
    """
    found: Any = module
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return connector_registry.get(connector) if found is None else found


def cases_in(modules: Iterable[ModuleType]) -> Iterator[type[ConnectorTestCase]]:
    """The cases that modules define, and do not only import."""
    for module in modules:
        for value in list(vars(module).values()):
            if (
                inspect.isclass(value)
                and issubclass(value, ConnectorTestCase)
                and value.__module__ == module.__name__
                and getattr(value, "adapter_class", None) is not None
            ):
                yield value


def shipped_case(name: str) -> type[ConnectorTestCase] | None:
    """The case that an installed distribution ships.

    Raises:
        ConfigurationError: it cannot be imported, or is none.
    """
    for point in entry_points(group=_CASES):
        if point.name == name:
            try:
                found = point.load()
            except Exception as error:
                raise ConfigurationError(
                    f"the test case of {name} ({point.value}) cannot be imported: mend or uninstall its distribution"
                ) from error
            if not (isinstance(found, type) and issubclass(found, ConnectorTestCase)):
                raise ConfigurationError(f"the entry point {point.value} of {name} is no ConnectorTestCase: name one")
            return found
    return None
