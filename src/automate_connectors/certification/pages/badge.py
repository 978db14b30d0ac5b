"""The level as a badge: an endpoint for shields.io, and an image that needs nobody."""

import json
from html import escape
from typing import Final

from automate_connectors.certification.levels import Level
from automate_connectors.certification.report import Report
from automate_connectors.certification.terminal import printable

__all__ = ["badge_json", "badge_svg"]

#: Each dark enough for white text of 11 px: a contrast of 4.5 or more.
_COLORS: Final = {
    Level.BRONZE: "#935116",
    Level.SILVER: "#5d6775",
    Level.GOLD: "#8a6400",
    Level.PLATINUM: "#2b6777",
}
_NOT: Final = "#b3261e"
_NAME: Final = 40
#: Mean width of a letter of Verdana 11 px, and the room around a text, in pixels.
_LETTER: Final = 6.6
_ROOM: Final = 12


def badge_json(report: Report) -> str:
    """Return the badge as JSON for ``https://img.shields.io/endpoint`` (schema version 1)."""
    label, message, color = _said(report)
    badge = {"schemaVersion": 1, "label": label, "message": message, "color": color}
    return json.dumps(badge, indent=2) + "\n"


def badge_svg(report: Report) -> str:
    """Return the badge as an image that refers to nothing outside itself."""
    label, message, color = _said(report)
    left, right = (round(len(text) * _LETTER) + _ROOM for text in (label, message))
    label, message = escape(label), escape(message)
    texts = "".join(
        f'<text x="{x:g}" y="14" textLength="{width - _ROOM}" lengthAdjust="spacingAndGlyphs">{text}</text>'
        for x, width, text in ((left / 2, left, label), (left + right / 2, right, message))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" '
        f'aria-label="{label}: {message}"><title>{label}: {message}</title>'
        f'<clipPath id="r"><rect width="{left + right}" height="20" rx="3"/></clipPath><g clip-path="url(#r)">'
        f'<rect width="{left}" height="20" fill="#404752"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{color}"/></g>'
        f'<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">{texts}</g>'
        "</svg>\n"
    )


def _said(report: Report) -> tuple[str, str, str]:
    label = f"{printable(report.connector.name, _NAME)} connector"
    if report.certified and report.level is not None:
        return label, f"certified {report.level}", _COLORS[report.level]
    return label, "not certified", _NOT
