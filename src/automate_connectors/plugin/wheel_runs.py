"""Judges a wheel: its connectors one after the other, in children that run in an environment of the wheel's own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from automate_conformance.suite import judged_order
from automate_connectors.certification.certificate import GROUP
from automate_connectors.certification.fresh import FreshEnvironment, fresh_environment
from automate_connectors.certification.outside.host import ProcessHost
from automate_connectors.certification.packages import distribution_record, package_facts
from automate_connectors.certification.report import Report
from automate_connectors.certification.reporting import assemble
from automate_connectors.certification.wheels import Wheel, WheelRefused
from automate_connectors.errors import ConfigurationError
from automate_connectors.plugin.runs import ConnectorRun, Order, Place

_CASES: Final = "automate.connector_cases"


@dataclass(frozen=True, slots=True)
class JudgedConnector:
    """One connector of a wheel: its report, what is wrong with its waivers, and what its author should know."""

    report: Report
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def judge_wheel(path: Path, *, level: str | None, options: Sequence[str]) -> tuple[Wheel, list[JudgedConnector]]:
    """Install a wheel into a fresh environment and judge every connector that it registers.

    Args:
        path: of the wheel.
        level: to judge against; by default what each case claims.
        options: of ``pip install``.

    Raises:
        WheelRefused: The gate would refuse the wheel itself.
        NotInstallableError: It cannot be installed.
        ConfigurationError: It registers no connector, or one cannot be loaded.
    """
    # First by its path: what is no file, or no regular one, is never read whole.
    Wheel.read(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WheelRefused("wheel", f"{path.name} cannot be read: {error.strerror}") from error
    wheel = Wheel.read(content, filename=path.name)
    names = sorted({point.name for point in wheel.registered(GROUP)})
    if not names:
        raise ConfigurationError(
            f"{wheel.filename} registers no connector: name one in [project.entry-points.'{GROUP}'] and build it again"
        )
    with tempfile.TemporaryDirectory(prefix="automate-certify-", ignore_cleanup_errors=True) as folder:
        environment = fresh_environment(wheel, content, Path(folder), options)
        return wheel, [_judge(wheel, name, environment, level) for name in names]


def _judge(wheel: Wheel, name: str, environment: FreshEnvironment, level: str | None) -> JudgedConnector:
    package = package_facts(wheel, name, environment.members, environment.site)
    place = Place(environment.launch, package=package, original=environment.original)
    run = ConnectorRun(Order(name, None, None, level or _claimed(name, place), environment.members, place=place))
    run.ahead_of = frozenset(record.id for record in judged_order(run.order.level))
    try:
        judged = {record.id: run.judge(record) for record in judged_order(run.order.level)}
        cells = [cell for identifier in judged for cell in run.cells(identifier)]
        told = run.about()
    finally:
        # Every process of the adapter has ended before the report is made, and the key opened.
        run.close()
    told["connector"]["distribution"] = distribution_record(package)
    report, problems = assemble(told, judged, faults=cells)
    return JudgedConnector(report, tuple(problems), tuple(_notes(wheel, name)))


def _claimed(name: str, place: Place) -> str:
    host = ProcessHost(place.launch)
    try:
        found = host.find([name])
    finally:
        host.end()
    refused = found.wrong or next((one.refused for one in found.listed if one.refused), None)
    if refused or not found.listed:
        raise ConfigurationError(refused or f"the connector {name} cannot be found once it is installed")
    return found.listed[0].level


def _notes(wheel: Wheel, name: str) -> Iterator[str]:
    if name not in {point.name for point in wheel.registered(_CASES)}:
        yield (
            f"{name} ships no test case, so it was judged by the adapter's own examples: "
            f"name one in [project.entry-points.'{_CASES}'], and ship its cassettes"
        )
