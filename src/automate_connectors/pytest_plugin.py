"""Options of ``pytest`` for connectors, and nothing else until one of them is used (architecture, decision 7)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

LEVELS = ("bronze", "silver", "gold", "platinum")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of contract section 3."""
    group = parser.getgroup("connectors", "connector certification")
    group.addoption(
        "--connector",
        action="append",
        metavar="NAME",
        help="certify this connector; repeatable; `all` for every registered one",
    )
    group.addoption(
        "--connector-level",
        choices=LEVELS,
        metavar="LEVEL",
        help=f"judge against LEVEL ({', '.join(LEVELS)}) instead of the claimed one",
    )
    group.addoption(
        "--connector-record",
        action="store_true",
        help="call the real service and rewrite the cassettes, then certify from them",
    )
    group.addoption(
        "--connector-report", default="certification", metavar="DIR", help="where reports go (default: certification/)"
    )
    group.addoption("--connector-seed", type=int, metavar="N", help="the seed of generated payloads")
    group.addoption("--connector-deep", action="store_true", help="more and longer fault schedules")
    group.addoption(
        "--connector-replay", metavar="FILE", help="run one stored failing schedule again: FIXED or STILL FAILING"
    )
    group.addoption(
        "--connector-host",
        choices=("inline", "process"),
        default="inline",
        help="run the adapter in this process, or in a child",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the certification where it was asked for."""
    if config.getoption("connector_replay"):
        from automate_connectors.plugin.replaying import Replaying  # noqa: PLC0415 - only when asked for

        config.pluginmanager.register(Replaying(config), "automate-replay")
    elif config.getoption("connector"):
        from automate_connectors.plugin.certifying import Certification  # noqa: PLC0415 - only when asked for

        config.pluginmanager.register(Certification(config), "automate-certification")
    elif config.getoption("connector_record"):
        raise pytest.UsageError("--connector-record records the connector that --connector=NAME names: name one")


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector: pytest.Module | pytest.Class, name: str, obj: object) -> Any:
    """Collect a ConnectorTestCase, whatever ``python_classes`` says."""
    testing = sys.modules.get("automate_connectors.testing")
    if testing is None or not isinstance(obj, type) or not issubclass(obj, testing.ConnectorTestCase):
        return None
    from automate_connectors.plugin.cases import CaseClass  # noqa: PLC0415 - only when one is there

    return CaseClass.collected(collector, name, obj)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Let cassettes answer an author's own tests."""
    if "automate_connectors.plugin.cases" not in sys.modules:
        return (yield)
    from automate_connectors.plugin.cases import replayed  # noqa: PLC0415 - only when a case was collected

    with replayed(item):
        return (yield)
