"""The base classes of adapters: one lifecycle, written once, driven by plain calls or by awaits.

`ConnectorAdapter` and `AsyncConnectorAdapter` differ in who waits. What they share stands in `BaseAdapter`: the
declaration of a class, the check of a payload before any I/O, and what is added to an error on its way out.
"""

import difflib
import inspect
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from types import MappingProxyType, TracebackType
from typing import Any, ClassVar, Self

from automate_connectors.actions import ActionSpec
from automate_connectors.declarations import NOTHING_DECLARED, Declared, declared_by
from automate_connectors.errors import ConnectorError, Effect, InvalidPayloadError, UnknownActionError
from automate_connectors.payloads import as_plain, refusal
from automate_connectors.profiles import ConnectionProfile

_SHOWN_NAME = 60
_SHOWN_ACTIONS = 5


class BaseAdapter(ABC):
    """What adapters of both kinds share; derive from `ConnectorAdapter` or `AsyncConnectorAdapter`.

    Attributes:
        name: The registered name, `^[a-z][a-z0-9_]{0,62}$`.
        version: The version of the adapter (PEP 440).
        actions: The declared actions: those of `@action` methods and those written by hand.
        secrets: The names of the secrets it asks its profile for.
        profile: The connection profile; an empty one where none was given.
    """

    name: ClassVar[str]
    version: ClassVar[str]
    actions: ClassVar[Mapping[str, ActionSpec]] = MappingProxyType({})
    secrets: ClassVar[Sequence[str]] = ()
    _connector_declared: ClassVar[Declared] = NOTHING_DECLARED
    _connector_awaits: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._connector_declared = declared_by(cls, awaits=cls._connector_awaits)
        cls.actions = cls._connector_declared.specs

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        cls = type(self)
        self.profile = ConnectionProfile(getattr(cls, "name", cls.__name__)) if profile is None else profile

    def _connector_call(self, action: object, payload: object) -> Callable[[], Any]:
        """Return the call that runs the action, after all checks that need no I/O.

        Raises:
            UnknownActionError: There is no such action.
            InvalidPayloadError: The payload is none that the action takes.
        """
        handler = self._connector_declared.handlers.get(action) if isinstance(action, str) else None
        if not isinstance(action, str) or handler is None:
            raise self._connector_unknown(str(action))
        if not isinstance(payload, dict):
            raise InvalidPayloadError(f"{action} expects its payload as a dict, not as {type(payload).__name__}")
        checked = handler.check(payload)
        if checked.problems:
            raise refusal(action, checked.problems)
        return partial(getattr(self, handler.method), payload=checked.value)

    def _connector_unknown(self, action: str) -> ConnectorError:
        known = sorted(self.actions)
        cls = type(self).__name__
        if action in known:
            return ConnectorError(
                f"{cls} declares {action} in actions, but has no method for it: mark one @action, or override execute",
                effect=Effect.NONE,
            )
        near = difflib.get_close_matches(action, known, n=1, cutoff=0.5)
        shown = ", ".join(known[:_SHOWN_ACTIONS]) + (", ..." if len(known) > _SHOWN_ACTIONS else "")
        hint = f"did you mean {near[0]!r}?" if near else f"it has {shown or 'none'}"
        return UnknownActionError(f"{cls} has no action {action[:_SHOWN_NAME]!r}; {hint}", details={"known": known})

    @contextmanager
    def _connector_reported(self, action: object) -> Iterator[None]:
        """Complete a ConnectorError on its way out, and pass everything else as it is."""
        try:
            yield
        except ConnectorError as error:
            if error.connector is None:
                error.connector = getattr(type(self), "name", None)
            if error.action is None:
                error.action = str(action)
            spec = self.actions.get(action) if isinstance(action, str) else None
            if spec is not None and spec.idempotency.kind == "unsafe" and error.effect != Effect.NONE:
                # The service cannot tell a second attempt from a second order, so nobody may be told to make one.
                error.retryable = False
            raise


class ConnectorAdapter(BaseAdapter):
    """A connector to one service: a health check, and actions on plain data.

    Derive from it, name and version the class, and either mark methods with `@action` or override `execute`. Also a
    context manager that closes at the end.
    """

    @abstractmethod
    def connect(self) -> bool:
        """Check the health: True where the service is reachable and authorises, False where not."""

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action and return its result as plain data.

        Args:
            action: The name of the action.
            payload: A JSON object; it is left unchanged.

        Raises:
            UnknownActionError: The adapter has no such action; `details["known"]` lists those it has.
            InvalidPayloadError: The payload is not one that the action takes; nothing was sent.
            ConnectorError: Whatever else went wrong, by the table of `errors`.
        """
        with self._connector_reported(action):
            result: dict[str, Any] = as_plain(self._connector_call(action, payload)())
            return result

    def close(self) -> None:  # most adapters hold nothing open
        """Release what the adapter holds open; called once, also after an error."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncConnectorAdapter(BaseAdapter):
    """A connector whose methods are coroutines; otherwise as `ConnectorAdapter`, and judged by the same suite."""

    _connector_awaits: ClassVar[bool] = True

    @abstractmethod
    async def connect(self) -> bool:
        """Check the health: True where the service is reachable and authorises, False where not."""

    async def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action and return its result as plain data.

        Args:
            action: The name of the action.
            payload: A JSON object; it is left unchanged.

        Raises:
            UnknownActionError: The adapter has no such action; `details["known"]` lists those it has.
            InvalidPayloadError: The payload is not one that the action takes; nothing was sent.
            ConnectorError: Whatever else went wrong, by the table of `errors`.
        """
        with self._connector_reported(action):
            outcome: Awaitable[Any] | Any = self._connector_call(action, payload)()
            result: dict[str, Any] = as_plain(await outcome if inspect.isawaitable(outcome) else outcome)
            return result

    async def close(self) -> None:  # most adapters hold nothing open
        """Release what the adapter holds open; called once, also after an error."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
