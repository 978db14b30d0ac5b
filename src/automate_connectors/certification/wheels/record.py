"""The dist-info folder: there is one, it belongs to this file name, and its RECORD lists what is in the archive.

Sources: PEP 376 and PEP 427 as kept in the packaging specifications; RECORD hashes are urlsafe base64 without padding.
"""

import csv
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from automate_connectors.certification.wheels.filenames import Tag, WheelName, expanded
from automate_connectors.certification.wheels.metadata import Metadata, parse_headers
from automate_connectors.certification.wheels.paths import folded
from automate_connectors.certification.wheels.refusals import WheelRefused, shown

__all__ = ["Listed", "check_record", "check_tags", "dist_info_of", "installed_path", "metadata_of"]

Listed = Mapping[str, tuple[bytes, int]]
"""SHA-256 and size of each member by its path."""

_SPECIAL: Final = frozenset({"METADATA", "RECORD", "WHEEL", "entry_points.txt"})
_REBUILD: Final = "build the wheel again, and change nothing in it afterwards"
_FIELDS: Final = 3


@dataclass(frozen=True, slots=True)
class _Line:
    path: str
    digest: str
    size: str


def installed_path(path: str) -> str | None:
    """Return where an installer puts a member below the folder of modules; None for scripts, headers and data."""
    first, _, rest = path.partition("/")
    if not folded(first).endswith(".data"):
        return path
    scheme, _, inner = rest.partition("/")
    return inner if folded(scheme) in {"purelib", "platlib"} and inner else None


def dist_info_of(name: WheelName, paths: Iterable[str]) -> str:
    """Return the one dist-info folder, which must be named like the file.

    Raises:
        WheelRefused: ``record``.
    """
    found = {path.partition("/")[0] for path in map(installed_path, paths) if path}
    folders = sorted(first for first in found if folded(first).endswith(".dist-info"))
    if len(folders) != 1:
        raise _refused(f"expected exactly one dist-info folder, found {shown(folders)}")
    distribution, _, version = folders[0].removesuffix(".dist-info").rpartition("-")
    if not name.is_for(distribution, version):
        raise _refused(f"the folder {shown(folders[0])} is not of {shown(f'{name.distribution} {name.version}')}")
    return folders[0]


def check_record(dist_info: str, text: str, members: Listed) -> None:
    """Hold RECORD against the members.

    Raises:
        WheelRefused: ``record``: it does not list every other member by SHA-256 and size, or lists anything else.
    """
    own = f"{dist_info}/RECORD"
    for path in members:
        folder, _, rest = path.partition("/")
        if folder == dist_info and rest not in _SPECIAL and folded(rest) in {name.lower() for name in _SPECIAL}:
            raise _refused(f"{shown(path)} is another spelling of a file that installers read")
    seen: set[str] = set()
    for line in _lines(text):
        if line.path in seen:
            raise _refused(f"RECORD lists {shown(line.path)} twice")
        seen.add(line.path)
        wanted = _Line(own, "", "") if line.path == own else _wanted(line.path, members)
        if line != wanted:
            raise _refused(f"RECORD has another digest or size of {shown(line.path)} than the archive")
    for path in members:
        if path not in seen and path != own:
            raise _refused(f"RECORD does not list {shown(path)}")


def metadata_of(name: WheelName, text: str) -> Metadata:
    """Read METADATA and hold it against the file name.

    Raises:
        WheelRefused: ``record``.
    """
    metadata = parse_headers(text)
    names, versions = metadata.all("Name"), metadata.all("Version")
    if len(names) != 1 or len(versions) != 1:
        raise _refused("METADATA does not give exactly one name and one version")
    if not name.is_for(names[0], versions[0]):
        found = shown(f"{names[0]} {versions[0]}")
        raise _refused(f"METADATA is of {found}, the file name of {shown(f'{name.distribution} {name.version}')}")
    return metadata


def check_tags(name: WheelName, text: str) -> None:
    """Hold the tags of the WHEEL file, as expanded sets, and its build tag against the file name.

    Raises:
        WheelRefused: ``record``.
    """
    wheel = parse_headers(text)
    tags: set[Tag] = set()
    for value in wheel.all("Tag"):
        tags.update(_within(name.tags, value))
    if tags != name.tags:
        raise _refused("the WHEEL file lacks tags that the file name has")
    if any(build != name.build for build in wheel.all("Build")):
        raise _refused("the build tag in the WHEEL file is not that of the file name")


def _within(tags: frozenset[Tag], value: str) -> Iterator[Tag]:
    try:
        found = expanded(value)
    except ValueError as error:
        raise _refused(f"the WHEEL file has a wrong tag: {error}") from error
    for tag in found:
        if tag not in tags:
            raise _refused(f"the WHEEL file has the tag {shown('-'.join(tag))}, the file name does not")
        yield tag


def _lines(text: str) -> Iterator[_Line]:
    try:
        for row in csv.reader(_text_lines(text), strict=True):
            if len(row) != _FIELDS:
                raise _refused(f"a line of RECORD has {len(row)} fields; expected path, digest and size")
            yield _Line(*row)
    except csv.Error as error:
        raise _refused(f"RECORD is no CSV: {error}") from error


def _text_lines(text: str) -> Iterator[str]:
    """Yield the lines with their ends; only LF and CR LF end one."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _wanted(path: str, members: Listed) -> _Line:
    if path not in members:
        raise _refused(f"RECORD lists {shown(path)}, which is not in the archive")
    digest, size = members[path]
    return _Line(path, f"sha256={urlsafe_b64encode(digest).decode().rstrip('=')}", str(size))


def _refused(problem: str) -> WheelRefused:
    return WheelRefused("record", f"{problem}: {_REBUILD}")
