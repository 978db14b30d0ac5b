"""R01, R02 and R03: recordings that are missing, are passed by, or lie unused."""

from __future__ import annotations

import contextlib
import uuid
from dataclasses import replace
from typing import Any

import httpx

from automate_connectors import Idempotency, ServiceUnavailableError, UnexpectedResponseError, action
from zoo import payloads as p
from zoo.acme import EXAMPLES, SAID, Said
from zoo.broken.lean import LeanHttp, LeanHttpx, LeanRequests, LeanUrllib
from zoo.broken.planting import LEAN, planted, said_with


class UnrecordedRequestInConnect(LeanUrllib):
    """Looks at a page that no cassette holds, and goes on where it fails."""

    name = "acme_unrecorded_in_connect"

    def connect(self) -> bool:
        """Ask who we are, and how the service feels."""
        known = super().connect()
        with contextlib.suppress(UnexpectedResponseError, ServiceUnavailableError):
            self.call("GET", "/status")
        return known


class Telemetry(LeanHttpx):
    """Counts its calls at a host that no cassette knows."""

    name = "acme_telemetry"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        result = super().execute(action, payload)
        with contextlib.suppress(httpx.HTTPError):
            httpx.post("https://telemetry.acme.test/count", json={"action": action}, timeout=2)
        return result


class NonceInQuery(LeanRequests):
    """Adds a nonce to each request, and does not declare it volatile."""

    name = "acme_nonce_in_query"

    def call(
        self, method: str, path: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """One request and the JSON object that answers it."""
        return super().call(method, f"{path}?nonce={uuid.uuid4()}", body, headers)


class ActionWithoutCassette(LeanHttp):
    """An action whose only request another action's cassette answers."""

    name = "acme_action_without_cassette"

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def find_user(self, payload: p.GetUser) -> p.User:
        """Find a user."""
        return self.get_user(payload)


class ConnectWithoutCassette(LeanUrllib):
    """A health check that an action's cassette answers."""

    name = "acme_connect_without_cassette"

    def connect(self) -> bool:
        """Look somebody up."""
        return bool(self.call("GET", "/users/u_7").get("id"))


class FormerPage(LeanHttp):
    """Its cassette still holds a request that it no longer sends."""

    name = "acme_former_page"


class FormerSignIn(LeanUrllib):
    """Its connect.yaml holds a sign-in that it no longer does."""

    name = "acme_former_sign_in"


class AskedTwiceWhenRecorded(LeanUrllib):
    """Was recorded when it still asked everything twice."""

    name = "acme_asked_twice"


MEMBERS = [
    *planted("R01", UnrecordedRequestInConnect, Telemetry, NonceInQuery),
    *planted("R02", ActionWithoutCassette),
    *planted(
        "R02", ConnectWithoutCassette, said={name: LEAN[name] for name in LEAN if name != "connect"}, actions=None
    ),
    *planted("R03", FormerPage, said=said_with(get_user=[*SAID["get_user"], Said("GET", "/v1/users/u_7/photo", 404)])),
    *planted("R03", FormerSignIn, said=said_with(connect=[Said("POST", "/v1/sessions", 204), *SAID["connect"]])),
    *planted("R03", AskedTwiceWhenRecorded, said=said_with(get_user=[replace(SAID["get_user"][0])] * 2)),
]
