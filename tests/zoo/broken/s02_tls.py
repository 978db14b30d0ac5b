"""S02: certificates that nobody looks at.

An action that takes any certificate breaks E03 too, by its words: an untrusted certificate is a network fault there.
So the whole check is left out in connect() alone, and elsewhere only the host's name is not compared.
"""

from __future__ import annotations

import ssl
from typing import Any

import httpx
import requests

from zoo.acme import BASE
from zoo.broken.lean import LeanHttpx, LeanRequests, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.planting import planted


class VerifyFalseInConnect(LeanRequests):
    """`verify=False` in its health check."""

    name = "acme_verify_false"

    def connect(self) -> bool:
        """Ask who we are."""
        try:
            response = requests.get(f"{BASE}/me", headers=self.headers(), timeout=5, verify=False)  # noqa: S501 - the planted defect
        except requests.RequestException as error:
            raise self.failure(error, "GET") from error
        return response.status_code == 200


class UnverifiedContextInConnect(LeanHttpx):
    """Takes any certificate in its health check."""

    name = "acme_unverified_context"

    def connect(self) -> bool:
        """Ask who we are."""
        try:
            response = httpx.get(f"{BASE}/me", headers=self.headers(), timeout=5, verify=False)  # noqa: S501 - the planted defect
        except httpx.TransportError as error:
            raise self.failure(error, "GET") from error
        return response.status_code == 200


class AnyHostInUrllib(LeanUrllib):
    """Switches the comparison of the host's name off, since the proxy of the company has another."""

    name = "acme_any_host"

    def context(self) -> ssl.SSLContext:
        """Whom to trust."""
        context = super().context()
        context.check_hostname = False
        return context


class AnyHostInAiohttp(LeanAiohttp):
    """The same by `aiohttp`."""

    name = "acme_any_host_in_aiohttp"

    def sending(self) -> dict[str, Any]:
        """How requests are sent."""
        context = ssl.create_default_context()
        context.check_hostname = False
        return super().sending() | {"ssl": context}


MEMBERS = planted("S02", VerifyFalseInConnect, UnverifiedContextInConnect, AnyHostInUrllib, AnyHostInAiohttp)
