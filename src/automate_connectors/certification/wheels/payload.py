"""What a wheel may not bring: code that runs unasked, parts of the judge, files that hide others, foreign hooks."""

from collections.abc import Iterable
from typing import Final

from automate_connectors.certification.wheels.filenames import WheelName, canonical_name
from automate_connectors.certification.wheels.metadata import EntryPoint
from automate_connectors.certification.wheels.paths import folded
from automate_connectors.certification.wheels.record import installed_path
from automate_connectors.certification.wheels.refusals import WheelRefused, shown

__all__ = ["check_entry_points", "check_paths"]

_CUSTOMIZE: Final = frozenset({"sitecustomize", "usercustomize"})
_JUDGE: Final = frozenset({"automate_conformance", "automate_connectors"})
_OWN: Final = "automate-connectors"
_SITES: Final = frozenset({"dist-packages", "site-packages"})
_HOOKS: Final = frozenset({"hypothesis", "pydantic", "pytest11"})


def check_paths(name: WheelName, paths: Iterable[str]) -> None:
    """Refuse members that act on other packages.

    Raises:
        WheelRefused: ``payload``.
    """
    if canonical_name(name.distribution) == _OWN:
        raise _refused("the wheel would replace the framework that judges it: give the distribution another name")
    places: dict[str, str] = {}
    for path in paths:
        parts = folded(path).split("/")
        if parts[-1].endswith(".pth"):
            raise _refused(f"{shown(path)} would be run by every start of Python: remove it")
        if any(_stem(part) in _CUSTOMIZE for part in parts):
            raise _refused(f"{shown(path)} would be imported by every start of Python: remove it")
        place = installed_path(path)
        _check_place(path, parts, place)
        if place is not None and places.setdefault(folded(place), path) != path:
            raise _refused(f"{shown(path)} and {shown(places[folded(place)])} would be one file: remove one of them")


def check_entry_points(entry_points: Iterable[EntryPoint]) -> None:
    """Refuse entry points that load the wheel's code into the judge's tools.

    Raises:
        WheelRefused: ``payload``.
    """
    for entry_point in entry_points:
        if folded(entry_point.group) in _HOOKS:
            raise _refused(f"the entry point {shown(entry_point.name)} hooks into {entry_point.group!a}: remove it")


def _check_place(path: str, parts: list[str], place: str | None) -> None:
    if place is not None:
        if _stem(folded(place).partition("/")[0]) in _JUDGE:
            raise _refused(f"{shown(path)} would replace a part of the framework: remove it")
    elif not _SITES.isdisjoint(parts) or any(_stem(part) in _JUDGE for part in parts[2:]):
        raise _refused(f"{shown(path)} would be put among the modules past the wheel's list: make it a module")


def _stem(part: str) -> str:
    return part.partition(".")[0]


def _refused(problem: str) -> WheelRefused:
    return WheelRefused("payload", problem)
