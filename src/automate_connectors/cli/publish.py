"""``publish``: gate, then upload exactly the bytes that were judged."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from automate_connectors.cli.decisions import add_rules, decision_lines, rules
from automate_connectors.cli.output import print_json, print_lines, print_problem

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
            **rules(arguments),
        )
    except PublicationError as error:
        return _failed(arguments, str(error))
    except OSError as error:
        return _failed(arguments, f"{error.filename}: {error.strerror}")
    if arguments.json:
        print_json(
            {"published": published.sent, "wheels": [one.to_dict() for one in published.decisions], "problem": None}
        )
    else:
        print_lines(_lines(published))
    return published.exit_code


def _failed(arguments: Namespace, problem: str) -> int:
    print_problem(f"not published: {problem}", as_json=arguments.json, published=False, wheels=[])
    return 2


def _lines(published: "Published") -> Iterator[str]:
    for one in published.decisions:
        yield from decision_lines(one)
    yield "published" if published.sent else "nothing was sent"
