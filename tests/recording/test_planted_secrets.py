"""Planted secrets: awkward values in many places, under every content-encoding, by five clients; none is written."""

from __future__ import annotations

import base64
import gzip
import html
import json
import urllib.request
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
import brotli  # type: ignore[import-untyped]  # it ships no types
import httpx
import pytest
import requests
import urllib3
import zstandard
from recording.adapters import case, recorded
from recording.detector import exposed
from recording.live import Asked, Says, serving

from automate_connectors import ConnectionProfile
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


ENCODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "identity": ("identity", _plain),
    "gzip": ("gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", _bare_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstandard.ZstdCompressor().compress),
}

Sent = tuple[str, str, dict[str, str], bytes]


def _requests_with(base: str, secret: str) -> list[Sent]:
    """The secret in the path, the query, a header, Basic, JSON, JSON in JSON and a form; answers echo it again."""
    basic = base64.b64encode(f"user:{secret}".encode()).decode()
    header = quote(secret, safe=" /+=&;<>{}")
    nested = json.dumps({"outer": json.dumps({"inner": secret})})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return [
        ("GET", f"{base}/p/{quote(secret, safe='')}?q={quote(secret)}", {"X-Thing": header}, b""),
        ("POST", f"{base}/json", {"Authorization": f"Basic {basic}"}, json.dumps({"field": secret}).encode()),
        ("POST", f"{base}/nested", {}, nested.encode()),
        ("POST", f"{base}/form", form, urlencode({"field": secret}).encode()),
    ]


def _echo(asked: Asked) -> bytes:
    """An answer with all of the request in it: as JSON, as HTML, as it came."""
    said = [asked.target, json.dumps(asked.headers), asked.body.decode("utf-8", "replace")]
    return json.dumps({"said": said, "page": f"<p>{html.escape(asked.body.decode('utf-8', 'replace'))}</p>"}).encode()


def _by_requests(method: str, url: str, headers: dict[str, str], body: bytes) -> None:
    requests.request(method, url, headers=headers, data=body, timeout=9, stream=True).close()


def _by_httpx(method: str, url: str, headers: dict[str, str], body: bytes) -> None:
    httpx.request(method, url, headers=headers, content=body)


def _by_urllib3(method: str, url: str, headers: dict[str, str], body: bytes) -> None:
    urllib3.request(method, url, headers=headers, body=body, preload_content=False).close()


def _by_urllib(method: str, url: str, headers: dict[str, str], body: bytes) -> None:
    request = urllib.request.Request(url, body or None, headers, method=method)  # noqa: S310 - loopback
    urllib.request.urlopen(request, timeout=9).close()  # noqa: S310 - loopback


SYNCHRONOUS = {"requests": _by_requests, "httpx": _by_httpx, "urllib3": _by_urllib3, "urllib": _by_urllib}


def _adapter(client: str) -> type[Any]:
    if client == "aiohttp":
        return Awaiting
    send = SYNCHRONOUS[client]

    class Sending(ConnectorAdapter):
        """Sends every secret of its profile wherever it can."""

        name = "acme"
        version = "1.0.0"

        def connect(self) -> bool:
            """Nothing to check."""
            return True

        def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
            """Send."""
            secret = self.profile.secret(payload["which"])
            for each in _requests_with(str(self.profile.option("base_url")), secret):
                send(*each)
            return {"action": action}

    return Sending


class Awaiting(AsyncConnectorAdapter):
    """As the others, on aiohttp."""

    name = "acme"
    version = "1.0.0"

    async def connect(self) -> bool:
        """Nothing to check."""
        return True

    async def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Send."""
        secret = self.profile.secret(payload["which"])
        async with aiohttp.ClientSession(auto_decompress=False) as session:
            for method, url, headers, body in _requests_with(str(self.profile.option("base_url")), secret):
                async with session.request(method, url, headers=headers, data=body) as answer:
                    await answer.read()
        return {"action": action}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("client", [*SYNCHRONOUS, "aiohttp"])
def test_no_planted_secret_is_written(tmp_path: Path, client: str, encoding: str) -> None:
    """Every secret went out in eight places and came back in the answers; a detector of its own finds none of them."""
    name, pack = ENCODINGS[encoding]

    def answer(asked: Asked) -> Says:
        return Says(pack(_echo(asked)), headers=(("Content-Type", "application/json"), ("Content-Encoding", name)))

    with serving(answer) as service:
        kind = case(
            service.address,
            adapter_class=_adapter(client),
            profile=ConnectionProfile("acme", secrets=SECRETS),
            recording_options={"base_url": service.address},
            examples={"send": [{"which": which} for which in SECRETS]},
        )
        made = recorded(kind, tmp_path)
        assert len(service.asked) == 4 * len(SECRETS)
    assert len(made.written) == len(SECRETS)
    assert exposed(tmp_path, SECRETS.values()) == []


@pytest.mark.parametrize("secret", SECRETS.values(), ids=list(SECRETS))
@pytest.mark.parametrize("place", ["plain", "percent", "base64", "json", "html", "hex", "gzip in base64"])
def test_the_detector_sees_what_is_there(tmp_path: Path, secret: str, place: str) -> None:
    """The detector finds each secret in each encoding, or the test above would prove nothing."""
    written = {
        "plain": secret,
        "percent": quote(secret, safe=""),
        "base64": base64.b64encode(f"user:{secret}".encode()).decode(),
        "json": json.dumps(secret),
        "html": html.escape(secret),
        "hex": secret.encode().hex(),
        "gzip in base64": base64.b64encode(gzip.compress(secret.encode(), mtime=0)).decode(),
    }[place]
    import yaml  # noqa: PLC0415 - only this test writes a file by itself

    (tmp_path / "planted.yaml").write_text(yaml.safe_dump({"value": written}), encoding="utf-8")
    assert len(exposed(tmp_path, [secret])) == 1
