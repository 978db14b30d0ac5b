"""Which connectors are to be certified, with which cases: names and files from the command line, resolved at once."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import pytest

from automate_connectors import connector_registry
from automate_connectors.certification.importing import NotImportableError, cases_in, import_file, shipped_case
from automate_connectors.certification.outside.host import ProcessHost
from automate_connectors.certification.outside.process import local_launch
from automate_connectors.errors import ConfigurationError
from automate_connectors.plugin.runs import Order
from automate_connectors.testing import ConnectorTestCase


def orders(config: pytest.Config) -> tuple[list[Order], dict[str, str]]:
    """The orders of a command line, and the connectors that are registered but cannot be judged, each with the reason.

    Raises:
        pytest.UsageError: for a name that is not registered, two cases for one name, a file that cannot be imported, or
            where nothing is left to judge.
    """
    if config.getoption("connector_host") == "process":
        return _orders_outside(config)
    found = list(cases_in(import_files(config)))
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


def _orders_outside(config: pytest.Config) -> tuple[list[Order], dict[str, str]]:
    """The same where only a child imports files and connectors; conftest files are pytest's own, and it loads none."""
    files = tuple(_files(config))
    host = ProcessHost(local_launch(), files, config.rootpath)
    try:
        found = host.find(config.getoption("connector"))
    except ConfigurationError as error:
        raise pytest.UsageError(error.message) from error
    finally:
        host.end()
    if found.wrong:
        raise pytest.UsageError(found.wrong)
    refused = {one.name: one.refused for one in found.listed if one.refused}
    made = [
        Order(
            name=one.name,
            adapter_class=None,
            case_class=None,
            level=config.getoption("connector_level") or one.level,
            root=config.rootpath,
            seed=config.getoption("connector_seed"),
            deep=config.getoption("connector_deep"),
            files=files,
        )
        for one in found.listed
        if not one.refused
    ]
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
    case_class = own[0] if own else shipped_case(name)
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
    try:
        return import_file(path)
    except NotImportableError as error:
        raise pytest.UsageError(str(error)) from error
