"""``--connector-record``: each connector is recorded before it is judged, in this process alone."""

from __future__ import annotations

import os
import traceback
from dataclasses import dataclass
from pathlib import Path

import pytest

from automate_connectors.errors import ConfigurationError
from automate_connectors.plugin.runs import Order

__all__ = ["Told", "recorded", "refuse_workers"]


@dataclass(frozen=True, slots=True)
class Told:
    """What recording a connector came to.

    Attributes:
        lines: for the terminal.
        failure: why nothing was recorded; None where it was.
    """

    lines: tuple[str, ...] = ()
    failure: str | None = None


def refuse_workers(config: pytest.Config) -> None:
    """Refuse to record beside other workers.

    Raises:
        pytest.UsageError: xdist spreads this run.
    """
    if hasattr(config, "workerinput") or config.getoption("dist", "no") != "no" or config.getoption("tx", None):
        raise pytest.UsageError(
            "--connector-record works without -n only: workers would call the service and rewrite its cassettes at the "
            "same time; record with -n 0, then certify with as many workers as you like"
        )


def recorded(order: Order) -> Told:
    """Record the cassettes of an order."""
    from automate_connectors.recording.recorder import record  # noqa: PLC0415 - only recording needs vcrpy

    try:
        made = record(order.name, order.imported, order.case_class, root=order.root)
    except ConfigurationError as error:
        return Told(failure=f"nothing was recorded and no cassette was touched: {error.message}")
    except Exception as error:  # noqa: BLE001 - what an author's case raises when it is read
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"
        return Told(failure=f"nothing was recorded and no cassette was touched: the case cannot be read: {where}")
    where = os.path.relpath(made.directory)
    lines = [
        f"{order.name}: recorded {', '.join(made.written)} in {where}"
        if made.written
        else f"{order.name}: it sent no request, so there is nothing to record"
    ]
    lines += [f"{order.name}: removed {file}: no example is left that it belongs to" for file in made.removed]
    lines += [f"{order.name}: recorded, but {problem}" for problem in made.problems]
    return Told(tuple(lines))
