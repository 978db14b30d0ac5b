"""Plain JSON between judge and child: one message a line on a stream, with limits of size and time.

On the standard library alone: the child needs it before anything else is imported.
"""

from __future__ import annotations

import array
import json
import math
import select
import socket
import sys
import time
from typing import Any, Final

#: The longest message, in bytes.
LONGEST: Final = 32 * 1024 * 1024
#: The longest message about names and connections.
LONGEST_QUESTION: Final = 64 * 1024
#: Questions are whole datagrams; where the platform has it, of a kind that tells the other side of its end (unix(7)).
QUESTION_KIND: Final = socket.SOCK_SEQPACKET if sys.platform.startswith("linux") else socket.SOCK_DGRAM
_PIECE: Final = 256 * 1024
# Taken before the virtual clock is put in place.
_now: Final = time.monotonic


class ChannelError(Exception):
    """The other side did not say what it may say."""


class ClosedError(ChannelError):
    """The other side has ended."""


class FloodedError(ChannelError):
    """A message is longer than any may be."""


class LateError(ChannelError):
    """No message came in time."""


def encoded(message: Any) -> bytes:
    """A message as one line; what UTF-8 cannot carry becomes a question mark."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


class Channel:
    """One end of a stream socket."""

    def __init__(self, sock: socket.socket, longest: int = LONGEST) -> None:
        self.socket = sock
        self._longest = longest
        self._buffer = bytearray()
        sock.setblocking(False)

    def send(self, line: bytes, limit: float | None = None) -> None:
        """Send one line.

        Raises:
            ClosedError: nobody is there to read it.
            LateError: it was not taken within ``limit`` seconds.
        """
        deadline = None if limit is None else _now() + limit
        left = memoryview(line)
        while left:
            self._wait(select.POLLOUT, deadline)
            try:
                left = left[self.socket.send(left) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise ClosedError("its process has ended") from error

    def receive(self, limit: float | None = None) -> bytes:
        """The next line.

        Raises:
            ClosedError: the other side has ended.
            FloodedError: a line is too long.
            LateError: none came within ``limit`` seconds.
        """
        deadline = None if limit is None else _now() + limit
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if searched > self._longest:
                raise FloodedError(f"it sent more than {self._longest} bytes where one message was due")
            self._wait(select.POLLIN, deadline)
            try:
                piece = self.socket.recv(_PIECE)
            except BlockingIOError:
                continue
            except OSError as error:
                raise ClosedError("its process has ended") from error
            if not piece:
                raise ClosedError("its process has ended")
            self._buffer += piece
        line = bytes(self._buffer[: end + 1])
        del self._buffer[: end + 1]
        return line

    def expect_silence(self) -> None:
        """See that nothing was said that nobody asked for.

        Raises:
            ClosedError: the other side has ended.
            ChannelError: something was.
        """
        if not self._buffer and not _poll(self.socket, select.POLLIN, 0):
            return
        self.receive(0.1)
        raise ChannelError("it sent a message that nobody asked for")

    def close(self) -> None:
        """End it."""
        self.socket.close()

    def _wait(self, event: int, deadline: float | None) -> None:
        left = None if deadline is None else deadline - _now()
        if (left is not None and left <= 0) or not _poll(self.socket, event, left):
            raise LateError("it did not answer in time")


def _poll(sock: socket.socket, event: int, seconds: float | None) -> bool:
    """Whether a socket is ready; an ended other side counts as ready, and shows when it is read."""
    poll = select.poll()
    poll.register(sock, event)
    # Rounded up: a wait of less than a millisecond is no busy loop.
    return bool(poll.poll(None if seconds is None else math.ceil(max(0.0, seconds) * 1000)))


def send_descriptors(sock: socket.socket, numbers: list[int]) -> None:
    """Hand descriptors over, with their number as one byte."""
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", numbers).tobytes())] if numbers else []
    sock.sendmsg([bytes([len(numbers)])], rights)


def receive_descriptors(sock: socket.socket, most: int, limit: float) -> list[int]:
    """Take descriptors that the other side hands over.

    Raises:
        ChannelError: none came in time, or the other side has ended.
    """
    if not _poll(sock, select.POLLIN, limit):
        raise LateError("it did not answer in time")
    try:
        data, numbers, _, _ = socket.recv_fds(sock, 1, most)
    except OSError as error:
        raise ClosedError("its process has ended") from error
    if not data:
        raise ClosedError("its process has ended")
    return list(numbers)
