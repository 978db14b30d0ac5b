"""One requirement of one connector as a pytest item."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from automate_conformance.catalogue import Requirement
from automate_connectors.certification.levels import Outcome
from automate_connectors.certification.terminal import printable
from automate_connectors.certification.verdict import Judged
from automate_connectors.plugin.runs import ConnectorRun

#: The attribute of a test report that carries the verdict to whoever writes the report, across workers.
CARRIED = "automate_connectors"
_SHOWN = 3


class RequirementFailedError(Exception):
    """Ends an item whose requirement was not met; the text for people is made from the verdict."""

    def __init__(self, record: Requirement, judged: Judged) -> None:
        super().__init__(f"{record.id} {record.title}: {judged.outcome}")
        self.record = record
        self.judged = judged


class WrongWaiverError(Exception):
    """Ends an item whose waiver is expired, unneeded or not allowed."""


class RequirementItem(pytest.Item):
    """Judges one requirement; named after it."""

    def __init__(self, *, record: Requirement, run: ConnectorRun, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.record = record
        self.run = run
        self.judged: Judged | None = None
        # What an adapter leaves to the collector is T03's to judge, and no error of whoever makes errors of warnings.
        self.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))
        self.user_properties += [("requirement", record.id), ("level", record.level), ("connector", run.name)]

    @classmethod
    def of(cls, parent: pytest.Collector, run: ConnectorRun, record: Requirement) -> RequirementItem:
        """The item of a requirement, under ``parent``."""
        name = f"{record.id}-{record.title.replace(' ', '-')}"
        return cls.from_parent(parent, name=name, record=record, run=run)

    def runtest(self) -> None:
        """Judge."""
        self.judged = judged = self.run.judge(self.record)
        waived, problems = self.run.waiver(self.record, judged.outcome)
        if problems:
            raise WrongWaiverError(problems[0])
        if waived:
            pytest.skip(f"waived: {printable(waived)}")
        if judged.outcome in (Outcome.NOT_RUN, Outcome.NOT_APPLICABLE):
            pytest.skip(f"{str(judged.outcome).replace('_', ' ')}: {printable(judged.reason)}")
        if judged.outcome is not Outcome.PASS:
            raise RequirementFailedError(self.record, judged)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The verdict for people; a check of ours that broke keeps its traceback."""
        if isinstance(excinfo.value, WrongWaiverError):
            return str(excinfo.value)
        if not isinstance(excinfo.value, RequirementFailedError):
            return super().repr_failure(excinfo, style)
        return "\n".join(explained(self.record, excinfo.value.judged))

    def carried(self) -> dict[str, Any]:
        """What the report needs of this item, as plain data."""
        assert self.judged is not None
        cells = self.run.cells(self.record.id)
        return {"connector": self.run.name, "judged": self.judged.as_dict(), "told": self.run.about(), "faults": cells}

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where pytest says the item comes from."""
        return self.path, None, f"{self.run.name} {self.record.id} {self.record.title}"


def explained(record: Requirement, judged: Judged) -> list[str]:
    """What failed, what was expected, what happened, how to mend it."""
    if judged.outcome is Outcome.ERROR:
        return [f"{record.id} {record.title} was not judged: {printable(judged.reason, 1000)}"]
    lines = [f"{record.id} {record.title} ({record.level})", record.statement, ""]
    if judged.reason:
        lines.append(printable(judged.reason, 1000))
    for failure in judged.failures[:_SHOWN]:
        lines += [
            f"  case      {printable(failure.case)}",
            f"  expected  {printable(failure.expected)}",
            f"  observed  {printable(failure.observed, 600)}",
            "",
        ]
    if (more := len(judged.failures) - _SHOWN) > 0:
        lines.append(f"  and {more} more of {judged.cases} cases")
    return [*lines, f"To mend it: {record.remedy}"]
