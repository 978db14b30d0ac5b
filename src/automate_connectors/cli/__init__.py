"""The command ``automate-connectors``: one module a command, imported when it is called.

Exit status: 0 yes, 1 no, 2 cannot decide (a wrong usage too). Built on argparse, for the gate has a budget of 250 ms.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Final, Protocol, cast

__all__ = ["COMMANDS", "main"]

COMMANDS: Final = {
    "cassettes": "recordings of a connector: age, size, hosts, unused, unscrubbed; diff, import",
    "certify": "judge a wheel from outside, in an environment of its own, and certify it",
    "explain": "a requirement or gate code: what it demands, why, how it is judged, how to mend a failure",
    "gate": "allow or deny the publication of a wheel",
    "keygen": "make a key pair: PREFIX.key and PREFIX.pub",
    "list": "every registered connector: version, actions, where from, broken ones and why",
    "new": "a connector project that passes its own tests and Bronze at once",
    "publish": "gate, then upload exactly the bytes that were judged",
    "verify": "who signed what about which wheel, readable",
}
"""Every command with what it does; each is the module of that name."""


class _Command(Protocol):
    """What a command's module holds."""

    def configure(self, parser: ArgumentParser) -> None:
        """Add the arguments."""

    def run(self, arguments: object) -> int:
        """Do it, and return the exit status."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        argv: The arguments without the program's name; by default those of the process.

    Returns:
        The exit status.
    """
    name, *rest = [*(sys.argv[1:] if argv is None else argv), ""]
    if name not in COMMANDS:
        return _without_command(name)
    command = cast("_Command", import_module(f"{__name__}.{name}"))
    parser = ArgumentParser(prog=f"automate-connectors {name}", description=COMMANDS[name], allow_abbrev=False)
    command.configure(parser)
    try:
        return command.run(parser.parse_args(rest[:-1]))
    except SystemExit as exit_:  # argparse ends so, after help with 0, after wrong usage with 2
        return exit_.code if isinstance(exit_.code, int) else 2


def _without_command(name: str) -> int:
    if name in {"", "-h", "--help"}:
        width = max(map(len, COMMANDS))
        lines = (f"  {command:{width}}  {purpose}" for command, purpose in COMMANDS.items())
        sys.stdout.write("\n".join(["usage: automate-connectors COMMAND ...", "", *lines, ""]))
        return 2 if not name else 0
    if name == "--version":
        from automate_connectors import __version__  # noqa: PLC0415 - only this prints it

        sys.stdout.write(f"automate-connectors {__version__}\n")
        return 0
    near = get_close_matches(name, COMMANDS, n=1)
    hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(COMMANDS)}."
    sys.stderr.write(f"automate-connectors: {name!a:.80} is no command: {hint}\n")
    return 2
