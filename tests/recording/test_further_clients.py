"""Clients that vcrpy knows beside the usual ones are recorded as they speak: over HTTP and HTTPS, and replay."""

from __future__ import annotations

import contextlib
import gzip
import json
import ssl
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import trustme
from certification.judged import subject_of
from recording.adapters import case, recorded
from recording.further_clients import TOKEN, BotocoreAdapter, Httplib2Adapter, TornadoAdapter
from recording.live import JSON, Asked, Says, serving
from recording.test_recording import contents
from tornado.httpclient import AsyncHTTPClient

from automate_conformance.suite import checks
from automate_connectors import ConfigurationError, ConnectionProfile
from automate_connectors.cassettes.encodings import decode
from automate_connectors.cassettes.format import load
from automate_connectors.certification.case import resolve
from automate_connectors.certification.levels import Outcome
from automate_connectors.certification.verdict import reach
from automate_connectors.recording.aiohttp_bodies import readable_requests
from automate_connectors.recording.botocore_bodies import undecoded_answers
from automate_connectors.recording.tornado_hops import single_hops

OWN = "https://api.acme.test"
ACCESS_KEY, SECRET_KEY = "AKIAQ7ACMETEST234567", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYacmesecret"
CLIENTS = {"httplib2": Httplib2Adapter, "tornado": TornadoAdapter, "botocore": BotocoreAdapter}
#: What shows that a recording replays.
REPLAYED = ("C03", "C05", "R01", "R02", "R03", "S03")


def acme(asked: Asked) -> Says:
    """Notes, in gzip where they are read."""
    if asked.method == "GET" and "/notes/" in asked.target:
        packed = gzip.compress(json.dumps({"text": "Milk"}).encode())
        return Says(packed, headers=(*JSON, ("Content-Encoding", "gzip")))
    return Says(b"" if asked.method in ("HEAD", "PUT") else b'{"ok": true}')


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Whom the clients of these tests trust."""
    return trustme.CA()


def context_of(authority: trustme.CA) -> ssl.SSLContext:
    """A server's context with a certificate of an authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


def case_of(client: str, address: str, authority: Any = None, **members: Any) -> Any:
    """A case of a client's adapter that is recorded from an address."""
    secrets = {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY} if client == "botocore" else {"token": TOKEN}
    options = {"base_url": OWN}
    return case(
        address,
        profile=ConnectionProfile("acme", options=options, secrets=secrets),
        recording_options={"base_url": address, "authority": authority},
        **{"adapter_class": CLIENTS[client], "examples": {}, **members},
    )


def judged(kind: Any, root: Path) -> dict[str, Outcome]:
    """What the suite says of the recordings of a case."""
    with subject_of(resolve("acme", kind.adapter_class, kind, root=root)) as subject:
        return {each: reach(each, partial(checks()[each], subject), lambda: 0.0).outcome for each in REPLAYED}


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("client", CLIENTS)
def test_what_went_over_the_wire_is_what_the_cassettes_hold(
    tmp_path: Path, client: str, scheme: str, authority: trustme.CA
) -> None:
    """Method, target, body and encoding of every request; no secret; and the suite replays it."""
    pem = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(pem))
    folder = tmp_path / "cassettes"
    with serving(acme, context_of(authority) if scheme == "https" else None) as service:
        kind = case_of(client, service.address, str(pem) if scheme == "https" else None)
        made = recorded(kind, folder)
    heard = [each for file in made.written for each in load(folder / file).interactions]
    assert [(each.request.method, each.request.uri) for each in heard] == [
        (asked.method, OWN + asked.target) for asked in service.asked
    ]
    assert [each.request.body for each in heard] == [
        decode(asked.headers.get("content-encoding", ""), asked.body) for asked in service.asked
    ]
    (note,) = load(folder / "get_note.yaml").interactions
    assert (json.loads(note.response.body), note.encoding) == ({"text": "Milk"}, "gzip")
    text = "".join(data.decode() for data in contents(folder).values())
    assert [secret for secret in (TOKEN, ACCESS_KEY, SECRET_KEY) if secret in text] == []
    assert judged(kind, tmp_path) == dict.fromkeys(REPLAYED, Outcome.PASS)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_server_that_nobody_trusts_is_not_asked(tmp_path: Path, client: str, authority: trustme.CA) -> None:
    """While it is recorded a client verifies as ever: nothing is sent and nothing written."""
    pem = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(pem))
    with serving(acme, context_of(trustme.CA())) as service:
        with pytest.raises(ConfigurationError, match=r"connect\(\) failed: .*the service answered nothing"):
            recorded(case_of(client, service.address, str(pem)), tmp_path / "cassettes")
        assert service.asked == []
    assert contents(tmp_path / "cassettes") == {}


@pytest.mark.parametrize(
    ("library", "mended"),
    [
        ("aiohttp", readable_requests),
        ("botocore.awsrequest", undecoded_answers),
        ("tornado.simple_httpclient", partial(single_hops, [], print)),
    ],
)
def test_a_library_that_is_not_there_is_not_needed(library: str, mended: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor imported for it."""
    monkeypatch.delitem(sys.modules, library)
    with mended():
        assert library not in sys.modules


def moving(other: str) -> Any:
    """Notes that have moved: to another host, twice there, or back to where they were asked for."""
    asked_for_loop = []

    def answer(asked: Asked) -> Says:
        moved = {
            "/notes/away": (307, f"{other}/there"),
            "/notes/twice": (302, "/notes/hop"),
            "/notes/hop": (308, "/notes/end"),
            "/notes": (303, "/notes/end"),
            "/back": (307, "/notes/loop"),
        }
        if asked.target == "/notes/loop":
            asked_for_loop.append(asked)
            moved["/notes/loop"] = (307, "/back") if len(asked_for_loop) == 1 else (0, "")
        status, place = moved.get(asked.target, (0, ""))
        return Says(b"elsewhere", status, headers=(("Location", place),)) if status else Says(b'{"ok": true}')

    return answer


@pytest.mark.parametrize("client", ["httplib2", "tornado"])
def test_each_hop_of_a_redirect_is_an_interaction(tmp_path: Path, client: str) -> None:
    """To another host, on and on, by another method, and back to the first address: as they went over the wire."""
    with serving(lambda _: Says(b'{"ok": true}')) as other, serving(lambda _: Says()) as service:
        service.answer = moving(other.address.replace("127.0.0.1", "localhost"))
        ids = ["away", "twice", "loop"] if client == "tornado" else ["away", "twice"]
        recorded(case_of(client, service.address, examples={"get_note": [{"id": each} for each in ids]}), tmp_path)
    hops = {
        path.stem: [
            (each.request.method, each.request.uri.partition("//")[2].partition("/")[2], each.response.status)
            for each in load(path).interactions
        ]
        for path in tmp_path.iterdir()
    }
    expected = {
        "connect": [("GET", "me", 200)],
        "get_note": [("GET", "notes/away", 307), ("GET", "there", 200)],
        "get_note.2": [("GET", "notes/twice", 302), ("GET", "notes/hop", 308), ("GET", "notes/end", 200)],
        "get_note.3": [("GET", "notes/loop", 307), ("GET", "back", 307), ("GET", "notes/loop", 200)],
        "post_note": [("POST", "notes", 303), ("GET", "notes/end", 200)],
    }
    assert hops == {name: expected[name] for name in hops}
    assert set(expected) - set(hops) == ({"get_note.3"} if client == "httplib2" else set())


def test_what_vcrpy_cannot_hear_of_tornado_is_refused(tmp_path: Path) -> None:
    """An answer that is handed over piece by piece never comes together there: it is not asked for, and told."""
    with serving(acme) as service:
        kind = case_of("tornado", service.address, examples={"get_note": [{"id": "n_1", "by": {"streaming": True}}]})
        with pytest.raises(ConfigurationError, match=r"get_note \(example 1\) failed: .*not yet supported by VCR\.py"):
            recorded(kind, tmp_path)
        assert [asked.target for asked in service.asked] == ["/me"]
    assert contents(tmp_path) == {}


def test_where_no_answer_came_none_is_recorded(tmp_path: Path) -> None:
    """Tornado makes up a status 599; an adapter that goes on elsewhere has what was answered there."""

    class Falling(TornadoAdapter):
        """Asks a second address where the first is not there."""

        async def _send(self, method: str, path: str, **more: Any) -> dict[str, Any]:
            with contextlib.suppress(OSError):
                await AsyncHTTPClient().fetch(f"http://127.0.0.1:1{path}", method="GET")
            return await super()._send(method, path, **more)

    with serving(acme) as service:
        recorded(case_of("tornado", service.address, adapter_class=Falling), tmp_path)
    assert [each.response.status for each in load(tmp_path / "connect.yaml").interactions] == [200]


def test_threads_of_httplib2_are_all_heard(tmp_path: Path) -> None:
    """Eight of them, each with a client of its own."""

    class Crowd(Httplib2Adapter):
        """Asks from many threads."""

        def get_note(self, payload: dict[str, Any]) -> dict[str, Any]:
            """Read notes."""
            paths = [f"/notes/{payload['id']}/{number}" for number in range(8)]
            ask = [
                threading.Thread(target=lambda p=p: [self._send("GET", f"{p}/{i}") for i in range(5)]) for p in paths
            ]
            for thread in ask:
                thread.start()
            for thread in ask:
                thread.join()
            return {"done": True}

    with serving(acme) as service:
        kind = case_of("httplib2", service.address, adapter_class=Crowd, examples={"get_note": [{"id": "n_1"}]})
        recorded(kind, tmp_path)
    assert len(load(tmp_path / "get_note.yaml").interactions) == 40
