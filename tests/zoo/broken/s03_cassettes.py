"""S03: recordings that hold a credential."""

from __future__ import annotations

import base64
from urllib.parse import quote

from automate_connectors import ConnectionProfile
from zoo.acme import Said
from zoo.broken.lean import LeanHttp, LeanUrllib
from zoo.broken.planting import planted, said_with

#: An invented secret of the author's own profile.
KNOWN = "acme live/7h1s-1s+n0t-a-placeholder"
_HEADER = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
_CLAIMS = base64.urlsafe_b64encode(b'{"sub":"u_7","iss":"acme","exp":1893456000}').decode().rstrip("=")
#: An invented JSON Web Token (RFC 7519), signed by nobody.
TOKEN = f"{_HEADER}.{_CLAIMS}.{'Zm9yLXRoZS16b28tb25seQ' * 2}"
USER = {"id": "u_7", "name": "Ada"}


def _user_with(**more: str) -> dict[str, list[Said]]:
    return said_with(get_user=[Said("GET", "/v1/users/u_7", answer=USER | more)])


class KnownInAnswer(LeanHttp):
    """The author's own token came back in an answer."""

    name = "acme_known_in_answer"


class KnownInBase64(LeanUrllib):
    """The author's own token came back in base64."""

    name = "acme_known_in_base64"


class KnownPercentEncoded(LeanHttp):
    """The author's own token came back in a link."""

    name = "acme_known_percent_encoded"


class JsonWebToken(LeanUrllib):
    """A session of somebody's came back in an answer."""

    name = "acme_json_web_token"


class BearerInRequest(LeanHttp):
    """A second header of the request holds a real token."""

    name = "acme_bearer_in_request"


class VendorToken(LeanUrllib):
    """An answer holds the token of another service."""

    name = "acme_vendor_token"


class PrivateKey(LeanHttp):
    """An answer holds a private key."""

    name = "acme_private_key"


_PROFILE = {"profile": ConnectionProfile("acme", secrets={"token": KNOWN})}
_BEARER = {"X-Forwarded-Authorization": "Bearer 8fK2pQ7zLw0vXn4RtYb6Hs1Jd9Gc3Ma5"}
_KEY = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIBnp0tArEaLkEyBuTaPl4c3h0ld3r0fTh3Z0oInV3nt3\n-----END PRIVATE KEY-----\n"  # noqa: E501 - one value
_SLACK = "xoxb-" + "123456789012-1234567890123-" + "AbCdEfGhIjKlMnOpQrStUvWx"
_KNOWN_64 = base64.b64encode(f"bot:{KNOWN}".encode()).decode()

MEMBERS = [
    *planted("S03", KnownInAnswer, case=_PROFILE, said=_user_with(key=KNOWN)),
    *planted("S03", KnownInBase64, case=_PROFILE, said=_user_with(key=_KNOWN_64)),
    *planted("S03", KnownPercentEncoded, case=_PROFILE, said=_user_with(link=f"/me?key={quote(KNOWN, safe='')}")),
    *planted("S03", JsonWebToken, said=_user_with(session=TOKEN)),
    *planted(
        "S03", BearerInRequest, said=said_with(get_user=[Said("GET", "/v1/users/u_7", answer=USER, headers=_BEARER)])
    ),
    *planted("S03", VendorToken, said=_user_with(slack=_SLACK)),
    *planted("S03", PrivateKey, said=_user_with(key=_KEY)),
]
