"""Says at the end of a run how the zoo fared."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Kill score and false alarms, where the zoo was judged."""
    from zoo.table import summarise  # noqa: PLC0415 - only a run of the zoo needs it

    summarise(terminalreporter)
