"""The text files of a dist-info folder: headers of METADATA and WHEEL, and entry points.

Read as the standard library reads them (email.parser, importlib.metadata), for that is how installers and hosts do.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["EntryPoint", "Metadata", "parse_entry_points", "parse_headers"]

_LINE: Final = re.compile(r"\r\n|\r|\n")
_HEADER: Final = re.compile(r"(?P<name>[!-9;-~]+):(?P<value>.*)", re.DOTALL)
_SECTION: Final = re.compile(r"\[(?P<group>[^\[\]\s](?:[^\[\]]*[^\[\]\s])?)\]")
_VALUE: Final = re.compile(
    r"(?P<module>[\w.]+)\s*(?::\s*(?P<attribute>[\w.]+)\s*)?(?:\[(?P<extras>[^\[\]]*)\]\s*)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The header fields of a file, in its order."""

    fields: tuple[tuple[str, str], ...]

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a field; case does not matter."""
        return tuple(value for field, value in self.fields if field.lower() == name.lower())


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """One line of ``entry_points.txt``; `value` is the object it names, ``module:attribute`` without extras and spaces.

    What is no such name stays as it is written: some groups hold other texts.
    """

    group: str
    name: str
    value: str


def parse_headers(text: str) -> Metadata:
    """Read fields up to the first line that is none."""
    fields: list[tuple[str, list[str]]] = []
    for line in _LINE.split(text):
        if line[:1] in {" ", "\t"} and fields:
            fields[-1][1].append(line)
        elif match := _HEADER.fullmatch(line):
            fields.append((match["name"], [match["value"].strip(" \t")]))
        else:
            break
    return Metadata(tuple((name, "\n".join(lines)) for name, lines in fields))


def parse_entry_points(text: str) -> Iterator[EntryPoint]:
    """Read ``entry_points.txt``.

    Raises:
        ValueError: A line is no section, comment or ``name = value``; the readers that are in use would disagree about
            it.
    """
    group = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if match := _SECTION.fullmatch(line):
            group = match["group"]
            continue
        name, equals, value = (part.strip() for part in line.partition("="))
        if not (group and name and equals and value) or line.startswith(("[", ";")):
            raise ValueError(f"line {number} is no '[group]' and no 'name = module:attribute'")
        found = _VALUE.fullmatch(value)
        yield EntryPoint(group, name, ":".join(filter(None, found.group("module", "attribute"))) if found else value)
