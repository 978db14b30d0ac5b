"""The requirements of the connector standard, version 1, as data.

One record for each row of the standard, in its order. The suite, the gate and the report read levels, what can be
waived and what can be not applicable here and nowhere else. Standard library only: the gate imports it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from automate_conformance._bronze import BRONZE
from automate_conformance._gold import GOLD
from automate_conformance._platinum import PLATINUM
from automate_conformance._requirement import Level, Requirement
from automate_conformance._silver_contract import SILVER_CONTRACT
from automate_conformance._silver_errors import SILVER_ERRORS
from automate_conformance._silver_secrets import SILVER_SECRETS

__all__ = ["CATALOGUE", "FAMILIES", "LEVELS", "Level", "Requirement", "requirement"]

LEVELS: Final[Mapping[Level, str]] = MappingProxyType(
    {
        "bronze": "it honours the contract",
        "silver": "it fails well",
        "gold": "it can be depended on",
        "platinum": "it is proven",
    }
)
"""The levels, lowest first, each with what it says about an adapter."""

FAMILIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "C": "contract",
        "S": "secrets and safety",
        "E": "errors",
        "R": "recordings",
        "I": "delivery",
        "T": "runtime",
        "D": "documentation",
        "P": "packaging",
        "X": "external",
    }
)
"""What the first letter of an id stands for, in the order in which reports show them."""

CATALOGUE: Final[tuple[Requirement, ...]] = (
    *BRONZE,
    *SILVER_CONTRACT,
    *SILVER_ERRORS,
    *SILVER_SECRETS,
    *GOLD,
    *PLATINUM,
)
"""Every requirement: all of Bronze, then Silver, Gold and Platinum, each in the order of the standard."""

_BY_ID: Final[Mapping[str, Requirement]] = MappingProxyType({record.id: record for record in CATALOGUE})


def requirement(requirement_id: str) -> Requirement:
    """Return the record of an id.

    Raises:
        KeyError: The catalogue has no such id.
    """
    return _BY_ID[requirement_id]
