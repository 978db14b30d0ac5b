"""The structure of a ZIP archive: members from the first byte on, the directory right behind them, nothing else.

Source: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4. A zip64 directory is refused: no wheel within the limits needs it.
"""

from typing import BinaryIO, Final

from automate_connectors.certification.wheels.headers import (
    CENTRAL,
    DESCRIPTOR,
    END,
    LOCAL,
    Entry,
    Header,
    check_entry,
    check_local,
    refused,
)
from automate_connectors.certification.wheels.paths import check_path, check_together
from automate_connectors.certification.wheels.refusals import WheelRefused

__all__ = ["MOST_MEMBERS", "MOST_RATIO", "MOST_UNPACKED", "Archived", "read_structure"]

MOST_MEMBERS: Final = 10_000
MOST_UNPACKED: Final = 512 * 1024 * 1024
MOST_RATIO: Final = 200
_MOST_DIRECTORY: Final = 32 * 1024 * 1024
_MEND: Final = "build the wheel again with a build tool, and add nothing to it"

Archived = tuple[Entry, int]
"""A member and the place of its first content byte."""


def read_structure(file: BinaryIO, length: int) -> list[Archived]:
    """Return the members in the order of their bytes, folders included; their content is not read yet.

    Args:
        file: The archive, seekable.
        length: Its length in bytes.

    Raises:
        WheelRefused: ``archive``.
    """
    count, start = _end(file, length)
    entries = _directory(file, start, length - END.size, count)
    for entry in entries:
        check_path(entry.path)
    check_together(entry.path for entry in entries)
    _check_limits(entries)
    return _placed(file, entries, start)


def _end(file: BinaryIO, length: int) -> tuple[int, int]:
    """Return how many members there are and where the directory starts."""
    if length < END.size:
        raise WheelRefused("archive", f"expected a ZIP archive, got a file of {length} bytes: {_MEND}")
    file.seek(length - END.size)
    signature, disk, first_disk, here, count, size, start, comment = END.unpack(_exactly(file, END.size))
    if signature != b"PK\5\6" or comment:
        raise WheelRefused("archive", f"the file does not end in a ZIP directory without comment: {_MEND}")
    if disk or first_disk or here != count:
        raise WheelRefused("archive", f"the archive is split over several disks: {_MEND}")
    if start + size + END.size != length:
        raise WheelRefused("archive", f"the ZIP directory is not where its end record says: {_MEND}")
    if count > MOST_MEMBERS or size > _MOST_DIRECTORY:
        raise WheelRefused("archive", f"the archive has more than {MOST_MEMBERS} members: make it smaller")
    return count, start


def _directory(file: BinaryIO, start: int, end: int, count: int) -> list[Entry]:
    file.seek(start)
    entries = []
    at = start
    for _ in range(count):
        entry, at = _entry(file, at)
        entries.append(entry)
    if at != end:
        raise WheelRefused("archive", f"the ZIP directory holds more or less than its {count} members: {_MEND}")
    return entries


def _entry(file: BinaryIO, at: int) -> tuple[Entry, int]:
    fixed = CENTRAL.unpack(_exactly(file, CENTRAL.size))
    signature, _made, needed, flags, method, time, date, crc, packed, size = fixed[:10]
    name_length, extra_length, comment, disk, _internal, attributes, offset = fixed[10:]
    if signature != b"PK\1\2" or comment or disk:
        raise WheelRefused("archive", f"the ZIP directory is damaged, split or commented: {_MEND}")
    name = _exactly(file, name_length)
    extra = _exactly(file, extra_length)
    header = Header(needed, flags, method, (time, date), crc, packed, size, name)
    entry = Entry(header, check_entry(header, extra, attributes), offset, attributes, extra)
    return entry, at + CENTRAL.size + len(name) + len(extra)


def _check_limits(entries: list[Entry]) -> None:
    if sum(entry.header.size for entry in entries) > MOST_UNPACKED:
        raise WheelRefused("archive", f"the archive unpacks to more than {MOST_UNPACKED} bytes: make it smaller")
    for entry in entries:
        if entry.header.size > MOST_RATIO * entry.header.packed:
            raise refused(entry.path, f"unpacks to more than {MOST_RATIO} times its size")


def _placed(file: BinaryIO, entries: list[Entry], end: int) -> list[Archived]:
    """Find each member's content, and refuse gaps, overlaps and whatever stands before or behind them."""
    placed: list[Archived] = []
    at = 0
    for entry in sorted(entries, key=lambda entry: entry.offset):
        if entry.offset != at:
            raise refused(entry.path, f"starts at byte {entry.offset}, but the one before it ends at {at}")
        content = _local(file, entry)
        placed.append((entry, content))
        at = _behind(file, entry, content, end)
    if at != end:
        raise WheelRefused("archive", f"there are bytes between the last member and the ZIP directory: {_MEND}")
    return placed


def _local(file: BinaryIO, entry: Entry) -> int:
    """Check the local header and return the place of the first content byte."""
    file.seek(entry.offset)
    fixed = LOCAL.unpack(_exactly(file, LOCAL.size))
    signature, needed, flags, method, time, date, crc, packed, size, name_length, extra_length = fixed
    if signature != b"PK\3\4":
        raise refused(entry.path, "has no local header where the central directory says")
    name = _exactly(file, name_length)
    extra = _exactly(file, extra_length)
    check_local(entry, Header(needed, flags, method, (time, date), crc, packed, size, name), extra)
    return entry.offset + LOCAL.size + len(name) + len(extra)


def _behind(file: BinaryIO, entry: Entry, content: int, end: int) -> int:
    """Return the place behind a member, its data descriptor included."""
    header = entry.header
    at = content + header.packed
    if at > end:
        raise refused(entry.path, "reaches into the ZIP directory")
    if not header.described:
        return at
    file.seek(at)
    if _exactly(file, DESCRIPTOR.size) != DESCRIPTOR.pack(b"PK\7\x08", header.crc, header.packed, header.size):
        raise refused(entry.path, "has a data descriptor that differs from the central directory")
    return at + DESCRIPTOR.size


def _exactly(file: BinaryIO, length: int) -> bytes:
    data = file.read(length)
    if len(data) != length:
        raise WheelRefused("archive", f"the archive is cut off: {_MEND}")
    return data
