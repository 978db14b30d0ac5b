"""The child of `inertness.py`: run as a script, it says on its last line of stdout what an adapter did unasked."""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from typing import Any


class Watch:
    """Puts what is printed aside, and adds it and threads that nobody heard of to what is heard, phase by phase.

    Args:
        hear: starts the hearing, and returns what gives what was heard since the last call.
    """

    def __init__(self, hear: Callable[[], Callable[[], list[str]]]) -> None:
        self._sink = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._out = os.dup(1)
        self._threads = threading.active_count()
        os.dup2(self._sink.fileno(), 1)
        os.dup2(self._sink.fileno(), 2)
        self._heard = hear()

    def heard(self) -> list[str]:
        """What was done since the last call."""
        found = self._heard()
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


def main() -> None:
    """Import, construct, tell."""
    order = json.loads(sys.stdin.buffer.read())
    sys.path[:] = order["path"]
    # Ours is imported before the listening begins, and after the path is set.
    from automate_connectors.certification.hearing import Ear  # noqa: PLC0415 - as above
    from automate_connectors.certification.importing import class_again, import_again  # noqa: PLC0415 - as above
    from automate_connectors.profiles import ConnectionProfile  # noqa: PLC0415 - as above

    importlib.import_module("automate_connectors.adapters.base")
    watch = Watch(lambda: Ear().heard)
    report: dict[str, list[str]] = {"importing": [], "constructing": []}
    try:
        found = class_again(import_again(order["module"], order["file"]), order["qualname"], order["connector"])
    except Exception as error:  # noqa: BLE001 - the adapter's own module
        report["importing"] = [*watch.heard(), f"the import raised {type(error).__name__}"]
        watch.tell(report)
    report["importing"] = watch.heard()
    try:
        kept: Any = found(ConnectionProfile(order["connector"], options=order["options"], secrets=order["secrets"]))
    except Exception as error:  # noqa: BLE001 - the adapter's own constructor
        report["constructing"] = [*watch.heard(), f"the constructor raised {type(error).__name__}"]
        watch.tell(report)
    report["constructing"] = watch.heard()
    del kept
    watch.tell(report)


if __name__ == "__main__":
    main()
