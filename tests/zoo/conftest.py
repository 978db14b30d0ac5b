"""Puts the redirect and the virtual clock in place before a module of the zoo takes a clock or a socket by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from automate_connectors.wire.install import install

install()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a member leaves to the collector is T03's to judge; whichever test it falls into must not break of it."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))
