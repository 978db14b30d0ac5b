"""``keygen``: a key pair for signing certificates."""

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from automate_connectors.cli.output import print_json, print_lines, print_problem, printable

__all__ = ["configure", "run"]

_SECRET: Final = 0o600
_PUBLIC: Final = 0o644


def configure(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("prefix", metavar="PREFIX", help="where to write PREFIX.key and PREFIX.pub")
    parser.add_argument("--json", action="store_true", help="print one object for machines")


def run(arguments: Namespace) -> int:
    """Write both files, of which none may exist yet, and print the key's id."""
    from automate_connectors.certification.dsse import KeyFileError, new_key  # noqa: PLC0415 - as all of cryptography

    paths = [Path(f"{arguments.prefix}.{suffix}") for suffix in ("key", "pub")]
    there = [path for path in paths if os.path.lexists(path)]
    if there:
        return _failed(arguments, f"{there[0]} is there already: choose another prefix; a key is never overwritten", 1)
    try:
        private, public, keyid = new_key()
        _create(paths[0], private, _SECRET)
        _create(paths[1], public, _PUBLIC)
    except (KeyFileError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        return _failed(arguments, f"no key was made at {arguments.prefix}: {reason}", 2)
    if arguments.json:
        print_json({"key": str(paths[0]), "pub": str(paths[1]), "keyid": keyid, "problem": None})
    else:
        print_lines([f"{printable(paths[0])}: keep it secret", f"{printable(paths[1])}: give it to others", keyid])
    return 0


def _failed(arguments: Namespace, problem: str, status: int) -> int:
    print_problem(problem, as_json=arguments.json, key=None, pub=None, keyid=None)
    return status


def _create(path: Path, data: bytes, mode: int) -> None:
    """Write a new file that never had wider permissions."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
