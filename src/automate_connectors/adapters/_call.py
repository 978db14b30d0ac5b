"""What one call of an adapter has done at the service so far.

The account is kept for each call, in a context variable: threads that share an adapter do not see each other's, and an
action that executes another one, or uses a second adapter, goes on with the account it has.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeVar, cast

from automate_connectors.actions import ActionSpec
from automate_connectors.errors import ConnectorError, Effect

_Method = TypeVar("_Method", bound=Callable[..., Any])
_MARK = "__keeps_account__"

#: RFC 9110, section 9.2.1: methods that ask for no change.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Purpose(Enum):
    """What the requests of a call are for."""

    ACTION = "action"
    CONNECT = "connect"
    REFRESH = "refresh"
    CREDENTIALS = "credentials"


@dataclass(slots=True)
class Account:
    """Shared by everything that happens within one outermost call."""

    may_have_acted: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One run of an action or of a hook, and the account it is part of."""

    adapter: object
    purpose: Purpose = Purpose.ACTION
    spec: ActionSpec | None = None
    account: Account = field(default_factory=Account)

    @property
    def kind(self) -> str:
        """The idempotency that the running action declares."""
        return "undeclared" if self.spec is None else self.spec.idempotency.kind

    @property
    def expected_statuses(self) -> tuple[int, ...]:
        """The error statuses that the running action turns into a result."""
        return () if self.spec is None else tuple(self.spec.expected_statuses)

    @property
    def reads_response(self) -> bool:
        """Whether the running action needs the body of a success."""
        return self.spec is None or self.spec.reads_response

    @property
    def key_header(self) -> str | None:
        """The header in which the running action declares to send its operation id."""
        return None if self.spec is None else self.spec.idempotency.header

    def writes(self, method: str) -> bool:
        """Say whether a request may change something: signing in and health checks do not, whatever their method."""
        return self.purpose is Purpose.ACTION and self.kind != "read_only" and method not in SAFE_METHODS

    def settle(self, error: ConnectorError) -> None:
        """Make the error tell the truth about the whole call, not only about the request that failed last."""
        if self.account.may_have_acted and error.effect is Effect.NONE:
            error.effect = Effect.UNKNOWN
        elif self.kind == "read_only" and not self.account.may_have_acted and error.effect is Effect.UNKNOWN:
            error.effect = Effect.NONE
        if self.kind == "unsafe" and error.effect is not Effect.NONE:
            error.retryable = False

    @contextmanager
    def sending(self, *, write: bool) -> Iterator[None]:
        """Enter in the account what a request that failed may have done."""
        try:
            yield
        except ConnectorError as error:
            if write:
                self.account.may_have_acted |= error.effect is not Effect.NONE
            elif error.effect is Effect.UNKNOWN:
                error.effect = Effect.NONE
            self.settle(error)
            raise
        except Exception:
            self.account.may_have_acted |= write
            raise


_CURRENT: ContextVar[Call | None] = ContextVar("automate_connectors_call", default=None)
#: The actions under way in all threads, by identity: equal calls are different calls.
_RUNNING: dict[int, Call] = {}


def current_call(adapter: object) -> Call:
    """Return the call of this adapter that a request belongs to."""
    call = _CURRENT.get()
    if call is None:
        return _lone_call(adapter) or Call(adapter)
    return call if call.adapter is adapter else Call(adapter, account=call.account)


def _lone_call(adapter: object) -> Call | None:
    """Return the adapter's one call under way: a thread that an action starts does not inherit its context."""
    running = [call for call in tuple(_RUNNING.values()) if call.adapter is adapter]
    return running[-1] if running and all(call.account is running[-1].account for call in running) else None


@contextmanager
def enter_call(adapter: object, purpose: Purpose, spec: ActionSpec | None = None) -> Iterator[Call]:
    """Begin a call, as part of the one that is under way where there is one."""
    outer = _CURRENT.get()
    call = Call(adapter, purpose, spec, Account() if outer is None else outer.account)
    token = _CURRENT.set(call)
    if purpose is Purpose.ACTION:
        _RUNNING[id(call)] = call
    try:
        yield call
    except ConnectorError as error:
        call.settle(error)
        raise
    finally:
        _RUNNING.pop(id(call), None)
        _CURRENT.reset(token)


def accounted_execute(method: _Method) -> _Method:
    """Return an `execute` that keeps its call's account; one that does already is returned as it is."""
    return _accounted(method, lambda adapter, action: enter_call(adapter, Purpose.ACTION, _spec_of(adapter, action)))


def accounted_connect(method: _Method) -> _Method:
    """Return a `connect` whose requests count as harmless; one that does so already is returned as it is."""
    return _accounted(method, lambda adapter, _action: enter_call(adapter, Purpose.CONNECT))


def _spec_of(adapter: object, action: object) -> ActionSpec | None:
    actions: Mapping[str, ActionSpec] = getattr(adapter, "actions", {})
    return actions.get(action) if isinstance(action, str) else None


def _accounted(method: _Method, enter: Callable[[object, object], AbstractContextManager[Call]]) -> _Method:
    if getattr(method, _MARK, False) or getattr(method, "__isabstractmethod__", False):
        return method

    @functools.wraps(method)
    def run(self: object, *args: Any, **kwargs: Any) -> Any:  # whatever the wrapped method takes
        with enter(self, args[0] if args else kwargs.get("action")):
            return method(self, *args, **kwargs)

    setattr(run, _MARK, True)
    return cast("_Method", run)
