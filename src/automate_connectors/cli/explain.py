"""``explain``: what a requirement or a reason code of the gate means."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import asdict
from difflib import get_close_matches
from shutil import get_terminal_size
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

from automate_connectors.certification.gate_codes import CODES, GateCode
from automate_connectors.cli.output import print_json, print_lines, print_problem

if TYPE_CHECKING:
    from automate_conformance.catalogue import Requirement

__all__ = ["configure", "run"]

#: A line that reads well, and the shortest that holds a word; in characters.
_WIDTH: Final = 100
_LEAST: Final = 20


def configure(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("id", metavar="ID", help="such as E07 or signature")
    parser.add_argument("--json", action="store_true", help="print one object for machines")


def run(arguments: Namespace) -> int:
    """Print the record of an id; an unknown one is answered with near ones."""
    from automate_conformance.catalogue import CATALOGUE  # noqa: PLC0415 - the gate's module table stays small

    records: dict[str, Requirement | GateCode] = {record.id.lower(): record for record in CATALOGUE}
    records |= {code.code: code for code in CODES}
    record = records.get(arguments.id.lower())
    if record is None:
        near = get_close_matches(arguments.id.lower(), records, n=3, cutoff=0.4)
        hint = f"did you mean {', '.join(_named(records[name]) for name in near)}?" if near else "ids look like E07."
        problem = f"{arguments.id!a:.80} is no requirement and no reason code of the gate: {hint}"
        print_problem(problem, as_json=arguments.json, id=arguments.id)
        return 2
    if arguments.json:
        print_json(asdict(record))
    else:
        print_lines(_paragraphs(record))
    return 0


def _named(record: "Requirement | GateCode") -> str:
    return record.code if isinstance(record, GateCode) else record.id


def _paragraphs(record: "Requirement | GateCode") -> list[str]:
    parts = _of_code(record) if isinstance(record, GateCode) else _of_requirement(record)
    width = min(_WIDTH, max(_LEAST, get_terminal_size().columns))
    # An option or a repository's name that is parted at its hyphen can no longer be copied.
    return [
        fill(f"{heading}: {text}", width, subsequent_indent="  ", break_on_hyphens=False)
        for heading, text in parts.items()
    ]


def _of_code(code: GateCode) -> Mapping[str, Any]:
    return {
        code.code: "the gate denies" if code.exit == 1 else "the gate cannot decide (exit 2)",
        "Refused when": code.refused_when,
        "Why": code.why,
        "To mend it": code.mend,
    }


def _of_requirement(record: "Requirement") -> Mapping[str, Any]:
    return {
        record.id: f"{record.title} ({record.level}, since {record.since})",
        "Demands": record.statement,
        "Why": record.rationale,
        "How it is judged": record.judged,
        "Not applicable": record.not_applicable,
        "Can be waived": "yes" if record.waivable else "no",
        "To mend it": record.remedy,
    }
