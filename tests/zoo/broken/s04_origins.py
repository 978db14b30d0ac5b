"""S04: the token goes where it was never shown to go."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from automate_connectors import ConnectionProfile, Idempotency, action
from zoo import payloads as p
from zoo.acme import EXAMPLES, Said
from zoo.broken.lean import LeanAcme, LeanHttpx, LeanRequests, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.lean_rules import Answer
from zoo.broken.planting import LEAN, planted
from zoo.members import Member, acme

PICTURES = "https://pictures.acme.test"


class _ByKey:
    """Signs in by a header of its own, which no client takes off when it follows a redirect."""

    profile: ConnectionProfile

    def headers(self) -> dict[str, str]:
        """What every request carries."""
        return {"X-Api-Key": self.profile.secret("token")}


class RequestsFollows(_ByKey, LeanRequests):
    """Lets `requests` follow: it takes off Authorization, and nothing else."""

    name = "acme_requests_follows"

    def sending(self, method: str) -> dict[str, Any]:
        """How requests are sent."""
        return super().sending(method) | {"allow_redirects": True}


class HttpxFollows(_ByKey, LeanHttpx):
    """Lets `httpx` follow."""

    name = "acme_httpx_follows"

    def client(self) -> httpx.Client:
        """A client that follows."""
        return httpx.Client(timeout=self.timeout, follow_redirects=True)


class AiohttpFollows(_ByKey, LeanAiohttp):
    """Lets `aiohttp` follow, as it does by default."""

    name = "acme_aiohttp_follows"

    def sending(self) -> dict[str, Any]:
        """How requests are sent."""
        return {}


class UrllibFollows(LeanUrllib):
    """Lets `urllib` follow, which takes off not even Authorization."""

    name = "acme_urllib_follows"

    def handlers(self) -> list[urllib.request.BaseHandler]:
        """Of the opener."""
        return [urllib.request.HTTPSHandler(context=self.context())]


class FollowsByHand(LeanRequests):
    """Follows by hand, with the headers at hand."""

    name = "acme_follows_by_hand"

    def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send one request, and one more where it leads elsewhere."""
        answer = super().transmit(method, url, body, headers)
        if answer.status in (301, 302, 307, 308):
            return super().transmit(method, answer.headers["location"], body, headers)
        return answer


class TokenToPictures(LeanHttpx):
    """Sends the token along to the host of pictures, which never asked for it."""

    name = "acme_token_to_pictures"

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_picture(self, payload: p.GetUser) -> p.User:
        """Look at a picture."""
        return p.User.model_validate(picture(self, payload.user_id, self.headers()))


class CookieToPictures(LeanUrllib):
    """Sends the token to the host of pictures as a cookie."""

    name = "acme_cookie_to_pictures"

    @action(idempotency=Idempotency.read_only(), examples=[EXAMPLES["get_user"]])
    def get_picture(self, payload: p.GetUser) -> p.User:
        """Look at a picture."""
        cookie = {"Cookie": f"session={self.profile.secret('token')}"}
        return p.User.model_validate(picture(self, payload.user_id, cookie))


def picture(adapter: LeanAcme, user_id: str, headers: dict[str, str]) -> dict[str, Any]:
    """Ask the host of pictures, with everything that can go wrong."""
    try:
        answer = adapter.transmit("GET", f"{PICTURES}/{user_id}.json", None, headers)
    except adapter.failures as error:
        raise adapter.failure(error, "GET") from error
    adapter.check(answer, "GET")
    return adapter.decoded(answer, "GET")


def _by_key(answers: list[Said]) -> list[Said]:
    return [replace(said, headers={**said.headers, "X-Api-Key": "{{token}}"}) for said in answers]


def _pictured(adapter_class: type[Any]) -> Callable[[Path], None]:
    """Acme's cassettes, and one of the host of pictures, which saw no token."""

    def record(folder: Path) -> None:
        known = [Said("GET", f"{PICTURES}/u_7.json", answer={"id": "p_7", "name": "portrait"})]
        example = {"get_picture": EXAMPLES["get_user"]}
        acme(adapter_class, said=LEAN)(folder)
        acme(adapter_class, said={"get_picture": known}, examples=example, authorization="none", scrubbed=())(folder)

    return record


_KEYED = {name: _by_key(answers) for name, answers in LEAN.items()}

MEMBERS = [
    *planted("S04", RequestsFollows, HttpxFollows, AiohttpFollows, said=_KEYED, authorization="none"),
    *planted("S04", UrllibFollows, FollowsByHand),
    *(Member(one, breaks="S04", record=_pictured(one)) for one in (TokenToPictures, CookieToPictures)),
]
