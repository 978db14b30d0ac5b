"""One connector's run: what it starts, it ends, whatever becomes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from zoo.right.http_plain import HttpAcmeAdapter

from automate_conformance.suite import judged_order
from automate_connectors.errors import ConfigurationError
from automate_connectors.plugin import runs
from automate_connectors.plugin.runs import ConnectorRun, Order


class _Ahead:
    """Whoever works ahead, counted."""

    working = 0

    def __init__(self) -> None:
        type(self).working += 1

    def close(self) -> None:
        """End it."""
        type(self).working -= 1


def test_a_case_that_is_wrong_leaves_nobody_at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried once for the requirements and once for the report."""

    def wrong(_: Order) -> None:
        raise ConfigurationError("the case is wrong")

    monkeypatch.setattr(runs, "_started_ahead", lambda *_: _Ahead())
    monkeypatch.setattr(runs, "_placed", wrong)
    run = ConnectorRun(Order("acme_http", HttpAcmeAdapter, None, "bronze", tmp_path))
    assert run.judge(judged_order("bronze")[0]).reason == "the case is wrong"
    assert run.about()["actions"] == []
    assert _Ahead.working == 1
    run.close()
    assert _Ahead.working == 0
