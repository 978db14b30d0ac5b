"""Everything that a call lets out besides its result is heard."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Callable

import pytest

from automate_connectors.certification.facts import Emission
from automate_connectors.certification.listening import Listener


def heard(work: Callable[[], object], *, own: str = "my_adapter", own_file: str | None = None) -> list[Emission]:
    """What some work lets out."""
    with Listener(own, own_file).listening() as emissions:
        work()
    return emissions


def test_prints_are_heard_in_text_and_in_bytes() -> None:
    """On both streams."""

    def work() -> None:
        sys.stdout.write("out")
        sys.stdout.buffer.write("ü".encode() + b"\xff")
        sys.stderr.write("err")
        assert sys.stdout.writable()
        assert sys.stdout.buffer.writable()
        assert not sys.stdout.isatty()
        assert sys.stdout.encoding == "utf-8"

    assert heard(work) == [Emission("stdout", "outü\ufffd"), Emission("stderr", "err")]


def test_what_is_written_beneath_pythons_streams_is_heard() -> None:
    """By C code, or by a child process."""

    def work() -> None:
        os.write(1, b"from C")
        os.write(2, b"from a child")

    assert heard(work) == [Emission("stdout", "from C"), Emission("stderr", "from a child")]


def test_a_flood_of_prints_is_cut() -> None:
    """The first four million characters are enough."""

    def work() -> None:
        for _ in range(5):
            assert sys.stdout.write("x" * 1024 * 1024) == 1024 * 1024

    assert len(heard(work)[0].text) == 4 * 1024 * 1024


def test_log_records_of_any_level_are_heard() -> None:
    """Whatever the host's levels and handlers are, and even where logging is disabled."""
    quiet = logging.getLogger("my_adapter.client")
    quiet.setLevel(logging.CRITICAL)
    logging.disable(logging.CRITICAL)
    try:
        found = heard(lambda: quiet.debug("token %s", "t0k3n"))
    finally:
        logging.disable(logging.NOTSET)
    assert [(each.source, each.own) for each in found] == [("log record of my_adapter.client", True)]
    assert found[0].text.endswith("token t0k3n")


def test_a_librarys_records_are_not_the_adapters() -> None:
    """Unless its own file made them."""

    def work() -> None:
        logging.getLogger("httpx").info("GET /")

    assert [each.own for each in heard(work)] == [False]
    assert [each.own for each in heard(work, own_file=__file__)] == [True]


def test_extra_fields_and_tracebacks_of_a_record_are_heard() -> None:
    """They show in some handler or other."""

    def work() -> None:
        logger = logging.getLogger("my_adapter")
        logger.info("hello", extra={"token": "t0k3n"})
        logger.error("broken", exc_info=LookupError("gone"))

    first, second = heard(work)
    assert first.text.endswith("hello {'token': 't0k3n'}")
    assert "LookupError: gone" in second.text


def test_a_record_that_cannot_be_formatted_is_heard_raw() -> None:
    """Its arguments may hold a secret."""
    (found,) = heard(lambda: logging.getLogger("my_adapter").info("%d items", "t0k3n"))
    assert found.text.endswith("%d items ('t0k3n',) (TypeError)")


def test_enabled_records_reach_the_hosts_handlers_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    """Listening takes nothing away, and adds nothing."""
    logger = logging.getLogger("my_adapter.seen")

    def work() -> None:
        logger.info("seen")
        logger.debug("not seen")

    with caplog.at_level(logging.INFO, logger="my_adapter.seen"):
        heard(work)
    assert caplog.messages == ["seen"]


def test_warnings_are_heard_every_time() -> None:
    """They are the adapter's where its file gives them; unclosed files are kept apart."""

    def work() -> None:
        for _ in range(2):
            warnings.warn("old", DeprecationWarning, stacklevel=1)
        warnings.warn("unclosed file", ResourceWarning, stacklevel=1)

    listener = Listener("my_adapter", __file__)
    with listener.listening() as emissions:
        work()
    assert emissions == [Emission("warning", text) for text in ("old", "old", "unclosed file")]
    assert listener.unclosed == ("unclosed file",)
    assert [each.own for each in heard(work)] == [False] * 3


class _Redacting(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = str(record.msg).replace("t0k3n", "…")
        return True


def test_a_loggers_own_filter_has_its_way() -> None:
    """An adapter that redacts its records there lets nothing out."""
    logger = logging.getLogger("my_adapter.filtered")
    redacting = _Redacting()
    logger.addFilter(redacting)
    try:
        found = heard(lambda: logger.debug("t0k3n"))
    finally:
        logger.removeFilter(redacting)
    assert [emission.text for emission in found] == ["my_adapter.filtered MainThread …"]


def test_a_disabled_logger_says_nothing() -> None:
    """Nobody can switch its records on by a level."""
    logger = logging.getLogger("my_adapter.disabled")
    logger.disabled = True
    try:
        assert heard(lambda: logger.critical("unheard")) == []
    finally:
        logger.disabled = False


@pytest.mark.parametrize("level", [logging.DEBUG, logging.ERROR])
def test_arguments_by_name_are_formatted(level: int) -> None:
    """`logging` takes one mapping for them, whether or not a handler gets the record."""
    found = heard(lambda: logging.getLogger("my_adapter").log(level, "to %(place)s", {"place": "here"}))
    assert [emission.text for emission in found] == ["my_adapter MainThread to here"]


@pytest.mark.parametrize("level", [logging.DEBUG, logging.ERROR])
def test_a_record_names_the_file_that_logs(level: int, caplog: pytest.LogCaptureFixture) -> None:
    """By another's logger, through an adapter of `logging`'s too."""
    library = logging.getLogger("library")

    def work() -> None:
        library.log(level, "direct")
        logging.LoggerAdapter(library, {}).log(level, "by way of an adapter")

    found = heard(work, own_file=__file__)
    assert [emission.own for emission in found] == [True, True]
    assert {record.pathname for record in caplog.records} <= {__file__}


def test_each_call_is_heard_from_its_start() -> None:
    """What the one before wrote beneath Python's streams is not heard again."""
    listener = Listener("my_adapter", None)
    texts = []
    for text in (b"a longer first", b"then", b""):
        with listener.listening() as emissions:
            os.write(1, text)
        texts.append([emission.text for emission in emissions])
    assert texts == [["a longer first"], ["then"], []]
