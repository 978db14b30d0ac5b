"""Text of the formats that schemas name (JSON Schema 2020-12 validation section 7, OpenAPI 3, pydantic)."""

import base64
import hashlib
import uuid
from collections.abc import Callable, Mapping
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from .numeric import between
from .text import text

__all__ = ["FREE_TEXT", "STRING_FORMATS"]

FREE_TEXT: Final = frozenset({"", "binary", "password", "string", "text", "textarea", "multiline"})
"""Formats that say how to show or carry a text, not which text it is."""

_NAMES: Final = ("a", "example", "node-7", "xn--bcher-kva", "Mixed", "0", "averylonglabel" * 3)
_SAFE: Final = "abcxyz019-_."
_DAYS: Final = ("1970-01-01", "1999-12-31", "2000-02-29", "2024-12-31", "2038-01-19")
_OFFSETS: Final = ("Z", "+00:00", "+05:30", "-08:00")
_TOP_LEVEL: Final = ("example.com", "example.org", "example.net")
_URI_TAILS: Final = ("", "/", "/a/b", "/a%20b", "/?q=1&r=%C3%BC", "/path#fragment", "/%E6%BC%A2?x=a+b")


def _dates() -> SearchStrategy[str]:
    usual = st.builds("{:04}-{:02}-{:02}".format, between(1970, 2069), between(1, 12), between(1, 28))
    return st.one_of(st.sampled_from(_DAYS), usual)


def _times() -> SearchStrategy[str]:
    """RFC 3339 `full-time`, which has an offset; no leap second, which few libraries read."""
    clock = st.builds("{:02}:{:02}:{:02}".format, between(0, 23), between(0, 59), between(0, 59))
    fraction = st.sampled_from(("", "", ".5", ".123456"))
    return st.builds("{}{}{}".format, clock, fraction, st.sampled_from(_OFFSETS))


def _durations() -> SearchStrategy[str]:
    usual = st.builds("P{}DT{}H{}M{}S".format, between(0, 99), between(0, 23), between(0, 59), between(0, 59))
    return st.one_of(st.sampled_from(("PT0S", "P1D", "PT1H30M", "PT36H", "P400D")), usual)


def _uuids(version: int) -> Callable[[], SearchStrategy[str]]:
    """UUIDs of one version (RFC 9562), their other bits spread by a digest."""

    def build(*drawn: int) -> str:
        number = int.from_bytes(hashlib.sha256(bytes(drawn)).digest()[:16], "big")
        number = number & ~(0xF << 76) & ~(0x3 << 62) | version << 76 | 0x2 << 62
        return str(uuid.UUID(int=number))

    return lambda: st.builds(build, *[between(0, 99)] * 5)


def _hostnames() -> SearchStrategy[str]:
    return st.one_of(
        st.sampled_from(_TOP_LEVEL),
        st.builds("{}.{}".format, st.sampled_from(_NAMES), st.sampled_from(_TOP_LEVEL)),
    )


def _emails() -> SearchStrategy[str]:
    local = st.sampled_from(("a", "first.last", "user+tag", "x_y-z", "0", "O'Neil", "UPPER"))
    return st.builds("{}@{}".format, local, st.sampled_from((*_TOP_LEVEL, "mail.example.org")))


def _uris() -> SearchStrategy[str]:
    port = st.sampled_from(("", "", ":8443"))
    scheme = st.sampled_from(("https", "http"))
    return st.builds("{}://{}{}{}".format, scheme, _hostnames(), port, st.sampled_from(_URI_TAILS))


def _ipv4s() -> SearchStrategy[str]:
    part = between(0, 255)
    usual = st.builds("{}.{}.{}.{}".format, part, part, part, part)
    return st.one_of(st.sampled_from(("127.0.0.1", "0.0.0.0", "255.255.255.255", "192.0.2.1")), usual)  # noqa: S104 - data


def _ipv6s() -> SearchStrategy[str]:
    usual = st.builds("2001:db8::{:x}:{:x}".format, between(1, 65_535), between(1, 65_535))
    return st.one_of(st.sampled_from(("::1", "::", "2001:db8::1", "::ffff:192.0.2.1")), usual)


def _encoded(encode: Callable[[bytes], bytes]) -> Callable[[], SearchStrategy[str]]:
    return lambda: text().map(lambda value: encode(value.encode()).decode("ascii"))


def _fixed(*values: str) -> Callable[[], SearchStrategy[str]]:
    return lambda: st.sampled_from(values)


def _paths() -> SearchStrategy[str]:
    return text(1, 12, _SAFE).map(lambda name: f"/srv/{name}")


STRING_FORMATS: Final[Mapping[str, Callable[[], SearchStrategy[str]]]] = {
    "base64": _encoded(base64.b64encode),
    "base64url": _encoded(base64.urlsafe_b64encode),
    "byte": _encoded(base64.b64encode),
    "color": _fixed("#000000", "#ff8800", "#FFFFFF"),
    "date": _dates,
    "date-time": lambda: st.builds("{}T{}".format, _dates(), _times()),
    "decimal": lambda: st.builds("{}.{:02}".format, between(-9_999, 9_999), between(0, 99)),
    "duration": _durations,
    "email": _emails,
    "hostname": _hostnames,
    "idn-email": _emails,
    "idn-hostname": _hostnames,
    "ipv4": _ipv4s,
    "ipv4interface": lambda: _ipv4s().map("{}/24".format),
    "ipv4network": _fixed("192.0.2.0/24", "10.0.0.0/8", "0.0.0.0/0"),
    "ipv6": _ipv6s,
    "ipv6interface": lambda: _ipv6s().map("{}/64".format),
    "ipv6network": _fixed("2001:db8::/32", "::/0"),
    "ipvanyaddress": lambda: st.one_of(_ipv4s(), _ipv6s()),
    "ipvanyinterface": lambda: st.one_of(_ipv4s().map("{}/24".format), _ipv6s().map("{}/64".format)),
    "ipvanynetwork": _fixed("192.0.2.0/24", "2001:db8::/32"),
    "iri": _uris,
    "iri-reference": _uris,
    "json-pointer": _fixed("", "/a", "/a/0", "/a~1b"),
    "json-string": _fixed("0", "null", '"text"', "[]", '{"a": 1}'),
    "path": _paths,
    "regex": _fixed("^a+$", "[0-9]{3}", ".*"),
    "relative-json-pointer": _fixed("0", "1/a"),
    "time": _times,
    "uri": _uris,
    "uri-reference": lambda: st.one_of(_uris(), st.sampled_from(("/a/b", "a?b=c", "#top"))),
    "uri-template": _fixed("https://example.com/{id}", "/a{?q}"),
    "url": _uris,
    "uuid": _uuids(4),
    **{f"uuid{version}": _uuids(version) for version in (1, 3, 4, 5, 6, 7, 8)},
}
