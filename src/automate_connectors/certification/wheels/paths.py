"""Which names members may have, so that every file system and every installer puts them at the same place."""

import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from automate_connectors.certification.wheels.refusals import WheelRefused, shown

__all__ = ["check_path", "check_together", "folded"]

_CONTROLS = frozenset(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))


def folded(path: str) -> str:
    """Return what a file system that ignores case and Unicode forms makes of a path."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())


def check_path(path: str) -> None:
    """Refuse a name that is not a plain relative path; a folder's ends in a slash.

    Raises:
        WheelRefused: ``archive``.
    """
    parts = path.removesuffix("/").split("/")
    if any(part in {"", ".", ".."} for part in parts):
        raise _refused(path, "is not a relative path without '.', '..' and empty parts")
    if "\\" in path or ":" in path:
        raise _refused(path, "holds a backslash or a colon, which some systems take for a separator or a drive")
    if not _CONTROLS.isdisjoint(path):
        raise _refused(path, "holds a control character")


def check_together(paths: Iterable[str]) -> None:
    """Refuse two names that are one on some file system, and a file that is the folder of another member.

    Raises:
        WheelRefused: ``archive``.
    """
    places = sorted((folded(path.removesuffix("/")).split("/"), path) for path in paths)
    for (parts, path), (following, other) in pairwise(places):
        if parts == following:
            raise _refused(other, f"is there twice (also as {shown(path)}): names must differ after NFKC and casefold")
        if not path.endswith("/") and following[: len(parts)] == parts:
            raise _refused(path, f"is a file and the folder of {shown(other)}")


def _refused(path: str, problem: str) -> WheelRefused:
    return WheelRefused("archive", f"the member {shown(path)} {problem}: build the wheel again with a build tool")
