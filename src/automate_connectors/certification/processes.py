"""What processes hold, told by /proc (proc(5)); where there is none, nothing is told."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
#: How `multiprocessing` starts what it keeps for the rest of a process's life: nobody's to end.
_OF_MULTIPROCESSING: Final = (
    "from multiprocessing.resource_tracker import main",
    "from multiprocessing.forkserver import main",
)


def threads_of(pid: int) -> list[int]:
    """The threads of a process."""
    return [int(name) for name in _numbers(_PROC / str(pid) / "task")]


def descriptors_of(pid: int) -> list[tuple[int, str]]:
    """Its open descriptors and what they lead to."""
    folder = _PROC / str(pid) / "fd"
    pairs = []
    for name in _numbers(folder):
        with contextlib.suppress(OSError):
            pairs.append((int(name), os.readlink(folder / name)))  # noqa: PTH115 - names only, and often
    return pairs


def running() -> list[tuple[int, int, int]]:
    """Every process with its parent and its session."""
    found = []
    for name in _numbers(_PROC):
        with contextlib.suppress(OSError, ValueError, IndexError):
            told = (_PROC / name / "stat").read_text(encoding="ascii", errors="replace")
            fields = told.rpartition(")")[2].split()
            found.append((int(name), int(fields[1]), int(fields[3])))
    return found


def children_of(pid: int) -> list[int]:
    """The processes whose parent it is, those that were not waited for among them."""
    return [number for number, parent, _ in running() if parent == pid]


def started_and_opened(pid: int) -> tuple[list[int], list[tuple[int, str]]]:
    """Its children and descriptors, less the helpers of `multiprocessing` and the pipes to them."""
    children = children_of(pid)
    helpers = [child for child in children if _is_of_multiprocessing(child)]
    pipes = {target for helper in helpers for _, target in descriptors_of(helper) if target.startswith("pipe:")}
    opened = [(number, target) for number, target in descriptors_of(pid) if target not in pipes]
    return [child for child in children if child not in helpers], opened


def _is_of_multiprocessing(pid: int) -> bool:
    try:
        told = (_PROC / str(pid) / "cmdline").read_bytes().decode("utf-8", "replace")
    except OSError:
        return False
    return any(argument.startswith(_OF_MULTIPROCESSING) for argument in told.split("\0"))


def _numbers(folder: Path) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if name.isdigit()]  # noqa: PTH208 - names only, and often
    except OSError:
        return []
