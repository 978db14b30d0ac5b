"""Hears every log record of a call, whatever its level and whoever handles it."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from collections.abc import Iterator, Mapping
from typing import Any, Final

from automate_connectors.certification.facts import Emission


class LogEar:
    """Listens where records begin.

    Attributes:
        own: the prefix of logger names that are the adapter's own.
        own_file: the file that defines it.
    """

    def __init__(self, own: str, own_file: str | None) -> None:
        self.own = own
        self.own_file = own_file
        self._lock = threading.Lock()
        self._emissions: list[Emission] = []

    @contextlib.contextmanager
    def hearing(self, emissions: list[Emission]) -> Iterator[None]:
        """Add what the block logs.

        Levels and handlers are the host's choice: a secret in a debug record shows as soon as somebody debugs.
        """
        self._emissions = emissions
        patched: Any = logging.Logger
        real_call, real_enabled, real_log = patched.callHandlers, patched.isEnabledFor, patched._log  # noqa: SLF001
        ear = self

        def call_handlers(logger: logging.Logger, record: logging.LogRecord) -> None:
            ear._hear(record)
            if real_enabled(logger, record.levelno):
                real_call(logger, record)

        def log(logger: logging.Logger, level: int, msg: object, args: Any, **more: Any) -> None:
            if more or not _told_plainly(logger, args) or real_enabled(logger, level):
                # This function is one frame more between `logging` and whoever logs.
                real_log(logger, level, msg, args, **{**more, "stacklevel": more.get("stacklevel", 1) + 1})
            elif not logger.disabled:
                ear._hear_unhandled(logger.name, msg, args)

        patched.callHandlers, patched._log = call_handlers, log  # noqa: SLF001 - where every record begins
        patched.isEnabledFor = lambda _logger, _level: True
        disabled = logging.root.manager.disable
        logging.disable(logging.NOTSET)
        try:
            yield
        finally:
            logging.disable(disabled)
            patched.callHandlers, patched._log = real_call, real_log  # noqa: SLF001 - as above
            patched.isEnabledFor = real_enabled

    def _hear(self, record: logging.LogRecord) -> None:
        own = record.name.partition(".")[0] == self.own or record.pathname == self.own_file
        text = _message(record)
        if record.exc_info and record.exc_info[1] is not None:
            text += "\n" + logging.Formatter().formatException(record.exc_info)
        self._add(record.name, text, own=own)

    def _hear_unhandled(self, name: str, msg: object, args: Any) -> None:
        """Hear what no handler gets, without the record, which costs most: clients log a dozen at each request."""
        own = name.partition(".")[0] == self.own or _file_that_logs() == self.own_file
        self._add(name, f"{name} {threading.current_thread().name} {_formatted(msg, args)}", own=own)

    def _add(self, name: str, text: str, *, own: bool) -> None:
        with self._lock:
            self._emissions.append(Emission(f"log record of {name}", text, own))


def _told_plainly(logger: logging.Logger, args: Any) -> bool:
    """Whether nothing of the adapter's may change a record on its way, and its text is made in the plain way."""
    plain = type(logger) is logging.Logger and not logger.filters and logging.getLogRecordFactory() is logging.LogRecord
    return plain and not (len(args) == 1 and isinstance(args[0], Mapping))


def _file_that_logs() -> str | None:
    """The file of the code that logs: of the first frame above `logging`'s own.

    Between it and this one are `_hear_unhandled`, the function in the place of `Logger._log`, and at least one of
    `logging`. Each frame looked at costs.
    """
    frame: Any = sys._getframe(4)  # noqa: SLF001 - as `logging` itself finds it
    while frame is not None and frame.f_code.co_filename == _LOGGING:
        frame = frame.f_back
    return frame.f_code.co_filename if frame is not None else None


def _formatted(msg: object, args: Any) -> str:
    try:
        return str(msg) % args if args else str(msg)
    except Exception as problem:  # noqa: BLE001 - the adapter's own arguments
        return f"{msg} {args!r} ({type(problem).__name__})"


def _message(record: logging.LogRecord) -> str:
    try:
        text = record.getMessage()
    except Exception as problem:  # noqa: BLE001 - the adapter's own arguments
        text = f"{record.msg} {record.args!r} ({type(problem).__name__})"
    extra = {key: value for key, value in vars(record).items() if key not in _STANDARD}
    named = f"{record.name} {record.threadName} {text}"
    return f"{named} {extra!r}" if extra else named


_LOGGING: Final = logging.Logger.debug.__code__.co_filename
_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
