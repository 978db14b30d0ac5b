"""Moments as they are written in reports and certificates: RFC 3339, with zone; days in UTC."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

__all__ = ["day", "rfc3339", "utc"]

_RFC3339: Final = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?P<minute>[0-9]{2}:[0-9]{2}):(?P<second>[0-9]{2})(?P<fraction>\.[0-9]+)?"
    r"(?P<zone>[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def rfc3339(text: str) -> datetime:
    """Return the moment that an RFC 3339 date-time (section 5.6) names, in its zone; a leap second is the next second.

    Raises:
        ValueError: The text is no RFC 3339 date-time, or names no zone.
    """
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise ValueError(f"expected an RFC 3339 time with zone such as 2026-01-31T12:00:00Z, got {text!r}")
    leap = match["second"] == "60"
    second = "59" if leap else match["second"]
    fraction = match["fraction"] or ""
    moment = datetime.fromisoformat(f"{match['day']}T{match['minute']}:{second}{fraction}{match['zone'].upper()}")
    try:
        return moment + timedelta(seconds=1) if leap else moment
    except OverflowError as error:
        raise ValueError(f"{text!r} is later than any date") from error


def utc(text: str) -> datetime:
    """Return an RFC 3339 moment in UTC; one outside of the calendar becomes its first or last moment.

    Raises:
        ValueError: As above.
    """
    moment = rfc3339(text)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        edge = datetime.max if moment.year > 1 else datetime.min  # noqa: DTZ901 - the zone is added below
        return edge.replace(tzinfo=UTC)


def day(text: str) -> date:
    """Return the day that a text such as 2026-01-31 names.

    Raises:
        ValueError: It names none.
    """
    if _DAY.fullmatch(text) is None:
        raise ValueError(f"expected a day such as 2026-01-31, got {text!r}")
    return date.fromisoformat(text)
