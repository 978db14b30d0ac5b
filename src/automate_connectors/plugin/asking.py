"""What `pytest --connector=NAME` would judge from this folder, for commands that are no test run.

pytest itself reads its configuration, options and conftest files, and is stopped before a session begins: the root
directory, `testpaths`, `python_files` and `addopts` mean here what they mean there.
"""

from __future__ import annotations

import contextlib
import sys

import pytest

from automate_connectors.errors import ConfigurationError
from automate_connectors.plugin.orders import orders
from automate_connectors.plugin.runs import Order
from automate_connectors.wire.install import install

__all__ = ["order_of"]

#: By the name of its entry point, which pytest may not have loaded (PYTEST_DISABLE_PLUGIN_AUTOLOAD).
_PLUGIN = "automate_connectors"


class _Asked:
    """A plugin that takes the place of the test run."""

    def __init__(self) -> None:
        self.found: list[Order] = []
        self.problem = "pytest cannot read the configuration of this folder, as it says above: mend it first"

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> int:
        """Resolve the name and end."""
        # In place before any adapter's module is imported.
        install()
        try:
            self.found, _ = orders(config)
        except pytest.UsageError as error:
            self.problem = str(error)
        return 0


def order_of(name: str) -> Order:
    """The order for a connector: with the case of this folder's files, else with the one that its distribution ships.

    Raises:
        ConfigurationError: there is no such connector, it has two cases, or a file cannot be imported.
    """
    asked = _Asked()
    # What the imported files print is not the command's answer.
    with contextlib.redirect_stdout(sys.stderr):
        pytest.main([f"--connector={name}", "-p", _PLUGIN], plugins=[asked])
    if not asked.found:
        raise ConfigurationError(asked.problem)
    return asked.found[0]
