"""I04: a result only when every expected effect happened."""

from __future__ import annotations

from typing import Any

from automate_connectors import ConnectionProfile, ConnectorError, NetworkError, ServiceTimeoutError
from zoo.broken.lean import LeanHttpx
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.lean_rules import Answer
from zoo.gold_broken.bases import NotesHttp
from zoo.gold_broken.planting import NOTES, planted
from zoo.gold_right.chat import SearchingCase
from zoo.gold_right.searching import SEARCHING, Post, SearchingAdapter
from zoo.members import Member
from zoo.right.tape import record

_SENT = b'{"id": "m_1", "channel": "general", "text": "Deploy finished."}'


class RememberingTooEarlyAdapter(LeanHttpx):
    """Notes an operation as done before it is sent."""

    name = "acme_i04_too_early"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self.begun: set[str] = set()

    def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send what was not begun before."""
        key = headers.get("Idempotency-Key")
        if key in self.begun:
            return Answer(201, {}, _SENT)
        self.begun |= {key} if key else set()
        answer = super().transmit(method, url, body, headers)
        self.begun.discard(str(key))
        return answer


class AliveMeansDoneAdapter(NotesHttp):
    """Takes a note for posted when nothing came back and the service is alive."""

    name = "acme_i04_alive"

    def request(self, method: str, path: str, **more: Any) -> Any:
        """Send; ask how the service is where nothing came back."""
        try:
            return super().request(method, path, **more)
        except (NetworkError, ServiceTimeoutError):
            if path != "/notes":
                raise
        self.request("GET", "/me")
        return None

    def json(self, response: Any, as_: Any = dict) -> Any:
        """The answer, or what it would have been."""
        return as_(id="n_1", text="") if response is None else super().json(response, as_)


class AsyncTooEarlyAdapter(LeanAiohttp):
    """Takes a refusal for lack of quota as a promise on the second attempt."""

    name = "acme_i04_promise"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self.refused: set[str] = set()

    async def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send, unless this was refused for lack of quota before: then it is queued, surely."""
        key = headers.get("Idempotency-Key", "")
        if key in self.refused:
            return Answer(201, {}, _SENT)
        answer = await super().transmit(method, url, body, headers)
        if answer.status == 429 and key:
            self.refused.add(key)
        return answer


class FindingNothingAdapter(SearchingAdapter):
    """Searches after a failure, and takes an empty list for success."""

    name = "acme_i04_finding_nothing"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self.tried: set[str] = set()

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Execute, and remember what failed."""
        try:
            return super().execute(action, payload)
        except ConnectorError:
            self.tried.add(str(payload.get("idempotency_key")))
            raise

    def found(self, payload: Post) -> list[dict[str, Any]]:
        """The messages of this operation; what was tried is taken to be there."""
        found = super().found(payload)
        invented = [{"id": "m_0", "text": payload.text}]
        return found or (invented if payload.idempotency_key in self.tried else [])


MEMBERS = [
    *planted("I04", RememberingTooEarlyAdapter, AsyncTooEarlyAdapter),
    *planted("I04", AliveMeansDoneAdapter, said=NOTES),
    Member(
        FindingNothingAdapter,
        breaks="I04",
        level="gold",
        base_case=SearchingCase,
        record=record(FindingNothingAdapter, SEARCHING),
    ),
]
