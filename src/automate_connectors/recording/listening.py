"""A live session heard through vcrpy: every request of every client that it knows, in any thread.

vcrpy is one cassette for the whole session, which stores nothing itself: connections that a client keeps open stay
heard from one example to the next. What belongs to which example is told apart by marks.

Source: vcrpy 9.4 (`vcr/cassette.py`, `vcr/patch.py`, `vcr/stubs`).
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from importlib import import_module
from typing import Any
from unittest import mock

from automate_connectors.cassettes.traffic import Interaction
from automate_connectors.errors import ConfigurationError
from automate_connectors.recording.aiohttp_bodies import readable_requests
from automate_connectors.recording.botocore_bodies import undecoded_answers
from automate_connectors.recording.chunked_bodies import chunked_as_asked
from automate_connectors.recording.conversion import interaction_of
from automate_connectors.recording.one_view import one_view_for_all_threads
from automate_connectors.recording.tornado_hops import single_hops

__all__ = ["Tape", "listening"]


class Tape:
    """What was heard since the session began."""

    def __init__(self, heard: list[tuple[Any, dict[str, Any]]]) -> None:
        self._heard = heard

    def mark(self) -> int:
        """A place on the tape: now."""
        return len(self._heard)

    def since(self, mark: int) -> tuple[Interaction, ...]:
        """What was heard after a mark, decoded and numbered from 0.

        Raises:
            CassetteError: A body cannot be decoded, and so not be searched for secrets.
        """
        return tuple(interaction_of(number, *each) for number, each in enumerate(self._heard[mark:]))

    def forget(self, mark: int) -> None:
        """Wipe what was heard after a mark."""
        del self._heard[mark:]


@contextlib.contextmanager
def listening() -> Iterator[Tape]:
    """Hear every request while the block runs; all of them go to the real service.

    Raises:
        ConfigurationError: vcrpy is not installed.
    """
    try:
        cassettes, patch, requests, stubs = (
            import_module(f"vcr.{name}") for name in ("cassette", "patch", "request", "stubs")
        )
    except ImportError as error:
        raise ConfigurationError(
            "recording needs vcrpy: install it with `pip install automate-connectors[test]`"
        ) from error
    # It keeps what it hears in memory: vcrpy's own way to disk knows no secrets.
    session_class = type("Session", (cassettes.Cassette,), {"_load": _nothing, "_save": _nothing})
    with contextlib.ExitStack() as stack:
        stack.enter_context(_silence("vcr"))
        stack.enter_context(one_view_for_all_threads(patch))
        stack.enter_context(chunked_as_asked(stubs))
        # It returns True, and a `with urlopen(...)` block would swallow every exception.
        stack.enter_context(mock.patch.object(stubs.VCRHTTPResponse, "close", _close))
        session = stack.enter_context(
            session_class.use(path="session", record_mode=cassettes.RecordMode.ALL)  # type: ignore[attr-defined]  # vcrpy has no types
        )
        stack.enter_context(readable_requests())
        stack.enter_context(undecoded_answers())
        stack.enter_context(single_hops(session.data, requests.Request))
        yield Tape(session.data)


def _nothing(*_: Any, **__: Any) -> None:
    """Neither load nor store."""


def _close(response: Any) -> None:
    response._closed = True  # noqa: SLF001 - as vcrpy's own `close` does


@contextlib.contextmanager
def _silence(name: str) -> Iterator[None]:
    """Let a logger and those below it say nothing: vcrpy logs whole requests, secrets and all."""
    names = [each for each in logging.Logger.manager.loggerDict if each == name or each.startswith(f"{name}.")]
    loggers = [logging.getLogger(each) for each in {name, *names}]
    before = [(each, each.level, each.disabled, each.propagate) for each in loggers]
    for logger in loggers:
        logger.disabled, logger.propagate = True, False
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level, disabled, propagate in before:
            logger.disabled, logger.propagate = disabled, propagate
            logger.setLevel(level)
