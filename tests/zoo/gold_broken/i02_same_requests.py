"""I02: every attempt of one operation sends the same key, target and body."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from automate_connectors import ConnectionProfile, ConnectorError
from zoo import payloads as p
from zoo.acme import BASE
from zoo.broken.lean import LeanHttp, LeanRequests
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.gold_broken.bases import TopicsHttpx
from zoo.gold_broken.planting import TOPICS, planted
from zoo.gold_right.keys import (
    FormKeyAdapter,
    HeaderKeyAdapter,
    JsonKeyAdapter,
    PathKeyAdapter,
    Payment,
    QueryKeyAdapter,
    payments,
)


class FreshHeaderKeyAdapter(HeaderKeyAdapter):
    """A new key in the header for each attempt."""

    name = "acme_i02_fresh_header"

    def key(self, payload: Payment) -> str:
        """Another one each time."""
        del payload
        return str(uuid.uuid4())


class FreshJsonKeyAdapter(JsonKeyAdapter):
    """A new key in the JSON body for each attempt."""

    name = "acme_i02_fresh_json"

    def key(self, payload: Payment) -> str:
        """Another one each time."""
        return f"{payload.idempotency_key}-{uuid.uuid4().hex[:6]}"


class FreshFormKeyAdapter(FormKeyAdapter):
    """A new key in the form for each attempt."""

    name = "acme_i02_fresh_form"

    def key(self, payload: Payment) -> str:
        """Another one each time."""
        return f"{uuid.uuid4().hex[:6]}-{payload.idempotency_key}"


class FreshQueryKeyAdapter(QueryKeyAdapter):
    """A new key in the query for each attempt."""

    name = "acme_i02_fresh_query"

    def key(self, payload: Payment) -> str:
        """Another one each time."""
        del payload
        return uuid.uuid4().hex


class FreshPathKeyAdapter(PathKeyAdapter):
    """A new key in the path for each attempt."""

    name = "acme_i02_fresh_path"

    def key(self, payload: Payment) -> str:
        """Another one each time."""
        del payload
        return uuid.uuid4().hex


class Remembering:
    """Remembers which operations failed, by what identifies their request."""

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)  # type: ignore[call-arg]  # the adapter beside it takes the profile
        self.failed: set[str] = set()


class MarkedBodyAdapter(Remembering, LeanRequests):
    """Marks a second attempt in the body; the service keeps to the key."""

    name = "acme_i02_marked_body"

    def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Any:
        """Send, and remember what failed."""
        key = headers.get("Idempotency-Key", url)
        marked = body | {"retry": True} if body and key in self.failed else body
        self.failed.add(key)
        answer = super().transmit(method, url, marked, headers)
        if answer.status < 300:
            self.failed.discard(key)
        return answer


class MarkedQueryAdapter(Remembering, LeanHttp):
    """Marks a second attempt in the query; the service keeps to the key."""

    name = "acme_i02_marked_query"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Execute, and remember what failed."""
        try:
            return super().execute(action, payload)
        except ConnectorError:
            self.failed.add(str(payload.get("idempotency_key")))
            raise

    def request(self, method: str, path: str, **more: Any) -> Any:
        """Send, marked where the operation failed before."""
        headers: Mapping[str, Any] = more.get("headers") or {}
        again = headers.get("Idempotency-Key") in self.failed
        return super().request(method, path, **(more | ({"params": {"retry": "1"}} if again else {})))


class GrownKeyAdapter(Remembering, LeanAiohttp):
    """Counts attempts in the key, so that each is an operation of its own."""

    name = "acme_i02_grown_key"

    async def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Any:
        """Send under a key that knows of earlier failures."""
        key = headers.get("Idempotency-Key", url)
        if key in self.failed and body:
            headers = headers | {"Idempotency-Key": f"{key}-again"}
        self.failed.add(key)
        answer = await super().transmit(method, url, body, headers)
        if answer.status < 300:
            self.failed.discard(key)
        return answer


class OtherTargetAdapter(Remembering, TopicsHttpx):
    """Sets another channel's topic when the first attempt failed."""

    name = "acme_i02_other_target"

    def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Any:
        """Send, to the second channel where the first failed."""
        target = url.replace("/general/", "/general-2/") if url in self.failed else url
        self.failed.add(url)
        answer = super().transmit(method, target, body, headers)
        if answer.status < 300:
            self.failed.discard(url)
        return answer


class AttemptInBodyAdapter(Remembering, TopicsHttpx):
    """Tells in the body of a PUT that it is a repeat: to the service, another state."""

    name = "acme_i02_attempt_in_body"

    def topic_body(self, payload: p.SetTopic) -> dict[str, str]:
        """What is put, and whether it is put again."""
        again = f"{BASE}/channels/{payload.channel}/topic" in self.failed
        return super().topic_body(payload) | ({"again": "yes"} if again else {})

    def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Any:
        """Send, and remember what failed."""
        self.failed.add(url)
        answer = super().transmit(method, url, body, headers)
        if answer.status < 300:
            self.failed.discard(url)
        return answer


MEMBERS = [
    # A service that knows a repeat by its key alone takes a new key for a new operation: I03 falls with it.
    *planted(
        "I02", FreshHeaderKeyAdapter, FreshJsonKeyAdapter, FreshFormKeyAdapter, FreshQueryKeyAdapter,
        record=payments, entails=("I03",),
    ),
    # A path that is new each time is in no cassette either (R01), nor can a crowd be answered (T01).
    *planted("I02", FreshPathKeyAdapter, record=payments, entails=("I03", "R01", "T01")),
    *planted("I02", MarkedBodyAdapter, MarkedQueryAdapter),
    *planted("I02", GrownKeyAdapter, entails=("I03",)),
    # Another target or body of a PUT is another state: an effect that the fault-free run does not have (I03), and it
    # returns without the one that it has (I04).
    *planted("I02", OtherTargetAdapter, AttemptInBodyAdapter, said=TOPICS, entails=("I03", "I04")),
]  # fmt: skip
