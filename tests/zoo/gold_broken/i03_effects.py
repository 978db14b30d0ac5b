"""I03: each expected effect at most once, and no other."""

from __future__ import annotations

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from automate_connectors import ConnectorError
from zoo.broken.lean import LeanHttp, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.gold_broken.bases import NotesHttp, NotesRequests
from zoo.gold_broken.planting import NOTES, planted
from zoo.gold_right.keys import JsonKeyAdapter, payments
from zoo.gold_right.several_writes import ATTACHING, AttachingAdapter
from zoo.right.tape import record


class RetryingSessionAdapter(NotesRequests):
    """A session that repeats every request after a 5xx, notes included."""

    name = "acme_i03_retrying_session"

    def session(self) -> requests.Session:
        """A session with a retry mounted, as found in many a blog."""
        session = requests.Session()
        retry = Retry(
            total=2, connect=0, read=False, status=2, status_forcelist=[500, 503], allowed_methods=None,
            raise_on_status=False,
        )  # fmt: skip
        session.mount("https://", HTTPAdapter(max_retries=retry))
        return session


class RetryingLoopAdapter(NotesHttp):
    """A loop of its own round a note that timed out."""

    name = "acme_i03_retrying_loop"

    def request(self, method: str, path: str, **more: Any) -> Any:
        """Send, once more where nothing came back."""
        try:
            return super().request(method, path, **more)
        except ConnectorError as error:
            if error.status is not None:
                raise
        return super().request(method, path, **more)


class KeyNotSentAdapter(LeanHttp):
    """Declares a key and does not send it."""

    name = "acme_i03_key_not_sent"

    def request(self, method: str, path: str, **more: Any) -> Any:
        """Send without the key."""
        return super().request(method, path, **(more | {"headers": None}))


class OtherHeaderAdapter(LeanAiohttp):
    """Sends the key in another header than the declared one."""

    name = "acme_i03_other_header"

    async def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Any:
        """Send."""
        renamed = {("X-Request-Id" if name == "Idempotency-Key" else name): value for name, value in headers.items()}
        return await super().transmit(method, url, body, renamed)


class OtherFieldAdapter(JsonKeyAdapter):
    """Sends the key in a header, where the declaration says the body."""

    name = "acme_i03_other_field"

    def request(self, method: str, path: str, **more: Any) -> Any:
        """Move the key."""
        body = dict(more.pop("json", None) or {})
        headers = {"Idempotency-Key": body.pop("reference", None)}
        return super().request(method, path, json=body or None, headers=headers, **more)


class SecondStepWithoutKeyAdapter(AttachingAdapter):
    """Creates under the operation id, and attaches without it."""

    name = "acme_i03_second_step"

    def attach_headers(self, headers: dict[str, str]) -> dict[str, str]:
        """No key."""
        del headers
        return {}


class ComplainingAdapter(LeanUrllib):
    """Reports every failure to the service as an incident: a further effect."""

    name = "acme_i03_complaining"

    def answer(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Any:
        """Send, and complain where nothing came back."""
        try:
            return super().answer(method, path, body, headers)
        except ConnectorError:
            if method == "POST":
                super().answer("POST", "/incidents", {"text": "it failed"}, headers)
            raise


def _attaching(adapter_class: type[Any]) -> Any:
    return record(adapter_class, ATTACHING)


MEMBERS = [
    *planted("I03", RetryingLoopAdapter, said=NOTES),
    # The session hides the first request: where the second meets a 429, the adapter says `none` in good faith (I05).
    *planted("I03", RetryingSessionAdapter, said=NOTES, entails=("I05",)),
    *planted("I03", KeyNotSentAdapter, OtherHeaderAdapter),
    # A request that the fault-free run does not send is also none of "the same requests" (I02).
    *planted("I03", ComplainingAdapter, entails=("I02",)),
    *planted("I03", OtherFieldAdapter, record=payments),
    *planted("I03", SecondStepWithoutKeyAdapter, record=_attaching),
]
