"""The certification cases of the built-in connectors; the entry points `automate.connector_cases` name them."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from automate_connectors.adapters.logging import LoggingAdapter, forget_operations
from automate_connectors.adapters.slack import SlackAdapter
from automate_connectors.cassettes.shipped import builtin_cassettes
from automate_connectors.errors import ConnectorErrorCode as Code
from automate_connectors.profiles import ConnectionProfile
from automate_connectors.testing import ConnectorTestCase, ErrorSample

__all__ = ["LoggingCase", "SlackCase"]


def _refusal(
    error: str,
    code: Code,
    *,
    retryable: bool,
    action: str | None = None,
    headers: Mapping[str, str] | None = None,
    **more: str,
) -> ErrorSample:
    body = {"ok": False, "error": error, **more}
    return ErrorSample(action, body, code, retryable=retryable, headers=headers or {})


class SlackCase(ConnectorTestCase):
    """Slack, judged from recordings of an imitation: see `recorded.source` of its cassettes."""

    adapter_class = SlackAdapter
    level = "silver"
    profile: ClassVar[ConnectionProfile | None] = ConnectionProfile("slack", secrets={"token": "env://SLACK_TOKEN"})
    cassette_dir: ClassVar[str | Path | None] = builtin_cassettes("slack")
    error_samples: ClassVar[Sequence[ErrorSample]] = (
        # Every action: the token, the rights, the limits, Slack's own failures, and what the reference does not list.
        _refusal("invalid_auth", Code.AUTH_FAILED, retryable=False),
        _refusal("token_expired", Code.AUTH_FAILED, retryable=False),
        _refusal("missing_scope", Code.FORBIDDEN, retryable=False, needed="chat:write", provided="users:read"),
        _refusal("ratelimited", Code.RATE_LIMITED, retryable=True, headers={"Retry-After": "1"}),
        _refusal("team_added_to_org", Code.UPSTREAM_5XX, retryable=True),
        _refusal("an_error_of_tomorrow", Code.BAD_RESPONSE, retryable=False),
        # Whether Slack acted is open: only what may be repeated is retryable.
        _refusal("fatal_error", Code.UPSTREAM_5XX, retryable=False, action="send_message"),
        _refusal("internal_error", Code.UPSTREAM_5XX, retryable=False, action="send_message"),
        _refusal("update_failed", Code.UPSTREAM_5XX, retryable=True, action="update_message"),
        _refusal("internal_error", Code.UPSTREAM_5XX, retryable=True, action="add_reaction"),
        _refusal("service_unavailable", Code.UPSTREAM_5XX, retryable=True, action="list_channels"),
        # What the payload names, or says.
        _refusal("channel_not_found", Code.NOT_FOUND, retryable=False, action="send_message"),
        _refusal("not_in_channel", Code.FORBIDDEN, retryable=False, action="send_message"),
        _refusal("is_archived", Code.CONFLICT, retryable=False, action="send_message"),
        _refusal("invalid_blocks", Code.INVALID_INPUT, retryable=False, action="send_message"),
        _refusal("message_limit_exceeded", Code.RATE_LIMITED, retryable=False, action="send_message"),
        _refusal("message_not_found", Code.NOT_FOUND, retryable=False, action="update_message"),
        _refusal("cant_update_message", Code.FORBIDDEN, retryable=False, action="update_message"),
        _refusal("invalid_name", Code.INVALID_INPUT, retryable=False, action="add_reaction"),
        _refusal("too_many_reactions", Code.CONFLICT, retryable=False, action="add_reaction"),
        _refusal("invalid_types", Code.INVALID_INPUT, retryable=False, action="list_channels"),
        _refusal("user_not_found", Code.NOT_FOUND, retryable=False, action="get_user"),
        _refusal("user_not_visible", Code.FORBIDDEN, retryable=False, action="get_user"),
    )


class _Collector(logging.Handler):
    """Keeps what was logged, as plain values."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        entry = {"level": record.levelname, "message": record.getMessage(), "fields": getattr(record, "fields", None)}
        self.entries.append(entry)


class LoggingCase(ConnectorTestCase):
    """The log: its effects are the entries that arrive at the logger."""

    adapter_class = LoggingAdapter
    level = "gold"
    _collector: ClassVar[_Collector | None] = None

    def effects(self) -> Sequence[Any]:
        """Return the entries since the last `reset`."""
        return list(self._attached().entries)

    def reset(self) -> None:
        """Forget the entries, and which operations have logged."""
        self._attached().entries.clear()
        forget_operations()

    @classmethod
    def _attached(cls) -> _Collector:
        if cls._collector is None:
            logger = logging.getLogger(LoggingAdapter.logger_name)
            # Debug entries are effects too, whatever the host makes of them.
            logger.setLevel(logging.DEBUG)
            cls._collector = _Collector()
            logger.addHandler(cls._collector)
        return cls._collector
