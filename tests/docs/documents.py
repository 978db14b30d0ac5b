"""Code blocks of a Markdown document, and what running them in order shows."""

import fnmatch
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
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


def blocks(document: Path) -> Iterator[Block]:
    """The fenced blocks of a document, in order."""
    for found in _FENCE.finditer(document.read_text(encoding="utf-8")):
        yield Block(found[1], found[2] or "", found[3] or "", found[4])


def runs(document: Path, folder: Path) -> int:
    """Write the files and run the commands of a document in a folder; each shown output must be what came out.

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
            output = "".join(_command(folder, line.split()) for line in block.text.splitlines())
        elif block.language == "text":
            _matches(block.text.splitlines(), output)
            compared += 1
    return compared


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
