"""An adapter whose actions do what the test says, and answers from memory."""

from collections.abc import Callable
from typing import Any, ClassVar

import httpx
import respx

from automate_connectors.actions import Idempotency, action
from automate_connectors.adapters.http import HttpConnectorAdapter
from automate_connectors.errors import ConnectorError
from automate_connectors.profiles import ConnectionProfile

BASE = "https://api.example.com/v1"
TOKEN = "tok-4f9d0c2b7a61e835"

Script = Callable[["Probe"], Any]


class Probe(HttpConnectorAdapter):
    """Runs `script` as an action of each kind."""

    name = "probe"
    version = "1.0.0"
    base_url: ClassVar[str] = BASE

    def __init__(self, profile: ConnectionProfile | None = None, script: Script | None = None) -> None:
        super().__init__(profile or ConnectionProfile("probe", secrets={"token": TOKEN}))
        self.script: Script = script or (lambda probe: probe.request("POST", "/things", json={"a": 1}))

    def auth_headers(self) -> dict[str, str]:
        """Return the credentials."""
        return {"Authorization": f"Bearer {self.profile.secret('token')}"}

    def connect(self) -> bool:
        """Ask for something harmless."""
        self.request("GET", "/me")
        return True

    @action
    def plain(self, payload: dict[str, Any]) -> dict[str, Any]:
        """An action that declares nothing."""
        return {"result": self._run(payload)}

    @action(idempotency=Idempotency.read_only())
    def read(self, payload: dict[str, Any]) -> dict[str, Any]:
        """An action without effect."""
        return {"result": self._run(payload)}

    @action(idempotency=Idempotency.natural())
    def put(self, payload: dict[str, Any]) -> dict[str, Any]:
        """An action that may be repeated."""
        return {"result": self._run(payload)}

    @action(idempotency=Idempotency.unsafe())
    def post(self, payload: dict[str, Any]) -> dict[str, Any]:
        """An action that may not."""
        return {"result": self._run(payload)}

    @action(reads_response=False)
    def fire(self, payload: dict[str, Any]) -> dict[str, Any]:
        """An action that needs no body."""
        return {"result": self._run(payload)}

    @action(expected_statuses=(404, 503))
    def look(self, payload: dict[str, Any]) -> dict[str, Any]:
        """An action that turns statuses into results."""
        return {"result": self._run(payload)}

    def _run(self, _payload: dict[str, Any]) -> Any:
        result = self.script(self)
        return result.status_code if isinstance(result, httpx.Response) else result


def failing(probe: HttpConnectorAdapter, name: str) -> ConnectorError:
    """Run an action that must fail and return its error."""
    try:
        result = probe.execute(name, {})
    except ConnectorError as error:
        return error
    raise AssertionError(f"{name} returned {result!r}")


def answering(*answers: httpx.Response | Exception) -> respx.MockRouter:
    """Return a router that gives these answers to all requests, in order."""
    left = list(answers)

    def answer(_request: httpx.Request) -> httpx.Response:
        # Raised here and not by respx, which would cut the chain of causes.
        given = left.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    router = respx.mock(assert_all_called=False)
    router.route().mock(side_effect=answer)
    return router
