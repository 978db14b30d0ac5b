"""What the gate is asked about a wheel, and how its decision reads: ``gate`` and ``publish`` have both in common."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from automate_connectors.certification.gate_codes import gate_code
from automate_connectors.certification.levels import Guarantee, Level
from automate_connectors.cli.output import printable

if TYPE_CHECKING:
    from automate_connectors.certification.gating import GateDecision

__all__ = ["add_rules", "decision_lines", "rules"]

_RULES: Final = ("trust", "min_level", "min_guarantee", "assurance", "suites", "policy")


def add_rules(parser: ArgumentParser) -> None:
    """Add the arguments that say what is asked of a wheel."""
    parser.add_argument(
        "--trust", nargs="+", action="extend", default=[], metavar="PUB", help="a public key that is trusted"
    )
    parser.add_argument("--min-level", choices=[*map(str, Level)], default="silver", help="(default: silver)")
    parser.add_argument("--min-guarantee", choices=[*map(str, Guarantee)], help="what every action must give at least")
    parser.add_argument("--assurance", choices=["process", "self"], default="process", help="(default: process)")
    parser.add_argument("--suites", metavar="FILE", help="further suites, as JSON {version: digest}")
    parser.add_argument("--policy", metavar="FILE", help="which keys may sign what, as TOML")


def rules(arguments: Namespace) -> dict[str, Any]:
    """Return what was asked, as `gate` takes it."""
    return {name: getattr(arguments, name) for name in _RULES}


def decision_lines(decision: "GateDecision") -> Iterator[str]:
    """The decision about one wheel and, where it is none that one hoped for, what mends it."""
    reason = f" [{decision.code}]" if decision.code else ""
    yield f"{decision.decision.upper()}{reason} {printable(decision.wheel)}: {decision.message}"
    if decision.code:
        yield f"  To mend it: {gate_code(decision.code).mend}"
