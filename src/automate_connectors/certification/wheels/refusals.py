"""Why a file is not taken for a wheel."""

from typing import Literal

__all__ = ["WheelCode", "WheelRefused", "shown"]

WheelCode = Literal["wheel", "archive", "record", "payload"]
"""In the order in which a wheel is examined; the codes of the gate."""


class WheelRefused(Exception):  # noqa: N818 - a verdict on somebody's file; nothing went wrong here
    """A file is no wheel, or one that installers could read in different ways.

    Attributes:
        code: Which group of rules it breaks.
        message: What was expected, what was found and how to mend it, on one line of printable ASCII.
    """

    def __init__(self, code: WheelCode, message: str) -> None:
        super().__init__(message)
        self.code: WheelCode = code
        self.message = message


def shown(value: object) -> str:
    """Return somebody else's text as it can be put into a message: quoted, escaped, at most 100 characters."""
    text = ascii(value)
    return text if len(text) <= 100 else f"{text[:96]}..."  # noqa: PLR2004 - as documented
