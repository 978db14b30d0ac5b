"""What the command ``cassettes`` finds out: of a connector, by judging it; of files alone, by reading them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from automate_conformance.cassette_search import blots
from automate_conformance.catalogue import requirement
from automate_connectors.cassettes.drift import drift, shape_of
from automate_connectors.cassettes.reading import load
from automate_connectors.cassettes.scrubbing import Scrubber
from automate_connectors.cassettes.traffic import Cassette, CassetteError
from automate_connectors.certification.case import declared_case, find_directory
from automate_connectors.certification.describing import describe
from automate_connectors.certification.levels import Outcome
from automate_connectors.certification.verdict import Finding
from automate_connectors.cli.output import printable
from automate_connectors.errors import ConfigurationError
from automate_connectors.plugin.asking import order_of
from automate_connectors.plugin.runs import ConnectorRun, Order
from automate_connectors.plugin.shielding import shield_environment
from automate_connectors.recording.recorder import loadable, record
from automate_connectors.testing import ConnectorTestCase

__all__ = ["Described", "drift_of", "folder_of", "of_connector", "of_files"]

#: Days: R04 asks for no more.
_OLDEST = 400
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Described:
    """One cassette.

    Attributes:
        path: where it is.
        days: its age; None where it does not say.
        size: in bytes.
        interactions: how many.
        hosts: whom it shows.
        unused: what of it nothing replays, by place.
        unscrubbed: what of it looks like a credential, by place.
        unreadable: why it is no cassette.
    """

    path: str
    days: int | None
    size: int
    interactions: int
    hosts: tuple[str, ...]
    unused: tuple[str, ...] = ()
    unscrubbed: tuple[str, ...] = ()
    unreadable: str | None = None

    @property
    def problems(self) -> list[str]:
        """What has to be mended."""
        old = (
            [f"recorded {self.days} days ago, {_OLDEST} at most"]
            if self.days is not None and self.days > _OLDEST
            else []
        )
        told = [f"unused: {each}" for each in self.unused] + [f"unscrubbed: {each}" for each in self.unscrubbed]
        return [*([self.unreadable] if self.unreadable else []), *told, *old]

    def lines(self) -> Iterator[str]:
        """For people."""
        age = f"{self.days} days" if self.days is not None else "no date"
        hosts = ", ".join(map(printable, self.hosts))
        yield f"{printable(self.path)}  {age}  {self.size / _KIB:.1f} KiB  {self.interactions} interactions  {hosts}"
        yield from (f"  {printable(problem)}" for problem in self.problems)

    def to_dict(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def of_files(paths: Iterable[Path]) -> list[Described]:
    """Files and folders of cassettes, by themselves: whether anything uses them is not known."""
    files = [each for path in paths for each in (sorted(path.rglob("*.yaml")) if path.is_dir() else [path])]
    return [_of_file(path) for path in files]


def _of_file(path: Path) -> Described:
    try:
        cassette = load(path)
    except CassetteError as error:
        size = path.stat().st_size if path.is_file() else 0
        return Described(str(path), None, size, 0, (), unreadable=error.message)
    return _described(cassette, (), tuple(f"{place}: {what}" for place, what in blots(cassette, Scrubber({}))))


def of_connector(name: str) -> list[Described]:
    """The cassettes of a connector, as the suite judges them (R03, S03).

    Raises:
        ConfigurationError: there is no such connector, or its case or a cassette is wrong.
    """
    order = order_of(name)
    shield_environment()
    run = ConnectorRun(replace(order, level="silver"))
    try:
        cassettes = run.case.cassettes
        unused, unscrubbed = (_failures(run, each) for each in ("R03", "S03")) if cassettes else ((), ())
    finally:
        run.close()
    return [
        _described(
            cassette,
            tuple(each.case for each in unused if each.case.startswith(f"{cassette.path.name}:")),
            tuple(f"{e.case}: {e.observed}" for e in unscrubbed if e.case.startswith(f"{cassette.path.name}:")),
        )
        for cassette in cassettes
    ]


def _failures(run: ConnectorRun, identifier: str) -> tuple[Finding, ...]:
    judged = run.judge(requirement(identifier))
    if judged.outcome in (Outcome.ERROR, Outcome.NOT_RUN):
        raise ConfigurationError(f"{identifier} could not be judged: {judged.reason}")
    return judged.failures


def _described(cassette: Cassette, unused: tuple[str, ...], unscrubbed: tuple[str, ...]) -> Described:
    at = cassette.recorded.at
    return Described(
        path=str(cassette.path),
        days=(datetime.now(UTC) - at).days if at else None,
        size=cassette.path.stat().st_size,
        interactions=len(cassette.interactions),
        hosts=cassette.recorded.hosts,
        unused=unused,
        unscrubbed=unscrubbed,
    )


def drift_of(name: str) -> dict[str, list[str]]:
    """Record a connector anew beside its cassettes, and say in what the answers differ, by file.

    Raises:
        ConfigurationError: it cannot be recorded.
    """
    order = order_of(name)
    _, _, stored = _where(order)
    before = loadable(stored)
    with tempfile.TemporaryDirectory() as folder:
        record(name, order.imported, order.case_class, root=order.root, directory=Path(folder))
        after = loadable(Path(folder))
    found = {}
    for file in sorted(before.keys() | after.keys()):
        old, new = before.get(file), after.get(file)
        if old is None or new is None:
            found[file] = ["it is recorded now and was not before" if old is None else "it is not recorded any more"]
        elif differences := drift(shape_of(old.interactions), shape_of(new.interactions)):
            found[file] = differences
    return found


def folder_of(name: str) -> tuple[ConnectorTestCase, str, Path]:
    """The case of a connector, its version, and where its cassettes lie.

    Raises:
        ConfigurationError: there is no such connector.
    """
    return _where(order_of(name))


def _where(order: Order) -> tuple[ConnectorTestCase, str, Path]:
    case_class = order.case_class or declared_case(order.imported)
    try:
        directory = find_directory(order.name, case_class, order.root)
        return case_class(), str(describe(order.name, order.imported).version), directory
    except ConfigurationError:
        raise
    except Exception as error:
        raise ConfigurationError(
            f"{case_class.__qualname__} cannot be read ({type(error).__name__}): compare its attributes with those of "
            "automate_connectors.testing.ConnectorTestCase"
        ) from error
