"""``python -m automate_connectors.certification.pages REPORT_JSON``: the pages again, beside the report."""

import sys
from pathlib import Path

from automate_connectors.certification.pages import NAMES, write_pages
from automate_connectors.certification.report import Report, ReportError
from automate_connectors.certification.terminal import printable

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Make the pages; exit 0 where they are written, 2 where the report cannot be read or the folder written to."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.stderr.write("usage: python -m automate_connectors.certification.pages REPORT_JSON\n")
        return 2
    path = Path(arguments[0])
    try:
        write_pages(Report.from_json(path.read_bytes()), path.parent)
    except OSError as error:
        sys.stderr.write(f"no page was made of {printable(path)}: {error.strerror}\n")
        return 2
    except ReportError as error:
        sys.stderr.write(f"no page was made of {printable(path)}: {printable(error, 1000)}\n")
        return 2
    sys.stdout.write(f"{printable(path.parent)}: {', '.join(NAMES)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
