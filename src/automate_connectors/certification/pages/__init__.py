"""What people read of a report: ``report.html``, ``report.md``, ``badge.json`` and ``badge.svg``, made of it alone.

``python -m automate_connectors.certification.pages REPORT_JSON`` makes them again beside a report.
"""

import hashlib
from pathlib import Path
from typing import Final

from automate_connectors.certification.pages.badge import badge_json, badge_svg
from automate_connectors.certification.pages.markdown import markdown
from automate_connectors.certification.pages.page import html
from automate_connectors.certification.report import Report

__all__ = ["NAMES", "PAGE", "write_pages", "write_whole"]

PAGE: Final = "report.html"
"""The page itself."""
NAMES: Final = (PAGE, "report.md", "badge.json", "badge.svg")
"""The files that stand beside ``report.json``."""


def write_pages(report: Report, folder: Path, *, certificate: Path | None = None) -> None:
    """Write every page of a report into a folder that exists; what stood there is replaced whole.

    Args:
        report: What the pages say.
        folder: Where they go.
        certificate: The certificate that carries the report, where there is one: the page shows its digest.

    Raises:
        OSError: The folder cannot be written to.
    """
    digest = hashlib.sha256(certificate.read_bytes()).hexdigest() if certificate else None
    texts = (html(report, certificate=digest), markdown(report), badge_json(report), badge_svg(report))
    for name, text in zip(NAMES, texts, strict=True):
        write_whole(folder / name, text)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody ever reads half of it.

    Raises:
        OSError: It cannot be written.
    """
    partial = path.with_suffix(".part")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
