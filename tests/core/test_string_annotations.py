"""Actions whose annotations are strings, as `from __future__ import annotations` makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel

from automate_connectors.actions import action
from automate_connectors.adapters.base import ConnectorAdapter
from automate_connectors.errors import InvalidPayloadError

if TYPE_CHECKING:
    from typing import Any

    from somewhere import Unseen  # type: ignore[import-not-found]  # it exists for nobody


class Message(BaseModel):
    """A payload at module level."""

    text: str


class Healthy(ConnectorAdapter):
    """An adapter without actions."""

    name = "healthy"
    version = "1.0.0"

    def connect(self) -> bool:
        """Say yes."""
        return True


class Chat(Healthy):
    """An adapter with names from everywhere but a function."""

    class Nested(BaseModel):
        """A payload inside the class."""

        n: int

    @action
    def send(self, payload: Message) -> Unseen:
        """Send it."""
        return {"text": payload.text}

    @action
    def count(self, payload: Nested) -> Later:
        """Count it."""
        return self.Later(n=payload.n + 1)

    @action
    def echo(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Echo it."""
        return payload

    class Later(BaseModel):
        """A result that the class defines after its use."""

        n: int


def test_names_of_module_and_class() -> None:
    """Models of the module and of the class are found, also those that the class defines later."""
    assert Chat.actions["send"].input is Message
    assert Chat.actions["count"].input is Chat.Nested
    assert Chat.actions["count"].output is Chat.Later
    assert Chat().execute("count", {"n": 1}) == {"n": 2}


def test_names_for_type_checkers_only() -> None:
    """What only type checkers can see promises nothing, and does not keep a dict from being a dict."""
    assert Chat.actions["send"].output is None
    assert Chat.actions["echo"].input == {"type": "object"}
    assert Chat().execute("echo", {"x": 1}) == {"x": 1}


def test_names_of_the_function_around() -> None:
    """Models that are local to a function are found, through nested classes too."""

    class Local(BaseModel):
        n: int

    class Outer:
        class Adapter(Healthy):
            @action
            def count(self, payload: Local) -> Local:
                """Count it."""
                return Local(n=payload.n + 1)

    adapter = Outer.Adapter()
    assert adapter.actions["count"].input is Local
    assert adapter.execute("count", {"n": 1}) == {"n": 2}
    with pytest.raises(InvalidPayloadError):
        adapter.execute("count", {"n": "many"})


def test_payload_for_type_checkers_only() -> None:
    """A payload model that does not exist at run time is a mistake."""
    with pytest.raises(TypeError, match="'Unseen' of payload names nothing"):

        class Broken(Healthy):
            @action
            def send(self, payload: Unseen) -> dict[str, Any]:
                """Send it."""
                return {"sent": payload}
