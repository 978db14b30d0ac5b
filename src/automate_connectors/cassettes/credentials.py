"""Secrets that nobody declared: recognised by their shape, or by the name of the field that holds them.

The shapes are those that the vendors document or that secret scanners publish; each is narrow enough not to match ids,
hashes, ETags or documentation. The names are those of OAuth (RFC 6749), of common APIs, and of signed addresses.
"""

import base64
import binascii
import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from automate_connectors.cassettes import encodings
from automate_connectors.cassettes.traffic import Interaction, RecordedRequest, RecordedResponse

_SHOWN = 4
_SHORTEST_VALUE = 6

#: Kind and pattern; where a pattern has the group `value`, that is the credential.
_SHAPES = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("Slack token", r"\bxox[abeoprs]-(?=[A-Za-z-]*(?:\d|[A-Za-z]{16}))[A-Za-z0-9-]{10,}"),
        ("Slack app token", r"\bxapp-\d-[A-Za-z0-9-]{10,}"),
        ("Slack webhook", r"\bhooks\.slack\.com/(?:services|workflows|triggers)/[TE]\w+/\w+/(?P<value>[\w/]{16,})"),
        ("Discord webhook", r"\bdiscord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d+/(?P<value>[\w-]{30,})"),
        ("Discord bot token", r"\b[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,}"),
        ("GitHub token", r"\b(?:gh[opsru]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{22,})"),
        ("GitLab token", r"\bgl(?:pat|ptt|dt|rt|cbt|soat|ft|oas|agent)-[\w-]{20,}"),
        ("Stripe key", r"\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}"),
        ("webhook signing secret", r"\bwhsec_[A-Za-z0-9+/]{16,}=*"),
        ("AWS access key", r"\b(?:AKIA|ASIA)(?![A-Z0-9]{9}EXAMPLE)[A-Z2-7][A-Z0-9]{15}\b"),
        (
            "AWS secret key",
            r"(?i:secret_?access_?key|aws_?secret_?key)\W{1,6}(?P<value>(?=\D*\d)[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
        ),
        ("Azure key", r"\b(?:Account|SharedAccess)Key=(?P<value>[A-Za-z0-9+/]{43,86}={1,2})"),
        ("Google API key", r"\bAIza[\w-]{35}"),
        ("Google token", r"\b(?:ya29\.[\w.-]{20,}|GOCSPX-[\w-]{20,}|1//0[\w-]{20,})"),
        ("SendGrid key", r"\bSG\.[\w-]{16,}\.[\w-]{16,}"),
        ("Twilio key", r"\bSK[0-9a-f]{32}\b"),
        ("Mailgun key", r"\bkey-[0-9a-f]{32}\b"),
        ("Mailchimp key", r"\b[0-9a-f]{32}-us\d{1,2}\b"),
        ("npm token", r"\bnpm_[A-Za-z0-9]{30,}"),
        ("PyPI token", r"\bpypi-AgE[\w-]{16,}"),
        ("Telegram bot token", r"(?<![\d:.])(?:\b|(?<=bot))\d{8,10}:[\w-]{35}(?![\w-])"),
        (
            "Matrix token",
            r"\b(?:syt|syr)_[A-Za-z0-9+/=]+_[A-Za-z]{10,}_[A-Za-z0-9]{4,}|\bm[ac][tr]_[A-Za-z0-9]{20,}_\w{6}",
        ),
        ("Shopify token", r"\bshp(?:at|ca|pa|ss|ua)_[A-Fa-f0-9]{32}"),
        ("OpenAI key", r"\bsk-(?:proj-|svcacct-|admin-)?(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{32,}"),
        ("Anthropic key", r"\bsk-ant-[\w-]{20,}"),
        ("Hugging Face token", r"\bhf_[A-Za-z]{30,}"),
        ("Atlassian token", r"\bAT[AC]TT3x[\w=-]{20,}"),
        ("Airtable token", r"\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}"),
        ("Notion token", r"\b(?:secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,})\b"),
        ("Linear key", r"\blin_(?:api|oauth)_[A-Za-z0-9]{32,}"),
        ("DigitalOcean token", r"\bdo[opr]_v1_[0-9a-f]{64}"),
        ("Square token", r"\b(?:sq0(?:atp|csp)-[\w-]{22,}|EAAA[\w-]{60})"),
        ("HubSpot token", r"\bpat-(?:na|eu)\d-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"),
        ("Vault token", r"\bhv[sb]\.[\w-]{24,}"),
        ("Databricks token", r"\bdapi[0-9a-f]{32}\b"),
        ("JSON web token", r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"),
        (
            "private key",
            r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\+[nr])*(?P<value>[\w+/=]{8}|Proc-Type:|Version:)",
        ),
    )
)
_AUTHORIZATION = re.compile(
    r"(?i)\b(?:proxy-|x-)?authorization\b[\"'\]\\]*\s*(?:[:=]|=>)[-\[\"'\\\s]*"
    r"(?P<scheme>bearer|basic|token|bot|api-?key|key|sso-key|ssws|geniekey|splunk|oauth)\s+(?:token=)?[\"\\]*"
    r"(?P<value>[^\s\"',;\\]{4,})"
)
_LOOSE = re.compile(r"(?i)\b(?P<scheme>bearer|basic)(?:\s|%20|\+)+(?P<value>[\w.~+/-]{8,}={0,2})")
_URL_PASSWORD = re.compile(
    r"\b[A-Za-z][A-Za-z0-9+.-]*:\\?/\\?/[^\s/?#:@\"'<>\\,;]*:(?P<value>[^\s/?#@\"'<>\\,]{3,})@[\w.\[{-]"
)
#: What documentation and error messages put where a credential would stand.
_WORDS = frozenset({
    "auth", "authentication", "authorization", "changeme", "credentials", "header", "hidden", "invalid", "missing",
    "pass", "passwd", "password", "pwd", "realm", "redacted", "required", "scheme", "secret", "token", "undefined",
    "value",
})  # fmt: skip
_HIDDEN = re.compile(
    r"(?i)[*.x\u2022\u2026_-]+|[<\[$({].*|%[sd({].*|realm=.*|[a-z_]*token|"
    r"(?:.*[_-])?(?:your|my|example|placeholder)[_-].*"
)
_LOOSE_BEARER = re.compile(r"(?=.*\d).{16}")

_FIELDS = frozenset({
    "accesskey", "accesstoken", "apikey", "apisecret", "apitoken", "authtoken", "authorizationtoken", "bearertoken",
    "bottoken", "clientsecret", "consumersecret", "csrftoken", "idtoken", "jwt", "passphrase", "passwd", "password",
    "privatekey", "refreshtoken", "secret", "secretaccesskey", "secretkey", "securitytoken", "sessionid", "sessionkey",
    "sessiontoken", "signingkey", "signingsecret", "tempkey", "token", "usertoken", "webhooksecret",
})  # fmt: skip
_SIGNED = frozenset({
    "accesstoken", "apikey", "hmac", "sig", "signature", "token", "xamzcredential", "xamzsecuritytoken",
    "xamzsignature", "xgoogcredential", "xgoogsignature", "xosssignature",
})  # fmt: skip
_SUFFIXES = ("password", "secret", "accesstoken", "refreshtoken", "apikey", "privatekey")
_HEADERS = frozenset({
    "apikey", "privatetoken", "xaccesstoken", "xamzsecuritytoken", "xapikey", "xauthtoken", "xcsrftoken",
    "xshopifyaccesstoken",
})  # fmt: skip
#: A word that an answer says about a field, not its value: replacing it everywhere would spoil the recording.
_PLAIN_WORD = re.compile(r"[a-z]{1,10}|[A-Z]{1,10}")
_SECRET_COOKIE = re.compile(r"(?i)sess|sid\b|auth|token|jwt|csrf|xsrf|login|remember|^s$|^d$")
_ADDRESS = re.compile(r"https?://[^\s\"'<>\\]+")


class Finding(NamedTuple):
    """Something that looks like a live credential: which kind, its first characters, and where it starts."""

    kind: str
    shown: str
    start: int


class _Seen(NamedTuple):
    """A field that may hold a secret; `asked` when its name was given by the case."""

    name: str
    value: str
    asked: bool


def credentials_in(text: str) -> tuple[Finding, ...]:
    """What in a text looks like a live credential, in order; `{{placeholders}}`, words and ids do not.

    Give headers as `name: value`, so that a token is known by the header it stands in.
    """
    findings: list[Finding] = []
    behind = 0
    for start, end, kind in sorted(_suspects(text)):
        if start >= behind:
            findings.append(Finding(kind, text[start : start + _SHOWN] + "…", start))
            behind = end
    return tuple(findings)


def shaped(text: str) -> Iterator[tuple[str, str]]:
    """What in a text looks like a live credential: its kind and its whole value, for a `Scrubber`."""
    behind = 0
    for start, end, kind in sorted(_suspects(text)):
        if start >= behind:
            yield kind, text[start:end]
            behind = end


def _suspects(text: str) -> Iterator[tuple[int, int, str]]:
    for kind, pattern in _SHAPES:
        for found in pattern.finditer(text):
            yield (*found.span("value" if "value" in pattern.groupindex else 0), kind)
    for found in _URL_PASSWORD.finditer(text):
        if not _harmless(found["value"]):
            yield (*found.span("value"), "password in an address")
    for pattern, loose in ((_AUTHORIZATION, False), (_LOOSE, True)):
        for found in pattern.finditer(text):
            scheme, value = found["scheme"].lower(), found["value"]
            if not _harmless(value) and (
                _basic(value, loose=loose) if scheme == "basic" else _bearer(value, loose=loose)
            ):
                yield (*found.span("value"), f"{scheme.capitalize()} value")


def _harmless(value: str) -> bool:
    plain = unquote(value)
    return "{{" in plain or plain.lower() in _WORDS or _HIDDEN.fullmatch(plain) is not None


def _bearer(value: str, *, loose: bool) -> bool:
    return not loose or _LOOSE_BEARER.match(value) is not None


def _basic(value: str, *, loose: bool) -> bool:
    pair = _pair(value)
    return not loose if pair is None else not all(map(_harmless, filter(None, pair)))


def _pair(value: str) -> tuple[str, str] | None:
    """The user and the password of a Basic value (RFC 7617), or None."""
    try:
        plain = base64.b64decode(value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4), altchars=b"-_").decode(
            "utf-8"
        )
    except (binascii.Error, ValueError):
        return None
    user, colon, password = plain.partition(":")
    return (user, password) if colon and plain.isprintable() else None


def discover(*interactions: Interaction, fields: Iterable[str] = ()) -> dict[str, str]:
    """Secrets in traffic that no profile knows, by the name of the field that holds them, for a `Scrubber`.

    Answers are read first: what one hands out keeps the name it had there when a later request sends it. Known secrets
    are to be scrubbed before: they may stand there in any encoding, and their placeholders are left alone.

    Args:
        interactions: The traffic, in the order in which it was sent.
        fields: Further names of headers, query, form and JSON fields, whose every value is a secret.

    Returns:
        Values by name, such as `access_token`; a second value of one name is `access_token_2`.
    """
    asked = frozenset(map(_plain_name, fields))
    seen = [each for interaction in interactions for each in _in_response(interaction.response, asked)]
    seen += [each for interaction in interactions for each in _in_request(interaction.request, asked)]
    named: dict[str, str] = {}
    for each in seen:
        if each.value not in named.values() and _worth(each):
            number = 1 + sum(re.fullmatch(rf"{each.name}(?:_\d+)?", name) is not None for name in named)
            named[each.name if number == 1 else f"{each.name}_{number}"] = each.value
    return named


def _worth(each: _Seen) -> bool:
    if "{{" in each.value or not each.value:
        return False
    sentence = " " in each.value.strip() and "-----" not in each.value
    short = len(each.value) < _SHORTEST_VALUE or _PLAIN_WORD.fullmatch(each.value) is not None
    return each.asked or not (short or sentence or _harmless(each.value))


def _in_response(response: RecordedResponse, asked: Collection[str]) -> Iterator[_Seen]:
    yield from _in_body(response.headers, response.body, asked)
    yield from _in_headers(response.headers, asked)


def _in_request(request: RecordedRequest, asked: Collection[str]) -> Iterator[_Seen]:
    yield from _in_address(request.uri, asked)
    yield from _in_headers(request.headers, asked)
    yield from _in_body(request.headers, request.body, asked)


def _in_headers(headers: Iterable[tuple[str, str]], asked: Collection[str]) -> Iterator[_Seen]:
    for name, value in headers:
        plain = _plain_name(name)
        if plain in asked or plain in _HEADERS:
            yield _Seen(_snake(name), value, plain in asked)
        elif plain in ("authorization", "proxyauthorization"):
            yield _Seen(*_authorization(value), asked=False)
        elif plain in ("setcookie", "cookie"):
            yield from _in_cookies(value.split(";")[:1] if plain == "setcookie" else value.split(";"), value, asked)
        elif "://" in value:
            yield from _in_address(value, asked)


def _authorization(value: str) -> tuple[str, str]:
    scheme, _, rest = value.strip().partition(" ")
    pair = _pair(rest) if scheme.lower() == "basic" else None
    if pair is None:
        return "authorization", rest.strip() or scheme
    return ("password", pair[1]) if pair[1] else ("user", pair[0])


def _in_cookies(cookies: Iterable[str], header: str, asked: Collection[str]) -> Iterator[_Seen]:
    for cookie in cookies:
        name, _, value = cookie.strip().partition("=")
        if _plain_name(name) in asked or _SECRET_COOKIE.search(name) or "httponly" in header.lower():
            yield _Seen(f"cookie_{_snake(name)}", value.strip('"'), _plain_name(name) in asked)


def _in_address(address: str, asked: Collection[str]) -> Iterator[_Seen]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return
    for name, value in (*parse_qsl(parts.query), *parse_qsl(parts.fragment)):
        plain = _plain_name(name)
        if plain in asked or plain in _SIGNED or _is_secret_name(plain):
            yield _Seen(_snake(name), value, plain in asked)


def _in_body(headers: Iterable[tuple[str, str]], body: bytes, asked: Collection[str]) -> Iterator[_Seen]:
    fields = {name.lower(): value for name, value in headers}
    text = _decoded(fields.get("content-encoding", ""), body).decode("utf-8", "replace")
    if "x-www-form-urlencoded" in fields.get("content-type", "").lower():
        yield from _in_address(f"?{text}", asked)
        return
    try:
        yield from _in_json(json.loads(text), asked)
    except (ValueError, RecursionError):
        for found in _ADDRESS.finditer(text):
            yield from _in_address(found[0].replace("&amp;", "&"), asked)


def _decoded(coding: str, body: bytes) -> bytes:
    try:
        return encodings.decode(coding, body)
    except ValueError:
        return body


def _in_json(value: object, asked: Collection[str]) -> Iterator[_Seen]:
    match value:
        case dict():
            for key, each in value.items():
                plain = _plain_name(key)
                if plain in asked:
                    yield from (_Seen(_snake(key), leaf, asked=True) for leaf in _leaves(each))
                elif isinstance(each, str) and _is_secret_name(plain):
                    yield _Seen(_snake(key), each, asked=False)
                else:
                    yield from _in_json(each, asked)
        case list():
            for each in value:
                yield from _in_json(each, asked)
        case str() if value[:1] in ("{", "["):
            yield from _in_body((), value.encode("utf-8", "replace"), asked)
        case str() if "://" in value:
            for found in _ADDRESS.finditer(value):
                yield from _in_address(found[0], asked)


def _leaves(value: object) -> Iterator[str]:
    match value:
        case dict() | list():
            for each in value.values() if isinstance(value, dict) else value:
                yield from _leaves(each)
        case bool() | None:
            return
        case _:
            yield str(value)


def _is_secret_name(plain: str) -> bool:
    return plain in _FIELDS or plain.endswith(_SUFFIXES)


def _plain_name(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _snake(name: str) -> str:
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_") or "secret"
