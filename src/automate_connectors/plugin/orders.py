"""Which connectors are to be certified, with which cases: names and files from the command line, resolved at once."""

from __future__ import annotations

import fnmatch
import importlib
import importlib.util
import inspect
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from automate_connectors import connector_registry
from automate_connectors.errors import ConfigurationError
from automate_connectors.plugin.runs import Order
from automate_connectors.testing import ConnectorTestCase

_CASES: Final = "automate.connector_cases"


def orders(config: pytest.Config) -> tuple[list[Order], dict[str, str]]:
    """The orders of a command line, and the connectors that are registered but cannot be judged, each with the reason.

    Raises:
        pytest.UsageError: for a name that is not registered, two cases for one name, a file that cannot be imported, or
            where nothing is left to judge.
    """
    found = list(_cases(import_files(config)))
    made: list[Order] = []
    refused: dict[str, str] = {}
    known = connector_registry.names()
    for name in _names(config.getoption("connector")):
        try:
            made.append(_order(config, name, found))
        except ConfigurationError as error:
            if name not in known:
                raise pytest.UsageError(error.message) from error
            refused[name] = _with_cause(error)
    if not made:
        raise pytest.UsageError("\n".join(refused.values()))
    return made, refused


def _with_cause(error: ConfigurationError) -> str:
    cause = error.__cause__
    return error.message + (f" ({type(cause).__name__}: {cause})" if cause else "")


def _names(given: Iterable[str]) -> list[str]:
    chosen: dict[str, None] = {}
    for name in given:
        chosen.update(dict.fromkeys(connector_registry.names() if name == "all" else [name]))
    return list(chosen)


def _order(config: pytest.Config, name: str, cases: Iterable[type[ConnectorTestCase]]) -> Order:
    adapter_class = connector_registry.get(name)
    own = [case for case in cases if case.adapter_class is adapter_class]
    if len(own) > 1:
        both = " and ".join(f"{case.__module__}.{case.__qualname__}" for case in own)
        raise pytest.UsageError(
            f"{name} has {len(own)} test cases, {both}: keep one, or name its file on the command line"
        )
    case_class = own[0] if own else _shipped(name)
    level = config.getoption("connector_level") or (case_class.level if case_class else "bronze")
    return Order(
        name=name,
        adapter_class=adapter_class,
        case_class=case_class,
        level=level,
        root=config.rootpath,
        seed=config.getoption("connector_seed"),
        deep=config.getoption("connector_deep"),
    )


def _shipped(name: str) -> type[ConnectorTestCase] | None:
    """The case that an installed distribution ships."""
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


def _cases(modules: Iterable[ModuleType]) -> Iterator[type[ConnectorTestCase]]:
    for module in modules:
        for value in list(vars(module).values()):
            if (
                inspect.isclass(value)
                and issubclass(value, ConnectorTestCase)
                and value.__module__ == module.__name__
                and getattr(value, "adapter_class", None) is not None
            ):
                yield value


def import_files(config: pytest.Config) -> list[ModuleType]:
    """Import the files in which cases and registrations may stand: arguments, `testpaths`, or this folder's own."""
    files = _files(config)
    modules = [module for file in [*_conftests_beside(config, files), *files] if (module := _import(file))]
    return list(dict.fromkeys([*modules, *_conftests(config)]))


def _conftests(config: pytest.Config) -> list[ModuleType]:
    """Those that pytest loaded: of this folder, of the arguments and of `testpaths`."""
    return [
        plugin for plugin in config.pluginmanager.get_plugins() if getattr(plugin, "__name__", "").endswith("conftest")
    ]


def _conftests_beside(config: pytest.Config, files: Iterable[Path]) -> list[Path]:
    """Those of deeper folders, which pytest would load when it collects them."""
    if config.getoption("noconftest"):
        return []
    loaded = {getattr(plugin, "__file__", None) for plugin in _conftests(config)}
    folders = {folder: None for file in files for folder in reversed(file.parents)}
    return [
        path
        for folder in folders
        if folder.is_relative_to(config.rootpath)
        and (path := folder / "conftest.py").is_file()
        and str(path) not in loaded
    ]


def _files(config: pytest.Config) -> list[Path]:
    patterns = config.getini("python_files")
    here = config.invocation_params.dir
    recursive = config.args_source is not pytest.Config.ArgsSource.INVOCATION_DIR
    files: dict[Path, None] = {}
    for argument in config.args:
        path = (here / argument.partition("::")[0]).resolve()
        if not path.exists():
            raise pytest.UsageError(
                f"there is no file or folder {argument}: name the files that hold test cases, or none"
            )
        if path.is_file():
            files[path] = None
            continue
        found = path.rglob("*.py") if recursive else path.glob("*.py")
        files.update(dict.fromkeys(sorted(f for f in found if any(fnmatch.fnmatch(f.name, p) for p in patterns))))
    return list(files)


def _import(path: Path) -> ModuleType | None:
    name = _module_name(path)
    try:
        known = sys.modules.get(name)
        if known is not None and getattr(known, "__file__", None) == str(path):
            return known
        if known is None:
            return importlib.import_module(name)
        return _import_by_path(path)
    except pytest.skip.Exception:
        return None
    except (Exception, SystemExit) as error:
        raise pytest.UsageError(f"{path.name} cannot be imported: {type(error).__name__}: {error}") from error


def _module_name(path: Path) -> str:
    """The name under which pytest would import a file, its root put on the import path."""
    root, parts = path.parent, [path.stem]
    while (root / "__init__.py").is_file():
        parts.insert(0, root.name)
        root = root.parent
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    return ".".join(parts)


def _import_by_path(path: Path) -> ModuleType:
    name = f"{path.stem}_{abs(hash(str(path))):x}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
