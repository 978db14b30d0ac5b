"""The test and certification kit for service connectors.

The names below are imported when they are first used: a pytest plugin or a command that needs one of them does not pay
for pydantic and the rest.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automate_connectors.actions import ActionSpec, Idempotency, action
    from automate_connectors.adapters.base import ConnectorAdapter
    from automate_connectors.errors import (
        AuthenticationError,
        ConfigurationError,
        ConflictError,
        ConnectorError,
        ConnectorErrorCode,
        Effect,
        InvalidPayloadError,
        NetworkError,
        NotFoundError,
        PermissionDeniedError,
        RateLimitedError,
        ServiceTimeoutError,
        ServiceUnavailableError,
        UnexpectedResponseError,
        UnknownActionError,
    )
    from automate_connectors.lifecycle import ConnectorRunner, RetryPolicy
    from automate_connectors.profiles import ConnectionProfile
    from automate_connectors.registry import connector_registry

__version__ = "1.0.0"

__all__ = [
    "ActionSpec",
    "AuthenticationError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionProfile",
    "ConnectorAdapter",
    "ConnectorError",
    "ConnectorErrorCode",
    "ConnectorRunner",
    "Effect",
    "Idempotency",
    "InvalidPayloadError",
    "NetworkError",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitedError",
    "RetryPolicy",
    "ServiceTimeoutError",
    "ServiceUnavailableError",
    "UnexpectedResponseError",
    "UnknownActionError",
    "action",
    "connector_registry",
]

_HOMES = {
    "ActionSpec": "actions",
    "ConnectionProfile": "profiles",
    "ConnectorAdapter": "adapters.base",
    "ConnectorRunner": "lifecycle",
    "Idempotency": "actions",
    "RetryPolicy": "lifecycle",
    "action": "actions",
    "connector_registry": "registry",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'errors')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
