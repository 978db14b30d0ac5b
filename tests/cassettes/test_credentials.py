"""Secrets that nobody declared: shapes that alarm, look-alikes that do not, and fields that are known by their name."""

import base64
import gzip
import json
from typing import Any

import pytest

from automate_connectors.cassettes.credentials import Finding, credentials_in, discover
from automate_connectors.cassettes.format import Interaction, RecordedRequest, RecordedResponse
from automate_connectors.cassettes.scrubbing import Scrubber, ScrubbingError

LETTERS = "Ab3dEf6hIj9lMn2pQr5tUv8xYz1BcD4fGh7jKl0N"
DIGITS = "0123456789abcdef0123456789abcdef"


def token(prefix: str, length: int, alphabet: str = LETTERS) -> str:
    """An invented token, put together here so that the file itself holds none."""
    return prefix + (alphabet * 5)[:length]


def basic(pair: str) -> str:
    """The value of a Basic header."""
    return base64.b64encode(pair.encode()).decode()


JWT = ".".join((token("eyJ", 20), token("eyJ", 30), token("", 30)))
TELEGRAM = f"123456789:{token('AA', 33)}"
LIVE = {
    "Slack token": token("xoxb-", 20),
    "Slack app token": token("xapp-1-", 30),
    "Slack webhook": f"https://hooks.slack.com/services/T01/B02/{token('', 24)}",
    "Discord webhook": f"https://discord.com/api/webhooks/123/{token('', 60)}",
    "Discord bot token": f"{token('M', 23)}.{token('', 6)}.{token('', 27)}",
    "GitHub token": token("ghp_", 36),
    "GitLab token": token("glpat-", 20),
    "Stripe key": token("sk_test_", 24),
    "webhook signing secret": token("whsec_", 32),
    "AWS access key": token("AKIA", 16, "ABCDEFGH23456"),
    "AWS secret key": f"aws_secret_access_key = {token('', 40)}",
    "Azure key": f"AccountKey={token('', 86)}==",
    "Google API key": token("AIza", 35),
    "Google token": token("ya29.", 60),
    "SendGrid key": f"{token('SG.', 22)}.{token('', 43)}",
    "Twilio key": token("SK", 32, DIGITS),
    "Mailgun key": token("key-", 32, DIGITS),
    "Mailchimp key": token("", 32, DIGITS) + "-us12",
    "npm token": token("npm_", 36),
    "PyPI token": token("pypi-AgEIcHlwaS5vcmc", 40),
    "Telegram bot token": f"https://api.telegram.org/bot{TELEGRAM}/sendMessage",
    "Matrix token": f"syt_dXNlcg_{token('', 20, 'AbCdEfGh')}_0aB1cD",
    "Shopify token": token("shpat_", 32, DIGITS),
    "OpenAI key": token("sk-proj-", 48),
    "Anthropic key": token("sk-ant-", 40),
    "Hugging Face token": token("hf_", 34, "AbCdEfGh"),
    "Atlassian token": token("ATATT3x", 40),
    "Airtable token": f"{token('pat', 14)}.{DIGITS * 2}",
    "Notion token": token("secret_", 43),
    "Linear key": token("lin_api_", 40),
    "DigitalOcean token": f"dop_v1_{DIGITS * 2}",
    "Square token": token("sq0atp-", 22),
    "HubSpot token": "pat-na1-01234567-0123-0123-0123-0123456789ab",
    "Vault token": token("hvs.", 24),
    "Databricks token": token("dapi", 32, DIGITS),
    "JSON web token": JWT,
    "private key": f"-----BEGIN RSA PRIVATE KEY-----\n{token('MII', 40)}\n",
    "password in an address": "postgres://admin:hunter2@db.example.com/x",
    "Bearer value": "Authorization: Bearer sandbox-abcdef",
    "Basic value": f"Authorization: Basic {basic('user:hunter2')}",
    "Token value": "Authorization: Token abcdef123",
}


@pytest.mark.parametrize("kind", LIVE)
def test_a_live_credential_is_found(kind: str) -> None:
    """Alone, in JSON, and in JSON in JSON; its masked form shows four characters at most."""
    for text in (LIVE[kind], json.dumps({"a": LIVE[kind]}), json.dumps(json.dumps([LIVE[kind]]))):
        (finding,) = credentials_in(f"x {text} y")
        assert finding.kind == kind
        assert finding.shown == f"x {text} y"[finding.start : finding.start + 4] + "…"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization:\n      - Bearer {token('', 12)}",
        f'{{"authorization": "Bearer {token("", 12)}"}}',
        f"{{'Authorization': 'bearer {token('', 12)}'}}",
        f"Proxy-Authorization: Basic {basic('{{user}}:hunter2')}",
        f'"header": "Bearer {token("", 24)}"',
        f'"header": "Basic {basic("user:hunter2")}"',
        "Authorization: Basic undecodable",
        "https://user:p%40ss1@example.com/",
        f"{token('xoxe.xoxp-1-', 40)}",
        f"-----BEGIN PRIVATE KEY-----\\n{token('MII', 40)}\\n",
        f"https://x-access-token:{token('ghp_', 36)}@github.com/a/b",
    ],
)
def test_a_credential_is_found_where_it_stands(text: str) -> None:
    """In YAML, JSON and reprs of headers, in escaped keys, in addresses: one finding each."""
    assert len(credentials_in(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer {{token}}",
        "Authorization:\n      - Basic {{token}}",
        f"Authorization: Basic {basic('{{user}}:{{password}}')}",
        f"Authorization: Basic {basic('{{secret_key}}:')}",
        "https://user:{{password}}@example.com/",
        "https://user:%7B%7Bpassword%7D%7D@example.com/",
        "https://api.telegram.org/bot{{token}}/sendMessage",
        "-----BEGIN PRIVATE KEY-----\n{{private_key}}\n-----END PRIVATE KEY-----",
        'WWW-Authenticate: Bearer realm="example", error="invalid_token", error_description="The token expired"',
        'WWW-Authenticate: Basic realm="https://example.com/realm1", charset="UTF-8"',
        "Send the header Authorization: Bearer <token>, or Authorization: Bearer YOUR_ACCESS_TOKEN.",
        "Basic authentication is required; bearer authentication too. Authorization: Bearer token",
        "Authorization: Basic authentication",
        "Access-Control-Allow-Headers: Authorization, Content-Type, X-Api-Key",
        "A token begins with xoxb-, such as xoxb-your-token-here; a key with sk_live_ or -----BEGIN PRIVATE KEY-----",
        "AKIAIOSFODNN7EXAMPLE",
        "postgres://user:password@localhost/db and redis://:***@host and http://localhost:8080/@me",
        "C0123456789 U01ABCDEFGH 1503435956.000247 cus_Th1jXMkHwJo0aXzM pi_3MtwBwLkdIwHu7ix28a3tqPa req_9Zqyc8QpL2xY1k",
        "ACaaaabbbbccccddddeeeeffff00001111 SM0123456789abcdef0123456789abcdef",
        'ETag: W/"0815-1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d"',
        "01234567-89ab-4cde-8f01-23456789abcd",
        f"sha256:{DIGITS * 2} {DIGITS} {DIGITS}01234567",
        "1700000000:2026-11-24T03:24:05.000000Z",
        f"data:image/png;base64,{base64.b64encode(bytes(range(256)) * 40).decode()}",
        "sk-SK,sk;q=0.9 task-force-and-other-words-that-are-joined-by-hyphens",
        f"cursor={token('eyJ', 60)}",
        "whsec_ npm_config_registry pypi-publish-action-for-github-workflows hf_hub_download",
    ],
)
def test_a_look_alike_is_no_alarm(text: str) -> None:
    """Placeholders, challenges, documentation, ids, hashes, images and cursors."""
    assert credentials_in(text) == ()


def test_findings_stand_in_order_and_once() -> None:
    """A JWT in a Bearer header is one credential; a masked finding tells nothing more."""
    text = f"Authorization: Bearer {JWT}\nkey: {LIVE['Stripe key']}"
    assert credentials_in(text) == (
        Finding("Bearer value", "eyJA…", 22),
        Finding("Stripe key", "sk_t…", text.index("sk_t")),
    )


def exchange(
    answer: Any = b"",
    *,
    answered: tuple[tuple[str, str], ...] = (),
    uri: str = "https://api.example.com/x",
    sent: bytes = b"",
    headers: tuple[tuple[str, str], ...] = (),
) -> Interaction:
    """One interaction; an answer that is not bytes is sent as JSON."""
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return Interaction(0, 0, RecordedRequest("POST", uri, headers, sent), RecordedResponse(200, "OK", answered, body))


def test_tokens_in_answers_are_named_by_their_fields() -> None:
    """At any depth, in any writing of the name, also in JSON that stands in a string."""
    answer = {
        "access_token": "at-0001",
        "data": [{"refreshToken": "rt-0001"}, {"smtp_password": "hunter-2"}],
        "nested": json.dumps({"client-secret": "cs-0001"}),
        "private_key": "-----BEGIN PRIVATE KEY-----\nMII A\n",
    }
    assert discover(exchange(answer)) == {
        "access_token": "at-0001",
        "refresh_token": "rt-0001",
        "smtp_password": "hunter-2",
        "client_secret": "cs-0001",
        "private_key": "-----BEGIN PRIVATE KEY-----\nMII A\n",
    }


@pytest.mark.parametrize(
    "answer",
    [
        {"next_page_token": "abc-0123", "cursor": "abc-0123", "token_type": "bearer", "tokens": 12},
        {"token": "{{token}}", "password": "********", "secret": "", "api_key": "short"},
        {"password": "must have 8 characters", "token": "required", "secret": None, "has_password": True},
        b"not json",
        b"\xff\xfe",
        b'"[broken"',
        "https://[broken",
    ],
)
def test_other_fields_are_left_alone(answer: Any) -> None:
    """Cursors, placeholders, masks, messages and flags are no secrets; what cannot be parsed holds none."""
    assert discover(exchange(answer)) == {}


def test_a_value_has_one_name_and_a_name_one_value() -> None:
    """Answers name a token before the requests that send it; a second value of a name is counted."""
    first = exchange(
        {"access_token": "at-0001"},
        sent=b"token=at-0002",
        headers=(("Content-Type", "application/x-www-form-urlencoded"),),
    )
    second = exchange({"access_token": "at-0002", "id_token": "at-0001", "refresh_token": "{{known}}"})
    third = exchange({"access_token": "at-0003"})
    assert discover(first, second, third) == {
        "access_token": "at-0001",
        "access_token_2": "at-0002",
        "access_token_3": "at-0003",
    }


def test_cookies_and_headers_are_read() -> None:
    """Session cookies both ways, credentials in headers, the password of a Basic pair."""
    answered = (
        ("Set-Cookie", 'sid="abc-0001"; Path=/'),
        ("Set-Cookie", "lang=en-US-x"),
        ("Set-Cookie", "opaque=abc-0002; HttpOnly"),
    )
    headers = (
        ("Authorization", f"Basic {basic('user:hunter-2')}"),
        ("X-Api-Key", "key-0001"),
        ("Cookie", "lang=en-US-x; session_id=abc-0003"),
    )
    assert discover(exchange(answered=answered, headers=headers)) == {
        "cookie_sid": "abc-0001",
        "cookie_opaque": "abc-0002",
        "password": "hunter-2",
        "x_api_key": "key-0001",
        "cookie_session_id": "abc-0003",
    }


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("Bearer at-0001", {"authorization": "at-0001"}),
        ("at-0001-raw", {"authorization": "at-0001-raw"}),
        (f"Basic {basic('sk-test-key:')}", {"user": "sk-test-key"}),
        ("Basic not~base64", {"authorization": "not~base64"}),
        ("Bearer {{token}}", {}),
    ],
)
def test_every_kind_of_authorization_is_read(value: str, found: dict[str, str]) -> None:
    """With a scheme and without; of Basic the half that is there."""
    assert discover(exchange(headers=(("Authorization", value),))) == found


def test_signed_addresses_are_read_wherever_they_stand() -> None:
    """In the target, in Location (a fragment too), in JSON, in HTML, in an encoded body."""
    html = b'<a href="https://cdn.example.com/f?sig=sig-0004&amp;hmac=mac-0005">'
    found = discover(
        exchange(
            {"url": "see https://s3.example.com/f?X-Amz-Signature=sig-0001&X-Amz-Date=20261124T000000Z"},
            answered=(("Location", "https://app.example.com/cb#access_token=at-0002&state=abcdefg"),),
            uri="https://api.example.com/x?api_key=key-0003&page=2",
        ),
        exchange(gzip.compress(html), answered=(("Content-Encoding", "gzip"),)),
        exchange(b"plain", answered=(("Content-Encoding", "gzip"), ("Location", "https://[broken"))),
    )
    assert found == {
        "x_amz_signature": "sig-0001",
        "access_token": "at-0002",
        "sig": "sig-0004",
        "hmac": "mac-0005",
        "api_key": "key-0003",
    }


def test_fields_that_the_case_names_are_always_secret() -> None:
    """Headers, query, cookies and JSON, whatever the value's type or length; a scrubber then says what it refuses."""
    interaction = exchange(
        {"ssn": 123456789, "owner": {"a": ["deep-value", None, True]}},
        uri="https://api.example.com/x?pin=12",
        headers=(("X-Tenant", "acme"), ("Cookie", "visitor=v-000001")),
    )
    found = discover(interaction, fields=["SSN", "owner", "pin", "x-tenant", "visitor"])
    assert found == {
        "ssn": "123456789",
        "owner": "deep-value",
        "pin": "12",
        "x_tenant": "acme",
        "cookie_visitor": "v-000001",
    }
    with pytest.raises(ScrubbingError, match="'pin' has under 6 characters"):
        Scrubber(found)


def test_what_is_discovered_can_be_scrubbed() -> None:
    """The names make placeholders, and nothing of the values stays."""
    interaction = exchange({"accessToken": "at-0001/+", "url": "https://x.example/?sig=at-0002%2F"})
    scrubber = Scrubber(discover(interaction))
    assert json.loads(scrubber.response(interaction.response).body) == {
        "accessToken": "{{access_token}}",
        "url": "https://x.example/?sig={{sig}}",
    }
