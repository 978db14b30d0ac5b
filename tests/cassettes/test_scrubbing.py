"""Scrubbing by value: no encoding of a secret stays, nothing else changes, and the stand-ins go back in."""

import base64
import gzip
import html
import json
import re
import time
import zlib
from collections.abc import Callable
from urllib.parse import quote, quote_plus, unquote, unquote_plus

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
import zstandard
from hypothesis import example, given, settings
from hypothesis import strategies as st

from automate_connectors.cassettes.filling import fill, fill_header, fill_json, fill_text, fill_url, placeholders_in
from automate_connectors.cassettes.format import RecordedRequest, RecordedResponse
from automate_connectors.cassettes.scrubbing import Hit, Scrubber, ScrubbingError
from automate_connectors.cassettes.secret_forms import forms_of

AWKWARD = "s3cr3t/\"K+ey=ü%\n\\<&'x"
PEM = "-----BEGIN PRIVATE KEY-----\n" + ("Ab3/+" * 12 + "\n") * 3 + "-----END PRIVATE KEY-----\n"

type_of_secrets = st.text(st.sampled_from("aZ09/+=\"'%&<>\\ \n\tü€😀{}-_.~:@"), min_size=6, max_size=24).filter(
    lambda text: len(text.strip()) >= 6 and "{{" not in text and len(set(text)) > 3
)


def basic(user: str, secret: str) -> str:
    """A Basic header's token, in UTF-8."""
    return base64.b64encode(f"{user}:{secret}".encode()).decode()


ENCODERS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "percent": lambda text: quote(text, safe=""),
    "path": quote,
    "lower percent": lambda text: re.sub("%..", lambda found: found[0].lower(), quote(text, safe="")),
    "form": quote_plus,
    "json": lambda text: json.dumps(text)[1:-1],
    "json in UTF-8": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "php json": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "html": html.escape,
    "repr": lambda text: repr(text)[1:-1],
    "repr of bytes": lambda text: repr(text.encode())[2:-1],
    "hex": lambda text: text.encode().hex(),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(b"u:" + text.encode()).decode().rstrip("="),
    "basic": lambda text: basic("u", text),
}
NESTABLE = ["plain", "percent", "path", "form", "json", "json in UTF-8", "php json", "html", "repr"]


def unescaped(text: str) -> str:
    """JSON's and Python's escapes undone, in str and in bytes reprs alike."""

    def char(found: re.Match[str]) -> str:
        letters = {"n": "\n", "t": "\t", "r": "\r"}
        return chr(int(found[1][1:], 16)) if len(found[1]) > 1 else letters.get(found[1], found[1])

    plain = re.sub(r"\\(u[0-9a-fA-F]{4}|U000[0-9a-fA-F]{5}|x[0-9a-fA-F]{2}|.)", char, text, flags=re.DOTALL)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def decodings(text: str) -> list[str]:
    """Every way to read a text, one step further; written without a look at the scrubber."""
    views = [
        unquote(text),
        unquote_plus(text),
        html.unescape(text),
        unescaped(text),
    ]
    views += [json.loads(f'"{text}"')] if _is_json_string(text) else []
    for token in re.findall(r"[A-Za-z0-9+/_-]{8,}", text):
        standard = token.replace("-", "+").replace("_", "/")
        views += [
            base64.b64decode(
                standard[start:] + "=" * (-len(standard[start:]) % 4)
                if len(standard[start:]) % 4 != 1
                else standard[start:-1]
            ).decode("utf-8", "replace")
            for start in range(4)
        ]
    views += [
        bytes.fromhex(token if len(token) % 2 == 0 else token[:-1]).decode("utf-8", "replace")
        for token in re.findall("[0-9a-fA-F]{12,}", text)
    ]
    for view in list(views):
        if all(ord(char) < 256 for char in view):
            views.append(view.encode("latin-1").decode("utf-8", "replace"))
    return [view for view in dict.fromkeys(views) if view != text]


def _is_json_string(text: str) -> bool:
    try:
        json.loads(f'"{text}"')
    except ValueError:
        return False
    return True


def leaks(text: str, secret: str, depth: int = 3) -> bool:
    """Whether some way of decoding the text shows the secret."""
    return secret in text or (depth > 0 and any(leaks(view, secret, depth - 1) for view in decodings(text)))


@pytest.mark.parametrize("encoder", ENCODERS)
def test_an_awkward_secret_is_found_in_every_encoding(encoder: str) -> None:
    """The detector sees it before, and nothing after; what surrounds it stays."""
    scrubber = Scrubber({"token": AWKWARD})
    text = f"before {ENCODERS[encoder](AWKWARD)} after"
    assert leaks(text, AWKWARD)
    assert [hit.name for hit in scrubber.found(text)] == ["token"]
    assert scrubber.text(text) == "before {{token}} after"
    assert scrubber.raw(text.encode()) == b"before {{token}} after"


@settings(max_examples=120, deadline=None)
@given(type_of_secrets, st.sampled_from(sorted(ENCODERS)), st.sampled_from(NESTABLE))
@example("a/b+c=ü€", "basic", "percent")
@example("\\\\\"\\'\\", "json", "json")
def test_no_secret_stays_in_any_pair_of_encodings(secret: str, inner: str, outer: str) -> None:
    """Encoded and encoded again, as JSON in JSON and base64 in an address are."""
    text = f"x= {ENCODERS[outer](ENCODERS[inner](secret))} ,y"
    scrubber = Scrubber({"token": secret})
    for clean in (scrubber.text(text), scrubber.raw(text.encode()).decode()):
        assert "{{token}}" in clean
        assert not leaks(clean, secret)
    assert scrubber.found(text.encode())


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.binary(max_size=200))
def test_nothing_else_changes(text: str, data: bytes) -> None:
    """Text and bytes without a secret come back as they went in."""
    scrubber = Scrubber({"token": AWKWARD, "other": "xoxb-1234567890-abc"})
    assert (scrubber.text(text), scrubber.raw(data)) == (text, data)
    assert scrubber.found(text) == scrubber.found(data) == ()


@pytest.mark.parametrize("secret", [AWKWARD, PEM, "plain-token-1234", "😀😀😀😀😀😀", "  spaced out  "])
def test_every_listed_form_is_found(secret: str) -> None:
    """`forms_of` and the scrubber agree; the longest form stands first."""
    scrubber, forms = Scrubber({"token": secret}), forms_of(secret)
    assert all(scrubber.found(f"a {form} b") for form in forms)
    assert all(scrubber.found(f"a {form} b".encode()) for form in forms if form.isascii())
    assert list(forms) == sorted(forms, key=lambda form: (-len(form), form))
    assert secret in forms


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Ab3c/d", "plain"),
        ("Ab3c%2Fd", "percent-encoded"),
        ("Ab3c%252fd", "percent-encoded"),
        (r"Ab3c\/d", "escaped"),
        ("Ab3c&#x2F;d", "HTML-escaped"),
        ("Ab3c&sol;d", "HTML-escaped"),
        ("416233632f64", "hex"),
        (basic("user", "Ab3c/d"), "base64"),
        ("A\0b\x003\0c\0/\0d\0", "UTF-16"),
        ("Ab3c=2Fd", "plain"),
    ],
)
def test_a_hit_tells_the_encoding_and_not_the_value(text: str, form: str) -> None:
    """Reports name the secret and the form it stood in."""
    assert Scrubber({"token": "Ab3c/d"}).found(f"<{text}>") == (Hit("token", form),)  # type: ignore[arg-type]  # one of the literals


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("user", ["", "a", "ab", "abc", "client_id"])
def test_a_whole_base64_token_goes(user: str, encode: Callable[[bytes], bytes]) -> None:
    """At each alignment, and the padding too: the edges would tell the user and parts of the secret."""
    token = encode(f"{user}:{AWKWARD}:more".encode()).decode()
    scrubber = Scrubber({"token": AWKWARD})
    assert scrubber.text(f"Authorization: Basic {token}") == "Authorization: Basic {{token}}"
    assert scrubber.text(f'{{"a": "{token}", "b": 1}}') == '{"a": "{{token}}", "b": 1}'
    assert scrubber.text(f"?k={quote(token, safe='')}&x=1") == "?k={{token}}&x=1"


def test_credentials_in_latin_1_and_form_encoding_are_found() -> None:
    """Requests writes Basic in Latin-1; OAuth form-encodes both halves first (RFC 6749, 2.3.1)."""
    scrubber = Scrubber({"token": "grün+käse/x"})
    for data in ("u:grün+käse/x".encode("latin-1"), f"u:{quote_plus('grün+käse/x')}".encode()):
        assert scrubber.text(f"Basic {base64.b64encode(data).decode()}") == "Basic {{token}}"


def test_the_parts_of_an_address_stay() -> None:
    """A slash is a character of base64 in a header, and ends the token in an address."""
    scrubber = Scrubber({"token": "plain-token-1234"})
    token = basic("u", "plain-token-1234").rstrip("=")
    assert scrubber.text(f"https://api.example.com/v1/{token}/send") == "https://api.example.com/v1/{{token}}/send"
    assert scrubber.text(f"GET /v1/{token}/send HTTP/1.1") == "GET /v1/{{token}}/send HTTP/1.1"


def test_a_secret_within_another_gives_way() -> None:
    """The longest value wins wherever two overlap; both halves of a Basic pair are named by the first name."""
    secrets = {"short": "abcdef", "long": "abcdef-ghijkl", "tail": "ghijkl-mnopqr"}
    scrubber = Scrubber(secrets)
    assert scrubber.text("abcdef abcdef-ghijkl") == "{{short}} {{long}}"
    assert scrubber.text("abcdef-ghijkl-mnopqr") == "{{long}}"
    assert scrubber.found("abcdef-ghijkl") == (Hit("long", "plain"),)
    pair = Scrubber({"user": "someone", "password": "hunter-two"})
    assert pair.text(f"Basic {basic('someone', 'hunter-two')}") == "Basic {{password}}"


def test_placeholders_are_not_scrubbed_again() -> None:
    """A value may be part of a placeholder's name; scrubbing twice is scrubbing once."""
    scrubber = Scrubber({"password": "password", "password_key": "another-value"})
    once = scrubber.text("another-value password")
    assert once == "{{password_key}} {{password}}"
    assert scrubber.text(once) == once
    assert scrubber.found(once) == ()


def test_lines_of_a_key_are_secrets() -> None:
    """Logs print a PEM key line by line; its markers are no secret."""
    scrubber = Scrubber({"key": PEM})
    assert scrubber.text(f"> {PEM.splitlines()[1]}") == "> {{key}}"
    assert scrubber.text(PEM.strip()) == "{{key}}"
    assert scrubber.text(PEM.replace("\n", "\r\n")) == "{{key}}"
    assert scrubber.found("-----BEGIN PRIVATE KEY-----") == ()


@pytest.mark.parametrize(
    ("secrets", "says"),
    [
        ({"pin": "12345"}, "'pin' has under 6 characters"),
        ({"pin": ""}, "'pin' has under 6 characters"),
        ({"a b": "long enough"}, "'a b' needs a name"),
    ],
)
def test_what_cannot_be_scrubbed_is_refused(secrets: dict[str, str], says: str) -> None:
    """With the reason and the name, never the value."""
    with pytest.raises(ScrubbingError, match=says) as caught:
        Scrubber(secrets)
    assert "12345" not in str(caught.value)


def test_long_runs_of_backslashes_take_no_time() -> None:
    """Such a run can be shared out among a secret's backslashes in very many ways."""
    scrubber = Scrubber({"token": "\\" * 30 + "a/" * 20})
    before = time.process_time()
    assert scrubber.found(("\\" * 2000 + "a") * 5) == ()
    assert time.process_time() - before < 5


def response(body: bytes, *headers: tuple[str, str]) -> RecordedResponse:
    """An answer with these headers."""
    return RecordedResponse(200, "OK", headers, body)


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("X-GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("br", brotli.compress),
        ("zstd", lambda body: zstandard.ZstdCompressor().compress(body)),
        ("identity", bytes),
        ("gzip", bytes),
    ],
)
def test_encoded_bodies_are_decoded_and_scrubbed(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    """Also where a client handed over the decoded body under the encoded one's header."""
    plain = json.dumps({"echo": AWKWARD, "nested": json.dumps({"t": AWKWARD})}).encode()
    sent = response(
        pack(plain), ("content-encoding", encoding), ("Content-Length", "7"), ("Transfer-Encoding", "chunked")
    )
    clean = Scrubber({"token": AWKWARD}).response(sent)
    assert json.loads(clean.body) == {"echo": "{{token}}", "nested": '{"t": "{{token}}"}'}
    assert clean.headers == (("Content-Length", str(len(clean.body))), ("Transfer-Encoding", "chunked"))


def test_requests_are_scrubbed_in_every_part() -> None:
    """Target, names and values of headers, and the body."""
    sent = RecordedRequest(
        "POST",
        f"https://api.example.com/bot{quote(AWKWARD, safe='')}/send?k={quote_plus(AWKWARD)}",
        (
            ("X-plain-token", AWKWARD.replace("\n", " ")),
            ("Authorization", f"Basic {basic('u', AWKWARD)}"),
            ("Content-Length", "9"),
        ),
        f"token={quote_plus(AWKWARD)}&x=1".encode(),
    )
    assert Scrubber({"token": AWKWARD, "name": "plain-token", "flat": AWKWARD.replace("\n", " ")}).request(
        sent
    ) == RecordedRequest(
        "POST",
        "https://api.example.com/bot{{token}}/send?k={{token}}",
        (("X-{{name}}", "{{flat}}"), ("Authorization", "Basic {{token}}"), ("Content-Length", "19")),
        b"token={{token}}&x=1",
    )


def test_reasons_are_scrubbed_and_lengths_of_absent_bodies_stay() -> None:
    """An answer to HEAD tells the length of a body that it does not carry."""
    sent = RecordedResponse(200, "for abcdef-ghijkl", (("Content-Length", "1234"), ("Content-Encoding", "gzip")), b"")
    clean = Scrubber({"token": "abcdef-ghijkl"}).response(sent)
    assert (clean.reason, clean.headers) == ("for {{token}}", (("Content-Length", "1234"),))


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("compress", b"text"), ("gzip", gzip.compress(b"text", mtime=0)[:-9])],
    ids=["unknown", "cut"],
)
def test_a_body_that_cannot_be_searched_is_refused(encoding: str, body: bytes) -> None:
    """What cannot be decoded might hold anything."""
    with pytest.raises(ScrubbingError, match="cannot be searched for secrets"):
        Scrubber({}).response(response(body, ("Content-Encoding", encoding)))


def test_numbers_that_are_secrets_leave_json_whole() -> None:
    """A placeholder needs the quotes that a number had not."""
    scrubber = Scrubber({"account": "9876543210"})
    body = b'{"a": 9876543210, "b": [-9876543210.5], "c": "x 9876543210 \\" y"}'
    clean = scrubber.response(response(body)).body
    assert json.loads(clean) == {"a": "{{account}}", "b": ["{{account}}"], "c": '{{account}} " y'} | {
        "c": 'x {{account}} " y'
    }


def test_binary_bodies_keep_their_other_bytes() -> None:
    """An upload in a multipart body, say."""
    assert Scrubber({"token": "grün-token"}).raw(b"\xff\0gr\xc3\xbcn-token\xfe") == b"\xff\0{{token}}\xfe"


def test_placeholders_are_listed() -> None:
    """Each name once, in order; other braces are none."""
    assert placeholders_in("{{b}} {{ no }} {{a.c-d}} {{b}} {x} {{}}") == ("b", "a.c-d")
    assert placeholders_in(b"\xff{{token}}") == ("token",)


VALUES = {"token": 'a"b/ü\n<c>'}


def test_stand_ins_are_written_as_their_place_asks() -> None:
    """Raw in text, on one line in headers, percent-encoded in addresses; unknown names stay."""
    assert fill_text("x {{token}} {{other}}", VALUES) == 'x a"b/ü\n<c> {{other}}'
    assert fill_text(b"\xff {{token}}", VALUES) == b"\xff " + VALUES["token"].encode()
    assert fill_header("Bearer {{token}}", VALUES) == 'Bearer a"b/ü <c>'
    assert (
        fill_url("https://a.b/{{token}}?x={{token}}", VALUES)
        == f"https://a.b/{quote(VALUES['token'], safe='')}?x={quote(VALUES['token'], safe='')}"
    )


def test_stand_ins_keep_json_whole_at_every_depth() -> None:
    """In strings, in keys, and in JSON that stands in a string of JSON."""
    body = {
        "a": "{{token}}",
        "{{token}}": ["x {{token}}", 1],
        "deep": json.dumps({"b": "{{token}}", "c": json.dumps(["{{token}}"])}),
    }
    for text in (json.dumps(body), json.dumps(body, ensure_ascii=False)):
        filled = json.loads(fill_json(text.encode(), VALUES))
        deep = json.loads(filled["deep"])
        assert filled["a"] == deep["b"] == json.loads(deep["c"])[0] == VALUES["token"]
        assert filled[VALUES["token"]] == [f"x {VALUES['token']}", 1]
    assert (
        fill_json('{"a": "{broken {{token}}", "b": "\\x {{token}}"}', {"token": '"'})
        == '{"a": "{broken \\"", "b": "\\x \\""}'
    )


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ('"{{token}}"', "application/problem+json", json.dumps(VALUES["token"])),
        ('["{{token}}"]', "", json.dumps([VALUES["token"]])),
        ("t={{token}}", "application/x-www-form-urlencoded; charset=utf-8", f"t={quote_plus(VALUES['token'])}"),
        ("<p>{{token}}</p>", "text/html", f"<p>{html.escape(VALUES['token'])}</p>"),
        ("<p>{{token}}</p>", "application/xml", f"<p>{html.escape(VALUES['token'])}</p>"),
        ("{{token}}", "text/plain", VALUES["token"]),
    ],
)
def test_the_content_type_chooses_how_a_body_is_filled(text: str, kind: str, expected: str) -> None:
    """And so a filled body parses as the recorded one did."""
    assert fill(text, VALUES, content_type=kind) == expected
    assert fill(text.encode(), VALUES, content_type=kind) == expected.encode()


@settings(max_examples=60, deadline=None)
@given(type_of_secrets, st.text(max_size=20))
def test_scrubbing_undoes_filling(secret: str, around: str) -> None:
    """At replay the client sends back what it was given, and the comparison is with the file."""
    body = json.dumps({"t": "{{token}}", "x": around})
    scrubber = Scrubber({"token": secret})
    recorded = scrubber.text(json.dumps({"t": secret, "x": around}))
    assert json.loads(recorded)["t"] == "{{token}}"
    assert json.loads(scrubber.text(fill_json(body, {"token": secret})))["t"] == "{{token}}"
