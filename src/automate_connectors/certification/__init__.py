"""Judging: the subject, verdicts, report, levels, certificate and gate.

`gate` and `GateDecision` are imported when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automate_connectors.certification.gating import GateDecision, gate

__all__ = ["GateDecision", "gate"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.gating"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
