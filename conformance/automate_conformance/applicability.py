"""Whether HTTP has anything to do with an adapter: observed, never claimed (standard, "No HTTP")."""

from __future__ import annotations

from typing import Final

from automate_connectors.certification.subject import Subject
from automate_connectors.certification.verdict import Verdict

NO_EXAMPLES: Final = (
    "there is no example: declare `examples` on the test case or on @action, each action at least one, and record them"
)


def uses_http(subject: Subject) -> bool:
    """Whether ``connect()`` or an example sent a request."""
    return bool(subject.healthy().exchanges) or any(subject.plain(example).exchanges for example in subject.examples)


def through_ports(subject: Subject) -> bool:
    """Whether an adapter without HTTP declares ports, whose faults then judge it."""
    return bool(subject.case.test_case.ports) and not uses_http(subject)


def ports_entered(subject: Subject) -> int:
    """How many calls of the ports ``connect()`` and the examples make, fault-free."""

    def count() -> int:
        subject.host.arm_ports()
        with subject.fresh("ports") as adapter:
            adapter.connect()
            for example in subject.examples:
                adapter.execute(example.action, example.payload)
        return subject.host.ports_entered()[0]

    found: int = subject.recall("ports entered", count)
    return found


def require_http(subject: Subject, verdict: Verdict) -> None:
    """End the check as not applicable where nothing was sent; as not run where that cannot be said."""
    if uses_http(subject):
        return
    if not subject.examples:
        verdict.not_run(NO_EXAMPLES)
    if through_ports(subject):
        if not ports_entered(subject):
            verdict.not_run(
                "no example and no connect() entered a declared port: name the callable that the adapter really calls"
            )
        verdict.not_applicable("it reaches its service through the declared ports, without HTTP")
    if subject.evidence.watched:
        what, case = next(iter(subject.evidence.watched.items()))
        verdict.not_run(
            f"it sent no HTTP request, yet opened a {what} in {case}: declare the callables to its service as `ports`"
        )
    verdict.not_applicable("neither connect() nor any example sent a request or opened a socket")
