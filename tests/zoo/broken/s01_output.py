"""S01: the token shows in what the adapter logs, prints, returns, and calls itself; often in another encoding."""

from __future__ import annotations

import base64
import logging
import sys
import urllib.request
import warnings
from typing import Any
from urllib.parse import quote

from zoo.broken.lean import LeanHttp, LeanHttpx, LeanRequests, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.lean_rules import Answer
from zoo.broken.planting import planted

_LOGGER = logging.getLogger(__name__)
#: Percent-encoding changes it.
ODD_TOKEN = {"token": "Acme+live/0123456789==key"}


class LogsTheHeaders(LeanUrllib):
    """Logs each request with its headers, at DEBUG."""

    name = "acme_logs_the_headers"

    def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send one request."""
        _LOGGER.debug("%s %s headers=%r", method, url, headers)
        return super().transmit(method, url, body, headers)


class LogsTheExtra(LeanHttpx):
    """Logs the token as an extra field of the record, for structured logs."""

    name = "acme_logs_the_extra"

    def transmit(self, method: str, url: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Answer:
        """Send one request."""
        _LOGGER.info("request", extra={"acme_auth": headers["Authorization"]})
        return super().transmit(method, url, body, headers)


class LogsBase64(LeanUrllib):
    """Logs the credentials as Basic ones: in base64, behind a user name."""

    name = "acme_logs_base64"

    def connect(self) -> bool:
        """Ask who we are."""
        basic = base64.b64encode(f"bot:{self.profile.secret('token')}".encode()).decode()
        _LOGGER.info("signing in with Basic %s", basic)
        return super().connect()


class PrintsPercentEncoded(LeanUrllib):
    """Prints an address that it could have used, token and all."""

    name = "acme_prints_percent_encoded"

    def connect(self) -> bool:
        """Ask who we are."""
        print(f"see https://api.acme.test/v1/me?token={quote(self.profile.secret('token'), safe='')}")  # noqa: T201 - the planted defect
        return super().connect()


class HexOnStderr(LeanHttp):
    """Writes the token's bytes in hex to stderr."""

    name = "acme_hex_on_stderr"

    def connect(self) -> bool:
        """Ask who we are."""
        sys.stderr.write(f"acme: key {self.profile.secret('token').encode().hex()}\n")
        return super().connect()


class TokenInRepr(LeanHttp):
    """Shows its token in its repr."""

    name = "acme_token_in_repr"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} token={self.profile.secret('token')!r}>"


class TokenInResult(LeanAiohttp):
    """Returns the request beside the result."""

    name = "acme_token_in_result"

    async def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action."""
        return await super().execute(action, payload) | {"request": {"headers": self.headers()}}


class TokenInWarning(LeanRequests):
    """Warns of an old kind of token, and names it."""

    name = "acme_token_in_warning"

    def connect(self) -> bool:
        """Ask who we are."""
        warnings.warn(f"the token {self.profile.secret('token')} is of the old kind", stacklevel=2)
        return super().connect()


class DebugLevelOfUrllib(LeanUrllib):
    """Switches on what `http.client` prints of every request."""

    name = "acme_debug_level"

    def handlers(self) -> list[urllib.request.BaseHandler]:
        """Of the opener."""
        _, stay = super().handlers()
        return [urllib.request.HTTPSHandler(debuglevel=1, context=self.context()), stay]


class LogsWhenClosed(LeanHttp):
    """Logs the token when it is closed."""

    name = "acme_logs_when_closed"

    def close(self) -> None:
        """End."""
        super().close()
        _LOGGER.debug("session of %s ended", self.profile.secret("token"))


MEMBERS = [
    *planted(
        "S01",
        LogsTheHeaders,
        LogsTheExtra,
        LogsBase64,
        HexOnStderr,
        TokenInRepr,
        TokenInResult,
        TokenInWarning,
        DebugLevelOfUrllib,
        LogsWhenClosed,
    ),
    *planted("S01", PrintsPercentEncoded, case={"placeholders": ODD_TOKEN}),
]
