"""The front door: what is exported, and what importing it costs."""

import subprocess
import sys

import pytest

import automate_connectors

PUBLIC = """
ActionSpec, AuthenticationError, ConfigurationError, ConflictError, ConnectionProfile, ConnectorAdapter,
ConnectorError, ConnectorErrorCode, ConnectorRunner, Effect, Idempotency, InvalidPayloadError, NetworkError,
NotFoundError, PermissionDeniedError, RateLimitedError, RetryPolicy, ServiceTimeoutError,
ServiceUnavailableError, UnexpectedResponseError, UnknownActionError, action, connector_registry
"""
TEST_TOOLS = ("pytest", "hypothesis", "vcr", "httpx", "jinja2")


def loaded_after(statement: str, *modules: str) -> list[str]:
    """Return which of these modules a fresh interpreter has loaded after a statement."""
    program = f"import sys\n{statement}\nprint(*(name for name in {modules!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603  # the program is above
    return done.stdout.split()


def test_all_is_the_contracts_list() -> None:
    """__all__ is the list of the contract, sorted."""
    assert automate_connectors.__all__ == sorted(PUBLIC.replace("\n", " ").replace(",", " ").split())


@pytest.mark.parametrize("name", automate_connectors.__all__)
def test_every_name_is_there(name: str) -> None:
    """Every exported name leads to the thing of that name."""
    thing = getattr(automate_connectors, name)
    assert getattr(thing, "__name__", name) == name
    assert name in dir(automate_connectors)


def test_other_names_are_not() -> None:
    """A name that is not exported is an AttributeError, and the version is a string."""
    with pytest.raises(AttributeError, match="nothing"):
        automate_connectors.nothing  # noqa: B018  # mypy knows __getattr__
    assert automate_connectors.__version__ == "1.0.0"


@pytest.mark.parametrize("statement", ["import automate_connectors", "from automate_connectors import *"])
def test_importing_loads_no_test_tool(statement: str) -> None:
    """Neither the package nor all its names load pytest, hypothesis, vcrpy, httpx or jinja2."""
    assert loaded_after(statement, *TEST_TOOLS) == []


def test_the_package_alone_is_light() -> None:
    """Before a name is used not even the core's own dependencies are loaded."""
    assert (
        loaded_after("import automate_connectors", "pydantic", "tenacity", "jsonschema_rs", "importlib.metadata") == []
    )


def test_writing_an_adapter_loads_what_it_needs() -> None:
    """An adapter loads pydantic; retries, JSON Schema and the list of plugins wait until they are used."""
    statement = "from automate_connectors import ConnectorAdapter, action, Idempotency, RateLimitedError"
    assert loaded_after(statement, "pydantic", "tenacity", "jsonschema_rs") == ["pydantic"]
