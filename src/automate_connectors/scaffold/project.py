"""A draft on disk: the files of a project, its cassettes recorded from its own toy service."""

import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from automate_connectors import __version__
from automate_connectors.cassettes.traffic import CassetteError
from automate_connectors.scaffold.draft import DraftError, ProjectDraft
from automate_connectors.scaffold.literals import literal
from automate_connectors.scaffold.recording import record

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["write_project"]

#: Only where something is known of a result.
_RESULTS: Final = "src/NAME/results.py"
#: Where each template goes; ``NAME`` stands for the connector's name.
_FILES: Final = {
    "pyproject.toml": "pyproject.toml.j2",
    "Makefile": "Makefile.j2",
    "README.md": "README.md.j2",
    ".gitignore": "gitignore.j2",
    ".github/workflows/ci.yml": "ci.yml.j2",
    "src/NAME/__init__.py": "init.py.j2",
    "src/NAME/py.typed": "py.typed.j2",
    "src/NAME/payloads.py": "payloads.py.j2",
    _RESULTS: "results.py.j2",
    "src/NAME/adapter.py": "adapter.py.j2",
    "src/NAME/certification.py": "certification.py.j2",
    "src/NAME/toy_service.py": "toy_service.py.j2",
    "tests/test_NAME.py": "test.py.j2",
}


def write_project(draft: ProjectDraft, folder: Path) -> list[Path]:
    """Write a project, whole or not at all, and return its files.

    Raises:
        DraftError: The folder holds something already, or cannot be written.
    """
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise DraftError(f"{str(folder)!a:.200} is there already: name another folder; nothing was written")
    try:
        _write_whole(draft, folder)
    except (CassetteError, RecursionError, UnicodeError) as error:
        raise DraftError(
            f"an example of the document cannot be recorded ({type(error).__name__}): simplify it"
        ) from error
    except OSError as error:
        raise DraftError(f"{str(folder)!a:.200} cannot be written: {error.strerror}") from error
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def _write_whole(draft: ProjectDraft, folder: Path) -> None:
    """Make it on the side, then put it in its place: a folder that is there may be the one that a shell stands in."""
    there = folder.exists()
    beside = folder if there else folder.parent
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=beside) as scratch:
        made = Path(scratch) / "project"
        _fill(draft, made)
        if there:
            for child in made.iterdir():
                child.rename(folder / child.name)
        else:
            made.rename(folder)


def _fill(draft: ProjectDraft, folder: Path) -> None:
    wanted = _FILES if draft.typed else {name: file for name, file in _FILES.items() if name != _RESULTS}
    for name, template in wanted.items():
        path = folder / name.replace("NAME", draft.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = _environment().get_template(template).render(draft=draft, version=__version__)
        path.write_text(text, encoding="utf-8")
    package = folder / "src" / draft.name
    record(draft, package / "toy_service.py", package / "cassettes")


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415 - part of the extra `test`

    def source(name: str) -> str:
        return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")

    # Python and TOML, not HTML: texts are made harmless by `one_line`, values by `py`.
    environment = Environment(  # noqa: S701 - as above
        loader=FunctionLoader(source),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["py"] = literal
    return environment
