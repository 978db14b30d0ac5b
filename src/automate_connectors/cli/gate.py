"""``gate``: may this wheel be published?"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from automate_connectors.cli.decisions import add_rules, decision_lines, rules
from automate_connectors.cli.output import print_json, print_lines, printable

if TYPE_CHECKING:
    from automate_connectors.certification.gating import GateDecision

__all__ = ["configure", "run"]


def configure(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("wheel", nargs="?", metavar="WHEEL")
    add_rules(parser)
    parser.add_argument("--certificate", metavar="FILE", help="the certificate, where it is not beside the wheel")
    parser.add_argument("--json", action="store_true", help="print one object for machines")


def run(arguments: Namespace) -> int:
    """Print the decision and return its exit status."""
    from automate_connectors.certification.gating import gate  # noqa: PLC0415 - after the usage is known to be right

    if arguments.wheel is None and len(arguments.trust) > 1:  # gate --trust PUB WHEEL: the option took both
        arguments.wheel = arguments.trust.pop()
    if arguments.wheel is None:
        arguments.wheel = ""
    decision = gate(arguments.wheel, certificate=arguments.certificate, **rules(arguments))
    if arguments.json:
        print_json(decision.to_dict())
    else:
        print_lines(_lines(decision))
    return decision.exit_code


def _lines(decision: "GateDecision") -> Iterator[str]:
    yield from decision_lines(decision)
    for connector in decision.connectors:
        yield f"  {printable(connector.name)}: {connector.level or 'no level'}"
        for name, held in connector.guarantees.items():
            yield f"    {printable(name)}: {held}"
