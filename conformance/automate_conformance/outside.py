"""What only a judge outside the adapter's process can show (X01)."""

from __future__ import annotations

from automate_conformance.suite import check
from automate_connectors.certification.subject import Subject
from automate_connectors.certification.verdict import Verdict


@check("X01")
def judged_from_outside(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST have every outcome reached in the process host, with no child that forged, flooded, answered another request or died unasked."""
    verdict.judge(
        "host",
        subject.host.name == "process",
        "every outcome reached in the process host",
        f"it was judged {subject.host.name}",
    )
    for what in subject.conduct:
        verdict.judge("the adapter's process", passed=False, expected="it answers what it is asked", observed=what)
