"""Lean synchronous adapters of Acme, right in everything: by `requests`, `httpx` and `urllib.request`."""

from __future__ import annotations

import http.client
import json
import ssl
import urllib.error
import urllib.request
from typing import Any, ClassVar

import httpx
import requests

from automate_connectors import ConnectorAdapter, Idempotency, action
from automate_connectors.adapters.http import HttpConnectorAdapter
from zoo import payloads as p
from zoo.acme import BASE, EXAMPLES
from zoo.broken.lean_rules import Answer, LeanRules


class LeanAcme(LeanRules, ConnectorAdapter):
    """Acme in two actions; a subclass says how to send."""

    failures: ClassVar[tuple[type[Exception], ...]] = ()

    def connect(self) -> bool:
        """Ask who we are."""
        return bool(self.call("GET", "/me").get("id"))

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return p.User.model_validate(self.call("GET", f"/users/{payload.user_id}"))

    @action(idempotency=Idempotency.keyed(header="Idempotency-Key"), examples=[EXAMPLES["send_message"]])
    def send_message(self, payload: p.SendMessage) -> p.Message:
        """Send a message."""
        headers = {"Idempotency-Key": payload.idempotency_key} if payload.idempotency_key else {}
        body = {"channel": payload.channel, "text": payload.text}
        return p.Message.model_validate(self.call("POST", "/messages", body, headers))

    def call(
        self, method: str, path: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """One request and the JSON object that answers it."""
        answer = self.answer(method, path, body, self.headers() | (headers or {}))
        self.check(answer, method)
        return self.decoded(answer, method)

    def answer(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send, and turn a failure of the client into an error."""
        try:
            return self.transmit(method, BASE + path, body, headers)
        except self.failures as error:
            raise self.failure(error, method) from error

    def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send one request."""
        raise NotImplementedError


class LeanRequests(LeanAcme):
    """By `requests`."""

    failures: ClassVar[tuple[type[Exception], ...]] = (requests.exceptions.RequestException,)

    def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send one request on a session of its own."""
        with self.session() as session:
            response = session.request(method, url, json=body, headers=headers, **self.sending(method))
        return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, response.content)

    def session(self) -> requests.Session:
        """A session."""
        return requests.Session()

    def sending(self, method: str) -> dict[str, Any]:
        """How requests are sent."""
        del method
        return {"timeout": self.timeout, "allow_redirects": False}

    def timed_out(self, error: Exception) -> bool:
        """Whether it is a timeout."""
        return isinstance(error, requests.exceptions.Timeout)


class LeanHttpx(LeanAcme):
    """By `httpx`."""

    failures: ClassVar[tuple[type[Exception], ...]] = (httpx.TransportError,)

    def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send one request by a client of its own."""
        with self.client() as client:
            response = client.request(method, url, json=body, headers=headers)
        return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, response.content)

    def client(self) -> httpx.Client:
        """A client."""
        return httpx.Client(timeout=self.timeout)

    def timed_out(self, error: Exception) -> bool:
        """Whether it is a timeout."""
        return isinstance(error, httpx.TimeoutException)


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Follows nothing."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Leave the redirect to the caller."""


class LeanUrllib(LeanAcme):
    """By `urllib.request`."""

    failures: ClassVar[tuple[type[Exception], ...]] = (OSError, http.client.HTTPException)

    def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send one request by an opener of its own."""
        data = json.dumps(body).encode() if body is not None else None
        known = headers | ({"Content-Type": "application/json"} if data else {})
        request = urllib.request.Request(url, data, known, method=method)  # noqa: S310 - https alone
        opener = urllib.request.build_opener(*self.handlers())
        try:
            # None would be the default of the process; urllib knows no other word for "for ever".
            with opener.open(request, timeout=self.timeout) as response:
                return Answer(response.status, {k.lower(): v for k, v in response.headers.items()}, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())

    def handlers(self) -> list[urllib.request.BaseHandler]:
        """Of the opener."""
        return [urllib.request.HTTPSHandler(context=self.context()), _StayHere()]

    def context(self) -> ssl.SSLContext:
        """Whom to trust."""
        return ssl.create_default_context()

    def timed_out(self, error: Exception) -> bool:
        """Whether it is a timeout, wrapped or not."""
        return isinstance(getattr(error, "reason", error), TimeoutError)


class LeanHttp(HttpConnectorAdapter):
    """By our own base class."""

    version = "1.0.0"
    base_url = BASE
    secrets: ClassVar[tuple[str, ...]] = ("token",)

    def auth_headers(self) -> dict[str, str]:
        """The token."""
        return {"Authorization": f"Bearer {self.profile.secret('token')}"}

    def connect(self) -> bool:
        """Ask who we are."""
        return bool(self.json(self.request("GET", "/me")).get("id"))

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_user(self, payload: p.GetUser) -> p.User:
        """Look a user up."""
        return self.json(self.request("GET", f"/users/{payload.user_id}"), p.User)

    @action(idempotency=Idempotency.keyed(header="Idempotency-Key"), examples=[EXAMPLES["send_message"]])
    def send_message(self, payload: p.SendMessage) -> p.Message:
        """Send a message."""
        headers = {"Idempotency-Key": payload.idempotency_key} if payload.idempotency_key else {}
        body = {"channel": payload.channel, "text": payload.text}
        return self.json(self.request("POST", "/messages", json=body, headers=headers), p.Message)
