"""C02: does things when it is constructed."""

from __future__ import annotations

import contextlib
import sys
import threading

from automate_connectors import ConnectionProfile, ConnectorError
from zoo.broken.lean import LeanHttpx, LeanUrllib
from zoo.broken.planting import planted


class RefreshesForEver(LeanUrllib):
    """Keeps its token fresh from a thread that lives as long as it is open."""

    name = "acme_refreshes_for_ever"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._closed = threading.Event()
        threading.Thread(target=self._closed.wait, name="acme-refresh", daemon=True).start()

    def close(self) -> None:
        """End the thread."""
        self._closed.set()


class PrintsInConstructor(LeanUrllib):
    """Announces itself."""

    name = "acme_prints_in_constructor"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        print(f"Acme connector {self.version} ready")  # noqa: T201 - the planted defect


class WarnsOnStderrInConstructor(LeanUrllib):
    """Grumbles on stderr about what the profile lacks."""

    name = "acme_stderr_in_constructor"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        sys.stderr.write("acme: no option `region`, taking eu\n")


class CallsHomeInConstructor(LeanHttpx):
    """Looks who it is at once, and goes on where that fails."""

    name = "acme_calls_in_constructor"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        with contextlib.suppress(ConnectorError):
            self.call("GET", "/me")


MEMBERS = planted(
    "C02",
    RefreshesForEver,
    PrintsInConstructor,
    WarnsOnStderrInConstructor,
    CallsHomeInConstructor,
)
