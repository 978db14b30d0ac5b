"""Secrets of awkward shapes, the places in which they stand, and clients that send them there."""

from __future__ import annotations

import base64
import gzip
import html
import json
import ssl
import urllib.request
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
import brotli  # type: ignore[import-untyped]  # it ships no types
import httpx
import requests
import urllib3
import zstandard
from recording.live import JSON, Asked, Headers, Says

from automate_connectors.adapters.base import AsyncConnectorAdapter, ConnectorAdapter

_KEY = """-----BEGIN PRIVATE KEY-----
MIIBVQIBADANBgkqhkiG9w0BAQEFAASCAT8w
ggE7AgEAAkEA7bq7cUZt
-----END PRIVATE KEY-----"""
SECRETS = {
    "slashes": "a/b//c+d==/e",
    "quotes": 'sa"id \\"twice\\" \'so\'',
    "umlauts": "schlüssel-größe-ß",
    "percent": "100%25 of %2F and %",
    "ampersands": "a&b=c&amp;<d>;",
    "nested": '{"k": "v\\"w", "n": [1]}',
    "key": _KEY,
    "short": "s3cr3t",
    "longer": "prefix-s3cr3t-suffix",
}


def _plain(body: bytes) -> bytes:
    return body


def _bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


#: The content-encodings of answers: what the header says, and what packs a body.
ENCODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "identity": ("identity", _plain),
    "gzip": ("gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", _bare_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstandard.ZstdCompressor().compress),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a request has beside its path; with a body it is a POST."""

    tail: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer has."""

    body: bytes = b"{}"
    headers: Headers = JSON


def _basic(secret: str) -> str:
    return f"Basic {base64.b64encode(f'user:{secret}'.encode()).decode()}"


def _line(secret: str) -> str:
    """A secret as it may stand in a header."""
    return quote(secret, safe=" /+=&;<>{}")


def _nested(secret: str) -> bytes:
    return json.dumps({"outer": json.dumps({"inner": secret})}).encode()


def _multipart(secret: str) -> bytes:
    return f'--edge\r\nContent-Disposition: form-data; name="field"\r\n\r\n{secret}\r\n--edge--\r\n'.encode()


_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_PARTS = {"Content-Type": "multipart/form-data; boundary=edge"}
_PAGE: Headers = (("Content-Type", "text/html; charset=utf-8"),)
#: In requests.
ASKING: dict[str, Callable[[str], Sent]] = {
    "path": lambda secret: Sent(f"/{quote(secret, safe='')}/end"),
    "query": lambda secret: Sent(f"?q={quote(secret)}"),
    "header": lambda secret: Sent(headers={"X-Thing": _line(secret)}),
    "basic": lambda secret: Sent(headers={"Authorization": _basic(secret)}),
    "cookie": lambda secret: Sent(headers={"Cookie": f"kind=a; shown={quote(secret, safe='')}"}),
    "form": lambda secret: Sent(headers=_FORM, body=urlencode({"field": secret}).encode()),
    "multipart": lambda secret: Sent(headers=_PARTS, body=_multipart(secret)),
    "json": lambda secret: Sent(body=json.dumps({"field": secret}).encode()),
    "json_in_json": lambda secret: Sent(body=_nested(secret)),
}
#: In answers.
ANSWERING: dict[str, Callable[[str], Answered]] = {
    "set_cookie": lambda secret: Answered(headers=(*JSON, ("Set-Cookie", f"shown={quote(secret, safe='')}; Path=/"))),
    "location": lambda secret: Answered(headers=(*JSON, ("Location", f"/there?{urlencode({'q': secret})}"))),
    "answer_header": lambda secret: Answered(headers=(*JSON, ("X-Thing", _line(secret)))),
    "answer_json": lambda secret: Answered(json.dumps({"said": [secret]}).encode()),
    "answer_json_in_json": lambda secret: Answered(_nested(secret)),
    "answer_base64": lambda secret: Answered(json.dumps({"said": _basic(secret)}).encode()),
    "answer_page": lambda secret: Answered(f"<p title='x'>{html.escape(secret)}</p>".encode(), _PAGE),
}
PLACES = (*ASKING, *ANSWERING)


def answering(encoding: str) -> Callable[[Asked], Says]:
    """A service that puts the secret of a request's number where its path says, and nowhere else."""
    name, pack = ENCODINGS[encoding]
    values = list(SECRETS.values())

    def answer(asked: Asked) -> Says:
        place, number = asked.target.split("?")[0].split("/")[1:3]
        made = ANSWERING[place](values[int(number)]) if place in ANSWERING else Answered()
        return Says(pack(made.body), headers=(*made.headers, ("Content-Encoding", name)))

    return answer


def _request(profile: Any, action: str, number: int) -> tuple[str, str, dict[str, str], bytes]:
    """What goes out for a place and the number of a secret."""
    secret = profile.secret(list(SECRETS)[number])
    sent = ASKING[action](secret) if action in ASKING else Sent()
    address = f"{profile.option('base_url')}/{action}/{number}{sent.tail}"
    return "POST" if sent.body else "GET", address, dict(sent.headers), sent.body


#: Made once: it takes longer than a request.
_CONTEXT = ssl.create_default_context()


def _by_requests(method: str, url: str, headers: dict[str, str], body: bytes) -> None:
    requests.request(method, url, headers=headers, data=body, timeout=9, stream=True).close()


def _by_httpx(method: str, url: str, headers: dict[str, str], body: bytes) -> None:
    httpx.request(method, url, headers=headers, content=body, verify=_CONTEXT)


def _by_urllib3(method: str, url: str, headers: dict[str, str], body: bytes) -> None:
    urllib3.request(method, url, headers=headers, body=body, preload_content=False).close()


def _by_urllib(method: str, url: str, headers: dict[str, str], body: bytes) -> None:
    request = urllib.request.Request(url, body or None, headers, method=method)  # noqa: S310 - loopback
    urllib.request.urlopen(request, timeout=9).close()  # noqa: S310 - loopback


_SYNCHRONOUS = {"requests": _by_requests, "httpx": _by_httpx, "urllib3": _by_urllib3, "urllib": _by_urllib}
CLIENTS = (*_SYNCHRONOUS, "aiohttp")


def adapter_of(client: str) -> type[Any]:
    """An adapter whose actions are the places: it sends what stands there by a client."""
    if client == "aiohttp":
        return _Awaiting
    send = _SYNCHRONOUS[client]

    class Sending(ConnectorAdapter):
        """Sends one secret of its profile to one place."""

        name = "acme"
        version = "1.0.0"

        def connect(self) -> bool:
            """Nothing to check."""
            return True

        def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
            """Send."""
            send(*_request(self.profile, action, payload["number"]))
            return {}

    return Sending


class _Awaiting(AsyncConnectorAdapter):
    """As the others, on aiohttp."""

    name = "acme"
    version = "1.0.0"

    async def connect(self) -> bool:
        """Nothing to check."""
        return True

    async def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Send."""
        method, url, headers, body = _request(self.profile, action, payload["number"])
        async with (
            aiohttp.ClientSession(auto_decompress=False) as session,
            session.request(method, url, headers=headers, data=body or None) as answer,
        ):
            await answer.read()
        return {}
