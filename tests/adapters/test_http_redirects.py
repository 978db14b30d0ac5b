"""Redirects are followed at home and for reads only."""

import httpx
import pytest
from adapters.http_probe import BASE, Probe, answering, failing

from automate_connectors.errors import ConnectorErrorCode, Effect

OK = httpx.Response(200, json={})


def _to(location: str, status: int = 302) -> httpx.Response:
    return httpx.Response(status, headers={"Location": location})


def _get(probe: Probe) -> httpx.Response:
    return probe.request("GET", "/a?x=1")


def _head(probe: Probe) -> httpx.Response:
    return probe.request("HEAD", "/a")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("script", [_get, _head])
def test_reads_follow_redirects_within_the_origin(status: int, script: object) -> None:
    """With the same method and credentials."""
    with answering(_to("../v2/b?y=2", status), _to(f"{BASE}/c", status), OK) as router:
        probe = Probe(script=script)  # type: ignore[arg-type]  # a script of the table
        assert probe.execute("plain", {}) == {"result": 200}
        sent = [call.request for call in router.calls]
    assert [str(request.url) for request in sent[1:]] == ["https://api.example.com/v2/b?y=2", f"{BASE}/c"]
    assert len({request.method for request in sent}) == 1
    assert all("authorization" in request.headers for request in sent)


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example.net/",
        "//evil.example.net/",
        "http://api.example.com/v1/a",
        "https://api.example.com:444/",
        "https://user:pw@api.example.com/",
        "https://api.example.com:port/",
        "javascript:alert(1)",
    ],
)
def test_no_redirect_leads_out_of_the_origin(location: str) -> None:
    """Such an answer is a BAD_RESPONSE, and nothing else is sent."""
    with answering(_to(location)) as router:
        error = failing(Probe(script=_get), "plain")
        assert len(router.calls) == 1
    assert (error.code, error.status, error.effect) == (ConnectorErrorCode.BAD_RESPONSE, 302, Effect.NONE)
    assert "evil" not in error.message


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_writes_follow_no_redirect(status: int) -> None:
    """The service may have acted before it answered."""
    with answering(_to("/b", status)) as router:
        error = failing(Probe(), "plain")
        assert len(router.calls) == 1
    assert (error.code, error.effect) == (ConnectorErrorCode.BAD_RESPONSE, Effect.UNKNOWN)


@pytest.mark.parametrize("status", [300, 304, 302])
def test_a_redirect_without_a_location_is_a_bad_response(status: int) -> None:
    """So is every 3xx that is no redirect."""
    with answering(httpx.Response(status)):
        assert failing(Probe(script=_get), "plain").code is ConnectorErrorCode.BAD_RESPONSE


def test_redirects_end() -> None:
    """A circle is left after a few rounds."""
    with answering(*[_to("/v1/a")] * 20) as router:
        error = failing(Probe(script=_get), "plain")
        assert len(router.calls) == 6
    assert (error.code, error.status) == (ConnectorErrorCode.BAD_RESPONSE, 302)


def test_an_expected_redirect_is_an_answer() -> None:
    """An action may want the 3xx itself."""
    with answering(_to("/v1/b")):
        probe = Probe(script=lambda probe: probe.request("GET", "/a", expect={302}))
        assert probe.execute("plain", {}) == {"result": 302}
