"""Faults around the callables through which an adapter without HTTP reaches its service."""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from automate_connectors.errors import ConfigurationError

#: Code (the enum or its text) → makes the exception.
Factories = Mapping[Any, Callable[[], Exception]]


@dataclass(frozen=True, slots=True)
class PortFault:
    """One failure of a port: before the service is called, or after it acted, with the code that is right."""

    when: Literal["before", "after"]
    code: str

    @property
    def shown(self) -> str:
        """For a finding."""
        return f"{self.code} {self.when} the call"


@dataclass
class PortBoard:
    """The declared ports of an adapter, replaced while it is driven.

    Attributes:
        ports: dotted name → code → how it fails.
        entered: the names of the ports that were called since the last `arm`.
        struck: how many of those calls failed on purpose.
    """

    ports: Mapping[str, Factories]
    entered: list[str] = field(default_factory=list)
    struck: int = 0
    _steps: Sequence[PortFault | None] = ()
    _after: PortFault | None = None

    def arm(self, steps: Sequence[PortFault | None] = (), after: PortFault | None = None) -> None:
        """Decide about the calls that follow: the first ones by ``steps``, every later one by ``after``."""
        self.entered.clear()
        self.struck = 0
        self._steps, self._after = steps, after

    @contextlib.contextmanager
    def replaced(self, module: str) -> Iterator[None]:
        """Put the ports' stand-ins in place, also under the names by which ``module`` holds them.

        Raises:
            ConfigurationError: where a name leads to no callable, or cannot be replaced.
        """
        with contextlib.ExitStack() as stack:
            for name in self.ports:
                owner, attribute, original = _find(name)
                stand_in = self._stand_in(name, original)
                for place, held in [(owner, attribute), *_held_by(module, original)]:
                    stack.enter_context(_set(place, held, stand_in, name))
            yield

    def _next(self, name: str) -> PortFault | None:
        number = len(self.entered)
        self.entered.append(name)
        fault = self._steps[number] if number < len(self._steps) else self._after
        if fault is not None:
            self.struck += 1
        return fault

    def _error(self, name: str, fault: PortFault) -> Exception:
        factories = {_text(code): make for code, make in self.ports[name].items()}
        make = factories.get(fault.code) or next(iter(factories.values()))
        return make()

    def _stand_in(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(original):

            @functools.wraps(original)
            async def awaited(*args: Any, **kwargs: Any) -> Any:
                fault = self._next(name)
                if fault and fault.when == "before":
                    raise self._error(name, fault)
                result = await original(*args, **kwargs)
                if fault:
                    raise self._error(name, fault)
                return result

            return awaited

        @functools.wraps(original)
        def called(*args: Any, **kwargs: Any) -> Any:
            fault = self._next(name)
            if fault and fault.when == "before":
                raise self._error(name, fault)
            result = original(*args, **kwargs)
            if fault:
                raise self._error(name, fault)
            return result

        return called

    @property
    def codes(self) -> list[str]:
        """Every code that a port declares."""
        return list(dict.fromkeys(_text(code) for factories in self.ports.values() for code in factories))


def _text(code: Any) -> str:
    return str(getattr(code, "value", code))


def _find(name: str) -> tuple[Any, str, Callable[..., Any]]:
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        with contextlib.suppress(ImportError):
            owner: Any = importlib.import_module(".".join(parts[:length]))
            break
    else:
        raise ConfigurationError(f"the port {name!r} leads to no module: give the dotted name of a callable")
    for part in parts[length:-1]:
        owner = getattr(owner, part, None)
    original = getattr(owner, parts[-1], None)
    if not callable(original):
        raise ConfigurationError(
            f"the port {name!r} is no callable: give the dotted name of one, as 'my_package.client.send'"
        )
    return owner, parts[-1], original


def _held_by(module: str, original: Any) -> list[tuple[Any, str]]:
    loaded = sys.modules.get(module)
    return [(loaded, name) for name, value in list(vars(loaded).items()) if value is original] if loaded else []


@contextlib.contextmanager
def _set(owner: Any, attribute: str, value: Any, name: str) -> Iterator[None]:
    before = inspect.getattr_static(owner, attribute)
    try:
        setattr(owner, attribute, value)
    except (TypeError, AttributeError) as error:
        raise ConfigurationError(
            f"the port {name!r} cannot be replaced: wrap it in a function of your own and name that"
        ) from error
    try:
        yield
    finally:
        setattr(owner, attribute, before)
