"""Recording from a service on loopback: what is written, and what is refused with nothing written."""

from __future__ import annotations

import gzip
import json
import logging
import threading
from pathlib import Path
from typing import Any

import pytest
from recording.adapters import OWN, TOKEN, AcmeAdapter, Prepares, case, recorded
from recording.live import JSON, Asked, Says, Service, serving

from automate_connectors import ConfigurationError, ConnectionProfile
from automate_connectors.cassettes.format import load
from automate_connectors.recording.recorder import record


def notes(asked: Asked) -> Says:
    """The service as it should be."""
    if asked.target.endswith("/prepared"):
        return Says(b'{"id": "n_77"}')
    if asked.method == "POST":
        text = json.loads(asked.body)["text"]
        return Says(gzip.compress(json.dumps({"posted": text}).encode()), headers=(*JSON, ("Content-Encoding", "gzip")))
    return Says(json.dumps({"ok": True, "self": f"http://{asked.headers['host']}/v1/me"}).encode())


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, hidden ones too."""
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}


def prepares() -> type[Prepares]:
    """A case with prepare and cleanup, that has told nothing yet."""
    return type("Prepared", (Prepares,), {**vars(case("")), "told": ()})


def test_each_call_becomes_a_cassette(tmp_path: Path) -> None:
    """One for connect() and one for each example: own addresses, placeholders, encoding, operation id, hosts."""
    with serving(notes) as service:
        made = recorded(case(service.address), tmp_path)
    assert made.written == ("connect.yaml", "post_note.yaml", "get_note.yaml")
    posted = load(tmp_path / "post_note.yaml")
    (each,) = posted.interactions
    assert each.request.uri == f"{OWN}/notes"
    assert dict(each.request.headers)["authorization"] == "Bearer {{token}}"
    assert dict(each.request.headers)["host"] == "api.acme.test"
    assert (each.response.body, each.encoding) == (b'{"posted": "Milk"}', "gzip")
    assert dict(each.response.headers)["content-length"] == str(len(each.response.body))
    assert "content-encoding" not in dict(each.response.headers)
    assert posted.recorded.payload["text"] == "Milk"
    assert len(posted.recorded.payload["idempotency_key"]) == 36
    assert (posted.recorded.hosts, posted.recorded.scrubbed) == (("api.acme.test",), ("token",))
    assert posted.recorded.adapter_version == "1.2.0"
    assert posted.recorded.at is not None
    me = load(tmp_path / "connect.yaml").interactions[0].response.body
    assert json.loads(me)["self"] == f"{OWN}/me"
    assert [name for name, data in contents(tmp_path).items() if b"{{token}}" not in data] == []


def test_a_second_recording_keeps_the_shape_of_the_first(tmp_path: Path) -> None:
    """`recorded.previous` holds when it was and what the answers looked like."""
    with serving(notes) as service:
        recorded(case(service.address), tmp_path)
        first = load(tmp_path / "connect.yaml").recorded
        assert first.previous is None
        recorded(case(service.address), tmp_path)
    second = load(tmp_path / "connect.yaml").recorded.previous
    assert second is not None
    assert first.at is not None
    assert second["at"] == first.at.isoformat()
    assert second["shape"][0]["fields"] == {"": "object", "/ok": "boolean", "/self": "text"}


def test_prepare_and_cleanup_are_live_and_leave_no_trace(tmp_path: Path) -> None:
    """What prepare returns replaces the examples of its actions; neither's requests stand in a cassette."""
    kind = prepares()
    with serving(notes) as service:
        kind.recording_options = {"base_url": f"{service.address}/v1"}
        recorded(kind, tmp_path)
        assert [each.method for each in service.asked if each.target.endswith("/prepared")] == ["POST", "DELETE"]
    assert kind.told == ("prepared", "cleaned")
    assert load(tmp_path / "get_note.yaml").recorded.payload == {"id": "n_77"}
    assert [name for name, data in contents(tmp_path).items() if b"/prepared" in data] == []


def test_a_failure_midway_leaves_the_old_files_and_tidies_up(tmp_path: Path) -> None:
    """The message says which example failed, how, and what the service answered; cleanup ran all the same."""
    kind = prepares()
    failing = threading.Event()

    def sometimes(asked: Asked) -> Says:
        if failing.is_set() and asked.target.endswith("/n_77"):
            return Says(b'{"message": "out of order"}', 503)
        return notes(asked)

    with serving(sometimes) as service:
        kind.recording_options = {"base_url": f"{service.address}/v1"}
        recorded(kind, tmp_path)
        before = contents(tmp_path)
        failing.set()
        with pytest.raises(ConfigurationError, match=r"get_note \(example 1\) failed: UPSTREAM_5XX.*503.*out of order"):
            recorded(kind, tmp_path)
    assert contents(tmp_path) == before
    assert kind.told[-2:] == ("prepared", "cleaned")


def test_a_wrong_token_is_told_without_it(tmp_path: Path) -> None:
    """401: nothing is written, the message says who failed and what was answered, and the echoed token is hidden."""
    echo = TOKEN.encode().hex()
    with (
        serving(lambda _: Says(json.dumps({"message": f"unknown token {echo}"}).encode(), 401)) as service,
        pytest.raises(ConfigurationError) as caught,
    ):
        recorded(case(service.address), tmp_path)
    assert "connect() failed: AUTH_FAILED" in caught.value.message
    assert "the service answered 401 to GET" in caught.value.message
    assert "unknown token {{token}}" in caught.value.message
    assert echo not in caught.value.message
    assert contents(tmp_path) == {}


@pytest.mark.parametrize(("scheme", "code"), [("http", "TRANSIENT_NETWORK"), ("https", "TRANSIENT_NETWORK")])
def test_a_service_that_cannot_be_reached_is_told(tmp_path: Path, scheme: str, code: str) -> None:
    """Nothing listens, or it does not speak TLS: the error of the first call, and nothing written."""
    with serving(notes) as service:
        address = service.address if scheme == "https" else "http://127.0.0.1:1"
        with pytest.raises(ConfigurationError, match=rf"connect\(\) failed: {code}.*the service answered nothing"):
            recorded(case(address.replace("http", scheme, 1)), tmp_path)
    assert contents(tmp_path) == {}


@pytest.mark.parametrize(
    "says",
    [
        pytest.param(Says(b"\x00\xff\x1f\x8b" * 300, headers=(("Content-Type", "image/x"),)), id="binary"),
        pytest.param(Says(b'{"n": "' + b"x" * 70_000 + b'"}', pieces=1000), id="streamed"),
        pytest.param(Says(b'{"n": "' + b"word " * (4 * 2**20) + b'"}'), id="20 MB", marks=pytest.mark.slow),
        pytest.param(
            Says(gzip.compress(b"\x89PNG\x00\xff" * 99), headers=(("Content-Encoding", "gzip"),)), id="binary in gzip"
        ),
    ],
)
def test_unusual_bodies_are_recorded_as_they_were(tmp_path: Path, says: Says) -> None:
    """Binary, in chunks, of 20 MB, compressed: the cassette holds the decoded bytes."""
    kind = case("", examples={"get_note": [{"id": "n_1"}]})
    with serving(lambda asked: says if asked.target.endswith("n_1") else notes(asked)) as service:
        kind.recording_options = {"base_url": f"{service.address}/v1"}
        recorded(kind, tmp_path)
    (each,) = load(tmp_path / "get_note.yaml").interactions
    assert each.response.body == (gzip.decompress(says.body) if each.encoding else says.body)


def test_a_body_in_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    """What cannot be searched for secrets is not written."""
    says = Says(b"\x1f\x9d\x90", headers=(("Content-Encoding", "compress"),))
    with serving(lambda asked: says if asked.target.endswith("n_1") else notes(asked)) as service:
        kind = case(service.address, examples={"get_note": [{"id": "n_1"}]})
        with pytest.raises(ConfigurationError, match=r"get_note \(example 1\).*cannot be searched for secrets"):
            recorded(kind, tmp_path)
    assert contents(tmp_path) == {}


class Follower(AcmeAdapter):
    """Follows redirects with a client of its own."""

    def get_note(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Read a note, wherever it is."""
        import requests  # noqa: PLC0415 - a client of its own

        address = f"{self.profile.option('base_url')}/notes/{payload['id']}"
        return {"status": requests.get(address, timeout=5).status_code}


def test_a_redirect_to_another_host_is_recorded_with_both_hosts(tmp_path: Path) -> None:
    """Each hop is an interaction, and `host` names them all."""
    with serving(lambda _: Says(b'{"moved": 1}')) as other, serving(notes) as service:
        address = other.address.replace("127.0.0.1", "localhost")

        def moving(asked: Asked) -> Says:
            if asked.target.endswith("n_1"):
                return Says(b"", 307, headers=(("Location", f"{address}/there"),))
            return notes(asked)

        service.answer = moving
        kind = case(service.address, adapter_class=Follower, examples={"get_note": [{"id": "n_1"}]})
        recorded(kind, tmp_path)
    note = load(tmp_path / "get_note.yaml")
    assert [each.response.status for each in note.interactions] == [307, 200]
    assert note.recorded.hosts == ("api.acme.test", address.removeprefix("http://"))


def test_a_secret_of_under_six_characters_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    """So short a value stands in texts by chance."""
    with serving(notes) as service:
        kind = case(service.address, profile=ConnectionProfile("acme", secrets={"token": "abc"}))
        with pytest.raises(ConfigurationError, match="'token' has under 6 characters"):
            recorded(kind, tmp_path)
        assert service.asked == []


def test_secrets_that_no_profile_knows_are_scrubbed(tmp_path: Path) -> None:
    """Tokens in answers, cookies, signed addresses, vendor shapes, and the fields of `scrub`."""
    handed = {
        "ok": True,
        "access_token": "at-8c1f52d09b",
        "link": "https://files.acme.test/a?X-Amz-Signature=0f9e8d7c6b5a",
        "note": f"use ghp_{'a1B2' * 9} for git",
        "pin": {"code": "pin-31415"},
    }
    says = Says(json.dumps(handed).encode(), headers=(*JSON, ("Set-Cookie", "session=s3ss10n-value; HttpOnly")))
    with serving(lambda asked: says if asked.target.endswith("/me") else notes(asked)) as service:
        recorded(case(service.address, scrub=["pin"]), tmp_path)
    text = (tmp_path / "connect.yaml").read_text()
    for value in ("at-8c1f52d09b", "0f9e8d7c6b5a", "a1B2a1B2", "s3ss10n-value", "pin-31415"):
        assert value not in text
    assert load(tmp_path / "connect.yaml").recorded.scrubbed == (
        "access_token",
        "cookie_session",
        "github_token",
        "pin",
        "token",
        "x_amz_signature",
    )


def test_what_the_scrubber_misses_is_refused(tmp_path: Path) -> None:
    """A secret inside compressed data inside base64 cannot be replaced, so nothing is written."""
    import base64  # noqa: PLC0415 - this test alone packs so deep

    packed = base64.b64encode(gzip.compress(TOKEN.encode())).decode()
    says = Says(json.dumps({"packed": packed}).encode())
    with (
        serving(lambda asked: says if asked.target.endswith("n_1") else notes(asked)) as service,
        pytest.raises(ConfigurationError, match=r"get_note.yaml: not written.*'token' still stands") as caught,
    ):
        recorded(case(service.address), tmp_path)
    assert TOKEN not in caught.value.message
    assert contents(tmp_path) == {}


def test_vcrpy_logs_nothing_and_its_logger_is_as_before(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It would log whole requests, secrets and all."""
    caplog.set_level(logging.DEBUG)
    logger = logging.getLogger("vcr.cassette")
    with serving(notes) as service:
        recorded(case(service.address), tmp_path)
    assert [each for each in caplog.records if each.name.startswith("vcr")] == []
    assert (logger.disabled, logger.propagate) == (False, True)


def test_threads_of_the_adapter_are_all_heard(tmp_path: Path) -> None:
    """Eight threads, a client each that vcrpy alone would miss half of."""

    class Crowd(AcmeAdapter):
        """Asks from many threads."""

        def get_note(self, payload: dict[str, Any]) -> dict[str, Any]:
            """Read notes."""
            import requests  # noqa: PLC0415 - a client that vcrpy patches by class

            base = f"{self.profile.option('base_url')}/notes/{payload['id']}"
            ask = [
                threading.Thread(target=lambda n=n: [requests.get(f"{base}/{n}/{i}", timeout=9) for i in range(5)])
                for n in range(8)
            ]
            for thread in ask:
                thread.start()
            for thread in ask:
                thread.join()
            return {"done": True}

    with serving(notes) as service:
        recorded(case(service.address, adapter_class=Crowd, examples={"get_note": [{"id": "n_1"}]}), tmp_path)
    assert len(load(tmp_path / "get_note.yaml").interactions) == 40


def test_leftovers_of_other_examples_and_of_killed_sessions_go(tmp_path: Path) -> None:
    """A cassette whose example is gone is removed; one that cannot be read is replaced; hidden halves vanish."""
    with serving(notes) as service:
        more = {"get_note": [{"id": "n_1"}, {"id": "n_2"}]}
        recorded(case(service.address, examples=more), tmp_path)
        (tmp_path / "connect.yaml").write_text("half: [")
        (tmp_path / ".connect.yaml.0.tmp").write_text("half")
        made = recorded(case(service.address, examples={"get_note": [{"id": "n_1"}]}), tmp_path)
    assert made.removed == ("get_note.2.yaml",)
    assert set(contents(tmp_path)) == {"connect.yaml", "get_note.yaml"}


def test_a_payload_that_only_a_cassette_knows_is_recorded_again(tmp_path: Path) -> None:
    """As those of imported cassettes are."""
    with serving(notes) as service:
        recorded(case(service.address, examples={"get_note": [{"id": "n_9"}]}), tmp_path)
        recorded(case(service.address, examples={}), tmp_path)
    assert load(tmp_path / "get_note.yaml").recorded.payload == {"id": "n_9"}


def test_an_example_that_is_no_payload_is_refused(tmp_path: Path) -> None:
    """It must be a dict."""
    with serving(notes) as service, pytest.raises(ConfigurationError, match="example 1 of get_note is a str"):
        recorded(case(service.address, examples={"get_note": ["n_1"]}), tmp_path)


@pytest.mark.parametrize(("answer", "shown"), [(False, "False"), (None, "a NoneType")])
def test_a_health_check_that_says_no_is_a_failure(tmp_path: Path, answer: object, shown: str) -> None:
    """`connect()` must return True."""

    class Ill(AcmeAdapter):
        """Says no."""

        def connect(self) -> Any:
            """Say it."""
            self.request("GET", "/me")
            return answer

    with (
        serving(notes) as service,
        pytest.raises(ConfigurationError, match=rf"connect\(\) failed: it returned {shown}"),
    ):
        recorded(case(service.address, adapter_class=Ill), tmp_path)


@pytest.mark.parametrize(
    ("does", "told"), [("hang", "did not come back within"), ("exit", "wanted to end the process")]
)
def test_a_call_that_hangs_or_exits_is_a_failure(tmp_path: Path, does: str, told: str) -> None:
    """The session ends with the reason."""

    class Odd(AcmeAdapter):
        """Does not come back."""

        def get_note(self, payload: dict[str, Any]) -> dict[str, Any]:
            """Wait for ever, or leave."""
            del payload
            if does == "exit":
                raise SystemExit(3)
            threading.Event().wait()
            return {}

    with serving(notes) as service:
        kind = case(service.address, examples={"get_note": [{"id": "n_1"}]})
        kind.cassette_dir = tmp_path
        with pytest.raises(ConfigurationError, match=told):
            record("acme", Odd, kind, root=tmp_path, limit=0.2)


def _service_of(kind: Any, service: Service) -> None:
    kind.recording_options = {"base_url": f"{service.address}/v1"}


def test_a_cleanup_that_fails_is_told_and_the_recording_stands(tmp_path: Path) -> None:
    """After success as a problem, after a failure in the same message."""

    def stuck(asked: Asked) -> Says:
        return Says(b'{"message": "locked"}', 409) if asked.method == "DELETE" else notes(asked)

    kind = prepares()
    with serving(stuck) as service:
        _service_of(kind, service)
        made = recorded(kind, tmp_path)
        assert [problem[:26] for problem in made.problems] == ["cleanup() failed: CONFLICT"]
        assert (tmp_path / "get_note.yaml").exists()
        kind.examples = {"post_note": [{"wrong": 1}]}
        with pytest.raises(ConfigurationError, match=r"post_note.*Then cleanup\(\) failed: CONFLICT"):
            recorded(kind, tmp_path)
