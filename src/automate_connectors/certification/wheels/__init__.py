"""A strict reader of wheels, on the standard library alone: one file, one reading, or a refusal.

Installers disagree about archives with two entries of one name, with headers that contradict each other or with bytes
between members. This reader takes the structures apart itself and refuses whatever could be read in two ways, so that
what was judged is what any installer unpacks. It imports nothing of the rest of the project.

    wheel = Wheel.read("dist/acme-1.0-py3-none-any.whl")
    wheel.members[0].sha256
"""

from automate_connectors.certification.wheels.filenames import (
    Tag,
    WheelName,
    canonical_name,
    canonical_version,
    parse_wheel_name,
)
from automate_connectors.certification.wheels.metadata import EntryPoint, Metadata
from automate_connectors.certification.wheels.reader import Member, Wheel
from automate_connectors.certification.wheels.refusals import WheelCode, WheelRefused, shown

__all__ = [
    "EntryPoint",
    "Member",
    "Metadata",
    "Tag",
    "Wheel",
    "WheelCode",
    "WheelName",
    "WheelRefused",
    "canonical_name",
    "canonical_version",
    "parse_wheel_name",
    "shown",
]
