"""Code blocks of a Markdown document, what running them in order shows, and which of them nobody runs."""

import fnmatch
import os
import re
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parents[2]
#: The languages of blocks that `runs` carries out or compares; any block may be a file.
_RUN: Final = frozenset({"python", "sh", "text"})
_NO_OPTIONS: Final[Mapping[str, Sequence[str]]] = {}
_FENCE = re.compile(r'^```(\w+)(?: (title|after|replace)="([^\n]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block.

    Attributes:
        language: as the fence says.
        kind: ``title`` where the block is a file, ``after`` where it belongs behind a line of one, ``replace`` where it
            stands instead of the one line that holds some text.
        name: the file, or file and line.
        text: its content.
    """

    language: str
    kind: str
    name: str
    text: str

    @property
    def fence(self) -> str:
        """What stands behind the three signs that open it."""
        return f'{self.language} {self.kind}="{self.name}"' if self.kind else self.language


def blocks(document: Path) -> Iterator[Block]:
    """The fenced blocks of a document, in order."""
    for found in _FENCE.finditer(document.read_text(encoding="utf-8")):
        yield Block(found[1], found[2] or "", found[3] or "", found[4])


def unclaimed(document: Path, elsewhere: Collection[str] = ()) -> list[str]:
    """The fences of a document that open a block which `runs` passes over, as ``README.md:7: ```toml``.

    Args:
        document: it.
        elsewhere: languages whose blocks a test of their own takes.
    """
    lines = document.read_text(encoding="utf-8").splitlines()
    fences = [(number, line) for number, line in enumerate(lines, 1) if line.lstrip().startswith(("```", "~~~"))]
    claimed = {f"```{block.fence}" for block in blocks(document) if block.kind or block.language in {*_RUN, *elsewhere}}
    return [f"{document.name}:{number}: {line}" for number, line in fences[::2] if line not in claimed]


def runs(document: Path, folder: Path, options: Mapping[str, Sequence[str]] = _NO_OPTIONS) -> int:
    """Write the files and run the commands of a document in a folder; each shown output must be what came out.

    Args:
        document: it.
        folder: where.
        options: what is added to each command that begins with these words, such as an index on loopback.

    Returns how many outputs were compared.
    """
    output, compared = "", 0
    for block in blocks(document):
        if block.kind == "title":
            (folder / block.name).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.name).write_text(block.text, encoding="utf-8")
        elif block.kind == "after":
            _insert(folder, block)
        elif block.kind == "replace":
            _replace(folder, block)
        elif block.language == "python":
            _call(folder, [sys.executable, "-c", block.text], expected=(0,))
        elif block.language == "sh":
            output = "".join(_command(folder, _with(line, options)) for line in block.text.splitlines())
        elif block.language == "text":
            _matches(block.text.splitlines(), output)
            compared += 1
    return compared


def _with(line: str, options: Mapping[str, Sequence[str]]) -> list[str]:
    return [*line.split(), *(option for words, added in options.items() if line.startswith(words) for option in added)]


def _insert(folder: Path, block: Block) -> None:
    name, _, line = block.name.partition(": ")
    file = folder / name
    before, found, after = file.read_text(encoding="utf-8").partition(line + "\n")
    assert found, f"{name} has no line {line!r}"
    file.write_text(before + found + block.text + after, encoding="utf-8")


def _replace(folder: Path, block: Block) -> None:
    name, _, part = block.name.partition(": ")
    file = folder / name
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    [number] = [number for number, line in enumerate(lines) if part in line]
    lines[number] = block.text
    file.write_text("".join(lines), encoding="utf-8")


def _command(folder: Path, words: Sequence[str]) -> str:
    """Run a command of a document; of make, what it would run, but for the tests that run this one."""
    if words[0] == "make":
        recipe = _call(ROOT, ["make", "--dry-run", "--assume-old=.venv/.installed", *words[1:]], expected=(0,))
        return "".join(_command(folder, r.split()) for r in recipe.splitlines() if "pytest --connector" in r)
    if words[0] == "python":
        return _call(folder, [sys.executable, *words[1:]], expected=(0,))
    if words[0] == "pip":
        return _call(folder, [sys.executable, "-m", *words], expected=(0,))
    if words[0] == "automate-connectors":
        return _call(folder, [sys.executable, "-m", "automate_connectors.cli", *words[1:]], expected=(0,))
    assert Path(words[0]).name == "pytest", f"{words} is a command that no test runs"
    return _call(folder, [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words[1:]], expected=(0, 1))


def _call(folder: Path, command: Sequence[str], *, expected: Sequence[int]) -> str:
    # As on a reader's machine: a measurement of this project's own would stand in the way of T02's.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    environment["COLUMNS"] = "80"
    done = subprocess.run(  # noqa: S603 - commands of our own documents
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in expected, done.stdout + done.stderr
    return done.stdout + done.stderr


def _matches(shown: Sequence[str], output: str) -> None:
    """Each line that is shown came out, in that order; ``*`` stands for anything."""
    rest = iter(output.splitlines())
    for line in shown:
        pattern = line.replace("[", "[[]")
        assert any(fnmatch.fnmatchcase(each, pattern) for each in rest), f"{line!r} is not in\n{output}"
