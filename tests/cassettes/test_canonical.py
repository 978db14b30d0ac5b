"""Two requests are equal where they mean the same."""

from __future__ import annotations

import gzip

import pytest

from automate_connectors.cassettes.canonical import (
    CanonicalRequest,
    LeftOut,
    canonical_body,
    canonical_path,
    canonical_request,
    drop_fields,
    leaves,
    origin_of,
    parse_body,
    texts_of,
)

JSON = [("content-type", "application/json")]
FORM = [("Content-Type", "application/x-www-form-urlencoded")]


def request(
    url: str = "https://api.acme.test/v1",
    body: bytes = b"",
    *,
    without: LeftOut = LeftOut(),  # noqa: B008 - frozen
) -> CanonicalRequest:
    """A POST with a JSON body."""
    return canonical_request("post", url, JSON, body, without=without)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://API.acme.test:443/x", "https://api.acme.test"),
        ("http://api.acme.test:80", "http://api.acme.test"),
        ("http://api.acme.test:443/", "http://api.acme.test:443"),
        ("https://bücher.test/", "https://xn--bcher-kva.test"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("ftp://files.test/", "ftp://files.test"),
    ],
)
def test_an_origin_leaves_out_its_standard_port(url: str, origin: str) -> None:
    """Host in lower case and as it goes over the wire."""
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("", "/"),
        ("/a b/c", "/a%20b/c"),
        ("/a%20b/%63", "/a%20b/c"),
        ("/group%2fproject", "/group%2Fproject"),
        ("/{{token}}/x", "/{{token}}/x"),
        ("/ü", "/%C3%BC"),
    ],
)
def test_a_path_has_uniform_percent_encoding(path: str, canonical: str) -> None:
    """RFC 3986 section 6.2.2; a placeholder stays readable."""
    assert canonical_path(path) == canonical


def test_the_operation_in_a_path_is_left_out() -> None:
    """A whole segment alone."""
    assert canonical_path("/notes/op%201", "op 1") == "/notes/{operation}"
    assert canonical_path("/notes/op-12", "op-1") == "/notes/op-12"


def test_the_order_of_a_query_does_not_matter_nor_does_its_encoding() -> None:
    """Blank values count."""
    one, other = request("https://api.acme.test/?b=2&a=x%20y&c="), request("https://api.acme.test/?c=&a=x+y&b=2")
    assert one == other
    assert one != request("https://api.acme.test/?b=2&a=x%20y")
    assert one.endpoint == ("POST", "https://api.acme.test", "/")


def test_json_bodies_are_compared_by_what_they_say() -> None:
    """Neither order nor blanks matter; values and their types do."""
    assert request(body=b'{"a": 1, "b": [2]}') == request(body=b'{"b":[2],"a":1}')
    assert request(body=b'{"a": 1}') != request(body=b'{"a": "1"}')
    assert request(body=b"") != request(body=b"{}")


def test_forms_are_compared_field_by_field_in_order() -> None:
    """Encoding does not matter."""
    assert canonical_body(FORM, b"a=x+y&b=") == canonical_body(FORM, b"a=x%20y&b=")
    assert canonical_body(FORM, b"a=1&b=2") != canonical_body(FORM, b"b=2&a=1")


def test_multipart_bodies_are_compared_without_their_boundary() -> None:
    """Each client makes up its own."""

    def body(boundary: str) -> str:
        headers = [("Content-Type", f'multipart/form-data; boundary="{boundary}"')]
        return canonical_body(headers, f"--{boundary}\r\n\r\nhello\r\n--{boundary}--".encode())

    assert body("abc") == body("XYZ")
    assert body("abc").startswith("multipart:")


@pytest.mark.parametrize(
    ("headers", "body", "kind", "value"),
    [
        ((), b"", "none", None),
        ((), b'["no type"]', "json", ["no type"]),
        ([("Content-Type", "application/problem+json")], b"1", "json", 1),
        (JSON, b"{broken", "text", "{broken"),
        ([("Content-Type", "text/plain")], "ü".encode(), "text", "ü"),
        ([("Content-Type", "multipart/mixed")], b"x", "text", "x"),
        ([("Content-Type", "image/png")], b"\x89\xff", "binary", "89ff"),
    ],
)
def test_a_body_is_parsed_by_its_type_or_by_its_look(
    headers: list[tuple[str, str]], body: bytes, kind: str, value: object
) -> None:
    """What cannot be parsed is text, and what is no text is binary."""
    assert parse_body(headers, body) == (kind, value)


def test_content_encodings_are_undone() -> None:
    """What cannot be undone is compared as it stands."""
    packed = [*JSON, ("Content-Encoding", "gzip")]
    assert canonical_body(packed, gzip.compress(b'{"a": 1}')) == canonical_body(JSON, b'{"a":1}')
    assert parse_body([("Content-Encoding", "gzip")], b"plain") == ("text", "plain")


def test_what_rightly_differs_is_left_out() -> None:
    """Of bodies, forms and queries."""
    left_out = LeftOut(frozenset({"nonce", "meta.at"}))
    url = "https://api.acme.test/?nonce={}&a=1"
    one = request(url.format(1), b'{"a": 1, "nonce": 1, "meta": {"at": 1}}', without=left_out)
    assert one == request(url.format(2), b'{"a": 1, "nonce": 2, "meta": {"at": 2}}', without=left_out)
    assert one != request(url.format(1), b'{"a": 2, "meta": {}}', without=left_out)
    fields = frozenset({"nonce"})
    assert canonical_body(FORM, b"a=1&nonce=1", without=fields) == canonical_body(FORM, b"a=1", without=fields)


def test_a_plain_name_is_dropped_at_any_depth_and_a_dotted_one_at_its_place() -> None:
    """Lists are looked through."""
    value = {"a": 1, "b": [{"a": 2, "c": {"d": 3}}], "c": {"d": 4}}
    assert drop_fields(value, frozenset({"a"})) == {"b": [{"c": {"d": 3}}], "c": {"d": 4}}
    assert drop_fields(value, frozenset({"b.c.d"})) == {"a": 1, "b": [{"a": 2, "c": {}}], "c": {"d": 4}}
    assert drop_fields(value, frozenset()) is value
    assert drop_fields("plain", frozenset({"a"})) == "plain"


def test_leaves_are_found_by_their_place() -> None:
    """Empty containers are leaves too."""
    value = {"a": {"b": 1}, "c": [True, {}], "d": []}
    assert leaves(value) == {"/a/b": 1, "/c/0": True, "/c/1": {}, "/d": []}
    assert leaves("x", "body") == {"body": "x"}


def test_what_an_answer_says_is_told_without_its_escapes() -> None:
    """Many services escape slashes and ampersands in the addresses that they give; a compressed body is undone."""
    body = rb'{"next": "https:\/\/api.acme.test\/x?a=1\u0026b=2", "total": 3}'
    said = texts_of([("Link", "<https://api.acme.test/y>")], body)
    assert "https://api.acme.test/x?a=1&b=2" in said
    assert "<https://api.acme.test/y>" in said
    assert "api.acme.test/z" in texts_of([], b"see api.acme.test/z")
    assert "/x" in texts_of([("Content-Encoding", "gzip")], gzip.compress(rb'{"next": "\/x"}'))
