"""What clients hand to vcrpy, and what becomes of it: bodies as sent, secrets in payloads, moved addresses."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from cassettes.recorded import said
from recording.adapters import TOKEN, AcmeAdapter, AwaitingCase, case, recorded
from recording.live import Asked, Says, serving
from recording.test_recording import contents, notes, prepares

from automate_connectors import ConfigurationError, ConnectionProfile
from automate_connectors.cassettes.format import CassetteError, load
from automate_connectors.cassettes.scrubbing import Scrubber
from automate_connectors.recording import conversion
from automate_connectors.recording.cleaning import Cleaner
from automate_connectors.recording.conversion import interaction_of
from automate_connectors.recording.origins import Origins, addresses_of
from automate_connectors.recording.persisting import Page, persist


def test_bodies_of_aiohttp_are_recorded_as_they_were_sent(tmp_path: Path) -> None:
    """JSON, forms, files, text: the bytes in the cassette are those that arrived."""
    with serving(lambda _: Says(b'{"ok": true}')) as service:
        AwaitingCase.recording_options = {"base_url": service.address}
        AwaitingCase.cassette_dir = tmp_path
        recorded(AwaitingCase, tmp_path)
        posted = [each for each in service.asked if each.method == "POST"]
    names = ["post", *(f"post.{number}" for number in range(2, 6))]
    for name, asked in zip(names, posted, strict=True):
        (each,) = load(tmp_path / f"{name}.yaml").interactions
        assert each.request.body == asked.body
        assert dict(each.request.headers).get("Content-Type", "") == asked.headers["content-type"] or name == "post.5"
    assert posted[0].body == b'{"text": "Milk"}'
    assert posted[1].body == b"text=Milk+%26+more"


class _Request:
    """A request as vcrpy keeps it."""

    method, headers = "POST", {b"X-Kind": b"bytes", "X-Many": ("a", "b")}

    def __init__(self, body: Any) -> None:
        self.uri = "https://user:pass@api.acme.test/x?q=1#part"
        self.body = body


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (None, b""),
        ("é", "é".encode()),
        (bytearray(b"x"), b"x"),
        (io.BytesIO(b"file"), b"file"),
        (iter([b"a", "b"]), b"ab"),
    ],
)
def test_whatever_vcrpy_keeps_becomes_bytes(body: object, sent: bytes) -> None:
    """Text, bytes, files, pieces; the address loses what is not sent with it."""
    answer = {"status": {"code": 204, "message": None}, "headers": {}, "body": {}}
    each = interaction_of(0, _Request(body), answer)
    assert each.request.body == sent
    assert each.request.uri == "https://api.acme.test/x?q=1"
    assert each.request.headers == (("X-Kind", "bytes"), ("X-Many", "a"), ("X-Many", "b"))
    assert (each.response.reason, each.encoding) == ("", None)


def test_a_body_that_is_none_is_refused() -> None:
    """An object that vcrpy kept, of which nobody knows what was sent."""
    answer = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": b""}}
    with pytest.raises(CassetteError, match="a body of type int"):
        interaction_of(0, _Request(7), answer)


def test_an_answer_to_another_request_is_refused() -> None:
    """Tornado's curl client follows redirects out of vcrpy's hearing; the same address in other words is none."""
    answer = {"status": {"code": 200, "message": "OK"}, "headers": [("X-A", ["1", "2"])], "body": {"string": b""}}
    same = interaction_of(0, _Request(b""), {**answer, "url": "https://api.acme.test/x?q=1"})
    assert same.response.headers == (("X-A", "1"), ("X-A", "2"))
    with pytest.raises(CassetteError, match=r"POST https://api\.acme\.test/x was redirected"):
        interaction_of(0, _Request(b""), {**answer, "url": "https://api.acme.test/elsewhere"})


def test_an_answer_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told with its size, and nothing is written."""
    monkeypatch.setattr(conversion, "MAX_BODY_BYTES", 2**20)
    big = Says(b"x" * (2**20 + 1), headers=())
    with serving(lambda asked: big if asked.target.endswith("n_1") else notes(asked)) as service:
        kind = case(service.address, examples={"get_note": [{"id": "n_1"}]})
        with pytest.raises(ConfigurationError, match="give an example that asks for less"):
            recorded(kind, tmp_path)
    assert contents(tmp_path) == {}


def test_secrets_in_payloads_and_their_names_are_replaced() -> None:
    """Texts, keys, numbers, at any depth; the rest stays of its type."""
    cleaner = Cleaner({"token": TOKEN, "pin": "31415926"}, [])
    given = {"a": [TOKEN, 31415926, 7, None, True], f"{TOKEN}": {"b": f"x {TOKEN}"}}
    assert cleaner.payload(given) == {"a": ["{{token}}", "{{pin}}", 7, None, True], "{{token}}": {"b": "x {{token}}"}}


def test_a_second_value_of_a_name_has_a_name_of_its_own() -> None:
    """What an answer calls as the profile calls another."""
    traffic = [said("GET", "/a", {"token": "first-0123"}), said("GET", "/b", {"token": "second-0123"})]
    cleaner = Cleaner({"token": TOKEN}, traffic)
    assert cleaner.secrets == {"token": TOKEN, "token_2": "first-0123", "token_2_2": "second-0123"}
    assert [name for name in cleaner.names_in([cleaner.interaction(each) for each in traffic]) if name == "token"] == []


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("http://127.0.0.1:8309/v1/x", "https://api.acme.test/v2/x"),
        ("http://127.0.0.1:8309/other", "https://api.acme.test/other"),
        ("see http:\\/\\/127.0.0.1:8309\\/v1\\/x", "see https://api.acme.test/v2\\/x"),
        ("next=http%3A%2F%2F127.0.0.1%3A8309%2Fother", "next=https://api.acme.test%2Fother"),
        ("127.0.0.1:8309", "api.acme.test"),
        ("127.0.0.1:83099 x127.0.0.1:8309", "127.0.0.1:83099 x127.0.0.1:8309"),
    ],
)
def test_called_addresses_become_the_profiles_own(text: str, moved: str) -> None:
    """In every spelling, with their path where it differs, and nowhere else."""
    origins = Origins({"http://127.0.0.1:8309/v1": "https://api.acme.test/v2"})
    assert origins.text(text) == moved
    assert origins.payload({"a": [text, 1]}) == {"a": [moved, 1]}


def test_only_options_that_are_addresses_and_differ_are_moved() -> None:
    """Others are options like any other."""
    called = {"base_url": "http://127.0.0.1:1", "auth_url": "https://x.test", "region": "eu", "new": "http://n.test"}
    own = {"base_url": "https://a.test", "auth_url": "https://x.test", "region": "us"}
    assert addresses_of(called, own) == {"http://127.0.0.1:1": "https://a.test"}
    each = said("GET", "/x", {})
    assert Origins({}).interaction(each) is each


def test_a_failing_prepare_is_told_and_cleaned_up_after(tmp_path: Path) -> None:
    """Nothing is recorded."""

    def refusing(asked: Asked) -> Says:
        return Says(b"{}", 403) if asked.method == "POST" else notes(asked)

    kind = prepares()
    with serving(refusing) as service:
        kind.recording_options = {"base_url": f"{service.address}/v1"}
        with pytest.raises(ConfigurationError, match=r"prepare\(\) failed: FORBIDDEN.*answered 403"):
            recorded(kind, tmp_path)
    assert kind.told == ("cleaned",)
    assert contents(tmp_path) == {}


def test_an_adapter_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """With the type of the exception and its place."""

    class Unmade(AcmeAdapter):
        """Breaks at once."""

        def __init__(self, profile: ConnectionProfile | None = None) -> None:
            super().__init__(profile)
            raise LookupError(f"no such thing as {TOKEN}")

    with pytest.raises(ConfigurationError, match=r"construction failed: LookupError at test_clients\.py:") as caught:
        recorded(case("http://127.0.0.1:1", adapter_class=Unmade), tmp_path)
    assert TOKEN not in caught.value.message


def test_an_interrupt_cleans_up_and_writes_nothing(tmp_path: Path) -> None:
    """The user's own Ctrl-C goes through."""

    class Interrupted(AcmeAdapter):
        """Meets Ctrl-C."""

        def get_note(self, payload: dict[str, Any]) -> dict[str, Any]:
            """Be interrupted."""
            del payload
            raise KeyboardInterrupt

    kind = prepares()
    with serving(notes) as service:
        kind.recording_options = {"base_url": f"{service.address}/v1"}
        with pytest.raises(KeyboardInterrupt):
            recorded(kind, tmp_path, Interrupted)
    assert kind.told == ("prepared", "cleaned")
    assert contents(tmp_path) == {}


def test_the_last_gate_refuses_what_is_still_there(tmp_path: Path) -> None:
    """A secret in the head, or in a body, of any page: none is written."""
    good = Page(tmp_path / "connect.yaml", {"payload": {}}, [said("GET", "/x", {})])
    for bad in (
        Page(tmp_path / "a.yaml", {"payload": {"x": TOKEN}}, [said("GET", "/x", {})]),
        Page(tmp_path / "b.yaml", {"payload": {}}, [said("GET", "/x", {"x": TOKEN.encode().hex()})]),
        Page(tmp_path / "c.yaml", {"payload": {}}, [said("GET", "/x", json.dumps(TOKEN).encode("utf-16-le"))]),
    ):
        with pytest.raises(CassetteError, match="the secret 'token' still stands") as caught:
            persist([good, bad], Scrubber({"token": TOKEN}))
        assert TOKEN not in caught.value.message
    assert contents(tmp_path) == {}


def test_a_folder_that_cannot_be_written_leaves_all_as_it_was(tmp_path: Path) -> None:
    """The second file cannot be staged, so the first is not put in place."""
    (tmp_path / "file").write_text("no folder")
    pages = [
        Page(tmp_path / "connect.yaml", {"payload": {}}, [said("GET", "/x", {})]),
        Page(tmp_path / "file" / "a.yaml", {"payload": {}}, [said("GET", "/x", {})]),
    ]
    with pytest.raises(CassetteError, match="cannot be written"):
        persist(pages, Scrubber({}))
    assert set(contents(tmp_path)) == {"file"}
