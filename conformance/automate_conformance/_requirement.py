"""What one record of the catalogue holds."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["bronze", "silver", "gold", "platinum"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One requirement of the connector standard.

    Attributes:
        id: The permanent name, a letter for the family and two digits.
        title: A few words for tables and terminal lines.
        level: The lowest level that asks for it.
        statement: The normative sentence, "The adapter MUST ...".
        rationale: Why a user of the adapter cares.
        judged: How it is judged, in plain words.
        not_applicable: When it does not apply; "never" where it always does.
        remedy: How an author mends a failure, or declares what could not be judged. One line.
        since: The version of the standard that introduced it.
        waivable: Whether a waiver may stand in for it.
        may_be_not_applicable: Whether `not_applicable` is an outcome that it can have at all.
        session_wide: Whether it is judged over every run of the session, and therefore last.
    """

    id: str
    title: str
    level: Level
    statement: str
    rationale: str
    judged: str
    remedy: str
    not_applicable: str = "never"
    since: str = "1.0"
    waivable: bool = True
    may_be_not_applicable: bool = False
    session_wide: bool = False
