"""A case as its author wrote it: what must be right about it, and where its cassettes lie."""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from automate_connectors.adapters.base import BaseAdapter
from automate_connectors.errors import ConfigurationError
from automate_connectors.profiles import ConnectionProfile
from automate_connectors.registry import connector_registry
from automate_connectors.testing import ConnectorTestCase

LEVELS: Final = ("bronze", "silver", "gold", "platinum")


def declared_case(adapter_class: type[Any]) -> type[ConnectorTestCase]:
    """A case of a connector that ships none: the adapter's own examples, Bronze."""

    class DeclaredCase(ConnectorTestCase):
        """Made from what the adapter declares."""

    DeclaredCase.adapter_class = adapter_class
    return DeclaredCase


def literals_of(profile: ConnectionProfile | None) -> dict[str, str]:
    """The values of secrets that stand in a case's profile as they are; references are not resolved."""
    secrets = profile.secrets.items() if profile else ()
    found: dict[str, str] = {}
    for name, secret in secrets:
        # The value of a profile that was pickled or dumped is gone.
        with contextlib.suppress(ConfigurationError):
            if secret.reference is None:
                found[name] = secret.resolve()
    return found


def find_directory(name: str, case_class: type[ConnectorTestCase], root: Path) -> Path:
    """Where the cassettes of a case lie: as it says, else beside its file, else under ``root``."""
    beside = _folder_of(case_class)
    if case_class.cassette_dir is not None:
        stated = Path(case_class.cassette_dir)
        return stated if stated.is_absolute() else _first_existing([beside / stated, root / stated])
    return _first_existing([beside / "cassettes" / name, root / "cassettes" / name])


def _first_existing(paths: Sequence[Path]) -> Path:
    return next((path for path in paths if path.is_dir()), paths[0])


def _folder_of(case_class: type[ConnectorTestCase]) -> Path:
    source: type[Any] = case_class if case_class.__name__ != "DeclaredCase" else case_class.adapter_class
    try:
        return Path(inspect.getfile(source)).resolve().parent
    except (OSError, TypeError):
        return Path.cwd()


def check_case(case_class: type[ConnectorTestCase]) -> None:
    """Refuse a level or a profile that is none.

    Raises:
        ConfigurationError: Either is wrong.
    """
    who = case_class.__name__
    if case_class.level not in LEVELS:
        raise ConfigurationError(f"{who}.level is {case_class.level!r} and must be one of {', '.join(LEVELS)}")
    if case_class.profile is not None and not isinstance(case_class.profile, ConnectionProfile):
        raise ConfigurationError(
            f"{who}.profile is a {type(case_class.profile).__name__} and must be a ConnectionProfile, or None"
        )


def other_adapters(adapter_class: type[Any]) -> frozenset[str]:
    """The names of the other registered adapter classes in the file that defines this one."""
    module = sys.modules.get(adapter_class.__module__)
    classes = [value for value in vars(module).values() if isinstance(value, type)] if module else []
    return frozenset(value.__name__ for value in classes if value is not adapter_class and _is_registered(value))


def _is_registered(value: type[Any]) -> bool:
    name = getattr(value, "name", None)
    if not issubclass(value, BaseAdapter) or not isinstance(name, str) or name not in connector_registry.names():
        return False
    with contextlib.suppress(ConfigurationError):
        return connector_registry.get(name) is value
    return False
