"""Hears everything a call lets out besides its result: log records of any level, warnings, prints."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator
from typing import Any, Final

from automate_connectors.certification.facts import Emission

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


@contextlib.contextmanager
def _below(number: int) -> Iterator[list[str]]:
    """Hear what is written to a descriptor itself, beneath Python's streams."""
    told: list[str] = []
    with tempfile.TemporaryFile() as sink:
        kept = os.dup(number)
        os.dup2(sink.fileno(), number)
        try:
            yield told
        finally:
            os.dup2(kept, number)
            os.close(kept)
            sink.seek(0)
            told.append(sink.read(_MOST).decode("utf-8", "replace"))


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
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def listening(self) -> Iterator[list[Emission]]:
        """Collect what the block lets out."""
        self.emissions = []
        out, err = _Ear(), _Ear()
        with (
            _below(1) as below_out,
            _below(2) as below_err,
            _by(sys.stdout, out),
            _by(sys.stderr, err),
            warnings.catch_warnings(record=True) as caught,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            self._hearing_logs(),
        ):
            warnings.simplefilter("always")
            yield self.emissions
        for name, ear, below in (("stdout", out, below_out), ("stderr", err, below_err)):
            if text := ear.heard + "".join(below):
                self.emissions.append(Emission(name, text))
        self.emissions.extend(Emission("warning", str(w.message), own=w.filename == self.own_file) for w in caught)
        self.unclosed = tuple(str(w.message) for w in caught if issubclass(w.category, ResourceWarning))

    @contextlib.contextmanager
    def _hearing_logs(self) -> Iterator[None]:
        # Levels and handlers are the host's choice: a secret in a debug record shows as soon as somebody debugs.
        real_call, real_enabled = logging.Logger.callHandlers, logging.Logger.isEnabledFor
        listener = self

        def call_handlers(logger: logging.Logger, record: logging.LogRecord) -> None:
            listener._hear(record)
            if real_enabled(logger, record.levelno):
                real_call(logger, record)

        patched: Any = logging.Logger
        patched.callHandlers = call_handlers
        patched.isEnabledFor = lambda _logger, _level: True
        disabled = logging.root.manager.disable
        logging.disable(logging.NOTSET)
        try:
            yield
        finally:
            logging.disable(disabled)
            patched.callHandlers = real_call
            patched.isEnabledFor = real_enabled

    def _hear(self, record: logging.LogRecord) -> None:
        own = record.name.partition(".")[0] == self.own or record.pathname == self.own_file
        text = _message(record)
        if record.exc_info and record.exc_info[1] is not None:
            text += "\n" + logging.Formatter().formatException(record.exc_info)
        with self._lock:
            self.emissions.append(Emission(f"log record of {record.name}", text, own))


def _message(record: logging.LogRecord) -> str:
    try:
        text = record.getMessage()
    except Exception as problem:  # noqa: BLE001 - the adapter's own arguments
        text = f"{record.msg} {record.args!r} ({type(problem).__name__})"
    extra = {key: value for key, value in vars(record).items() if key not in _STANDARD}
    named = f"{record.name} {record.threadName} {text}"
    return f"{named} {extra!r}" if extra else named


_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
