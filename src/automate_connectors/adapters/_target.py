"""Where requests go: the configured service, and what may be sent to which origin."""

import math
import re
from typing import NamedTuple

from automate_connectors.adapters._httpx import httpx
from automate_connectors.errors import ConfigurationError, InvalidPayloadError

#: No service is waited for longer than a day, and sockets take no number much larger.
LONGEST_TIMEOUT = 86_400.0

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DOTS = {".": "%2E", "..": "%2E%2E"}


class Origin(NamedTuple):
    """Scheme, host and port: who credentials belong to (RFC 6454, section 4)."""

    scheme: str
    host: str
    port: int | None

    @classmethod
    def of(cls, url: httpx.URL) -> "Origin":
        """Return the origin of an address; a default port is None."""
        return cls(url.scheme, url.host, url.port)


def base_address(value: object) -> httpx.URL:
    """Return the checked address of the service.

    Raises:
        ConfigurationError: It is no http or https address, or has user information, a query or a fragment.
    """
    # The value stays out of the messages: an address with user information holds a password.
    if not isinstance(value, str) or not _ABSOLUTE.match(value):
        raise ConfigurationError(
            "base_url must be an address such as 'https://api.example.com'; set the option base_url"
        )
    try:
        url = httpx.URL(value.rstrip("/"))
        url.host.encode("idna")
    except (httpx.InvalidURL, UnicodeError):
        raise ConfigurationError("base_url is not a valid address; check its host and port") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise ConfigurationError(f"base_url must be an http or https address with a host, not {url.scheme!r}")
    if url.userinfo or url.query or url.fragment:
        raise ConfigurationError(
            "base_url must have no user name, password, query or fragment; put secrets in the profile"
        )
    return url


def checked_timeout(value: object) -> float:
    """Return the timeout in seconds; numbers written as text count, as environment variables are text.

    Raises:
        ConfigurationError: It is not a finite number above 0 and at most a day.
    """
    try:
        seconds = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        seconds = math.nan
    if not 0 < seconds <= LONGEST_TIMEOUT:
        raise ConfigurationError(f"timeout must be a number of seconds above 0 and at most {LONGEST_TIMEOUT:.0f}")
    return seconds


def resolve(base: httpx.URL, path: str) -> httpx.URL:
    """Return the address that `path` means: an absolute one as it is, any other below the base.

    Raises:
        InvalidPayloadError: No address can be made of it. It is the payload that fills paths in.
    """
    absolute = _ABSOLUTE.match(path) is not None
    text = path if absolute else _below(str(base).rstrip("/"), path)
    try:
        url = httpx.URL(_CONTROL.sub(lambda found: f"%{ord(found[0]):02X}", text))
    except httpx.InvalidURL:
        raise InvalidPayloadError(
            "the request's address is not valid; check the values that its path is made of"
        ) from None
    if url.scheme not in {"http", "https"} or not url.host or url.userinfo:
        raise InvalidPayloadError("the request's address must be an http or https one without a user name or password")
    return url


def _below(base: str, path: str) -> str:
    """Append a relative path; its dot segments are data (an id that is '..'), never a way out of the base."""
    end = re.search(r"[?#]|$", path)
    cut = len(path) if end is None else end.start()
    segments = path[:cut].removeprefix("/").split("/")
    escaped = "/".join(_DOTS.get(segment, segment) for segment in segments)
    return f"{base}/{escaped}{path[cut:]}" if cut else f"{base}{path}"
