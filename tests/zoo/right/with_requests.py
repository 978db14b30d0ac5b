"""Acme through `requests`, by hand: every error mapped, nothing retried."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar

import requests

from automate_connectors import (
    AuthenticationError,
    ConflictError,
    ConnectorAdapter,
    ConnectorError,
    Idempotency,
    InvalidPayloadError,
    NetworkError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    ServiceTimeoutError,
    ServiceUnavailableError,
    UnexpectedResponseError,
    action,
)
from zoo import payloads as p
from zoo.acme import BASE, EXAMPLES
from zoo.members import Member, acme

_BY_STATUS: dict[int, type[ConnectorError]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    429: RateLimitedError,
}


class RequestsAcmeAdapter(ConnectorAdapter):
    """Acme, spoken by `requests`."""

    name = "acme_requests"
    version = "1.0.0"
    secrets: ClassVar[tuple[str, ...]] = ("token",)

    def connect(self) -> bool:
        """Ask who we are."""
        return bool(self._call("GET", "/me").get("id"))

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return p.User.model_validate(self._call("GET", f"/users/{payload.user_id}"))

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["list_items"]])
    def list_items(self, payload: p.ListItems) -> p.Items:
        """List every item."""
        del payload
        found: list[dict[str, str]] = []
        cursor: str | None = None
        while True:
            page = self._call("GET", "/items", params={"limit": "2"} | ({"cursor": cursor} if cursor else {}))
            items, cursor = page.get("items"), page.get("next")
            if not isinstance(items, list):
                raise UnexpectedResponseError("Acme answered without items", effect="none")
            found += items
            if not cursor:
                return p.Items(items=found)

    @action(idempotency=Idempotency.keyed(header="Idempotency-Key"), examples=[EXAMPLES["send_message"]])
    def send_message(self, payload: p.SendMessage) -> p.Message:
        """Send a message."""
        headers = {"Idempotency-Key": payload.idempotency_key} if payload.idempotency_key else {}
        body = {"channel": payload.channel, "text": payload.text}
        return p.Message.model_validate(self._call("POST", "/messages", json=body, headers=headers))

    @action(idempotency=Idempotency.natural(), examples=[EXAMPLES["set_topic"]])
    def set_topic(self, payload: p.SetTopic) -> p.Topic:
        """Set a channel's topic."""
        return p.Topic.model_validate(
            self._call("PUT", f"/channels/{payload.channel}/topic", json={"topic": payload.topic})
        )

    @action(idempotency=Idempotency.natural(), reads_response=False, examples=[EXAMPLES["delete_message"]])
    def delete_message(self, payload: p.DeleteMessage) -> p.Deleted:
        """Delete a message."""
        self._send("DELETE", f"/messages/{payload.message_id}")
        return p.Deleted(deleted=payload.message_id)

    @action(idempotency=Idempotency.unsafe(), examples=[EXAMPLES["post_note"]])
    def post_note(self, payload: p.PostNote) -> p.Note:
        """Post a note."""
        return p.Note.model_validate(self._call("POST", "/notes", json={"text": payload.text}))

    def _call(self, method: str, path: str, **kwargs: Any) -> dict[str, Any]:
        response = self._send(method, path, **kwargs)
        try:
            data = response.json()
        except ValueError as error:
            raise UnexpectedResponseError("Acme answered with no JSON", effect=_effect(method)) from error
        if not isinstance(data, dict):
            raise UnexpectedResponseError("Acme answered with no JSON object", effect=_effect(method))
        return data

    def _send(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.profile.secret('token')}"} | kwargs.pop("headers", {})
        try:
            with requests.Session() as session:
                response = session.request(
                    method, BASE + path, headers=headers, timeout=10, allow_redirects=False, **kwargs
                )
        except (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError) as error:
            kind = ServiceTimeoutError if isinstance(error, requests.exceptions.Timeout) else NetworkError
            raise kind("Acme cannot be reached", effect="none") from error
        except requests.exceptions.Timeout as error:
            raise ServiceTimeoutError("Acme did not answer in time", effect=_effect(method)) from error
        except requests.exceptions.RequestException as error:
            raise NetworkError("the connection to Acme failed", effect=_effect(method)) from error
        _check(response, method)
        return response


def _effect(method: str) -> str:
    return "none" if method == "GET" else "unknown"


def _check(response: requests.Response, method: str) -> None:
    status = response.status_code
    if status < 300:
        return
    told: dict[str, Any] = {"status": status, "retry_after": _retry_after(response)}
    if status >= 500:
        raise ServiceUnavailableError(f"Acme answered {status}", effect=_effect(method), **told)
    if status < 400:
        raise UnexpectedResponseError(f"Acme answered {status}", effect=_effect(method), status=status)
    raise _BY_STATUS.get(status, InvalidPayloadError)(f"Acme answered {status}", **told)


def _retry_after(response: requests.Response) -> float | None:
    text = response.headers.get("Retry-After", "")
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):
            return None
        return max(0.0, seconds)
    return seconds if seconds >= 0 and math.isfinite(seconds) else None


MEMBERS = [Member(RequestsAcmeAdapter, record=acme(RequestsAcmeAdapter))]
