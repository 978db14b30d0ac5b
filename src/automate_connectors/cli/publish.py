"""``publish``: gate, then upload exactly the bytes that were judged."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from automate_connectors.cli.gate import add_rules
from automate_connectors.cli.output import print_json, print_lines, printable

if TYPE_CHECKING:
    from automate_connectors.certification.publishing import Published

__all__ = ["configure", "run"]


def configure(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("wheels", nargs="+", metavar="WHEEL")
    add_rules(parser)
    parser.add_argument("--repository-url", metavar="URL", help="the index's upload address (default: PyPI's)")
    parser.add_argument("--json", action="store_true", help="print one object for machines")


def run(arguments: Namespace) -> int:
    """Print what came of it; 0 where every wheel was sent, 1 where one is denied, 2 where nothing could be decided."""
    from automate_connectors.certification.publishing import (  # noqa: PLC0415 - after the usage is known to be right
        PublicationError,
        publish,
        upload_by_twine,
    )

    try:
        published = publish(
            [Path(wheel) for wheel in arguments.wheels],
            upload=upload_by_twine(arguments.repository_url),
            trust=arguments.trust,
            min_level=arguments.min_level,
            min_guarantee=arguments.min_guarantee,
            assurance=arguments.assurance,
            suites=arguments.suites,
            policy=arguments.policy,
        )
    except PublicationError as error:
        print_lines([f"not published: {printable(error, 1000)}"])
        return 2
    except OSError as error:
        print_lines([f"not published: {printable(error.filename)}: {printable(error.strerror)}"])
        return 2
    if arguments.json:
        print_json({"published": published.sent, "wheels": [one.to_dict() for one in published.decisions]})
    else:
        print_lines(_lines(published))
    return published.exit_code


def _lines(published: "Published") -> Iterator[str]:
    for one in published.decisions:
        reason = f" [{one.code}]" if one.code else ""
        yield f"{one.decision.upper()}{reason} {printable(one.wheel)}: {one.message}"
    yield "published" if published.sent else "nothing was sent"
