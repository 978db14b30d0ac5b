"""The child's side: which connectors there are, and the case of each, found as ``pytest --connector`` finds them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from automate_connectors.certification.authored import check_case, declared_case
from automate_connectors.certification.importing import NotImportableError, cases_in, import_file, shipped_case
from automate_connectors.certification.outside.told import Found, Listed
from automate_connectors.errors import ConfigurationError
from automate_connectors.registry import connector_registry
from automate_connectors.testing import ConnectorTestCase


class Finder:
    """Imports the files that it is given, and knows what they define."""

    def __init__(self) -> None:
        self._cases: list[type[ConnectorTestCase]] = []

    def find(self, files: Sequence[str], names: Sequence[str]) -> Found:
        """Import the files, then look the names up; ``all`` is every registered one."""
        try:
            modules: list[ModuleType] = [module for file in files if (module := import_file(Path(file)))]
        except NotImportableError as error:
            return Found(str(error))
        self._cases = list(dict.fromkeys(cases_in(dict.fromkeys(modules))))
        known = connector_registry.names()
        chosen = dict.fromkeys(one for name in names for one in (known if name == "all" else [name]))
        listed = []
        for name in chosen:
            if name not in known:
                return Found(_unknown(name))
            try:
                _, case = self.chosen(name)
                check_case(case)
                listed.append(Listed(name, str(case.level)))
            except _TwoCasesError as error:
                return Found(str(error))
            except ConfigurationError as error:
                listed.append(Listed(name, "bronze", _with_cause(error)))
        return Found(None, tuple(listed))

    def chosen(self, name: str) -> tuple[type[Any], type[ConnectorTestCase]]:
        """The adapter of a name, and its case.

        Raises:
            ConfigurationError: either cannot be had.
        """
        adapter_class = connector_registry.get(name)
        own = [case for case in self._cases if case.adapter_class is adapter_class]
        if len(own) > 1:
            both = " and ".join(f"{case.__module__}.{case.__qualname__}" for case in own)
            raise _TwoCasesError(
                f"{name} has {len(own)} test cases, {both}: keep one, or name its file on the command line"
            )
        return adapter_class, own[0] if own else shipped_case(name) or declared_case(adapter_class)


class _TwoCasesError(Exception):
    """Two cases stand for one name."""


def _unknown(name: str) -> str:
    try:
        connector_registry.get(name)
    except ConfigurationError as error:
        return error.message
    return f"there is no connector {name!r}"


def _with_cause(error: ConfigurationError) -> str:
    cause = error.__cause__
    return error.message + (f" ({type(cause).__name__}: {cause})" if cause else "")
