"""``cassettes``: what recordings are like, whether the service still answers so, and recordings made elsewhere."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from automate_connectors.cli.output import print_json, print_lines, print_problem, printable
from automate_connectors.errors import ConfigurationError

__all__ = ["configure", "run"]


def configure(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.usage = (
        "automate-connectors cassettes [--check] [--json] NAME | FILE...\n"
        "       automate-connectors cassettes diff NAME\n"
        "       automate-connectors cassettes import DIR --action ACTION --connector NAME [--payload JSON]...\n"
        "           [--into DIR]"
    )
    parser.add_argument("what", nargs="+", metavar="NAME|FILE", help="a connector, files, or `diff NAME`, `import DIR`")
    parser.add_argument(
        "--check", action="store_true", help="exit 1 where one holds a credential, is unused or too old"
    )
    parser.add_argument("--action", metavar="ACTION", help="import: the action that the recordings belong to")
    parser.add_argument("--connector", metavar="NAME", help="import: the connector that they belong to")
    parser.add_argument("--payload", metavar="JSON", action="append", default=[], help="import: of each file in turn")
    parser.add_argument("--into", metavar="DIR", help="import: where to write, in place of the connector's own folder")
    parser.add_argument("--json", action="store_true", help="print one object for machines")


def run(arguments: Namespace) -> int:
    """Do what was asked and return the exit status: 2 where it cannot be done."""
    verb, *rest = arguments.what
    try:
        if verb == "diff" and len(rest) == 1:
            return _diff(rest[0], as_json=arguments.json)
        if verb == "import" and len(rest) == 1:
            return _import(arguments, Path(rest[0]))
        return _list(arguments)
    except ConfigurationError as error:
        print_problem(f"cassettes: {error.message}", as_json=arguments.json)
        return 2


def _list(arguments: Namespace) -> int:
    from automate_connectors.cli.recordings import of_connector, of_files  # noqa: PLC0415 - the cost of the suite

    named = [each for each in arguments.what if not each.endswith(".yaml") and not Path(each).is_dir()]
    if named and len(arguments.what) > 1:
        raise ConfigurationError("expected one connector, or files and folders of cassettes; name either")
    found = of_connector(named[0]) if named else of_files(map(Path, arguments.what))
    bad = [each for each in found if each.problems]
    if arguments.json:
        print_json({"cassettes": [each.to_dict() for each in found]})
    elif arguments.check:
        print_lines(f"{each.path}: {printable(what)}" for each in bad for what in each.problems)
    else:
        print_lines(line for each in found for line in each.lines())
    return 1 if arguments.check and bad else 0


def _diff(name: str, *, as_json: bool) -> int:
    from automate_connectors.cli.recordings import drift_of  # noqa: PLC0415 - the cost of recording

    found = drift_of(name)
    if as_json:
        print_json({"drift": found})
    else:
        print_lines(f"{file}: {printable(what)}" for file, differences in found.items() for what in differences)
        print_lines([f"{name}: {'drift' if found else 'no drift'}"])
    return 1 if found else 0


def _import(arguments: Namespace, folder: Path) -> int:
    from automate_connectors.cli.recordings import folder_of  # noqa: PLC0415 - the cost of the suite
    from automate_connectors.recording.importing import import_folder  # noqa: PLC0415 - as above

    if not arguments.action or not arguments.connector:
        raise ConfigurationError("import needs --action ACTION and --connector NAME: what the recordings belong to")
    try:
        payloads = [json.loads(text) for text in arguments.payload]
    except ValueError as error:
        raise ConfigurationError("--payload must be the JSON of a payload, such as '{\"id\": 7}'") from error
    case, version, own = folder_of(arguments.connector)
    into = Path(arguments.into) if arguments.into else own
    written = import_folder(
        folder,
        into,
        connector=arguments.connector,
        action=arguments.action,
        version=version,
        payloads=payloads,
        case=case,
    )
    if arguments.json:
        print_json({"written": [str(path) for path in written]})
    else:
        print_lines(f"wrote {printable(path)}" for path in written)
    return 0
