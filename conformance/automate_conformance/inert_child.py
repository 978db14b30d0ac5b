"""The child of `inertness.py`: run as a script, it says on its last line of stdout what an adapter did unasked."""

from __future__ import annotations

import _thread
import importlib
import importlib.util
import json
import os
import sys
import tempfile
import threading
from typing import Any

_NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname")


class Ear:
    """Hears network calls, threads and prints, phase by phase."""

    def __init__(self) -> None:
        self._events: list[str] = []
        self._sink = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._out = os.dup(1)
        self._threads = threading.active_count()
        os.dup2(self._sink.fileno(), 1)
        os.dup2(self._sink.fileno(), 2)
        sys.addaudithook(self._hook)
        # The interpreter itself tells of new threads from 3.12 on.
        for place, name in ((threading, "_start_new_thread"), (_thread, "start_new_thread"), (_thread, "start_new")):
            setattr(place, name, self._noting(getattr(place, name)))

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event in _NETWORK and not _is_unix(args):
            self._events.append(f"network I/O ({event} {_shown(args)})")
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
        if threading.active_count() > self._threads and "a thread was started" not in found:
            found.append("a thread was started")
        self._threads = threading.active_count()
        if size := os.lseek(self._sink.fileno(), 0, os.SEEK_END):
            found.append(f"{size} bytes were printed")
            os.ftruncate(self._sink.fileno(), 0)
            os.lseek(self._sink.fileno(), 0, os.SEEK_SET)
        return found

    def tell(self, report: dict[str, list[str]]) -> None:
        """Say it on the real stdout, and end at once: what runs on in threads is heard already."""
        os.write(self._out, b"\n" + json.dumps(report).encode() + b"\n")
        os._exit(0)


def _is_unix(args: tuple[Any, ...]) -> bool:
    return bool(args) and getattr(getattr(args[0], "family", None), "name", "") == "AF_UNIX"


def _shown(args: tuple[Any, ...]) -> str:
    return repr(args[1] if len(args) > 1 and not isinstance(args[0], str) else args[0])[:80]


def load(order: dict[str, Any]) -> Any:
    """The module of the adapter: by its name where that leads to its file, else by the file."""
    name, file = order["module"], order["file"]
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        spec = None
    if spec is not None and (
        file is None or spec.origin is None or os.path.realpath(spec.origin) == os.path.realpath(file)
    ):
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{name} cannot be found again")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, os.path.dirname(file))  # noqa: PTH120 - the child imports as little as it can
    spec.loader.exec_module(module)
    return module


def adapter_class(module: Any, order: dict[str, Any]) -> Any:
    """The class by its name in the module; one that was made there without a name, by what it registered."""
    found = module
    for part in order["qualname"].split("."):
        found = getattr(found, part, None)
    if found is None:
        from automate_connectors import connector_registry  # noqa: PLC0415 - after the path is set

        return connector_registry.get(order["connector"])
    return found


def main() -> None:
    """Import, construct, tell."""
    order = json.loads(sys.stdin.buffer.read())
    sys.path[:] = order["path"]
    # Ours is imported before the listening begins.
    from automate_connectors.profiles import ConnectionProfile  # noqa: PLC0415 - after the path is set

    importlib.import_module("automate_connectors.adapters.base")
    importlib.import_module("automate_connectors.registry")
    ear = Ear()
    report: dict[str, list[str]] = {"importing": [], "constructing": []}
    try:
        found = adapter_class(load(order), order)
    except Exception as error:  # noqa: BLE001 - the adapter's own module
        report["importing"] = [*ear.heard(), f"the import raised {type(error).__name__}"]
        ear.tell(report)
    report["importing"] = ear.heard()
    try:
        kept = found(ConnectionProfile(order["connector"], options=order["options"], secrets=order["secrets"]))
    except Exception as error:  # noqa: BLE001 - the adapter's own constructor
        report["constructing"] = [*ear.heard(), f"the constructor raised {type(error).__name__}"]
        ear.tell(report)
    report["constructing"] = ear.heard()
    del kept
    ear.tell(report)


if __name__ == "__main__":
    main()
