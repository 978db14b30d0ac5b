"""``gate``: may this wheel be published?"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from automate_connectors.certification.gate_codes import gate_code
from automate_connectors.certification.levels import Guarantee, Level
from automate_connectors.cli.output import print_json, print_lines, printable

if TYPE_CHECKING:
    from automate_connectors.certification.gating import GateDecision

__all__ = ["add_rules", "configure", "run"]


def configure(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("wheel", nargs="?", metavar="WHEEL")
    add_rules(parser)
    parser.add_argument("--certificate", metavar="FILE", help="the certificate, where it is not beside the wheel")
    parser.add_argument("--json", action="store_true", help="print one object for machines")


def add_rules(parser: ArgumentParser) -> None:
    """Add the arguments that say what is asked of a wheel; ``publish`` has them too."""
    parser.add_argument(
        "--trust", nargs="+", action="extend", default=[], metavar="PUB", help="a public key that is trusted"
    )
    parser.add_argument("--min-level", choices=[*Level], default="silver", help="(default: silver)")
    parser.add_argument("--min-guarantee", choices=[*Guarantee], help="what every action must give at least")
    parser.add_argument("--assurance", choices=["process", "self"], default="process", help="(default: process)")
    parser.add_argument("--suites", metavar="FILE", help="further suites, as JSON {version: digest}")
    parser.add_argument("--policy", metavar="FILE", help="which keys may sign what, as TOML")


def run(arguments: Namespace) -> int:
    """Print the decision and return its exit status."""
    from automate_connectors.certification.gating import gate  # noqa: PLC0415 - after the usage is known to be right

    if arguments.wheel is None and len(arguments.trust) > 1:  # gate --trust PUB WHEEL: the option took both
        arguments.wheel = arguments.trust.pop()
    if arguments.wheel is None:
        print_lines(["usage: automate-connectors gate WHEEL --trust PUB: expected the path of a wheel"])
        return 2
    decision = gate(
        arguments.wheel,
        trust=arguments.trust,
        min_level=arguments.min_level,
        min_guarantee=arguments.min_guarantee,
        assurance=arguments.assurance,
        suites=arguments.suites,
        policy=arguments.policy,
        certificate=arguments.certificate,
    )
    if arguments.json:
        print_json(decision.to_dict())
    else:
        print_lines(_lines(decision))
    return decision.exit_code


def _lines(decision: "GateDecision") -> Iterator[str]:
    reason = f" [{decision.code}]" if decision.code else ""
    yield f"{decision.decision.upper()}{reason} {printable(decision.wheel)}: {decision.message}"
    if decision.code:
        yield f"  To mend it: {gate_code(decision.code).mend}"
    for connector in decision.connectors:
        yield f"  {printable(connector.name)}: {connector.level or 'no level'}"
        for name, held in connector.guarantees.items():
            yield f"    {printable(name)}: {held}"
