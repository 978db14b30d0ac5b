"""``--connector-replay FILE``: one stored failing schedule again, alone: FIXED or STILL FAILING."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from automate_conformance.replays import StoredSchedule, load_schedule, still_broken
from automate_connectors.certification.terminal import printable
from automate_connectors.errors import ConfigurationError
from automate_connectors.plugin.orders import orders
from automate_connectors.plugin.runs import ConnectorRun
from automate_connectors.wire.install import install


class StillFailingError(Exception):
    """The schedule breaks the adapter as it did."""


class ReplayItem(pytest.Item):
    """Runs the schedule."""

    def __init__(self, *, run: ConnectorRun, stored: StoredSchedule, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.stored = stored
        self.broken: str | None = None

    def runtest(self) -> None:
        """Run it, and raise where it still breaks the adapter."""
        with self.run.subject.session():
            self.broken = still_broken(self.run.subject, self.stored)
        if self.broken:
            raise StillFailingError(self.broken)

    def teardown(self) -> None:
        """End the network."""
        self.run.close()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The verdict in a sentence."""
        if isinstance(excinfo.value, StillFailingError | ConfigurationError):
            return printable(excinfo.value, 1000)
        return super().repr_failure(excinfo, style)


class Replaying:
    """The state of one replay."""

    def __init__(self, config: pytest.Config) -> None:
        install()
        self.config = config
        file = config.invocation_params.dir / config.getoption("connector_replay")
        try:
            self.stored = load_schedule(Path(file))
        except ConfigurationError as error:
            raise pytest.UsageError(error.message) from error
        named = config.getoption("connector") or [self.stored.connector]
        if named != [self.stored.connector]:
            raise pytest.UsageError(
                f"{file.name} is a schedule of {self.stored.connector}, not of {', '.join(named)}: "
                "leave --connector out"
            )
        config.option.connector = named
        self.order = replace(orders(config)[0][0], level="gold")
        self.passed = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool:
        """Collect the one schedule."""
        name = f"{self.stored.action}-{self.stored.requirement}"
        item = ReplayItem.from_parent(
            session, name=name, nodeid=f"{self.order.name}::{name}", run=ConnectorRun(self.order), stored=self.stored
        )
        session.items = [item]
        session.testscollected = 1
        self.config.hook.pytest_collection_finish(session=session)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note whether it passed."""
        if report.when == "call":
            self.passed = report.passed

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say which."""
        what = f"{self.order.name} {self.stored.action} under {', '.join(self.stored.schedule) or 'no fault'}"
        verdict = "FIXED" if self.passed else "STILL FAILING"
        terminalreporter.write_line(f"{verdict}: {printable(what)}", green=self.passed, red=not self.passed)
