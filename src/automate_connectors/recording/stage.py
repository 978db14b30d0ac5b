"""Live adapters of one session: made, called and closed, the asynchronous ones on one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from automate_connectors.certification.watchdog import CallHung, Watchdog
from automate_connectors.profiles import ConnectionProfile

__all__ = ["Stage"]


class Stage:
    """Makes adapters on the live profile and calls them; a context manager that closes them.

    Args:
        adapter_class: What is recorded.
        profile: The live one.
        limit: Real seconds that one call may take.
    """

    def __init__(self, adapter_class: type[Any], profile: ConnectionProfile, limit: float) -> None:
        self._adapter_class = adapter_class
        self._profile = profile
        self._limit = limit
        self._watchdog = Watchdog()
        self._adapters: list[Any] = []
        self._runner: asyncio.Runner | None = None

    def open(self) -> Any:
        """A fresh adapter."""
        adapter = self.call(self._adapter_class, self._profile)
        self._adapters.append(adapter)
        return adapter

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What a call returns, awaited where it is awaitable.

        Raises:
            TimeoutError: It did not come back in time.
            RuntimeError: It wanted to end the process.
        """
        try:
            with self._watchdog.watching(self._limit):
                return self._settled(function(*arguments))
        except CallHung:
            raise TimeoutError(f"the call did not come back within {self._limit:g} seconds") from None
        except SystemExit as error:
            raise RuntimeError(f"the call wanted to end the process with {error.code!r}") from error

    def _settled(self, value: Any) -> Any:
        if not inspect.isawaitable(value):
            return value
        if self._runner is None:
            self._runner = asyncio.Runner()
        return self._runner.run(_awaited(value))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for adapter in self._adapters:
            # What closing does is judged by the certification, not here.
            with contextlib.suppress(Exception):
                self.call(adapter.close)
        if self._runner is not None:
            self._runner.close()


async def _awaited(value: Any) -> Any:
    return await value
