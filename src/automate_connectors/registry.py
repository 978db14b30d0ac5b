"""Which connectors there are: those registered by hand, and those that installed distributions name as entry points.

Entry points of the group `automate.connectors` are listed when a name is first asked for, and a plugin is imported when
it is. One that fails to import is broken, and breaks no other.
"""

import difflib
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar, overload

from automate_connectors.adapters.base import AsyncConnectorAdapter, BaseAdapter, ConnectorAdapter
from automate_connectors.errors import ConfigurationError

if TYPE_CHECKING:
    import os
    from importlib.metadata import EntryPoint

    from automate_connectors.profiles import ConnectionProfile

ENTRY_POINT_GROUP = "automate.connectors"
AdapterClass = type[ConnectorAdapter] | type[AsyncConnectorAdapter]
_Class = TypeVar("_Class", bound=type[BaseAdapter])
_SHOWN_NAMES = 8


def installed_plugins() -> Iterable["EntryPoint"]:
    """List the entry points of the installed distributions."""
    from importlib.metadata import entry_points  # noqa: PLC0415  # slow, and needed only where a name is asked for

    return entry_points(group=ENTRY_POINT_GROUP)


class ConnectorRegistry:
    """Connectors by name. Thread-safe: no lock is held while a plugin is imported, which may register too.

    Args:
        discover: Lists the entry points, once, when a name is first asked for.
    """

    def __init__(self, discover: Callable[[], Iterable["EntryPoint"]] = installed_plugins) -> None:
        self._discover = discover
        self._lock = threading.Lock()
        self._registered: dict[str, AdapterClass] = {}
        self._plugins: dict[str, list[EntryPoint]] | None = None
        self._loaded: dict[str, AdapterClass | BaseException] = {}
        self._required: Callable[[str], None] | None = None
        self._allowed: set[str] = set()

    @overload
    def register(self, name: str, adapter: _Class, /) -> _Class: ...
    @overload
    def register(self, name: _Class, /) -> _Class: ...
    @overload
    def register(self, name: str, /) -> Callable[[_Class], _Class]: ...
    def register(self, name: Any, adapter: Any = None, /) -> Any:
        """Register an adapter class: `register("name", Class)`, `@register` or `@register("name")`.

        Returns:
            The class, or for a name alone the decorator.

        Raises:
            ConfigurationError: It is no adapter class, has no name, or the name belongs to another class.
        """
        if adapter is not None:
            return self._register(name, adapter)
        if isinstance(name, str):
            return lambda decorated: self._register(name, decorated)
        return self._register(getattr(name, "name", None), name)

    def get(self, name: str) -> AdapterClass:
        """Return the class registered under a name, or that an entry point of that name leads to.

        Raises:
            ConfigurationError: There is none, its plugin is broken (the reason is the `__cause__`), or two classes
                claim the name; or, after `require`, it is not certified: `details["code"]` is the gate's reason code.
        """
        self._check(name)
        plugin = self._plugin(name)
        registered = self._registered.get(name)
        if registered is not None:
            if isinstance(plugin, type) and plugin is not registered:
                raise _claimed_twice(name, registered, plugin)
            return registered
        if isinstance(plugin, BaseException):
            raise ConfigurationError(
                f"The connector {name!r} is broken ({type(plugin).__name__}): mend or uninstall its distribution",
                connector=name,
            ) from plugin
        if plugin is None:
            raise self._unknown(name)
        return plugin

    def create(self, name: str, profile: "ConnectionProfile | None" = None) -> ConnectorAdapter | AsyncConnectorAdapter:
        """Return a new adapter on a profile.

        Raises:
            ConfigurationError: As `get`.
        """
        return self.get(name)(profile)

    def names(self) -> list[str]:
        """Return all names in order, those of broken plugins included; no plugin is imported."""
        plugins = self._found()
        with self._lock:
            return sorted({*self._registered, *plugins})

    def require(
        self,
        *,
        trust: "Iterable[str | os.PathLike[str] | bytes] | str | os.PathLike[str] | bytes",
        certificates: "str | os.PathLike[str] | None" = None,
        min_level: str = "silver",
    ) -> None:
        """From now on, hand out only connectors whose installed files match a trusted certificate.

        A connector is checked before its module is imported. Needs the extra `certify`.

        Args:
            trust: The public keys that are trusted: paths, or PEM.
            certificates: The directory of certificates; by default that of `AUTOMATE_CERTIFICATES`.
            min_level: The lowest level that is handed out.

        Raises:
            ConfigurationError: A key cannot be trusted, the level is none, or there is no such directory.
        """
        from automate_connectors.certification.installed import Requirement  # noqa: PLC0415  # only strict hosts need it

        check = Requirement(trust, certificates, min_level).check
        with self._lock:
            self._required = check
            self._allowed.clear()

    def _check(self, name: str) -> None:
        required = self._required
        if required is not None and name not in self._allowed and name in self.names():
            required(name)
            self._allowed.add(name)

    def unregister(self, name: str) -> None:
        """Forget what was registered under a name; where nothing was, the entry point of that name.

        Raises:
            ConfigurationError: There is no such name.
        """
        plugins = self._found()
        with self._lock:
            forgotten = self._registered.pop(name, None) or plugins.pop(name, None)
            self._loaded.pop(name, None)
        if forgotten is None:
            raise self._unknown(name)

    def broken(self) -> dict[str, BaseException]:
        """Import every plugin, and return the errors of those that failed, by name."""
        outcomes = {name: self._outcome(name) for name in sorted(self._found())}
        return {name: outcome for name, outcome in outcomes.items() if isinstance(outcome, BaseException)}

    def _outcome(self, name: str) -> AdapterClass | BaseException | None:
        """What a plugin leads to; one that may not be handed out is not imported either."""
        try:
            self._check(name)
        except ConfigurationError as error:
            return error
        return self._plugin(name)

    def _register(self, name: object, adapter: object) -> AdapterClass:
        adapter = _adapter_class(adapter)
        if not isinstance(name, str) or not name:
            raise ConfigurationError(
                f"{adapter.__qualname__} must be registered under a name, not {name!r}: set its class attribute name"
            )
        with self._lock:
            for known in (self._registered.get(name), self._loaded.get(name)):
                if isinstance(known, type) and known is not adapter:
                    raise _claimed_twice(name, known, adapter)
            self._registered[name] = adapter
        return adapter

    def _found(self) -> dict[str, list["EntryPoint"]]:
        with self._lock:
            if self._plugins is None:
                found: dict[str, list[EntryPoint]] = {}
                for entry_point in self._discover():
                    found.setdefault(entry_point.name, []).append(entry_point)
                self._plugins = found
            return self._plugins

    def _plugin(self, name: str) -> AdapterClass | BaseException | None:
        """Return what the entry points of a name lead to: a class, an error, or None where there are none."""
        entry_points = self._found().get(name)
        if entry_points is None:
            return None
        outcome = self._loaded.get(name)
        if outcome is None:
            # Two threads may both get here: importing twice gives the same class.
            outcome = _load(name, entry_points)
            with self._lock:
                outcome = self._loaded.setdefault(name, outcome)
        return outcome

    def _unknown(self, name: str) -> ConfigurationError:
        known = self.names()
        near = difflib.get_close_matches(str(name), known, n=3, cutoff=0.5)
        shown = ", ".join(near or known[:_SHOWN_NAMES]) or "none"
        hint = f"did you mean {shown}?" if near else f"the registered ones are {shown}. Is its distribution installed?"
        return ConfigurationError(f"There is no connector {name!r}; {hint}", details={"known": known})


def _load(name: str, entry_points: list["EntryPoint"]) -> AdapterClass | BaseException:
    classes: list[AdapterClass] = []
    try:
        for entry_point in entry_points:
            loaded = entry_point.load()
            classes.append(_adapter_class(loaded))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  # a plugin that calls sys.exit when imported is broken like any other
        return error
    first, *others = dict.fromkeys(classes)
    return _claimed_twice(name, first, others[0]) if others else first


def _adapter_class(given: object) -> AdapterClass:
    if isinstance(given, type) and issubclass(given, ConnectorAdapter | AsyncConnectorAdapter):
        return given
    raise ConfigurationError(
        f"A connector must be a subclass of ConnectorAdapter or AsyncConnectorAdapter, and {given!r} is not"
    )


def _claimed_twice(name: str, first: type, second: type) -> ConfigurationError:
    classes = " and ".join(f"{one.__module__}:{one.__qualname__}" for one in (first, second))
    return ConfigurationError(
        f"Two different classes claim the connector name {name!r}: {classes}. Rename or unregister one", connector=name
    )


#: The registry of this process.
connector_registry = ConnectorRegistry()
