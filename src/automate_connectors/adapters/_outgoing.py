"""A request before its credentials: where it goes, what it holds, and what of it may leave home."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from automate_connectors.adapters._content import Body, header_value
from automate_connectors.adapters._httpx import httpx
from automate_connectors.adapters._presentable import Redactor
from automate_connectors.adapters._target import Origin, resolve
from automate_connectors.errors import ConfigurationError, InvalidPayloadError


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is sent, apart from the credentials.

    Attributes:
        at_home: Whether it goes to the origin of `base_url`, the only one that gets credentials.
    """

    method: str
    url: httpx.URL
    headers: httpx.Headers
    content: bytes | None
    at_home: bool

    @property
    def digest(self) -> bytes:
        """What the request is; headers count, as some services name the operation there."""
        head = f"{self.method} {self.url} {sorted(self.headers.multi_items())}\n".encode()
        return hashlib.sha256(head + (self.content or b"")).digest()

    def keep_secrets_home(self, redactor: Redactor) -> None:
        """Refuse to carry a secret to another origin, which an address in some answer may have named.

        Raises:
            ConfigurationError: The request goes to another origin and holds a secret.
        """
        sent = [str(self.url), (self.content or b"").decode(errors="replace"), *self.headers.values()]
        if not self.at_home and any(map(redactor.finds, sent)):
            raise ConfigurationError(
                "a secret of the profile would go to another origin than base_url: nothing was sent; "
                "where that origin is meant to have it, request it with authenticate=False"
            )


def make_outgoing(
    base: httpx.URL,
    method: str,
    path: str,
    *,
    params: Mapping[str, Any] | None,
    headers: Mapping[str, str | None] | None,
    body: Body,
    key_header: str | None,
) -> Outgoing:
    """Return the request that the arguments of `HttpConnectorAdapter.request` mean.

    Raises:
        InvalidPayloadError: The address or a header cannot be made of them.
    """
    url = resolve(base, path)
    # Given as httpx takes them, parameters would replace the query of the path.
    url = url.copy_merge_params(dict(params)) if params else url
    fields = httpx.Headers({"Content-Type": body.media_type} if body.media_type else {})
    for name, value in (headers or {}).items():
        if value is not None:
            fields[name] = header_value(name, value, is_key=name.lower() == (key_header or "").lower())
    return Outgoing(method.upper(), url, fields, body.content, at_home=Origin.of(url) == Origin.of(base))


def credential_headers(headers: Mapping[str, str]) -> httpx.Headers:
    """Return the headers of `auth_headers` as they can be sent.

    Raises:
        ConfigurationError: A value cannot be carried by a header.
    """
    try:
        return httpx.Headers({name: header_value(name, value, is_key=False) for name, value in headers.items()})
    except InvalidPayloadError:
        raise ConfigurationError(
            "the credentials hold characters that no header can carry (a line break?): check the secrets of the profile"
        ) from None
