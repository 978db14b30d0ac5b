"""Defects that the suite did not see when they were planted; each of them mended a check."""

from __future__ import annotations

import base64
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from automate_connectors import ConnectionProfile, InvalidPayloadError
from zoo.acme import BASE
from zoo.broken.lean import LeanHttp, LeanUrllib
from zoo.broken.lean_rules import Answer
from zoo.broken.planting import LEAN, planted
from zoo.broken.s03_cassettes import KNOWN
from zoo.members import Member, acme


class ThreadInConstructor(LeanHttp):
    """Warms something up from a thread that ends before anybody looks."""

    name = "acme_thread_in_constructor"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._warm = threading.Event()
        threading.Thread(target=self._warm.set, name="acme-warm-up", daemon=True).start()


class DispatchesByGetattr(LeanUrllib):
    """Takes every method for an action; from Silver on that breaks E01 too."""

    name = "acme_dispatches_by_getattr"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        method = getattr(self, action, None)
        if action not in self.actions and callable(method) and not action.startswith("_"):
            return {"result": method()}
        return super().execute(action, payload)


class ExitsOnUnknownAction(LeanUrllib):
    """Ends the program where an action is unknown; from Silver on that breaks E01 too."""

    name = "acme_exits_on_unknown"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        if action not in self.actions:
            sys.exit(f"unknown action {action}")
        return super().execute(action, payload)


def _trace(text: str, out: TextIO = sys.stderr) -> None:
    out.write(f"{text}\n")


class StreamBoundAtImport(LeanHttp):
    """Writes the token to the stderr that there was at import, as loguru's default sink does."""

    name = "acme_stream_bound_at_import"

    def connect(self) -> bool:
        """Ask who we are."""
        _trace(f"signing in with {self.profile.secret('token')}")
        return super().connect()


class WritesToTheDescriptor(LeanHttp):
    """Writes the token to stderr below Python's streams."""

    name = "acme_writes_to_the_descriptor"

    def connect(self) -> bool:
        """Ask who we are."""
        os.write(2, f"signing in with {self.profile.secret('token')}\n".encode())
        return super().connect()


class LoggerOfTheToken(LeanHttp):
    """Has a logger for each token."""

    name = "acme_logger_of_the_token"

    def connect(self) -> bool:
        """Ask who we are."""
        logging.getLogger(f"acme.{self.profile.secret('token')}").debug("signing in")
        return super().connect()


class PrintsBase32(LeanHttp):
    """Prints the token in base32."""

    name = "acme_prints_base32"

    def connect(self) -> bool:
        """Ask who we are."""
        print(base64.b32encode(self.profile.secret("token").encode()).decode())  # noqa: T201 - the planted defect
        return super().connect()


class KnownInSource(LeanHttp):
    """Its author wrote the token into the cassette's `recorded.source`."""

    name = "acme_known_in_source"


class ShorterIdsThanDeclared(LeanHttp):
    """Takes ids of twenty characters, and declares forty by pattern and length."""

    name = "acme_shorter_ids"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        if isinstance(payload.get("user_id"), str) and 20 < len(payload["user_id"]) <= 40:
            raise InvalidPayloadError("user_id has more than 20 characters")
        return super().execute(action, payload)


class ShorterTextsThanDeclared(LeanHttp):
    """Takes texts of two thousand characters, and declares four thousand."""

    name = "acme_shorter_texts"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        if isinstance(payload.get("text"), str) and 2000 < len(payload["text"]) <= 4000:
            raise InvalidPayloadError("text has more than 2000 characters")
        return super().execute(action, payload)


class BlankIsMissing(LeanHttp):
    """Refuses a text of blanks, which its schema allows."""

    name = "acme_blank_is_missing"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        if isinstance(payload.get("text"), str) and payload["text"].isspace():
            raise InvalidPayloadError("text is blank")
        return super().execute(action, payload)


class AnotherReason(LeanUrllib):
    """Gives a reason of its own in the place of the client's exception."""

    name = "acme_another_reason"

    def answer(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send, and turn a failure of the client into an error."""
        try:
            return self.transmit(method, BASE + path, body, headers)
        except self.failures as error:
            raise self.failure(error, method) from RuntimeError("see above")


class SameTokenOnceMore(LeanUrllib):
    """Sends the refused token once more, without signing in anew."""

    name = "acme_same_token_once_more"

    def answer(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send, twice where the token is refused."""
        answer = super().answer(method, path, body, headers)
        return super().answer(method, path, body, headers) if answer.status == 401 else answer


class _TriesThreeTimes(LeanUrllib):
    """Tries what a subclass calls worth it three times."""

    def pause(self, answer: Answer, method: str) -> float | None:
        """Seconds to the next attempt; None for no further one."""
        raise NotImplementedError

    def answer(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send, up to three times."""
        for _ in range(2):
            answer = super().answer(method, path, body, headers)
            pause = self.pause(answer, method)
            if pause is None:
                return answer
            time.sleep(pause)
        return super().answer(method, path, body, headers)


class UnavailableAgainTooSoon(_TriesThreeTimes):
    """Passes the Retry-After of a 503 by when it tries again."""

    name = "acme_unavailable_too_soon"

    def pause(self, answer: Answer, method: str) -> float | None:
        """Seconds to the next attempt."""
        del method
        return 0.5 if answer.status == 503 else None


class DateIsOneSecond(_TriesThreeTimes):
    """Waits as many seconds as it is told, and one where it is told a date."""

    name = "acme_date_is_one_second"

    def pause(self, answer: Answer, method: str) -> float | None:
        """Seconds to the next attempt."""
        del method
        told = answer.headers.get("retry-after", "")
        return (float(told) if told.isdigit() else 1.0) if answer.status == 429 else None


class WritesWaitFiveSeconds(_TriesThreeTimes):
    """Waits five seconds at most before it writes again; its reads are not tried again."""

    name = "acme_writes_wait_five"

    def pause(self, answer: Answer, method: str) -> float | None:
        """Seconds to the next attempt."""
        limited = answer.status == 429 and method == "POST"
        return min(self.retry_after(answer) or 0.0, 5.0) if limited else None


def _with_known_source(adapter_class: type[Any]) -> Callable[[Path], None]:
    def record(folder: Path) -> None:
        acme(adapter_class, said=LEAN)(folder)
        cassette = folder / "get_user.yaml"
        cassette.write_text(cassette.read_text("utf-8").replace("there is no such service", KNOWN), "utf-8")

    return record


MEMBERS = [
    *planted("C02", ThreadInConstructor),
    *planted("C06", DispatchesByGetattr, level="bronze"),
    *planted("C08", ExitsOnUnknownAction, level="bronze"),
    *planted("C11", ShorterIdsThanDeclared, ShorterTextsThanDeclared, BlankIsMissing),
    *planted("E06", AnotherReason),
    *planted("E09", SameTokenOnceMore, UnavailableAgainTooSoon, DateIsOneSecond, WritesWaitFiveSeconds),
    *planted("S01", StreamBoundAtImport, WritesToTheDescriptor, LoggerOfTheToken, PrintsBase32),
    Member(
        KnownInSource,
        breaks="S03",
        case={"profile": ConnectionProfile("acme", secrets={"token": KNOWN})},
        record=_with_known_source(KnownInSource),
    ),
]
