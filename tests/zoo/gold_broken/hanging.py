"""An adapter that hangs: no member of the zoo, for only a shorter watchdog makes it bearable."""

from __future__ import annotations

import threading
from typing import Any

from automate_connectors import ConnectionProfile, ConnectorError
from zoo.gold_right.keys import HeaderKeyAdapter


class HangingRetryAdapter(HeaderKeyAdapter):
    """Never comes back from a second attempt."""

    name = "acme_hanging_retry"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self.failed = threading.Event()

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Execute, once."""
        if self.failed.is_set():
            threading.Event().wait()
        try:
            return super().execute(action, payload)
        except ConnectorError as error:
            if error.retryable:
                self.failed.set()
            raise
