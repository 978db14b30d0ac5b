"""The ports' faults at each call, before it and after it (C04, C13, E03 without HTTP)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from automate_connectors.certification.case import Example
from automate_connectors.certification.ports import PortFault
from automate_connectors.certification.subject import Outcome, Subject


@dataclass(frozen=True, slots=True)
class Struck:
    """One port fault, persistent from one call on, and what the adapter made of it."""

    label: str
    fault: PortFault
    outcome: Outcome
    met: bool


def struck_connect(subject: Subject) -> Iterator[Struck]:
    """``connect()`` under each fault before its first call of a port."""
    for code in subject.host.port_codes():
        fault = PortFault("before", code)
        label = f"connect-{fault.shown}"
        with subject.fresh(label) as adapter:
            subject.host.arm_ports((), fault)
            outcome = adapter.connect()
            yield Struck(label, fault, outcome, subject.host.ports_entered()[1] > 0)
            subject.host.arm_ports()


def struck_examples(subject: Subject) -> Iterator[Struck]:
    """Every example under each fault at each of its calls of a port, before it and after it."""
    for example in subject.examples:
        for number in range(1, _calls(subject, example) + 1):
            for code in subject.host.port_codes():
                for fault in (PortFault("before", code), PortFault("after", code)):
                    yield _strike(subject, example, number, fault)


def _calls(subject: Subject, example: Example) -> int:
    with subject.connected(example.label) as adapter:
        subject.host.arm_ports()
        adapter.execute(example.action, example.payload)
        return subject.host.ports_entered()[0]


def _strike(subject: Subject, example: Example, number: int, fault: PortFault) -> Struck:
    label = f"{example.label}-call {number}-{fault.shown}"
    with subject.connected(label) as adapter:
        subject.host.arm_ports((None,) * (number - 1), fault)
        outcome = adapter.execute(example.action, example.payload)
        met = subject.host.ports_entered()[1] > 0
        subject.host.arm_ports()
    return Struck(label, fault, outcome, met)
