"""The records of Platinum: it is proven."""

from typing import Final

from automate_conformance._requirement import Requirement

PLATINUM: Final[tuple[Requirement, ...]] = (
    Requirement(
        id="X01",
        title="judged from outside",
        level="platinum",
        statement=(
            "The adapter MUST have every outcome reached in the process host, with no child that forged, flooded, "
            "answered another request or died unasked."
        ),
        rationale=(
            "Code that runs inside its judge can change the verdict: a module can replace pytest's report class "
            "while it is imported. Only a judge in another process is out of its reach."
        ),
        judged="The host of every run and the conduct of its child; inline runs fail.",
        remedy=(
            "Run with `--connector-host process`, or certify the wheel with `automate-connectors certify`. A child "
            "that died called `os._exit`, crashed natively or ran out of memory: find it with `--connector-host "
            "inline` first."
        ),
        waivable=False,
    ),
    Requirement(
        id="X02",
        title="alive today",
        level="platinum",
        statement=(
            "The adapter MUST have been recorded from the real service at most 30 days ago, with no drift from the "
            "recording before."
        ),
        rationale=(
            "A recording shows what the service did then. Two that agree, the newer from this month, show that it "
            "still does."
        ),
        judged="`recorded.at`, and the shape of the answers against `recorded.previous`; without one it is not run.",
        remedy=(
            "Record again with `--connector-record`, and a second time where there is no `recorded.previous` yet; "
            "where the service drifted, adapt the adapter to the fields that are named."
        ),
    ),
)
