"""What the usual clients meet while they are recorded: streams, bytes, redirects, servers that nobody should trust."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme
from recording.adapters import OWN, case, recorded
from recording.live import JSON, Asked, Says, serving
from recording.test_recording import contents
from recording.usual_clients import BINARY, CLIENTS, adapter_of

from automate_connectors import ConfigurationError, ConnectionProfile
from automate_connectors.cassettes.format import load

LONG = b'{"words": "' + b"word " * 20_000 + b'"}'


def case_of(client: str, address: str, authority: Path | None = None, **examples: str) -> Any:
    """A case of a client's adapter, with a path for each action."""
    return case(
        address,
        adapter_class=adapter_of(client),
        profile=ConnectionProfile("acme", options={"base_url": OWN}),
        recording_options={"base_url": address, "authority": str(authority) if authority else None},
        examples={action: [{"path": path}] for action, path in examples.items()},
    )


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Whom the clients trust."""
    return trustme.CA()


@pytest.fixture
def pem(authority: trustme.CA, tmp_path: Path) -> Path:
    """Its certificate."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def served_by(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    """The context of a server whose certificate is for some names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


@pytest.mark.parametrize("client", CLIENTS)
def test_what_is_read_and_sent_in_pieces_is_recorded_whole(
    tmp_path: Path, client: str, authority: trustme.CA, pem: Path
) -> None:
    """A streamed answer, a binary one, a binary body, one in pieces: over TLS, byte for byte."""
    answers = {
        "/long": Says(LONG, pieces=777),
        "/image": Says(BINARY, headers=(("Content-Type", "image/x-acme"),)),
    }

    def acme(asked: Asked) -> Says:
        return answers.get(asked.target, Says(b'{"ok": true}'))

    folder = tmp_path / "cassettes"
    with serving(acme, served_by(authority, "127.0.0.1")) as service:
        recorded(case_of(client, service.address, pem, get="/long", look="/image", post="/in", pour="/in"), folder)
    bodies = {asked.body for asked in service.asked if asked.target == "/in"}
    assert bodies == {BINARY}
    assert load(folder / "get.yaml").interactions[0].response.body == LONG
    assert load(folder / "look.yaml").interactions[0].response.body == BINARY
    assert [load(folder / f"{name}.yaml").interactions[0].request.body for name in ("post", "pour")] == [BINARY] * 2


@pytest.mark.parametrize("client", CLIENTS)
def test_a_redirect_to_another_host_is_recorded_hop_by_hop(tmp_path: Path, client: str) -> None:
    """Each with its host and status."""
    with serving(lambda _: Says(b'{"moved": 1}')) as other, serving(lambda _: Says()) as service:
        there = other.address.replace("127.0.0.1", "localhost")
        moved = Says(b"", 302, headers=(*JSON, ("Location", f"{there}/there")))
        service.answer = lambda asked: moved if asked.target == "/here" else Says(b'{"ok": true}')
        recorded(case_of(client, service.address, get="/here"), tmp_path)
    found = load(tmp_path / "get.yaml")
    assert [(each.request.uri.rpartition("/")[2], each.response.status) for each in found.interactions] == [
        ("here", 302),
        ("there", 200),
    ]
    assert found.recorded.hosts == ("api.acme.test", there.removeprefix("http://"))


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("wrong", ["issuer", "name", "no TLS", "nobody there"])
def test_a_server_that_cannot_be_trusted_or_reached_is_told(
    tmp_path: Path, client: str, wrong: str, authority: trustme.CA, pem: Path
) -> None:
    """While they are recorded clients verify as ever: nothing is asked, nothing written, and the call is named."""
    contexts = {"issuer": lambda: served_by(trustme.CA(), "127.0.0.1"), "name": lambda: served_by(authority, "a.test")}
    with serving(lambda _: Says(b'{"ok": true}'), contexts.get(wrong, lambda: None)()) as service:
        address = "https://127.0.0.1:1" if wrong == "nobody there" else service.address.replace("http:", "https:")
        with pytest.raises(ConfigurationError, match=r"^connect\(\) failed: .*; the service answered nothing$"):
            recorded(case_of(client, address, pem), tmp_path / "cassettes")
        assert service.asked == []
    assert contents(tmp_path / "cassettes") == {}
