"""The one object of ``pytest --connector``: collects requirements, gathers verdicts, reports, decides the exit."""

from __future__ import annotations

import functools
import json
import os
import shutil
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from automate_conformance.suite import judged_order
from automate_connectors.certification.levels import Outcome
from automate_connectors.certification.pages import NAMES, PAGE, write_pages, write_whole
from automate_connectors.certification.report import Report
from automate_connectors.certification.reporting import assemble
from automate_connectors.certification.terminal import lines, printable
from automate_connectors.certification.verdict import Judged
from automate_connectors.plugin.items import CARRIED, RequirementItem
from automate_connectors.plugin.live import live_line
from automate_connectors.plugin.orders import orders
from automate_connectors.plugin.recording import recorded, refuse_workers
from automate_connectors.plugin.runs import ConnectorRun, Order
from automate_connectors.plugin.shielding import shield_environment
from automate_connectors.wire import originals
from automate_connectors.wire.install import install

_REPORT = "report.json"


class ConnectorCollector(pytest.Collector):
    """The requirements of one connector up to the level that is judged."""

    def __init__(self, *, run: ConnectorRun, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run

    def collect(self) -> Iterator[RequirementItem]:
        """One item a requirement, in the order in which they are judged."""
        for record in judged_order(self.run.order.level):
            yield RequirementItem.of(self, self.run, record)


class Certification:
    """The state of one run."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.recording = bool(config.getoption("connector_record"))
        if self.recording:
            refuse_workers(config)
        # In place before any adapter's module is imported.
        install()
        if not self.recording:
            shield_environment()
        _refuse_reports(self._folder(""))
        self.orders, self.refused = orders(config)
        self.recorded: list[str] = []
        self.live = live_line(sys.stdout, originals.perf_counter, verbosity=config.option.verbose)
        self.judged: dict[str, dict[str, Judged]] = {order.name: {} for order in self.orders}
        self.told: dict[str, dict[str, Any]] = {}
        self.faults: dict[str, list[dict[str, Any]]] = {order.name: [] for order in self.orders}
        self.reports: dict[str, tuple[Report, list[str], Path]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool:
        """Collect the requirements of the connectors and nothing else: an author's own tests do not run."""
        if self.recording and not self.config.option.collectonly:
            self._record()
        items: list[pytest.Item] = []
        for order in self.orders:
            collector = ConnectorCollector.from_parent(
                session, name=order.name, nodeid=order.name, path=self.config.rootpath, run=ConnectorRun(order)
            )
            items += session.genitems(collector)
        self.config.hook.pytest_collection_modifyitems(session=session, config=self.config, items=items)
        session.items = items
        session.testscollected = len(items)
        self.config.hook.pytest_collection_finish(session=session)
        if not hasattr(self.config, "workerinput") and not self.config.option.usepdb:
            _let_work_ahead(items)
        return True

    def _record(self) -> None:
        """Record before judging; a connector that could not be recorded is not judged by its old cassettes."""
        for order in self.orders:
            told = recorded(order)
            self.recorded += told.lines
            if told.failure:
                self.refused[order.name] = told.failure
        self.orders = [order for order in self.orders if order.name not in self.refused]
        # The real service may be behind a proxy; the judge's is not.
        shield_environment()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """All requirements of a connector on one worker: they share its runs."""
        from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 - xdist is there when its hook is called

        return LoadScopeScheduling(config, log)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
        """Put the verdict on the report, which crosses from worker to controller."""
        report = yield
        if call.when == "call" and isinstance(item, RequirementItem) and item.judged:
            setattr(report, CARRIED, item.carried())
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Show on the live line what is judged, and wipe it before pytest writes again."""
        if self.live is None or not isinstance(item, RequirementItem):
            return (yield)
        item.run.watch = functools.partial(self.live.counted, item.run.name)
        self.live.began(item.run.name, item.record)
        try:
            return (yield)
        finally:
            self.live.wipe()

    def pytest_unconfigure(self) -> None:
        """Give back the terminal."""
        if self.live is not None:
            self.live.close()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Gather a verdict."""
        carried = getattr(report, CARRIED, None)
        if carried:
            name = carried["connector"]
            judged = Judged.from_dict(carried["judged"])
            self.judged[name][judged.id] = judged
            self.faults[name] += carried["faults"]
            if carried["told"]:
                self.told[name] = carried["told"]

    def pytest_runtest_teardown(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        """End a connector's network after its last requirement."""
        if isinstance(item, RequirementItem) and getattr(nextitem, "run", None) is not item.run:
            item.run.close()
            if self.live is not None:
                self.live.rest()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the reports and decide: 0 where every connector reached its level, else 1."""
        for run in {item.run for item in getattr(session, "items", ()) if isinstance(item, RequirementItem)}:
            # Where the session was broken off, nobody came to its last requirement.
            run.close()
        if hasattr(self.config, "workerinput") or self.config.option.collectonly:
            return
        for order in self.orders:
            self.reports[order.name] = self._write(order)
        for name in self.refused:
            # A certificate of an earlier run must not outlive the connector.
            for file in (_REPORT, *NAMES):
                (self._folder(name) / file).unlink(missing_ok=True)
        certified = not self.refused and all(report.certified for report, _, _ in self.reports.values())
        if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.OK if certified else pytest.ExitCode.TESTS_FAILED

    def _write(self, order: Order) -> tuple[Report, list[str], Path]:
        report, problems = assemble(
            self.told.get(order.name) or _untold(order), self.judged[order.name], faults=self.faults[order.name]
        )
        folder = self._folder(order.name)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / _REPORT
        write_whole(path, report.to_json())
        for action in report.actions:
            if action.counterexample is not None:
                write_whole(folder / f"{action.name}.schedule.json", json.dumps(action.counterexample, indent=2) + "\n")
        write_pages(report, folder)
        return report, problems, path

    def _folder(self, name: str) -> Path:
        return Path(self.config.invocation_params.dir / self.config.getoption("connector_report") / name)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """End with the level of each connector, what failed, and the report's path."""
        width = shutil.get_terminal_size().columns
        for sentence in self.recorded:
            terminalreporter.write_line(printable(sentence, 1000))
        for name, (report, problems, path) in self.reports.items():
            terminalreporter.write_sep("=", name, fullwidth=width)
            shown = os.path.relpath(path, self.config.invocation_params.dir)
            wrong = self._wrong(name)
            if wrong:
                terminalreporter.write_line(f"{name}: not certified: {printable(wrong, 1000)}", red=True)
                terminalreporter.write_line(f"report: {shown}")
                continue
            page = os.path.relpath(path.with_name(PAGE), self.config.invocation_params.dir)
            ask = f"pytest --connector={name} --connector-level="
            for line in lines(report, path=shown, problems=problems, page=page, ask=ask):
                terminalreporter.write_line(line.text, **line.markup)
        for name, reason in self.refused.items():
            terminalreporter.write_sep("=", name, fullwidth=width)
            terminalreporter.write_line(f"{name}: not certified: {printable(reason, 1000)}", red=True)

    def _wrong(self, name: str) -> str | None:
        """What kept every requirement from being judged: it is said once."""
        judged = list(self.judged[name].values())
        reasons = {each.reason for each in judged}
        return judged[0].reason if len(reasons) == 1 and all(each.outcome == Outcome.ERROR for each in judged) else None


def _let_work_ahead(items: list[pytest.Item]) -> None:
    """Let each run of this process use a second core; workers have one each."""
    wanted: dict[ConnectorRun, set[str]] = {}
    for item in items:
        if isinstance(item, RequirementItem):
            wanted.setdefault(item.run, set()).add(item.record.id)
    for run, ids in wanted.items():
        run.ahead_of = frozenset(ids)


def _refuse_reports(folder: Path) -> None:
    """Refuse a run whose reports cannot be written: it is known before anything is judged.

    Raises:
        pytest.UsageError: something else than a folder lies there, or one that takes no files.
    """
    nearest = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
    if not (nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)):
        raise pytest.UsageError(
            f"--connector-report needs a folder to write to, and {printable(nearest)} is none: name another"
        )


def _untold(order: Order) -> dict[str, Any]:
    """What is known of a connector of which no requirement was judged."""
    run = ConnectorRun(order)
    try:
        return run.about()
    finally:
        run.close()
