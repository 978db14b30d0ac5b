"""The headers of a ZIP archive, as APPNOTE 4.3 and 4.5 lay them out, and whether two of them agree."""

import stat
import struct
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from automate_connectors.certification.wheels.refusals import WheelRefused, shown

__all__ = ["CENTRAL", "DESCRIPTOR", "END", "LOCAL", "Entry", "Header", "check_entry", "check_local"]

END: Final = struct.Struct("<4s4H2LH")
CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
LOCAL: Final = struct.Struct("<4s5H3L2H")
DESCRIPTOR: Final = struct.Struct("<4s3L")

_DESCRIBED: Final = 1 << 3
_UTF8: Final = 1 << 11
_LEVELS: Final = 0b110
_ALLOWED_FLAGS: Final = _DESCRIBED | _UTF8 | _LEVELS
_METHODS: Final = frozenset({0, 8})
_TIMESTAMP: Final = 0x5455
_KNOWN_EXTRA: Final = frozenset({_TIMESTAMP, 0x000A, 0x7875})
"""Extended timestamp, NTFS times, Unix owner: none of them moves, renames or resizes a member."""
_ZIP64: Final = 0x0001
_WIDE: Final = 0xFFFFFFFF
_DOS_FOLDER: Final = 0x10
_SET_ID: Final = stat.S_ISUID | stat.S_ISGID


@dataclass(frozen=True, slots=True)
class Header:
    """What the local and the central header of a member both say.

    Attributes:
        needed: The version of the format that is needed to extract it.
        flags: The general purpose bits.
        method: 0 stored, 8 deflated.
        moment: Time and date in the form of MS-DOS.
        crc: CRC-32 of the content.
        packed: Bytes in the archive.
        size: Bytes of the content.
        name: The name as it stands there.
    """

    needed: int
    flags: int
    method: int
    moment: tuple[int, int]
    crc: int
    packed: int
    size: int
    name: bytes

    @property
    def described(self) -> bool:
        """Whether a data descriptor follows the content."""
        return bool(self.flags & _DESCRIBED)


@dataclass(frozen=True, slots=True)
class Entry:
    """A member as the central directory lists it; `path` is its name, decoded."""

    header: Header
    path: str
    offset: int
    attributes: int
    extra: bytes

    @property
    def is_folder(self) -> bool:
        """Whether it stands for a folder, which a trailing slash says and nothing else."""
        return self.path.endswith("/")


def check_entry(header: Header, extra: bytes, attributes: int) -> str:
    """Return the decoded name of a member whose central header is acceptable.

    Raises:
        WheelRefused: ``archive``.
    """
    path = _decoded(header)
    if header.flags & ~_ALLOWED_FLAGS:
        raise refused(path, f"is encrypted, patched or masked (flags {header.flags:#06x})")
    if header.method not in _METHODS:
        raise refused(path, f"is compressed by method {header.method}; expected 0 (stored) or 8 (deflated)")
    if header.method == 0 and header.packed != header.size:
        raise refused(path, "is stored, yet its two sizes differ")
    _check_kind(path, header, attributes)
    _extra_fields(path, extra)
    return path


def check_local(entry: Entry, local: Header, extra: bytes) -> None:
    """Hold a local header against the central one.

    With a data descriptor the sizes and the checksum of the local header may be zero, as streaming writers leave them.
    Sizes may be repeated in a zip64 field, as Bazel writes it, when they are the same once more.

    Raises:
        WheelRefused: ``archive``.
    """
    central = entry.header
    fields = _extra_fields(entry.path, extra, {*_KNOWN_EXTRA, _ZIP64})
    sizes = (local.crc, *_local_sizes(entry, local, fields.pop(_ZIP64, None)))
    pairs = [
        ("version", local.needed, central.needed),
        ("flags", local.flags, central.flags),
        ("method", local.method, central.method),
        ("time", local.moment, central.moment),
        ("name", local.name, central.name),
    ]
    if not (central.described and sizes == (0, 0, 0)):
        pairs.append(("checksum or size", sizes, (central.crc, central.packed, central.size)))
    for what, one, other in pairs:
        if one != other:
            raise refused(entry.path, f"has another {what} in its local header than in the central directory")
    if _comparable(fields) != _comparable(_extra_fields(entry.path, entry.extra)):
        raise refused(entry.path, "has other extra fields in its local header than in the central directory")


def refused(path: str, problem: str) -> WheelRefused:
    """Return the refusal of one member."""
    return WheelRefused("archive", f"the member {shown(path)} {problem}: build the wheel again with a build tool")


def _decoded(header: Header) -> str:
    """Decode a name: UTF-8 where the flag says so, else ASCII, for the older code pages are read differently."""
    encoding = "utf-8" if header.flags & _UTF8 else "ascii"
    try:
        return header.name.decode(encoding)
    except UnicodeDecodeError as error:
        raise refused(repr(header.name), f"has a name that is no {encoding.upper()}") from error


def _check_kind(path: str, header: Header, attributes: int) -> None:
    mode = attributes >> 16
    folder = path.endswith("/")
    if stat.S_IFMT(mode) not in {0, stat.S_IFDIR if folder else stat.S_IFREG}:
        raise refused(path, f"is no regular file or folder (mode {mode:#o})")
    if attributes & _DOS_FOLDER and not folder:
        raise refused(path, "is marked as a folder, but named like a file")
    if folder and header.size:
        raise refused(path, "is a folder with content")
    if mode & (stat.S_ISUID if folder else _SET_ID):
        raise refused(path, f"is set-uid or set-gid (mode {mode:#o})")


def _local_sizes(entry: Entry, local: Header, wide: bytes | None) -> tuple[int, int]:
    """Return the packed and the unpacked size that a local header gives, in one place or in two that agree."""
    if wide is None:
        return local.packed, local.size
    central = entry.header
    pairs = ((local.packed, central.packed), (local.size, central.size))
    same = all(given in {_WIDE, right} for given, right in pairs)
    if local.described or not same or wide != struct.pack("<2Q", central.size, central.packed):
        raise refused(entry.path, "has a zip64 field that differs from the central directory")
    return central.packed, central.size


def _extra_fields(path: str, extra: bytes, known: AbstractSet[int] = _KNOWN_EXTRA) -> dict[int, bytes]:
    """Take the extra fields apart; 0x7075 renames a member, an unknown one could do anything."""
    fields: dict[int, bytes] = {}
    at = 0
    while at < len(extra):
        kind = int.from_bytes(extra[at : at + 2], "little")
        length = int.from_bytes(extra[at + 2 : at + 4], "little")
        end = at + 4 + length
        if end > len(extra) or kind in fields:
            raise refused(path, "has malformed extra fields")
        if kind not in known:
            raise refused(
                path, f"has an extra field of kind {kind:#06x}, which some installers act on and others do not"
            )
        fields[kind] = extra[at + 4 : end]
        at = end
    return fields


def _comparable(fields: dict[int, bytes]) -> dict[int, bytes]:
    """Cut a timestamp to flags and modification time: the central directory holds no more of it (APPNOTE, Info-ZIP)."""
    return {kind: data[:5] if kind == _TIMESTAMP else data for kind, data in fields.items()}
