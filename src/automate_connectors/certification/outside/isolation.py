"""Namespaces of Linux around the child: no network but the judge's socket, no sight of the judge's processes.

Source: namespaces(7), user_namespaces(7), network_namespaces(7), pid_namespaces(7). Where the platform refuses them the
child runs without, and says so.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from automate_connectors.wire.blackhole import filled_listener

_NEW_USER: Final = 0x10000000
_NEW_PID: Final = 0x20000000
_NEW_NET: Final = 0x40000000
_DEATH_SIGNAL: Final = 1
_DUMPABLE: Final = 4
_NO_NEW_PRIVILEGES: Final = 38
_SET_FLAGS: Final = 0x8914
_UP: Final = 0x1
_BIGGEST_FILE: Final = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Isolation:
    """What holds: whether the network is its own, and the whole in a sentence."""

    network: bool
    told: str


def enter(wanted: bool) -> Isolation:
    """Go into namespaces of its own, as far as the platform permits; the caller goes on as their first process."""
    _limit()
    if not wanted or not sys.platform.startswith("linux"):
        return Isolation(network=False, told="separate process")
    user, group = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if libc.unshare(_NEW_USER | _NEW_NET | _NEW_PID) != 0:
        return Isolation(network=False, told="separate process; namespaces are not permitted here")
    with contextlib.suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    _loopback_up()
    _be_first(libc)
    return Isolation(network=True, told="separate process in user, network and process namespaces of its own")


def keep_out() -> None:
    """Let no other process of the same user look into this one's memory and open files (prctl(2), PR_SET_DUMPABLE).

    For the judge: a child without namespaces runs as its user. What the judge executes is not concerned, root is not
    held.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_DUMPABLE, 0, 0, 0, 0)


def _limit() -> None:
    import resource  # noqa: PLC0415 - there is none on every platform that this module is imported on

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (_BIGGEST_FILE, _BIGGEST_FILE))


def _be_first(libc: Any) -> None:
    """Go on in the new process namespace, whose other processes end with its first one; the parent waits."""
    parent = os.getpid()
    if child := os.fork():
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        os._exit(code if code >= 0 else 128 - code)
    libc.prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() not in (0, parent):
        os._exit(1)


def _loopback_up() -> None:
    import fcntl  # noqa: PLC0415 - Linux only

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP))


def listeners() -> list[socket.socket]:
    """Sockets of this network for the judge to answer at: one that listens, then one that nobody gets through to."""
    return [socket.create_server(("127.0.0.1", 0), backlog=256), *filled_listener()]
