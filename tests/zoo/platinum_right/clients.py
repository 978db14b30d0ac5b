"""Acme, recorded twice: the newer recording is of today, and no answer has another shape than before."""

from __future__ import annotations

from dataclasses import replace

from zoo.acme import Said
from zoo.broken.lean import LeanHttp
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.planting import LEAN, said_with
from zoo.members import Member, acme


class HttpPlatinumAdapter(LeanHttp):
    """On our own base class; the service answered the same before."""

    name = "acme_platinum_http"


class AiohttpPlatinumAdapter(LeanAiohttp):
    """By `aiohttp`; users and messages had other ids and texts before, of the same types."""

    name = "acme_platinum_aiohttp"


def _others(action: str) -> list[Said]:
    return [
        replace(one, answer={name: f"another {value}" for name, value in one.answer.items()}) for one in LEAN[action]
    ]


_GUARANTEES = {"get_user": "read-only", "send_message": "exactly-once"}
_BEFORE = said_with(get_user=_others("get_user"), send_message=_others("send_message"))
MEMBERS = [
    Member(
        HttpPlatinumAdapter,
        level="platinum",
        record=acme(HttpPlatinumAdapter, said=LEAN, before=LEAN),
        guarantees=_GUARANTEES,
    ),
    Member(
        AiohttpPlatinumAdapter,
        level="platinum",
        record=acme(AiohttpPlatinumAdapter, said=LEAN, before=_BEFORE),
        guarantees=_GUARANTEES,
    ),
]
