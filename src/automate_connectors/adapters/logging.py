"""A connector to the process's own log: for trying flows out, and as the smallest example of a keyed action."""

import logging
import re
import threading
from collections import OrderedDict
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from automate_connectors.actions import Idempotency, action
from automate_connectors.adapters.base import ConnectorAdapter
from automate_connectors.errors import ConfigurationError

__all__ = ["LoggingAdapter", "forget_operations"]

#: Operation ids that are remembered; the oldest is forgotten first.
REMEMBERED_OPERATIONS = 10_000

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class LogEntry(BaseModel):
    """What to log."""

    model_config = ConfigDict(extra="forbid")

    message: str = Field(min_length=1, description="The text; line breaks and control characters are escaped.")
    level: Literal["debug", "info", "warning", "error", "critical"] = Field("info", description="The level's name.")
    fields: dict[str, JsonValue] = Field(
        default_factory=dict,
        description="Facts beside the text; the log record carries them as its attribute 'fields'.",
    )
    idempotency_key: str | None = Field(
        None, min_length=1, description="Operation id: entries with the same one are logged once. None: always logged."
    )


class Logged(BaseModel):
    """Where the entry went."""

    logged: bool = Field(description="Whether the log holds the entry; False where the logger drops its level.")
    logger: str = Field(description="The name of the logger.")
    level: str = Field(description="The level's name.")


class _Operations:
    """The operations of this process that have logged, by logger and operation id.

    It belongs to the process and not to an adapter because the log does: a host that repeats an operation may well do
    so with a new adapter, and the second entry would be in the same log.
    """

    def __init__(self) -> None:
        # Reentrant: a handler may log through this connector itself.
        self._lock = threading.RLock()
        self._done: OrderedDict[tuple[str, str], None] = OrderedDict()

    def log_once(self, logger: logging.Logger, key: str | None, level: int, entry: LogEntry) -> None:
        """Log the entry unless its operation already has; other threads with the same id wait for the outcome."""
        if key is None:
            _emit(logger, level, entry)
            return
        operation = (logger.name, key)
        with self._lock:
            if operation in self._done:
                self._done.move_to_end(operation)
                return
            self._done[operation] = None
            try:
                _emit(logger, level, entry)
            except BaseException:
                del self._done[operation]
                raise
            while len(self._done) > REMEMBERED_OPERATIONS:
                self._done.popitem(last=False)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._done.clear()


_OPERATIONS = _Operations()


def forget_operations() -> None:
    """Forget which operations have logged, so that tests start afresh."""
    _OPERATIONS.clear()


class LoggingAdapter(ConnectorAdapter):
    """Writes to the standard library's logging; no network, no secrets.

    Option `logger`: the name of the logger, by default `automate_connectors.logging`.
    """

    name = "logging"
    version = "1.0.0"
    logger_name: ClassVar[str] = "automate_connectors.logging"

    def connect(self) -> bool:
        """Return True: the log is always there.

        Raises:
            ConfigurationError: The option `logger` is no name.
        """
        self._logger()
        return True

    @action(
        idempotency=Idempotency.keyed(field="idempotency_key"),
        examples=[
            {
                "message": "Backup finished",
                "level": "info",
                "fields": {"files": 42},
                "idempotency_key": "backup-2026-11-24",
            },
            {"message": "Disk almost full", "level": "warning"},
        ],
    )
    def log(self, payload: LogEntry) -> Logged:
        """Write an entry to the log, once for each operation id."""
        logger = self._logger()
        level = logging.getLevelNamesMapping()[payload.level.upper()]
        enabled = logger.isEnabledFor(level)
        if enabled:
            _OPERATIONS.log_once(logger, payload.idempotency_key, level, payload)
        return Logged(logged=enabled, logger=logger.name, level=payload.level)

    def _logger(self) -> logging.Logger:
        name = self.profile.option("logger", self.logger_name)
        if not isinstance(name, str) or not name:
            raise ConfigurationError("the option logger must be the name of a logger, such as 'my_flow'")
        return logging.getLogger(name)


def _emit(logger: logging.Logger, level: int, entry: LogEntry) -> None:
    # One entry is one line, whatever the text holds: a forged second line would look like somebody else's entry.
    text = _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), entry.message)
    # As an argument the text is not taken for a format; as one attribute the fields cannot overwrite the record's own.
    logger.log(level, "%s", text, extra={"fields": entry.fields, "operation_id": entry.idempotency_key})
