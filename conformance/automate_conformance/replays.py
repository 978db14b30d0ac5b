"""One stored failing schedule, run again (``--connector-replay``)."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from automate_conformance.applicability import uses_http
from automate_conformance.deliveries import Delivery, ledger, rules_of
from automate_conformance.delivery import BROKEN
from automate_conformance.local_deliveries import AGAIN, local_drive
from automate_connectors import __version__
from automate_connectors.certification.delivery.driving import drive
from automate_connectors.certification.delivery.exhibits import SCHEMA
from automate_connectors.certification.delivery.schedules import STEPS
from automate_connectors.certification.ports import PortFault
from automate_connectors.certification.subject import Subject
from automate_connectors.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class StoredSchedule:
    """What a schedule file holds.

    Attributes:
        connector: the registered name.
        action: whose operation it is.
        requirement: which it broke.
        payload: of the operation.
        schedule: what happened to successive requests or calls of the ports.
    """

    connector: str
    action: str
    requirement: str
    payload: dict[str, Any]
    schedule: tuple[str, ...]


def load_schedule(path: Path) -> StoredSchedule:
    """Read a schedule file.

    Raises:
        ConfigurationError: where it cannot be read, is none, or was made by another version of the suite.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"{path.name} cannot be read as a schedule: {type(error).__name__}: {error}"
        ) from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise ConfigurationError(f"{path.name} is no schedule file of {SCHEMA}: take one that a certification wrote")
    if data.get("suite") != __version__:
        raise ConfigurationError(
            f"{path.name} was made by suite {data.get('suite')!r}, and this is {__version__}: certify again"
        )
    return _checked(path, data)


def _checked(path: Path, data: Mapping[str, Any]) -> StoredSchedule:
    kinds = {"connector": str, "action": str, "requirement": str, "payload": dict, "schedule": list}
    wrong = [name for name, kind in kinds.items() if not isinstance(data.get(name), kind)]
    if wrong or data["requirement"] not in BROKEN or not all(isinstance(step, str) for step in data["schedule"]):
        raise ConfigurationError(
            f"{path.name} is damaged ({', '.join(wrong) or 'requirement or schedule'}): certify again"
        )
    return StoredSchedule(
        data["connector"], data["action"], data["requirement"], data["payload"], tuple(data["schedule"])
    )


def still_broken(subject: Subject, stored: StoredSchedule) -> str | None:
    """What is still wrong under a stored schedule; None where it is mended.

    Raises:
        ConfigurationError: where the action is gone, or a step is none.
    """
    if not subject.case.examples_of(stored.action):
        raise ConfigurationError(f"{stored.connector} has no example of {stored.action} any more: certify again")
    action = subject.case.facts(stored.action)
    if not uses_http(subject):
        return _still_broken_locally(subject, stored)
    _check_steps(stored, STEPS)
    rules = rules_of(subject, action)
    make = ledger(subject, rules, stored.payload, subject.case.examples_of(stored.action)[0].cassette)
    calm = drive(subject, stored.action, stored.payload, (), make)
    run = drive(subject, stored.action, stored.payload, stored.schedule, make)
    return BROKEN[stored.requirement](Delivery(action, rules), calm, run)


def _check_steps(stored: StoredSchedule, known: Container[str]) -> None:
    if odd := [step for step in stored.schedule if step not in known]:
        raise ConfigurationError(f"the schedule has the step {odd[0]!r}, which is none: certify again")


def _still_broken_locally(subject: Subject, stored: StoredSchedule) -> str | None:
    action = subject.case.facts(stored.action)
    again = stored.schedule == (AGAIN,)
    faults = [PortFault(when, code) for code in subject.host.port_codes() for when in ("before", "after")]
    known: dict[str, PortFault | None] = {"ok": None} | {fault.shown: fault for fault in faults}
    if not again:
        _check_steps(stored, known)
    steps = () if again else tuple(known[step] for step in stored.schedule)
    calm = local_drive(subject, action, stored.payload, ())
    run = local_drive(subject, action, stored.payload, steps, again=again)
    return BROKEN[stored.requirement](Delivery(action), calm, run)
