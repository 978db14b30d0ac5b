"""``new``: a connector project that passes its own tests and Bronze at once."""

import json
from argparse import ArgumentParser, Namespace
from importlib.resources import files
from pathlib import Path
from shlex import quote

from automate_connectors.cli.output import print_json, print_lines, print_problem, printable

__all__ = ["configure", "run"]


def configure(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("name", metavar="NAME", help="of the connector, such as acme_tasks")
    parser.add_argument("folder", nargs="?", metavar="DIR", help="where to write it (default: ./NAME)")
    parser.add_argument(
        "--openapi", metavar="FILE", help="an OpenAPI 3 document, JSON or YAML, to draft the actions from"
    )
    parser.add_argument("--json", action="store_true", help="print one object for machines")


def run(arguments: Namespace) -> int:
    """Write the project; exit 1 where the name or the folder is refused, 2 where the document cannot be read."""
    try:
        from automate_connectors.scaffold import draft, openapi, project, reading  # noqa: PLC0415 - after the usage is right
    except ModuleNotFoundError as error:
        return _failed(arguments, f"new needs {error.name}: pip install 'automate-connectors[test]'", 2)
    try:
        name = draft.checked_name(arguments.name)
        document = reading.read_document(Path(arguments.openapi)) if arguments.openapi is not None else _tasks()
        folder = Path(name if arguments.folder is None else arguments.folder)
        written = project.write_project(openapi.draft(name, document), folder)
    except draft.DraftError as error:
        return _failed(arguments, str(error), 2 if arguments.openapi is not None else 1)
    if arguments.json:
        print_json(
            {"name": name, "folder": str(folder), "files": [path.as_posix() for path in written], "problem": None}
        )
    else:
        into = quote(printable(folder))
        print_lines([f"{printable(folder)}: {len(written)} files", f"next: cd {into} && make test"])
    return 0


def _failed(arguments: Namespace, problem: str, status: int) -> int:
    print_problem(f"no project was made: {problem}", as_json=arguments.json, name=arguments.name, folder=None, files=[])
    return status


def _tasks() -> dict[str, object]:
    text = files("automate_connectors.scaffold").joinpath("tasks.json").read_text(encoding="utf-8")
    document: dict[str, object] = json.loads(text)
    return document
