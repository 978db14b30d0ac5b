"""Hears everything a call lets out besides its result: log records of any level, warnings, prints."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
import warnings
import weakref
from collections.abc import Iterator
from typing import Any, Final

from automate_connectors.certification.facts import Emission
from automate_connectors.certification.log_records import LogEar

_MOST: Final = 4 * 1024 * 1024


class _Ear(io.TextIOBase):
    """Stands in for stdout or stderr; keeps the first of what it hears."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    @property
    def buffer(self) -> Any:
        return _Bytes(self)

    def write(self, text: str) -> int:
        if self._size < _MOST:
            self._parts.append(text[: _MOST - self._size])
            self._size += len(text)
        return len(text)

    @property
    def heard(self) -> str:
        """What was printed, up to four million characters."""
        return "".join(self._parts)


class _Bytes(io.RawIOBase):
    """The binary face of an ear."""

    def __init__(self, ear: _Ear) -> None:
        self._ear = ear

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        raw = bytes(data)
        self._ear.write(raw.decode("utf-8", "replace"))
        return len(raw)


class _Sink:
    """Takes what is written to a descriptor itself, beneath Python's streams; one file serves every call."""

    def __init__(self, number: int) -> None:
        self._number = number
        with tempfile.TemporaryFile() as file:
            self._file = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._file)

    @contextlib.contextmanager
    def below(self) -> Iterator[list[str]]:
        """Hear what the block writes there."""
        told: list[str] = []
        kept = os.dup(self._number)
        os.dup2(self._file, self._number)
        try:
            yield told
        finally:
            os.dup2(kept, self._number)
            os.close(kept)
            if os.fstat(self._file).st_size:
                told.append(os.pread(self._file, _MOST, 0).decode("utf-8", "replace"))
                os.ftruncate(self._file, 0)
                os.lseek(self._file, 0, os.SEEK_SET)


@contextlib.contextmanager
def _by(stream: Any, ear: _Ear) -> Iterator[None]:
    """Hear what is written by a stream that somebody has kept since before, as a log sink made at import does."""
    try:
        stream.write = ear.write
    except AttributeError:
        yield
        return
    try:
        yield
    finally:
        # Unless the adapter took it away.
        vars(stream).pop("write", None)


class Listener:
    """Listens to one call at a time.

    Attributes:
        own: the prefix of logger names that are the adapter's own.
        own_file: the file that defines it.
    """

    def __init__(self, own: str, own_file: str | None) -> None:
        self.own = own
        self.own_file = own_file
        self.emissions: list[Emission] = []
        self.unclosed: tuple[str, ...] = ()
        self._logs = LogEar(own, own_file)
        self._sinks = _Sink(1), _Sink(2)

    @contextlib.contextmanager
    def listening(self) -> Iterator[list[Emission]]:
        """Collect what the block lets out."""
        self.emissions = []
        out, err = _Ear(), _Ear()
        with (
            self._sinks[0].below() as below_out,
            self._sinks[1].below() as below_err,
            _by(sys.stdout, out),
            _by(sys.stderr, err),
            warnings.catch_warnings(record=True) as caught,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            self._logs.hearing(self.emissions),
        ):
            warnings.simplefilter("always")
            yield self.emissions
        for name, ear, below in (("stdout", out, below_out), ("stderr", err, below_err)):
            if text := ear.heard + "".join(below):
                self.emissions.append(Emission(name, text))
        self.emissions.extend(Emission("warning", str(w.message), own=w.filename == self.own_file) for w in caught)
        self.unclosed = tuple(str(w.message) for w in caught if issubclass(w.category, ResourceWarning))
