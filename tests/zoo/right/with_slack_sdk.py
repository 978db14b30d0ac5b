"""Slack through its own `slack_sdk`: told to retry nothing, and to take no credentials along on a redirect."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from typing import Any, ClassVar

from pydantic import Field
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from automate_connectors import (
    AuthenticationError,
    ConflictError,
    ConnectionProfile,
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
from automate_connectors.testing import ErrorSample
from zoo.members import Member
from zoo.payloads import Strict
from zoo.right.by_hand import retry_after
from zoo.right.tape import BEARER, Tape, Turn, record

_API = "https://slack.com/api/"
_BY_ERROR: dict[str, type[ConnectorError]] = {
    "invalid_auth": AuthenticationError,
    "missing_scope": PermissionDeniedError,
    "channel_not_found": NotFoundError,
    "user_not_found": NotFoundError,
    "ratelimited": RateLimitedError,
    "internal_error": ServiceUnavailableError,
    "service_unavailable": ServiceUnavailableError,
}
_BY_STATUS: dict[int, type[ConnectorError]] = {
    400: InvalidPayloadError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: InvalidPayloadError,
    429: RateLimitedError,
}


class SendMessage(Strict):
    """A message."""

    channel: str = Field(description="The channel's id", pattern="^[A-Z0-9]{9,12}$")
    text: str = Field(description="The text", min_length=1, max_length=4000)


class GetUser(Strict):
    """Whom to look up."""

    user: str = Field(description="The user's id", pattern="^[A-Z0-9]{9,12}$")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class HomeboundClient(WebClient):
    """A WebClient that follows no redirect: `urlopen` would take the Authorization header along."""

    def _perform_urllib_http_request_internal(self, url: str, req: urllib.request.Request) -> dict[str, Any]:
        del url
        opener = urllib.request.build_opener(_NoRedirects)
        with opener.open(req, timeout=self.timeout) as answer:
            return {"status": answer.status, "headers": answer.headers, "body": answer.read().decode()}


class SlackSdkAdapter(ConnectorAdapter):
    """Slack by its vendor's client."""

    name = "acme_slack_sdk"
    version = "1.0.0"
    secrets: ClassVar[tuple[str, ...]] = ("token",)

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._client: WebClient | None = None

    @property
    def client(self) -> WebClient:
        """The SDK's client; its own retries are off, since a message may not be sent twice."""
        if self._client is None:
            self._client = HomeboundClient(token=self.profile.secret("token"), timeout=20, retry_handlers=[])
        return self._client

    def connect(self) -> bool:
        """Ask who we are."""
        return bool(self._call("auth.test")["ok"])

    @action(idempotency=Idempotency.unsafe())
    def send_message(self, payload: SendMessage) -> dict[str, Any]:
        """Post a message to a channel."""
        sent = self._call("chat.postMessage", json={"channel": payload.channel, "text": payload.text})
        return {"channel": sent["channel"], "ts": sent["ts"]}

    @action(idempotency=Idempotency.read_only())
    def get_user(self, payload: GetUser) -> dict[str, Any]:
        """Look a user up."""
        found = self._call("users.info", params={"user": payload.user})["user"]
        return {"id": found["id"], "name": found["name"]}

    def _call(self, method: str, **arguments: Any) -> dict[str, Any]:
        try:
            answer: Any = self.client.api_call(method, **arguments).data
            return dict(answer)
        except SlackApiError as error:
            raise _service_error(error) from error
        except (TimeoutError, urllib.error.URLError, OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                raise ServiceTimeoutError("Slack did not answer in time") from error
            raise NetworkError("the connection to Slack failed") from error
        except (ValueError, AttributeError, TypeError) as error:
            # The SDK expects a JSON object, and stumbles over anything else.
            raise UnexpectedResponseError("Slack answered with something that the SDK cannot read") from error


def _service_error(error: SlackApiError) -> ConnectorError:
    response: Any = error.response
    status = response.status_code
    told: dict[str, Any] = {"status": status, "retry_after": retry_after(_header(response.headers, "retry-after"))}
    if status >= 500:
        return ServiceUnavailableError(f"Slack answered {status}", **told)
    if status in _BY_STATUS:
        return _BY_STATUS[status](f"Slack answered {status}", **told)
    name = response.data.get("error") if isinstance(response.data, dict) else None
    if name in _BY_ERROR:
        return _BY_ERROR[name](f"Slack answered {name}", **told)
    return UnexpectedResponseError("Slack answered with something that is no success", **told)


def _header(headers: Any, wanted: str) -> str:
    return next((str(value) for name, value in headers.items() if name.lower() == wanted), "")


def _turn(method: str, answer: dict[str, Any], sent: Any = None, media: str | None = None) -> Turn:
    headers = BEARER | ({"Content-Type": media} if media else {})
    return Turn("POST", _API + method, sent, answer | {"ok": True}, headers=headers)


MESSAGE = {"channel": "C12B584B64", "text": "Deploy finished."}
USER = {"user": "UFC0678B07"}
TAPES = {
    "connect": Tape({}, [_turn("auth.test", {"user": "recorder-bot", "user_id": "U0RECORDER"})]),
    "send_message": Tape(
        MESSAGE, [_turn("chat.postMessage", {"channel": "C12B584B64", "ts": "1795490575.000003"}, MESSAGE)]
    ),
    "get_user": Tape(
        USER,
        [
            _turn(
                "users.info",
                {"user": {"id": "UFC0678B07", "name": "ada"}},
                b"user=UFC0678B07",
                "application/x-www-form-urlencoded",
            )
        ],
    ),
}
SAMPLES = (
    ErrorSample(None, {"ok": False, "error": "invalid_auth"}, "AUTH_FAILED"),
    ErrorSample(None, json.dumps({"ok": False, "error": "ratelimited"}), "RATE_LIMITED", retryable=True),
    ErrorSample("get_user", {"ok": False, "error": "user_not_found"}, "NOT_FOUND", retryable=False),
)

MEMBERS = [Member(SlackSdkAdapter, case={"error_samples": SAMPLES}, record=record(SlackSdkAdapter, TAPES))]
