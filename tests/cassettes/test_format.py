"""Reading and writing cassettes: what is taken, what is refused and how that is said, what stock vcrpy makes of it."""

import base64
import hashlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import requests
import vcr  # type: ignore[import-untyped]  # vcrpy ships no types
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from vcr.request import Request  # type: ignore[import-untyped]  # vcrpy ships no types
from vcr.serialize import serialize  # type: ignore[import-untyped]  # vcrpy ships no types
from vcr.serializers import yamlserializer  # type: ignore[import-untyped]  # vcrpy ships no types

from automate_connectors.cassettes import reading, yaml_events
from automate_connectors.cassettes.format import (
    Cassette,
    CassetteError,
    Interaction,
    RecordedRequest,
    RecordedResponse,
    dump,
    load,
    load_directory,
    load_interactions,
    save,
)
from automate_connectors.errors import ConfigurationError

HEAD = """\
version: 1
recorded:
  at: '2026-11-24T03:24:05Z'
  connector: demo
  payload: {}
interactions:
"""
REQUEST = "{method: GET, uri: 'https://api.example.com/x', headers: {}, body: null}"
RESPONSE = "{status: {code: 200, message: OK}, headers: {}, body: {string: ok}}"
ONE = f"{HEAD}- request: {REQUEST}\n  response: {RESPONSE}\n"


def written(folder: Path, text: str | bytes, name: str = "send.yaml") -> Path:
    """Write a file and give its path."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder: Path, text: str | bytes, name: str = "send.yaml") -> Cassette:
    """Write a file and read it as a cassette."""
    return load(written(folder, text, name))


def refusal(folder: Path, text: str | bytes) -> str:
    """The message with which a file is refused, which begins with its path."""
    path = written(folder, text)
    with pytest.raises(CassetteError) as caught:
        load(path)
    assert str(caught.value).startswith(str(path))
    return str(caught.value)


def interaction(
    *, body: bytes = b"ok", sent: bytes = b"", uri: str = "https://api.example.com/x", **more: Any
) -> Interaction:
    """An interaction with repeated headers."""
    headers = (("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    request = RecordedRequest("POST", uri, (("Accept", "*/*"),), sent)
    return Interaction(0, 0, request, RecordedResponse(200, "OK", headers, body), **more)


def traffic(cassette: Cassette) -> list[tuple[RecordedRequest, RecordedResponse]]:
    """What was sent and what came back."""
    return [(each.request, each.response) for each in cassette.interactions]


def test_everything_of_a_cassette_is_read(tmp_path: Path) -> None:
    """Every key of `recorded` and every part of an interaction arrives."""
    text = """\
version: 1
recorded:
  at: '2026-11-24T03:24:05Z'
  connector: demo
  adapter_version: 1.2.0
  host: [api.example.com]
  payload: {channel: C1, count: 2, when: 2026-01-02, deep: [{on: yes}], none: ~}
  scrubbed: [token]
  source: the sandbox
  encodings: {0: gzip}
  previous: {at: 2026-01-01T00:00:00Z}
  unheard_of: 1
interactions:
- request:
    method: POST
    uri: https://api.example.com/send?x=1
    headers:
      Accept: ['*/*']
      Content-Length: 4
      X-Switch: on
    body: '{"a"'
  response:
    status: {code: 200, message: OK}
    headers:
      Set-Cookie: [a=1, b=2]
    body: {string: !!binary AAEC}
"""
    cassette = read(tmp_path, text, "send.2.yaml")
    recorded = cassette.recorded
    assert (cassette.name, cassette.action, cassette.number) == ("send.2", "send", 2)
    assert cassette.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert recorded.at == datetime(2026, 11, 24, 3, 24, 5, tzinfo=UTC)
    assert (recorded.connector, recorded.adapter_version, recorded.source) == ("demo", "1.2.0", "the sandbox")
    assert (recorded.hosts, recorded.scrubbed, recorded.encodings) == (("api.example.com",), ("token",), {0: "gzip"})
    assert recorded.payload == {"channel": "C1", "count": 2, "when": "2026-01-02", "deep": [{"on": True}], "none": None}
    assert type(recorded.payload["deep"]) is list
    assert type(recorded.payload["deep"][0]) is dict
    assert recorded.previous == {"at": "2026-01-01T00:00:00Z"}
    (only,) = cassette.interactions
    assert (only.index, only.line, only.encoding) == (0, 14, "gzip")
    assert only.request == RecordedRequest(
        "POST",
        "https://api.example.com/send?x=1",
        (("Accept", "*/*"), ("Content-Length", "4"), ("X-Switch", "on")),
        b'{"a"',
    )
    assert only.response == RecordedResponse(200, "OK", (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")), b"\0\1\2")


@pytest.mark.parametrize(
    ("written_as", "body"),
    [
        ("null", b""),
        ("''", b""),
        ("text", b"text"),
        ("123", b"123"),
        ("2026-01-01", b"2026-01-01"),
        ("{string: text}", b"text"),
        ("{string: null}", b""),
        ("{base64_string: AAEC}", b"\0\1\2"),
        ("!!binary AAEC", b"\0\1\2"),
        ("!!python/unicode text", b"text"),
        ("[!!binary AAEC, text]", b"\0\1\2text"),
        ("!!python/tuple [a, b]", b"ab"),
        ("!!python/object/new:_io.BytesIO {state: !!python/tuple [!!binary AAEC, 0, null]}", b"\0\1\2"),
        ("!!python/object/new:_io.BytesIO {}", b""),
        ("!!python/object/apply:builtins.iter {args: [[a, b]]}", b"ab"),
    ],
)
def test_every_form_of_a_body_is_read(tmp_path: Path, written_as: str, body: bytes) -> None:
    """A body may stand as vcrpy of any version wrote it."""
    text = ONE.replace("body: null", f"body: {written_as}")
    assert read(tmp_path, text).interactions[0].request.body == body


@pytest.mark.parametrize(
    ("written_as", "headers"),
    [
        ("null", ()),
        ("{A: [1, two], B: ~}", (("A", "1"), ("A", "two"), ("B", ""))),
        ("{A: !!binary eA==}", (("A", "x"),)),
        ("[[A, x], [A, y]]", (("A", "x"), ("A", "y"))),
        (r'{A: ["x\r\n  folded"]}', (("A", "x folded"),)),
    ],
)
def test_every_form_of_headers_is_read(tmp_path: Path, written_as: str, headers: tuple[tuple[str, str], ...]) -> None:
    """Headers may be lists, single values, bytes or pairs; folded lines are joined (RFC 9112, 5.2)."""
    text = ONE.replace("uri: 'https://api.example.com/x', headers: {}", f"uri: 'https://a.b/', headers: {written_as}")
    assert read(tmp_path, text).interactions[0].request.headers == headers


def test_flat_answers_of_old_vcrpy_are_read(tmp_path: Path) -> None:
    """Vcrpy before 5 wrote httpx answers as `status_code` and `content`."""
    text = ONE.replace(RESPONSE, "{status_code: 201, headers: {A: [b]}, content: made, http_version: HTTP/1.1}")
    assert read(tmp_path, text).interactions[0].response == RecordedResponse(201, "", (("A", "b"),), b"made")


def test_shared_values_are_read(tmp_path: Path) -> None:
    """YAML writers repeat equal headers as aliases."""
    text = ONE.replace("message: OK}, headers: {}", "message: OK}, headers: {A: &a [x], B: *a}")
    assert read(tmp_path, text).interactions[0].response.headers == (("A", "x"), ("B", "x"))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-24T03:24:05Z", datetime(2026, 11, 24, 3, 24, 5, tzinfo=UTC)),
        ("2026-11-24 3:24:05", datetime(2026, 11, 24, 3, 24, 5, tzinfo=UTC)),
        ("2026-11-24", datetime(2026, 11, 24, tzinfo=UTC)),
        ("'2026-11-24T03:24:05'", datetime(2026, 11, 24, 3, 24, 5, tzinfo=UTC)),
        ("null", None),
    ],
)
def test_times_may_be_text_or_timestamps(tmp_path: Path, at: str, expected: datetime | None) -> None:
    """Without a zone a time is in UTC."""
    assert read(tmp_path, ONE.replace("'2026-11-24T03:24:05Z'", at)).recorded.at == expected


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    """Editors put one before UTF-8."""
    assert read(tmp_path, b"\xef\xbb\xbf" + ONE.encode()).recorded.connector == "demo"


def test_stock_recordings_are_read_without_recorded(tmp_path: Path) -> None:
    """An import needs the traffic alone; a certification needs the payload too, and says how to get it."""
    path = written(tmp_path, ONE.replace("recorded:", "recorded: {}\nother:"))
    assert load_interactions(path)[0].response.body == b"ok"
    with pytest.raises(CassetteError, match=r"'payload' is missing; convert .* cassettes import DIR --action ACTION"):
        load(path)
    with pytest.raises(CassetteError, match="'recorded' is missing"):
        load(written(tmp_path, ONE.replace("recorded:", "other:")))


def test_names_outside_the_convention_are_read(tmp_path: Path) -> None:
    """A file read by its path may have any name."""
    cassette = read(tmp_path, ONE, "users.get.ok.yaml")
    assert (cassette.name, cassette.action, cassette.number) == ("users.get.ok", "users.get.ok", 1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ":1: expected a mapping for the cassette, found nothing"),
        ("just text", "found text"),
        ("- a", "found a list"),
        ("version: 2\ninteractions: []", "expected 'version: 1'"),
        ("interactions: []", "expected 'version: 1'"),
        ("version: yes", "expected 'version: 1'"),
        (HEAD, "expected a list of interactions"),
        (HEAD + " []", "expected a list of interactions"),
        (HEAD.replace("interactions:", "x: 1"), "'interactions' is missing"),
        (HEAD + "- text", ":7: interaction 0: expected a mapping"),
        (ONE + "- request: 5", ":9: interaction 1: expected a mapping for request, found int"),
        (ONE.replace("response", "answer"), "interaction 0: 'response' is missing"),
        (ONE.replace("method: GET, ", ""), "'method' is missing"),
        (ONE.replace("GET", "'G T'"), "expected an HTTP method"),
        (ONE.replace("GET", "[GET]"), "expected text for the method, found a list"),
        (ONE.replace("https://api.example.com/x", "/x"), "expected an absolute http or https uri"),
        (ONE.replace("https://api", "ftp://api"), "expected an absolute http or https uri"),
        (ONE.replace("https://api", "https://[api"), "expected an absolute http or https uri"),
        (ONE.replace("example.com/x", "example.com:port/x"), "expected an absolute http or https uri"),
        (ONE.replace("example.com/x", "example.com/x y"), "expected an absolute http or https uri"),
        (ONE.replace(", body: null", ""), "'body' is missing"),
        (ONE.replace("body: null", "body: {x: 1}"), "'string' is missing"),
        (ONE.replace("body: null", "body: {base64_string: x}"), "expected base64"),
        (ONE.replace("code: 200", "code: twohundred"), "expected a status code"),
        (ONE.replace("code: 200", "code: true"), "expected a status code"),
        (ONE.replace("code: 200", "code: 99"), "expected a status code"),
        (ONE.replace("status: {code: 200, message: OK}", "status: 200"), "expected a mapping for status"),
        (ONE.replace("OK}, headers: {}", "OK}, headers: [a]"), "expected headers as a mapping"),
        (
            ONE.replace("OK}, headers: {}", "OK}, headers: {a: {b: c}}"),
            "expected text for the header 'a', found a mapping",
        ),
        (ONE.replace("OK}, headers: {}", 'OK}, headers: {a: ["b\\r\\nc: d"]}'), "holds characters"),
        (ONE.replace("OK}, headers: {}", "OK}, headers: {'a b': c}"), "holds characters"),
        (ONE.replace("payload: {}", "payload: [a]"), "recorded: expected a mapping for payload, found a list"),
        (ONE.replace("'2026-11-24T03:24:05Z'", "yesterday"), ":3: recorded: expected an ISO time"),
        (ONE.replace("'2026-11-24T03:24:05Z'", "{}"), "expected text for 'at'"),
        (ONE.replace("connector: demo", "connector: [demo]"), "expected text for connector"),
        (ONE.replace("connector: demo", "host: api.example.com"), "expected a list for 'host', found text"),
        (ONE.replace("connector: demo", "scrubbed: [[a]]"), "expected text for a member of 'scrubbed'"),
        (ONE.replace("connector: demo", "encodings: [gzip]"), "expected a mapping for encodings"),
        (ONE.replace("connector: demo", "encodings: {a: gzip}"), "expected numbers of interactions"),
        (ONE.replace("connector: demo", "encodings: {7: gzip}"), "names interaction 7, found 1"),
        (ONE.replace("connector: demo", "previous: x"), "expected a mapping for previous"),
        (ONE + "version: 1", ":9: the key 'version' stands twice"),
        (
            ONE + "x: !!python/object/apply:os.system [ls]",
            ":9: expected plain YAML, found the tag 'python/object/apply:os.system'",
        ),
        (ONE + "x: !mine 1", "found the tag '!mine'"),
        (ONE + "x: !!set {a}", "found the tag 'set'"),
        (ONE + "x: {<<: {a: 1}}", "found the tag 'merge'"),
        (ONE + "x: !!binary ü", "expected a binary"),
        (ONE + "x: 2026-99-99", ":9: expected a timestamp, found something else; put the value in quotes"),
        (ONE + "x: " + "9" * 10000, "expected a int"),
        (ONE + "? [a]\n: b", "expected text for a key, found a list"),
        (ONE + "x: &a [*a]", "the alias *a stands for nothing complete"),
        (ONE + "x: *b", "expected YAML, but|stands for nothing complete"),
        (ONE + "x: [", ":9: expected YAML, but|:10: expected YAML, but"),
        (ONE + "--- x", "found a second"),
        (ONE + "x: " + "[" * 200, "expected at most 100 levels"),
        # Newer parsers have a limit of their own, and read ahead to it.
        (ONE + "x: " + "[" * 100_000, "expected at most 100 levels|maximum nesting depth"),
        (ONE + "x: a\0b", "expected YAML, but"),
        (ONE.encode() + b"x: \xfc", ":9: expected UTF-8 text"),
    ],
)
def test_a_bad_file_is_refused_by_line(tmp_path: Path, text: str | bytes, says: str) -> None:
    """Whatever is wrong, the message names the file, the line, and what was expected."""
    said = refusal(tmp_path, text)
    assert any(part in said for part in says.split("|")), said


def test_a_bomb_of_aliases_is_refused(tmp_path: Path) -> None:
    """Aliases of aliases unfold to far more than the file."""
    lines = ["a: &a [" + "x," * 100 + "]"]
    lines += [f"{new}: &{new} [" + f"*{old}," * 100 + "]" for old, new in ("ab", "bc", "cd", "de")]
    assert "the aliases unfold" in refusal(tmp_path, ONE + "\n".join(lines))


def test_half_a_surrogate_pair_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The YAML reader without libyaml lets one through, which no body can hold."""
    monkeypatch.setattr(yaml_events, "_LOADER", yaml.SafeLoader)
    assert "half of a surrogate pair" in refusal(tmp_path, ONE.replace("body: null", 'body: "\\uD800"'))


def test_yaml_without_libyaml_is_read_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Machines without libyaml read and refuse the same files."""
    fast = read(tmp_path, ONE)
    monkeypatch.setattr(yaml_events, "_LOADER", yaml.SafeLoader)
    assert read(tmp_path, ONE) == fast
    assert ":9: expected YAML, but" in refusal(tmp_path, ONE + "x: a\0b")


def test_files_that_cannot_be_read_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file, a folder, an impossible path and a huge file each have their own message."""
    with pytest.raises(CassetteError, match="there is no such cassette; record it"):
        load(tmp_path / "gone.yaml")
    with pytest.raises(CassetteError, match="expected a file"):
        load(tmp_path)
    with pytest.raises(CassetteError, match=r"cannot be read|there is no such"):
        load(Path("a\0b.yaml"))
    with pytest.raises(CassetteError, match="cannot be read"):
        load(Path("x" * 5000))
    path = written(tmp_path, ONE)
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 10)
    with pytest.raises(CassetteError, match="expected at most"):
        load(path)


def test_errors_are_configuration_errors() -> None:
    """Hosts that catch ConfigurationError catch these."""
    assert issubclass(CassetteError, ConfigurationError)


def test_a_folder_is_read_in_order(tmp_path: Path) -> None:
    """`connect` first, then actions by name and number; other files and hidden ones are passed over."""
    for name in ("send.10.yaml", "send.2.yaml", "connect.yaml", "add.yaml", "send.yaml", ".send.yaml", "notes.md"):
        written(tmp_path, ONE, name)
    cassettes = load_directory(tmp_path, connector="demo")
    assert [each.name for each in cassettes] == ["connect", "add", "send", "send.2", "send.10"]
    assert load_directory(tmp_path / "none", connector="demo") == ()


@pytest.mark.parametrize(
    "name", ["Send.yaml", "send.1.yaml", "send.02.yaml", "connect.2.yaml", "a-b.yaml", "users.get.yaml"]
)
def test_a_misnamed_file_is_refused(tmp_path: Path, name: str) -> None:
    """A cassette that no action could claim would be lost in silence."""
    written(tmp_path, ONE, name)
    with pytest.raises(CassetteError, match="expected a cassette named connect"):
        load_directory(tmp_path, connector="demo")


def test_a_folder_of_another_connector_is_refused(tmp_path: Path) -> None:
    """The message names both connectors; a cassette that names none belongs to any."""
    path = written(tmp_path, ONE)
    with pytest.raises(CassetteError, match="expected a cassette of connector 'other', found one of 'demo'; move it"):
        load_directory(tmp_path, connector="other")
    with pytest.raises(CassetteError, match="expected a folder"):
        load_directory(path, connector="demo")
    written(tmp_path, ONE.replace("  connector: demo\n", ""))
    assert len(load_directory(tmp_path, connector="other")) == 1


def saved(folder: Path, *interactions: Interaction, **recorded: Any) -> Path:
    """Save a cassette in a new folder."""
    path = folder / "deep" / "send.yaml"
    save(path, recorded={"payload": {}, **recorded}, interactions=interactions)
    return path


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    """Every part survives; the keys of `recorded` stand in one order; encodings come from the interactions."""
    at = datetime(2026, 11, 24, 3, 24, 5, tzinfo=UTC)
    pair = (interaction(body=b"\xff\0", encoding="br"), interaction(sent='{"ü": "on"}'.encode()))
    path = saved(tmp_path, *pair, extra=1, host=("a.b",), at=at, scrubbed=["token"], encodings={5: "gone"})
    cassette = load(path)
    assert traffic(cassette) == [(each.request, each.response) for each in pair]
    assert [each.encoding for each in cassette.interactions] == ["br", None]
    assert cassette.recorded.at == at
    assert list(yaml.safe_load(path.read_text())["recorded"]) == [
        "at",
        "host",
        "payload",
        "scrubbed",
        "encodings",
        "extra",
    ]
    assert path.read_bytes().isascii()
    assert [each.name for each in path.parent.iterdir()] == ["send.yaml"]


def test_bodies_are_text_where_they_can_be() -> None:
    """Text stays readable, everything else is `!!binary`, an absent request body is null."""
    text = dump(
        recorded={"payload": {}, "encodings": {0: "gzip"}},
        interactions=[interaction(body=b'{"a": 1}'), interaction(body=b"\xff")],
    )
    assert """string: '{"a": 1}'""" in text
    assert f"string: !!binary |\n        {base64.b64encode(bytes([255])).decode()}" in text
    assert text.count("body: null") == 2
    assert "encodings" not in text


class Colour(Enum):
    """A payload's enum."""

    RED = "red"


def test_payloads_are_written_as_plain_data(tmp_path: Path) -> None:
    """Enums, tuples, times and shared objects need no tags and no aliases."""
    shared = {"a": [1.5, True, None]}
    payload = {"x": Colour.RED, "y": (shared, shared), "z": datetime(2026, 1, 2, tzinfo=UTC), "b": b"\0"}
    path = saved(tmp_path, interaction(), payload=payload)
    assert "&" not in path.read_text()
    assert load(path).recorded.payload == {
        "x": "red",
        "y": [shared, shared],
        "z": "2026-01-02T00:00:00+00:00",
        "b": b"\0",
    }


@pytest.mark.parametrize(
    ("recorded", "bad", "says"),
    [
        ({"payload": {"x": object()}}, interaction(), "recorded.payload.x holds a object; expected plain data"),
        ({"payload": {"x": "\ud800"}}, interaction(), "text that YAML cannot carry"),
        ({"payload": None}, interaction(), "expected a mapping for payload"),
        ({}, interaction(), "'payload' is missing"),
        ({"payload": {}}, interaction(uri="/x"), "expected an absolute"),
        (
            {"payload": {}},
            Interaction(
                0, 0, interaction().request, RecordedResponse(200, "", (("A", "1"), ("B", "2"), ("A", "3")), b"")
            ),
            "would not read back",
        ),
    ],
)
def test_what_is_no_cassette_is_not_saved(
    tmp_path: Path, recorded: Mapping[str, Any], bad: Interaction, says: str
) -> None:
    """Nothing is written that `load` would refuse or read otherwise."""
    with pytest.raises(CassetteError, match=says):
        save(tmp_path / "send.yaml", recorded=recorded, interactions=[bad])
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new file takes the old one's place only when it is complete."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = saved(tmp_path, interaction())
    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CassetteError, match=r"cannot be written .No space left"):
        saved(tmp_path, interaction(body=b"new"))
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["send.yaml"]


def test_stock_vcrpy_replays_what_is_saved(tmp_path: Path) -> None:
    """A client under vcrpy meets the same status, headers and bodies, text and binary."""
    first = interaction(body="schön".encode(), sent=b"a=1", encoding="gzip")
    second = interaction(body=b"\xff\xfe\0", uri="https://api.example.com/image")
    path = saved(tmp_path, first, second)
    with vcr.VCR(record_mode="none", match_on=("method", "uri")).use_cassette(str(path)) as tape:
        answers = [requests.post(each.request.uri, timeout=5) for each in (first, second)]
    assert tape.all_played
    assert [answer.content for answer in answers] == [first.response.body, second.response.body]
    assert [answer.reason for answer in answers] == ["OK", "OK"]
    assert answers[0].headers["Set-Cookie"] == "a=1, b=2"


def test_what_stock_vcrpy_writes_is_read(tmp_path: Path) -> None:
    """Streams, bytes in headers and binary answers of vcrpy's own serializer."""
    request = Request("PUT", "https://api.example.com/f", iter([b"\xff", b"b"]), {"Content-Length": b"2"})
    answer = {
        "status": {"code": 204, "message": "No Content"},
        "headers": {"A": ["1", "2"]},
        "body": {"string": b"\xfe"},
    }
    text = serialize({"requests": [request], "responses": [answer]}, yamlserializer)
    (only,) = load_interactions(written(tmp_path, text))
    assert only.request == RecordedRequest("PUT", "https://api.example.com/f", (("Content-Length", "2"),), b"\xffb")
    assert only.response == RecordedResponse(204, "No Content", (("A", "1"), ("A", "2")), b"\xfe")


@settings(max_examples=60, deadline=None)
@given(
    body=st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))),
    payload=st.text(max_size=30),
)
def test_any_body_and_text_survive(tmp_path_factory: pytest.TempPathFactory, body: bytes, payload: str) -> None:
    """YAML's many traps (line ends, control characters, indicators, number look-alikes) change nothing."""
    path = tmp_path_factory.mktemp("any") / "send.yaml"
    save(
        path,
        recorded={"payload": {"text": payload, payload or "x": 1}},
        interactions=[interaction(body=body, sent=body)],
    )
    cassette = load(path)
    assert cassette.interactions[0].response.body == cassette.interactions[0].request.body == body
    assert cassette.recorded.payload["text"] == (1 if payload == "text" else payload)


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, len(ONE) - 1), junk=st.text(st.characters(codec="utf-8"), max_size=3), cut=st.integers(0, 12))
def test_a_damaged_file_gives_only_cassette_errors(
    tmp_path_factory: pytest.TempPathFactory, at: int, junk: str, cut: int
) -> None:
    """Whatever an editor or a merge did to the file."""
    path = written(tmp_path_factory.mktemp("damaged"), ONE[:at] + junk + ONE[at + cut :])
    with suppress(CassetteError):
        assert load(path).interactions
