"""What can go wrong in a connector, as values a host can act on.

Every error of a connector is a `ConnectorError`. Its class and its code say what happened, `retryable` whether calling
`execute` again with the same payload is safe and may succeed, and `effect` what is known to have happened at the
service:

* ConnectorError: a fault inside the connector itself (INTERNAL_ERROR).
  - ConfigurationError: the profile or the installation is wrong; mend it before trying again.
  - AuthenticationError: the service does not accept the credentials.
  - PermissionDeniedError: the credentials are accepted but do not allow this.
  - NotFoundError: what the payload names does not exist.
  - InvalidPayloadError: the payload is not one that the action takes.
    + UnknownActionError: the adapter has no such action; a ValueError too.
  - ConflictError: the state at the service forbids it, for example because the thing exists already.
  - RateLimitedError: too many requests; `retry_after` may say when the next one is welcome.
  - ServiceTimeoutError: no answer in time; whether the service acted is unknown.
  - ServiceUnavailableError: the service failed by its own account.
  - NetworkError: the service could not be reached, or the connection broke.
  - UnexpectedResponseError: an answer came, and it is not one the connector understands.
"""

import copyreg
from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple


class ConnectorErrorCode(StrEnum):
    """The stable name of what went wrong, the same for every connector."""

    CONFIG_INVALID = "CONFIG_INVALID"
    AUTH_FAILED = "AUTH_FAILED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    INVALID_INPUT = "INVALID_INPUT"
    UNKNOWN_ACTION = "UNKNOWN_ACTION"
    CONFLICT = "CONFLICT"
    RATE_LIMITED = "RATE_LIMITED"
    TIMEOUT = "TIMEOUT"
    UPSTREAM_5XX = "UPSTREAM_5XX"
    TRANSIENT_NETWORK = "TRANSIENT_NETWORK"
    BAD_RESPONSE = "BAD_RESPONSE"
    INTERNAL_ERROR = "INTERNAL_ERROR"


class Effect(StrEnum):
    """What is known to have happened at the service when an error came out."""

    NONE = "none"
    APPLIED = "applied"
    UNKNOWN = "unknown"


class _Row(NamedTuple):
    """What a code implies where the one who raises says nothing else."""

    retryable: bool
    effect: Effect


_ROWS = {
    ConnectorErrorCode.CONFIG_INVALID: _Row(retryable=False, effect=Effect.NONE),
    ConnectorErrorCode.AUTH_FAILED: _Row(retryable=False, effect=Effect.NONE),
    ConnectorErrorCode.FORBIDDEN: _Row(retryable=False, effect=Effect.NONE),
    ConnectorErrorCode.NOT_FOUND: _Row(retryable=False, effect=Effect.NONE),
    ConnectorErrorCode.INVALID_INPUT: _Row(retryable=False, effect=Effect.NONE),
    ConnectorErrorCode.UNKNOWN_ACTION: _Row(retryable=False, effect=Effect.NONE),
    ConnectorErrorCode.CONFLICT: _Row(retryable=False, effect=Effect.NONE),
    ConnectorErrorCode.RATE_LIMITED: _Row(retryable=True, effect=Effect.NONE),
    ConnectorErrorCode.TIMEOUT: _Row(retryable=True, effect=Effect.UNKNOWN),
    ConnectorErrorCode.UPSTREAM_5XX: _Row(retryable=True, effect=Effect.UNKNOWN),
    ConnectorErrorCode.TRANSIENT_NETWORK: _Row(retryable=True, effect=Effect.UNKNOWN),
    ConnectorErrorCode.BAD_RESPONSE: _Row(retryable=False, effect=Effect.UNKNOWN),
    ConnectorErrorCode.INTERNAL_ERROR: _Row(retryable=False, effect=Effect.UNKNOWN),
}


class ConnectorError(Exception):
    """An error of a connector, with everything a host needs to decide what to do next.

    Args:
        message: One line for people: what was expected, what happened, how to mend it. Never a secret.
        code: What went wrong; by default the code of the class.
        retryable: Whether the same `execute` is safe to call again and may succeed; by default what the code implies.
        retry_after: Seconds that the service asks to wait before the next attempt.
        effect: What happened at the service; by default what the code implies.
        status: The HTTP status, where there was one.
        details: Facts for machines, kept as given; JSON values, so that the error can be reported.
        connector: The registered name of the connector; `execute` of the base class fills it in.
        action: The action that was running; `execute` of the base class fills it in.

    Raises:
        ValueError: `code` or `effect` is a string that names none.
    """

    #: The code of instances that are given none; subclasses replace it.
    code: ConnectorErrorCode = ConnectorErrorCode.INTERNAL_ERROR
    message: str
    retryable: bool
    retry_after: float | None
    effect: Effect
    status: int | None
    details: dict[str, Any]
    connector: str | None
    action: str | None

    def __init__(
        self,
        message: str,
        *,
        code: ConnectorErrorCode | str | None = None,
        retryable: bool | None = None,
        retry_after: float | None = None,
        effect: Effect | str | None = None,
        status: int | None = None,
        details: dict[str, Any] | None = None,
        connector: str | None = None,
        action: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = ConnectorErrorCode(type(self).code if code is None else code)
        row = _ROWS[self.code]
        self.retryable = row.retryable if retryable is None else retryable
        self.retry_after = retry_after
        self.effect = row.effect if effect is None else Effect(effect)
        self.status = status
        self.details = {} if details is None else details
        self.connector = connector
        self.action = action

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
        # Exceptions are rebuilt by calling their class, which would fail for subclasses whose __init__ takes other
        # arguments: make the bare instance instead, and let the attributes follow.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]  # typeshed lacks it

    def to_dict(self) -> dict[str, Any]:
        """Return the nine facts as plain values, JSON-serialisable when the details are."""
        return {
            "code": self.code.value,
            "message": self.message,
            "retryable": self.retryable,
            "retry_after": self.retry_after,
            "effect": self.effect.value,
            "status": self.status,
            "details": self.details,
            "connector": self.connector,
            "action": self.action,
        }


class ConfigurationError(ConnectorError):
    """The profile or the installation is wrong; mend it before trying again."""

    code = ConnectorErrorCode.CONFIG_INVALID


class AuthenticationError(ConnectorError):
    """The service does not accept the credentials."""

    code = ConnectorErrorCode.AUTH_FAILED


class PermissionDeniedError(ConnectorError):
    """The credentials are accepted but do not allow this."""

    code = ConnectorErrorCode.FORBIDDEN


class NotFoundError(ConnectorError):
    """What the payload names does not exist at the service."""

    code = ConnectorErrorCode.NOT_FOUND


class InvalidPayloadError(ConnectorError):
    """The payload is not one that the action takes."""

    code = ConnectorErrorCode.INVALID_INPUT


class UnknownActionError(InvalidPayloadError, ValueError):
    """The adapter has no action of that name."""

    code = ConnectorErrorCode.UNKNOWN_ACTION


class ConflictError(ConnectorError):
    """The state at the service forbids it, for example because the thing exists already."""

    code = ConnectorErrorCode.CONFLICT


class RateLimitedError(ConnectorError):
    """Too many requests; `retry_after` may say when the next one is welcome."""

    code = ConnectorErrorCode.RATE_LIMITED


class ServiceTimeoutError(ConnectorError):
    """No answer came in time; whether the service acted is unknown."""

    code = ConnectorErrorCode.TIMEOUT


class ServiceUnavailableError(ConnectorError):
    """The service failed by its own account."""

    code = ConnectorErrorCode.UPSTREAM_5XX


class NetworkError(ConnectorError):
    """The service could not be reached, or the connection broke."""

    code = ConnectorErrorCode.TRANSIENT_NETWORK


class UnexpectedResponseError(ConnectorError):
    """An answer came, and it is not one the connector understands."""

    code = ConnectorErrorCode.BAD_RESPONSE
