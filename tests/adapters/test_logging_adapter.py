"""The logging connector: one line an entry, one entry an operation."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from automate_connectors.adapters import logging as adapter_module
from automate_connectors.adapters.logging import LoggingAdapter, forget_operations
from automate_connectors.errors import ConnectorError, ConnectorErrorCode
from automate_connectors.profiles import ConnectionProfile


class Records(logging.Handler):
    """Collects the records of a logger of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []
        self.name_of_logger = f"tests.{uuid4().hex}"
        logger = logging.getLogger(self.name_of_logger)
        logger.setLevel(logging.INFO)
        logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record."""
        self.records.append(record)

    def adapter(self) -> LoggingAdapter:
        """Return an adapter that logs here."""
        return LoggingAdapter(ConnectionProfile("logging", options={"logger": self.name_of_logger}))

    def log(self, **payload: Any) -> dict[str, Any]:
        """Log one entry by a new adapter."""
        return self.adapter().execute("log", {"message": "hello", **payload})


def test_an_entry_is_a_record_with_its_fields() -> None:
    """Level, text and facts arrive; names of the record's own attributes are no danger."""
    log = Records()
    fields = {"name": "x", "message": [1, None], "args": {"a": 1.5}}
    result = log.log(level="warning", fields=fields, idempotency_key="op-1")
    record = log.records[0]
    assert (record.levelname, record.getMessage()) == ("WARNING", "hello")
    assert record.__dict__["fields"] == fields
    assert record.__dict__["operation_id"] == "op-1"
    assert result == {"logged": True, "logger": log.name_of_logger, "level": "warning"}


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("100 %s %(x)s {y}", "100 %s %(x)s {y}"),
        ("ok\nERROR:root:forged", "ok\\nERROR:root:forged"),
        ("\r\x1b[31m\x00\x85\u2028", "\\r\\x1b[31m\\x00\\x85\\u2028"),
        ("Zoë 🚀", "Zoë 🚀"),
    ],
)
def test_an_entry_is_one_line_whatever_it_says(message: str, line: str) -> None:
    """Control characters are escaped, and nothing is a format."""
    log = Records()
    log.log(message=message)
    assert [record.getMessage() for record in log.records] == [line]


def test_an_operation_logs_once_in_the_process() -> None:
    """By whichever adapter; the repeat gets the same result."""
    log = Records()
    results = [log.log(idempotency_key="same") for _ in range(3)]
    log.log(idempotency_key="other")
    assert len(log.records) == 2
    assert results[0] == results[1] == results[2]


def test_entries_without_an_operation_id_are_always_logged() -> None:
    """Nothing tells them apart."""
    log = Records()
    log.log()
    log.log(idempotency_key=None)
    assert len(log.records) == 2


def test_loggers_are_told_apart() -> None:
    """An operation id is known to the log it was written to."""
    one, other = Records(), Records()
    one.log(idempotency_key="shared")
    other.log(idempotency_key="shared")
    assert len(one.records) == len(other.records) == 1


def test_a_level_that_the_logger_drops_is_not_logged_and_not_remembered() -> None:
    """The result says so, and a later attempt may succeed."""
    log = Records()
    assert log.log(level="debug", idempotency_key="quiet")["logged"] is False
    logging.getLogger(log.name_of_logger).setLevel(logging.DEBUG)
    assert log.log(level="debug", idempotency_key="quiet")["logged"] is True
    assert len(log.records) == 1


def test_a_handler_that_fails_leaves_the_operation_open() -> None:
    """The second attempt logs."""
    log = Records()

    class Full(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            """Refuse the record."""
            raise OSError(f"disk full: {record.levelname}")

    full = Full()
    log.addFilter(full)
    with pytest.raises(OSError, match="disk full"):
        log.log(idempotency_key="retry")
    log.removeFilter(full)
    log.log(idempotency_key="retry")
    assert len(log.records) == 1


def test_threads_with_one_operation_id_log_once() -> None:
    """They wait for the one that came first."""
    log = Records()
    adapter, together = log.adapter(), threading.Barrier(8)

    def run(_number: int) -> dict[str, Any]:
        together.wait(10)
        return adapter.execute("log", {"message": "hello", "idempotency_key": "threads"})

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(run, range(8)))
    assert len(log.records) == 1
    assert all(result == results[0] for result in results)


def test_memory_is_bounded_and_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A repeat makes an operation young again."""
    forget_operations()
    monkeypatch.setattr(adapter_module, "REMEMBERED_OPERATIONS", 2)
    log = Records()
    for key in ("a", "b", "a", "c", "a", "b"):
        log.log(idempotency_key=key)
    assert [record.__dict__["operation_id"] for record in log.records] == ["a", "b", "c", "b"]
    forget_operations()
    log.log(idempotency_key="a")
    assert len(log.records) == 5


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"message": ""},
        {"message": "x", "level": "loud"},
        {"message": "x", "fields": []},
        {"message": "x", "idempotency_key": ""},
        {"message": "x", "extra": 1},
    ],
)
def test_bad_payloads_are_refused(payload: dict[str, Any]) -> None:
    """By the declared schema."""
    with pytest.raises(ConnectorError) as caught:
        LoggingAdapter().execute("log", payload)
    assert caught.value.code is ConnectorErrorCode.INVALID_INPUT


def test_the_health_check_says_yes() -> None:
    """There is nothing that could be down."""
    assert LoggingAdapter().connect() is True


@pytest.mark.parametrize("name", ["", 7, None])
def test_a_logger_without_a_name_is_refused(name: object) -> None:
    """The root logger is not meant by accident."""
    adapter = LoggingAdapter(ConnectionProfile("logging", options={"logger": name}))
    for call in (adapter.connect, lambda: adapter.execute("log", {"message": "x"})):
        with pytest.raises(ConnectorError) as caught:
            call()
        assert caught.value.code is ConnectorErrorCode.CONFIG_INVALID
