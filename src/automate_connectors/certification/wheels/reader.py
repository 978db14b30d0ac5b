"""Reading a wheel: archive, then record, then payload, and at the end plain facts."""

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from automate_connectors.certification.wheels.archive import Archived, read_structure
from automate_connectors.certification.wheels.content import unpacked
from automate_connectors.certification.wheels.filenames import WheelName, parse_wheel_name
from automate_connectors.certification.wheels.metadata import EntryPoint, Metadata, parse_entry_points
from automate_connectors.certification.wheels.paths import folded
from automate_connectors.certification.wheels.payload import check_entry_points, check_paths
from automate_connectors.certification.wheels.record import (
    check_record,
    check_tags,
    dist_info_of,
    installed_path,
    metadata_of,
)
from automate_connectors.certification.wheels.refusals import WheelRefused, shown

__all__ = ["Member", "Wheel"]

_PIECE: Final = 1024 * 1024
_LONGEST_TEXT: Final[Mapping[str, int]] = {
    "metadata": 16 * 1024 * 1024,
    "record": 16 * 1024 * 1024,
    "wheel": 256 * 1024,
    "entry_points.txt": 1024 * 1024,
}
_INFO: Final = (".dist-info", ".egg-info")
_IN_FOLDER: Final = 2


@dataclass(frozen=True, slots=True)
class Member:
    """A member that is no folder; `sha256` in hex, `size` in bytes, both of the unpacked content."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel that can be read in one way only.

    Attributes:
        filename: The name of the file.
        sha256: The SHA-256 of the whole file, in hex.
        size: Its length in bytes.
        name: What the file name says.
        members: Every member that is no folder, in the order of the archive.
        entry_points: The entry points of every group.
        metadata: The fields of METADATA.
    """

    filename: str
    sha256: str
    size: int
    name: WheelName
    members: tuple[Member, ...]
    entry_points: tuple[EntryPoint, ...]
    metadata: Metadata

    @classmethod
    def read(cls, source: str | os.PathLike[str] | bytes, *, filename: str | None = None) -> "Wheel":
        """Read a wheel; its content is unpacked in pieces and never kept.

        Args:
            source: Its path, or its bytes.
            filename: Its name; must be given with bytes, else the last part of the path.

        Raises:
            WheelRefused: It is none, or could be read in more than one way; see its `code`.
        """
        named = filename if filename is not None else "" if isinstance(source, bytes) else Path(source).name
        name = parse_wheel_name(named)
        with _opened(source, named) as (file, length):
            try:
                members, entry_points, metadata = _facts(name, _Archive(file, length))
                return cls(named, _digest(file), length, name, members, entry_points, metadata)
            except OSError as error:
                raise _unreadable(named, error) from error

    @property
    def distribution(self) -> str:
        """The name of the distribution, as METADATA gives it."""
        return self.metadata.all("Name")[0]

    @property
    def version(self) -> str:
        """The version of the distribution, as METADATA gives it."""
        return self.metadata.all("Version")[0]

    def registered(self, group: str) -> tuple[EntryPoint, ...]:
        """Return the entry points of one group."""
        return tuple(entry_point for entry_point in self.entry_points if entry_point.group == group)


@contextmanager
def _opened(source: str | os.PathLike[str] | bytes, filename: str) -> Iterator[tuple[BinaryIO, int]]:
    """Yield the open file and its length; only regular files, for others could block or change."""
    if isinstance(source, bytes):
        yield BytesIO(source), len(source)
        return
    try:
        status = os.stat(source)  # noqa: PTH116 - takes any path, also one that pathlib refuses
        if not stat.S_ISREG(status.st_mode):
            raise WheelRefused("wheel", f"{shown(filename)} is no regular file")
        file = Path(source).open("rb")  # noqa: SIM115 - closed below, after what opening it can raise
    except (OSError, ValueError) as error:
        raise _unreadable(filename, error) from error
    with file:
        yield file, os.fstat(file.fileno()).st_size


def _unreadable(filename: str, error: Exception) -> WheelRefused:
    reason = (error.strerror if isinstance(error, OSError) else None) or "it cannot be opened"
    return WheelRefused("wheel", f"{shown(filename)} cannot be read: {reason}; give the path of a wheel")


class _Archive:
    """The members of an open archive, each unpacked and checked once, and those texts that say what the wheel is."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._archived: Mapping[str, Archived] = {
            entry.path: (entry, start) for entry, start in read_structure(file, length)
        }
        self.paths = tuple(self._archived)
        self.members = tuple(self._members())

    def text(self, path: str) -> str:
        """Return a text of the dist-info folder.

        Raises:
            WheelRefused: ``record``: it is missing, too large or no UTF-8.
        """
        if path not in self._archived:
            raise WheelRefused("record", f"there is no {shown(path)}: build the wheel again with a build tool")
        entry, start = self._archived[path]
        if entry.header.size > _LONGEST_TEXT[path.rpartition("/")[2].lower()]:
            raise WheelRefused("record", f"{shown(path)} is too large: make it shorter")
        try:
            return b"".join(unpacked(self._file, entry, start)).decode("utf-8")
        except UnicodeDecodeError as error:
            raise WheelRefused("record", f"{shown(path)} is no UTF-8: write it in that encoding") from error

    def _members(self) -> Iterator[Member]:
        for entry, start in self._archived.values():
            digest = sha256()
            for piece in unpacked(self._file, entry, start):
                digest.update(piece)
            if not entry.is_folder:
                yield Member(entry.path, digest.hexdigest(), entry.header.size)


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _facts(name: WheelName, archive: _Archive) -> tuple[tuple[Member, ...], tuple[EntryPoint, ...], Metadata]:
    """Check record and payload, and return members, entry points and metadata."""
    dist_info = dist_info_of(name, archive.paths)
    listed = {member.path: (bytes.fromhex(member.sha256), member.size) for member in archive.members}
    check_record(dist_info, archive.text(f"{dist_info}/RECORD"), listed)
    metadata = metadata_of(name, archive.text(f"{dist_info}/METADATA"))
    check_tags(name, archive.text(f"{dist_info}/WHEEL"))
    check_paths(name, listed)
    entry_points = tuple(_entry_points(archive))
    check_entry_points(entry_points)
    return archive.members, entry_points, metadata


def _entry_points(archive: _Archive) -> Iterator[EntryPoint]:
    """Read every ``entry_points.txt`` that would be found once it is installed, those of egg-info folders too."""
    for member in archive.members:
        parts = folded(installed_path(member.path) or "").split("/")
        if len(parts) != _IN_FOLDER or parts[1] != "entry_points.txt" or not parts[0].endswith(_INFO):
            continue
        try:
            yield from parse_entry_points(archive.text(member.path))
        except (ValueError, WheelRefused) as error:
            problem = f"{shown(member.path)} cannot be read: {error}; write it anew"
            raise WheelRefused("payload", problem) from error
