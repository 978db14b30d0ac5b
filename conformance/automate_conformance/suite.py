"""The suite: the check of each requirement, under its id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from automate_conformance.catalogue import CATALOGUE, Requirement
from automate_connectors.certification.subject import Subject
from automate_connectors.certification.verdict import Verdict

__all__ = ["Check", "check", "checks", "judged_order"]

Check = Callable[[Subject, Verdict], None]
_MODULES = (
    "contract",
    "declarations",
    "delivery",
    "documentation",
    "errors",
    "outside",
    "recordings",
    "runtime",
    "secrets",
)
_CHECKS: dict[str, Check] = {}


def check(identifier: str) -> Callable[[Check], Check]:
    """Make a function the check of a requirement; its docstring is the requirement's MUST sentence."""

    def register(function: Check) -> Check:
        _CHECKS[identifier] = function
        return function

    return register


@cache
def checks() -> Mapping[str, Check]:
    """Every check of the suite by its requirement's id."""
    for module in _MODULES:
        # The checks register themselves when their module is imported.
        import_module(f"automate_conformance.{module}")
    return MappingProxyType({record.id: _CHECKS[record.id] for record in CATALOGUE if record.id in _CHECKS})


def judged_order(level: str) -> list[Requirement]:
    """The requirements up to a level in the order in which they are judged: session-wide ones last."""
    levels = list(dict.fromkeys(record.level for record in CATALOGUE))
    wanted = levels[: levels.index(level) + 1]  # type: ignore[arg-type]  # a level's name, checked before
    chosen = [record for record in CATALOGUE if record.level in wanted]
    return sorted(chosen, key=lambda record: record.session_wide)
