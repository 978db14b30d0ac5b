"""The lifecycle of one operation: instantiate, connect, execute, and again where the error says that this is safe.

One operation keeps one adapter: what it remembers between attempts (a token, the keys it has seen) is part of what a
certified connector was judged with. `connect` is called until it succeeds once, and then no more.
"""

import asyncio
import contextvars
import logging
import math
import random
import uuid
from collections.abc import Callable, Coroutine, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import tenacity

from automate_connectors.adapters.base import AsyncConnectorAdapter, ConnectorAdapter
from automate_connectors.errors import ConnectorError, Effect, ServiceUnavailableError
from automate_connectors.profiles import ConnectionProfile
from automate_connectors.registry import AdapterClass, ConnectorRegistry, connector_registry

_LOGGER = logging.getLogger(__name__)
_Result = TypeVar("_Result")
#: A flow without I/O: it yields calls and is sent what they return, or thrown what they raise.
Flow = Generator[Callable[[], Any], Any, _Result]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how patiently a retryable error is met with another attempt.

    Attributes:
        attempts: How many there are in all, the first included.
        base_delay: Seconds before the second; each further wait is twice as long. Between half and all of it is waited.
        max_delay: Seconds that a wait is never longer than, unless the service asks for more by `retry_after`.

    Raises:
        ValueError: No attempt at all, or a negative delay.
    """

    attempts: int = 3
    base_delay: float = 0.5
    max_delay: float = 30.0

    def __post_init__(self) -> None:
        if self.attempts < 1 or self.base_delay < 0 or self.max_delay < 0:
            raise ValueError(f"A retry policy needs at least one attempt and no negative delay, and got {self!r}")


class ConnectorRunner:
    """Runs actions of registered connectors.

    Args:
        registry: Where the connectors are looked up.
        retry: How retryable errors are met.
    """

    def __init__(
        self,
        registry: ConnectorRegistry = connector_registry,
        retry: RetryPolicy = RetryPolicy(),
    ) -> None:
        self.registry = registry
        self.retry = retry

    def run(
        self, name: str, action: str, payload: dict[str, Any], profile: ConnectionProfile | str | None = None
    ) -> dict[str, Any]:
        """Run one action and return its result.

        Adapters of both kinds run; for an async one this blocks until it is done, also inside a running event loop.

        Args:
            name: The registered name of the connector.
            action: The action.
            payload: Its payload, left unchanged. A keyed action that is given no operation id gets one, the same for
                all attempts.
            profile: The connection profile or the name of one; by default the profile named `default`.

        Raises:
            ConnectorError: The last error. For a keyed action `details["operation_id"]` is the id that was used, for
                running the same operation again.
        """
        operation = _Operation(name, action, payload)
        with operation.reported(Effect.NONE):
            adapter_class = self.registry.get(name)
            operation.take_id(adapter_class)
            if not isinstance(profile, ConnectionProfile):
                profile = ConnectionProfile.load_for(self.registry, name, "default" if profile is None else profile)
        if issubclass(adapter_class, AsyncConnectorAdapter):
            return _blocking(partial(_run_async, operation, partial(adapter_class, profile), self.retry))
        return _run_sync(operation, partial(adapter_class, profile), self.retry)


@dataclass
class _Operation:
    """One operation across its attempts."""

    connector: str
    action: str
    payload: dict[str, Any]
    operation_id: Any = None
    connected: bool = field(default=False, init=False)

    def take_id(self, adapter_class: AdapterClass) -> None:
        """Choose the operation id of a keyed action, where the caller did not."""
        spec = adapter_class.actions.get(self.action)
        key = spec.idempotency.field if spec is not None else None
        if key is None or not isinstance(self.payload, dict):
            return
        if self.payload.get(key) is None:
            self.payload = {**self.payload, key: str(uuid.uuid4())}
        self.operation_id = self.payload[key]

    def attempt(self, adapter: ConnectorAdapter | AsyncConnectorAdapter) -> Flow[dict[str, Any]]:
        """Connect where that has not succeeded yet, and execute."""
        if not self.connected:
            with self.reported(Effect.NONE):
                self.connected = bool((yield adapter.connect))
                if not self.connected:
                    raise ServiceUnavailableError(
                        f"The health check of {self.connector} says no: is the service up, and the profile right?",
                        effect=Effect.NONE,
                    )
        with self.reported(Effect.UNKNOWN):
            result: dict[str, Any] = yield partial(adapter.execute, self.action, deepcopy(self.payload))
        return result

    def close(self, adapter: ConnectorAdapter | AsyncConnectorAdapter) -> Flow[None]:
        """Close, and let a failure to do so hide neither the result nor the error."""
        try:
            yield adapter.close
        except Exception as error:  # noqa: BLE001  # whatever it is, the operation is over
            _LOGGER.warning("Closing the connector %s failed with %s", self.connector, type(error).__name__)

    @contextmanager
    def reported(self, effect: Effect) -> Iterator[None]:
        """Let only complete ConnectorErrors out; `effect` is what others mean for the service."""
        try:
            yield
        except ConnectorError as error:
            self._complete(error)
            raise
        except Exception as error:
            # Its text is not repeated: it is not known to be free of secrets.
            wrapped = ConnectorError(
                f"The connector {self.connector} failed with {type(error).__name__}, which is no ConnectorError",
                effect=effect,
            )
            self._complete(wrapped)
            raise wrapped from error

    def _complete(self, error: ConnectorError) -> None:
        error.connector = self.connector if error.connector is None else error.connector
        error.action = self.action if error.action is None else error.action
        if self.operation_id is not None:
            error.details = {**error.details, "operation_id": self.operation_id}


def _run_sync(operation: _Operation, create: Callable[[], ConnectorAdapter], policy: RetryPolicy) -> dict[str, Any]:
    with operation.reported(Effect.NONE):
        adapter = create()
    try:
        return tenacity.Retrying(**_retrying(policy))(lambda: _drive(operation.attempt(adapter)))
    finally:
        _drive(operation.close(adapter))


async def _run_async(
    operation: _Operation, create: Callable[[], AsyncConnectorAdapter], policy: RetryPolicy
) -> dict[str, Any]:
    # Created here and not before: some clients ask for a running loop when they are made.
    with operation.reported(Effect.NONE):
        adapter = create()

    async def attempt() -> dict[str, Any]:
        return await _drive_async(operation.attempt(adapter))

    try:
        return await tenacity.AsyncRetrying(**_retrying(policy))(attempt)
    finally:
        await _drive_async(operation.close(adapter))


def _retrying(policy: RetryPolicy) -> dict[str, Any]:
    """Say in tenacity's terms when to try again, and how long to wait before."""
    exponential = tenacity.wait_exponential(multiplier=policy.base_delay, max=policy.max_delay)

    def wait(state: tenacity.RetryCallState) -> float:
        longest = exponential(state)
        jittered = random.uniform(longest / 2, longest)  # noqa: S311  # spreads load, keeps no secret
        error = state.outcome.exception() if state.outcome is not None else None
        return max(jittered, _asked_wait(error))

    return {
        "stop": tenacity.stop_after_attempt(policy.attempts),
        "wait": wait,
        "retry": tenacity.retry_if_exception(_is_worth_another),
        "reraise": True,
    }


def _is_worth_another(error: BaseException) -> bool:
    # A service that asks to wait for ever asks not to come back.
    return isinstance(error, ConnectorError) and error.retryable and math.isfinite(_asked_wait(error))


def _asked_wait(error: object) -> float:
    """Return the seconds that the service asks for; an adapter may have handed on a header that is no number."""
    asked = getattr(error, "retry_after", None)
    return float(asked) if isinstance(asked, int | float) else 0.0


def _drive(flow: Flow[_Result]) -> _Result:
    """Run a flow by calling what it yields."""
    try:
        call = next(flow)
        while True:
            try:
                value = call()
            except BaseException as error:  # noqa: BLE001  # the flow decides, and raises what it does not handle
                call = flow.throw(error)
            else:
                call = flow.send(value)
    except StopIteration as end:
        result: _Result = end.value
        return result


async def _drive_async(flow: Flow[_Result]) -> _Result:
    """Run a flow by awaiting what it yields."""
    try:
        call = next(flow)
        while True:
            try:
                value = await call()
            except BaseException as error:  # noqa: BLE001  # as above
                call = flow.throw(error)
            else:
                call = flow.send(value)
    except StopIteration as end:
        result: _Result = end.value
        return result


def _blocking(run: Callable[[], Coroutine[Any, Any, _Result]]) -> _Result:
    """Run a coroutine to its end; in a thread of its own where this one has a running loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(run())
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="automate-connectors") as pool:
        return pool.submit(contextvars.copy_context().run, asyncio.run, run()).result()
