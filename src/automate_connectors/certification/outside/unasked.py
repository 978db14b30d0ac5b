"""The child's side of C02: import the adapter again, construct it, and say what it did meanwhile.

The judge looks from outside too: at the threads of the process, at what it printed, at its questions about the network.
"""

from __future__ import annotations

import _thread
import importlib
import importlib.util
import os
import sys
import threading
from pathlib import Path
from typing import Any

from automate_connectors.certification.importing import import_by_path
from automate_connectors.profiles import ConnectionProfile
from automate_connectors.registry import connector_registry

_NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname")


class Ear:
    """Hears network calls and threads from its making on."""

    def __init__(self) -> None:
        self._events: list[str] = []
        sys.addaudithook(self._hook)
        # The interpreter itself tells of new threads from 3.12 on.
        for place, name in ((threading, "_start_new_thread"), (_thread, "start_new_thread"), (_thread, "start_new")):
            setattr(place, name, self._noting(getattr(place, name)))

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event in _NETWORK and not _is_unix(args):
            self._events.append(f"network I/O ({event})")
        elif event == "_thread.start_new_thread":
            self._events.append("a thread was started")

    def _noting(self, real: Any) -> Any:
        def start(*args: Any, **kwargs: Any) -> Any:
            self._events.append("a thread was started")
            return real(*args, **kwargs)

        return start

    def heard(self) -> list[str]:
        """What was heard since the last call."""
        sys.stdout.flush()
        sys.stderr.flush()
        found, self._events = list(dict.fromkeys(self._events)), []
        return found


def _is_unix(args: tuple[Any, ...]) -> bool:
    return bool(args) and getattr(getattr(args[0], "family", None), "name", "") == "AF_UNIX"


_found: list[Any] = []


def importing(module: str, file: str | None, qualname: str, connector: str) -> list[str]:
    """Import the adapter's module."""
    ear = Ear()
    _found[:] = [ear]
    try:
        _found.append(_adapter_class(_module(module, file), qualname, connector))
    except Exception as error:  # noqa: BLE001 - the adapter's own module
        return [*ear.heard(), f"the import raised {type(error).__name__}"]
    return ear.heard()


def constructing(connector: str, options: dict[str, Any], secrets: dict[str, str]) -> list[str]:
    """Construct it; the instance is kept until the judge has looked."""
    ear, adapter_class = _found
    try:
        _found.append(adapter_class(ConnectionProfile(connector, options=options, secrets=secrets)))
    except Exception as error:  # noqa: BLE001 - the adapter's own constructor
        return [*ear.heard(), f"the constructor raised {type(error).__name__}"]
    return list(ear.heard())


def _module(name: str, file: str | None) -> Any:
    """The module of the adapter: by its name where that leads to its file, else by the file."""
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


def _adapter_class(module: Any, qualname: str, connector: str) -> Any:
    """The class by its name in the module; one that was made there without a name, by what it registered."""
    found = module
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return connector_registry.get(connector) if found is None else found
