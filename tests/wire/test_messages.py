"""Requests and answers as they went over the wire."""

from __future__ import annotations

import pytest

from automate_connectors.wire.messages import Answer, Headers, SentRequest, ascii_host


def test_header_names_compare_without_case_and_values_are_joined() -> None:
    """RFC 9110, sections 5.1 and 5.3."""
    headers = Headers([("Accept", "a"), ("X-Id", "1"), ("accept", "b")])
    assert headers["ACCEPT"] == "a, b"
    assert headers.get_all("Accept") == ["a", "b"]
    assert (list(headers), len(headers)) == (["accept", "x-id"], 2)
    assert "x-ID" in headers
    assert "other" not in headers
    number: object = 1
    assert number not in headers
    assert headers.get("other") is None
    with pytest.raises(KeyError):
        headers["other"]


def test_headers_equal_a_mapping_whatever_its_case() -> None:
    """A test may compare them with a plain dict."""
    headers = Headers([("Accept", "a")])
    assert headers == {"ACCEPT": "a"}
    assert headers == Headers([("accept", "a")])
    assert headers != {"accept": "b"}
    assert headers != 3


def test_headers_have_no_hash_and_hide_their_values() -> None:
    """They equal mappings that have none; values may be secrets."""
    headers = Headers([("Authorization", "Bearer secret")])
    with pytest.raises(TypeError, match="use their `raw` pairs"):
        hash(headers)
    assert repr(headers) == "Headers(['authorization'])"


def test_a_request_tells_its_parts() -> None:
    """Origin, path, query and JSON body; its repr hides headers and body."""
    request = SentRequest("POST", "https://API.acme.test:8443/a%20b?x=1", Headers([("A", "secret")]), b'{"a": 1}')
    assert request.origin == "https://api.acme.test:8443"
    assert (request.path, request.query) == ("/a%20b", "x=1")
    assert request.json() == {"a": 1}
    assert "secret" not in repr(request)
    assert SentRequest("GET", "https://api.acme.test").path == "/"


def test_a_body_that_is_no_json_says_so() -> None:
    """As `json.loads` does."""
    with pytest.raises(ValueError, match="Expecting value"):
        SentRequest("GET", "https://api.acme.test").json()


@pytest.mark.parametrize(
    ("host", "wire"),
    [("API.acme.test", "api.acme.test"), ("Bücher.test", "xn--bcher-kva.test"), ("Ü" * 70, "ü" * 70)],
)
def test_a_host_name_is_told_as_it_goes_over_the_wire(host: str, wire: str) -> None:
    """In lower case and by IDNA; what cannot be a name stays as it is."""
    assert ascii_host(host) == wire


def test_an_answer_knows_whether_it_is_a_success() -> None:
    """2xx alone."""
    assert [Answer(status).succeeded for status in (199, 200, 299, 300, 404)] == [False, True, True, False, False]
