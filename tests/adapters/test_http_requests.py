"""What `request` sends for what it is given."""

import json
from typing import Any

import httpx
import pytest
from adapters.http_probe import BASE, TOKEN, Probe, answering

from automate_connectors.actions import Idempotency, action
from automate_connectors.adapters.http import HttpConnectorAdapter
from automate_connectors.errors import ConfigurationError, ConnectorError, InvalidPayloadError
from automate_connectors.profiles import ConnectionProfile


def sent(path: str = "/things", method: str = "POST", *, base_url: str = BASE, **arguments: Any) -> httpx.Request:
    """Return the request that the arguments cause."""
    profile = ConnectionProfile("probe", options={"base_url": base_url}, secrets={"token": TOKEN})
    with answering(httpx.Response(200)) as router:
        Probe(profile).request(method, path, **arguments)
        return router.calls.last.request


@pytest.mark.parametrize(
    ("base", "path", "target"),
    [
        ("https://h.example", "/a", "https://h.example/a"),
        ("https://h.example/", "a", "https://h.example/a"),
        ("https://h.example/api/", "/a/", "https://h.example/api/a/"),
        ("https://h.example/api", "", "https://h.example/api"),
        ("https://h.example/api", "/", "https://h.example/api/"),
        ("https://h.example/api", "?q=1", "https://h.example/api?q=1"),
        ("https://h.example/api", "//other.example/x", "https://h.example/api//other.example/x"),
        ("https://h.example/api", "/u/../x", "https://h.example/api/u/%2E%2E/x"),
        ("https://h.example/api", "./x?y=../z", "https://h.example/api/%2E/x?y=../z"),
        ("https://h.example/api", "/u/a\nb\x00", "https://h.example/api/u/a%0Ab%00"),
        ("https://h.example/api", "/u/zoë", "https://h.example/api/u/zo%C3%AB"),
        ("https://h.example/api", "http:x", "https://h.example/api/http:x"),
        ("http://127.0.0.1:8080", "/a", "http://127.0.0.1:8080/a"),
        ("http://[::1]:8080/b", "/a", "http://[::1]:8080/b/a"),
    ],
)
def test_paths_stay_below_the_base(base: str, path: str, target: str) -> None:
    """Whatever a payload puts into a path, it cannot leave the base."""
    assert str(sent(path, base_url=base).url) == target


@pytest.mark.parametrize(
    "path", ["ftp://h.example/", "https://", "https://user@h.example/", "https://h.example:port/", "/" + "x" * 70_000]
)
def test_an_address_that_cannot_be_requested_is_refused(path: str) -> None:
    """It was made of the payload, so the payload is invalid."""
    with pytest.raises(InvalidPayloadError):
        sent(path)


def test_parameters_are_added_to_those_of_the_path() -> None:
    """Httpx alone would replace them."""
    assert sent("/a?x=1", params={"y": [2, 3], "z": True}).url.query == b"x=1&y=2&y=3&z=true"
    assert sent("/a?x=1", params={}).url.query == b"x=1"
    assert sent("/a", params={"q": "a b&c"}).url.query == b"q=a+b%26c"


@pytest.mark.parametrize("value", [{}, [], 0, False, "", {"text": "Zoë 🚀", "n": [1, None, 2.5]}])
def test_every_json_value_is_a_body(value: object) -> None:
    """Also those that are false."""
    request = sent(json=value)
    assert json.loads(request.content) == value
    assert request.headers["content-type"] == "application/json"


def test_lone_surrogates_are_escaped() -> None:
    """JSON can carry what UTF-8 cannot."""
    assert sent(json={"t": "\ud800"}).content == b'{"t":"\\ud800"}'


@pytest.mark.parametrize(
    ("data", "content", "media_type"),
    [
        (
            {"b": 1, "a": ["x", "y z"], "c": None, "d": False},
            b"b=1&a=x&a=y+z&c=&d=false",
            "application/x-www-form-urlencoded",
        ),
        ([("a", "1"), ("b", "2"), ("a", "3")], b"a=1&b=2&a=3", "application/x-www-form-urlencoded"),
        ({}, b"", "application/x-www-form-urlencoded"),
        ("grüße", "grüße".encode(), "text/plain; charset=utf-8"),
        (b"\x00\xff", b"\x00\xff", None),
    ],
)
def test_data_is_a_form_or_content(data: Any, content: bytes, media_type: str | None) -> None:
    """Mappings and pairs are forms in their order, text and bytes stay."""
    request = sent(data=data)
    assert request.content == content
    assert request.headers.get("content-type") == media_type


def test_headers_replace_the_defaults() -> None:
    """None leaves a header out, and the caller's media type wins."""
    request = sent(json={}, headers={"content-type": "application/vnd.x+json", "X-None": None, "X-Blank": " a "})
    assert request.headers["content-type"] == "application/vnd.x+json"
    assert "x-none" not in request.headers
    assert request.headers["x-blank"] == "a"


@pytest.mark.parametrize(
    "arguments",
    [
        {"json": {"n": float("nan")}},
        {"json": {"d": object()}},
        {"data": {"t": "\ud800"}},
        {"data": "\ud800"},
        {"headers": {"X-Name": "Zoë"}},
        {"headers": {"X-Name": "a\r\nInjected: yes"}},
    ],
)
def test_what_cannot_be_sent_is_invalid_input(arguments: dict[str, Any]) -> None:
    """Nothing was sent, and the value is not shown."""
    with pytest.raises(InvalidPayloadError) as caught:
        sent(**arguments)
    assert "Injected" not in caught.value.message
    assert "Zoë" not in caught.value.message


def test_json_and_data_exclude_each_other() -> None:
    """Two bodies are the author's mistake."""
    with pytest.raises(TypeError, match="not both"):
        sent(json={}, data={})


def test_a_connector_without_base_url_says_what_is_missing() -> None:
    """The class or the profile must name the service."""

    class Homeless(HttpConnectorAdapter):
        name = "homeless"
        version = "1.0.0"

        def connect(self) -> bool:
            """Ask for something harmless."""
            return self.request("GET", "/").is_success

    with pytest.raises(ConfigurationError, match="base_url"):
        Homeless().connect()


class Keyed(Probe):
    """Sends its operation id in a header."""

    @action(idempotency=Idempotency.keyed(header="Idempotency-Key"))
    def create(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Create something."""
        self.request("POST", "/things", headers={"idempotency-key": payload["idempotency_key"], "X-Other": "x"})
        return {}


@pytest.mark.parametrize(
    ("key", "header"), [("a-1", "a-1"), ("zoë\n", "zo%C3%AB%0A"), (" a", "%20a"), ("\ud800", "%ED%A0%80")]
)
def test_an_operation_id_may_be_any_text(key: str, header: str) -> None:
    """What a header cannot carry is percent-encoded in the declared one."""
    with answering(httpx.Response(200)) as router:
        Keyed().execute("create", {"idempotency_key": key})
        assert router.calls.last.request.headers["idempotency-key"] == header


def test_other_actions_declare_no_key_header() -> None:
    """The same value in an undeclared header is refused."""
    with answering(), pytest.raises(ConnectorError):
        Probe(script=lambda probe: probe.request("POST", "/", headers={"Idempotency-Key": "é"})).execute("plain", {})
