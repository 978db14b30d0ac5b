"""The registry: names by hand, entry points found lazily, broken plugins, and threads."""

import sys
import threading
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import cast

import pytest

from automate_connectors.adapters.base import AsyncConnectorAdapter, ConnectorAdapter
from automate_connectors.errors import ConfigurationError
from automate_connectors.profiles import ConnectionProfile
from automate_connectors.registry import ConnectorRegistry, connector_registry

MODULE = """
from automate_connectors.adapters.base import ConnectorAdapter

class Adapter(ConnectorAdapter):
    name = "{name}"
    version = "1.0.0"

    def connect(self):
        return True

    {more}
"""


class Shop(ConnectorAdapter):
    """An adapter."""

    name = "shop"
    version = "1.0.0"

    def connect(self) -> bool:
        """Say yes."""
        return True


class Other(Shop):
    """Another adapter."""


class Later(AsyncConnectorAdapter):
    """An adapter of the other kind."""

    name = "later"
    version = "1.0.0"

    async def connect(self) -> bool:
        """Say yes."""
        return True


class Plugins:
    """Modules on the path, and the entry points that name them."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.entry_points: list[EntryPoint] = []
        self.listed = 0
        monkeypatch.syspath_prepend(str(folder))
        self.monkeypatch = monkeypatch

    def add(self, name: str, module: str, text: str | None = None, attribute: str = "Adapter") -> None:
        """Add an entry point, and its module where there is a text."""
        if text is not None:
            (self.folder / f"{module}.py").write_text(text)
        self.monkeypatch.delitem(sys.modules, module, raising=False)
        self.entry_points.append(EntryPoint(name, f"{module}:{attribute}", "automate.connectors"))

    def registry(self) -> ConnectorRegistry:
        """Return a registry that finds these."""

        def discover() -> list[EntryPoint]:
            self.listed += 1
            return self.entry_points

        return ConnectorRegistry(discover)


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plugins:
    """Plugins on the path."""
    return Plugins(tmp_path, monkeypatch)


def empty() -> ConnectorRegistry:
    """Return a registry without plugins."""
    return ConnectorRegistry(discover=list)


def test_register_by_name() -> None:
    """A class is handed out under its registered name, whatever it calls itself."""
    registry = empty()
    assert registry.register("my_shop", Shop) is Shop
    assert registry.get("my_shop") is Shop
    assert registry.names() == ["my_shop"]


def test_register_as_decorator() -> None:
    """The decorator takes the class's name or a given one, and adapters of both kinds."""
    registry = empty()
    assert registry.register(Shop) is Shop
    assert registry.register("other")(Other) is Other
    registry.register(Later)
    assert registry.names() == ["later", "other", "shop"]


def test_create() -> None:
    """Creating makes an adapter on the given profile, or on an empty one."""
    registry = empty()
    registry.register(Shop)
    profile = ConnectionProfile("shop", "work")
    assert registry.create("shop", profile).profile is profile
    assert registry.create("shop").profile == ConnectionProfile("shop")


def test_a_name_belongs_to_one_class() -> None:
    """The same class again is fine, a different one is refused and changes nothing."""
    registry = empty()
    registry.register("shop", Shop)
    registry.register("shop", Shop)
    with pytest.raises(ConfigurationError, match=r"claim the connector name 'shop': .*Shop and .*Other"):
        registry.register("shop", Other)
    assert registry.get("shop") is Shop


NO_ADAPTERS: dict[str, Callable[[ConnectorRegistry], object]] = {
    "another class": lambda registry: registry.register("x", int),  # type: ignore[type-var]  # wrong by intention
    "an instance": lambda registry: registry.register("x", Shop()),  # type: ignore[call-overload]  # as above
    "a decorated function": lambda registry: registry.register(print),  # type: ignore[call-overload]  # as above
    "no name": lambda registry: registry.register(cast("type[Shop]", type("X", (Shop,), {"name": None}))),
    "an empty name": lambda registry: registry.register("", Shop),
}


@pytest.mark.parametrize("case", NO_ADAPTERS)
def test_only_named_adapter_classes(case: str) -> None:
    """What is no adapter class, or has no name, is refused."""
    registry = empty()
    with pytest.raises(ConfigurationError, match=r"subclass of ConnectorAdapter or Async|under a name"):
        NO_ADAPTERS[case](registry)
    assert registry.names() == []


def test_unknown_name() -> None:
    """An unknown name suggests near ones, else lists what there is."""
    registry = empty()
    with pytest.raises(ConfigurationError, match="the registered ones are none"):
        registry.get("slack")
    registry.register("slack", Shop)
    with pytest.raises(ConfigurationError, match=r"did you mean slack\?") as caught:
        registry.get("slak")
    assert caught.value.details == {"known": ["slack"]}
    with pytest.raises(ConfigurationError, match="the registered ones are slack"):
        registry.create("zzz")


def test_unregister() -> None:
    """An unregistered name is free again; unregistering an unknown one is an error."""
    registry = empty()
    registry.register("shop", Shop)
    registry.unregister("shop")
    assert registry.names() == []
    with pytest.raises(ConfigurationError, match="no connector 'shop'"):
        registry.unregister("shop")
    registry.register("shop", Other)
    assert registry.get("shop") is Other


def test_plugins_are_found_lazily(plugins: Plugins) -> None:
    """Entry points are listed once, when first asked for, and imported when needed."""
    plugins.add("lazy", "core_lazy", MODULE.format(name="other_name", more=""))
    registry = plugins.registry()
    assert plugins.listed == 0
    assert registry.names() == ["lazy"]
    assert "core_lazy" not in sys.modules
    adapter = registry.get("lazy")
    assert adapter.__module__ == "core_lazy"
    assert adapter.name == "other_name"
    assert registry.get("lazy") is adapter
    assert plugins.listed == 1


BROKEN = {
    "syntax": ("def", SyntaxError),
    "import": ("import core_nowhere_at_all", ModuleNotFoundError),
    "exit": ("import sys\nsys.exit(3)", SystemExit),
    "attribute": ("x = 1", AttributeError),
    "no adapter": ("Adapter = 3", ConfigurationError),
    "mistaken": (MODULE.format(name="x", more="secrets = 'token'"), TypeError),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_plugins_break_no_other(plugins: Plugins, case: str) -> None:
    """A plugin that fails is told by broken and by get, and the others work."""
    text, kind = BROKEN[case]
    plugins.add("bad", "core_bad", text)
    plugins.add("good", "core_good", MODULE.format(name="good", more=""))
    registry = plugins.registry()
    assert {name: type(error) for name, error in registry.broken().items()} == {"bad": kind}
    assert registry.get("good").name == "good"
    with pytest.raises(ConfigurationError, match=f"'bad' is broken \\({kind.__name__}\\)") as caught:
        registry.get("bad")
    assert caught.value.__cause__ is registry.broken()["bad"]
    assert registry.names() == ["bad", "good"]


def test_interrupt_is_no_broken_plugin(plugins: Plugins) -> None:
    """Ctrl-C while a plugin is imported stops the user's program, and the plugin stays usable."""
    plugins.add("slow", "core_slow", "raise KeyboardInterrupt")
    registry = plugins.registry()
    with pytest.raises(KeyboardInterrupt):
        registry.get("slow")
    (plugins.folder / "core_slow.py").write_text(MODULE.format(name="slow", more="") + "# now it works, and is longer")
    assert registry.get("slow").name == "slow"


def test_one_class_by_two_entry_points(plugins: Plugins) -> None:
    """Two entry points of one name are fine where they lead to one class, and broken where not."""
    plugins.add("twin", "core_twin", MODULE.format(name="twin", more=""))
    plugins.add("twin", "core_twin_alias", "from core_twin import Adapter")
    plugins.add("rival", "core_twin")
    plugins.add("rival", "core_rival", MODULE.format(name="rival", more=""))
    registry = plugins.registry()
    assert registry.get("twin").name == "twin"
    assert list(registry.broken()) == ["rival"]
    with pytest.raises(ConfigurationError) as caught:
        registry.get("rival")
    assert "core_twin:Adapter and core_rival:Adapter" in str(caught.value.__cause__)


def test_registration_of_what_an_entry_point_names(plugins: Plugins) -> None:
    """A plugin may register itself when imported; a different class is refused where that is noticed."""
    text = (
        MODULE.format(name="self", more="")
        + "from automate_connectors import registry\nregistry.seen.register(Adapter)"
    )
    plugins.monkeypatch.setattr("automate_connectors.registry.seen", registry := plugins.registry(), raising=False)
    plugins.add("self", "core_self", text)
    plugins.add("early", "core_early", MODULE.format(name="early", more=""))
    plugins.add("late", "core_late", MODULE.format(name="late", more=""))
    plugins.add("lost", "core_lost", "def")
    assert registry.get("self").__module__ == "core_self"
    registry.get("early")
    with pytest.raises(ConfigurationError, match="Two different classes"):
        registry.register("early", Shop)
    registry.register("late", Shop)
    with pytest.raises(ConfigurationError, match="Two different classes"):
        registry.get("late")
    registry.register("lost", Shop)
    assert registry.get("lost") is Shop


def test_unregister_frees_the_name_of_a_plugin(plugins: Plugins) -> None:
    """Unregistering takes back a registration, and where there is none hides the entry point."""
    plugins.add("shop", "core_shop", MODULE.format(name="shop", more=""))
    registry = plugins.registry()
    installed = registry.get("shop")
    registry.register("shop", cast("type[Shop]", installed))
    registry.unregister("shop")
    assert registry.get("shop") is installed
    registry.unregister("shop")
    registry.register("shop", Shop)
    assert registry.get("shop") is Shop


def test_threads_get_one_class(plugins: Plugins) -> None:
    """Threads that ask at once all get the same class, also when the module registers while it is imported."""
    plugins.monkeypatch.setattr("automate_connectors.registry.seen", registry := plugins.registry(), raising=False)
    text = (
        MODULE.format(name="shared", more="")
        + "from automate_connectors import registry\nregistry.seen.register(Adapter)"
    )
    plugins.add("shared", "core_shared", text)
    barrier = threading.Barrier(8)
    found: list[type] = []

    def ask() -> None:
        barrier.wait(timeout=10)
        found.append(registry.get("shared"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert len(found) == 8
    assert len(set(found)) == 1


def test_own_entry_points_are_found() -> None:
    """The registry of the process finds the built-in connectors."""
    assert {"logging", "slack"} <= set(connector_registry.names())
