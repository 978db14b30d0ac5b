"""Live requests are answered from cassettes."""

from __future__ import annotations

import gc
import gzip
import json
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from cassettes.recorded import JSON, ORIGIN, cassette, said

from automate_connectors.cassettes.player import Library, Playback, Rule
from automate_connectors.cassettes.traffic import Cassette
from automate_connectors.wire.messages import Answer, Headers, SentRequest

TOKEN = "placeholder-of-the-token"


def library(*cassettes: Cassette, rules: dict[str, Rule] | None = None) -> Library:
    """A library with one secret."""
    return Library(cassettes, secrets={"token": TOKEN}, rules=rules)


def ask(playback: Playback, method: str, path: str, body: Any = None, **headers: str) -> Answer:
    """The answer to a request with a JSON body."""
    raw = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = [("Content-Type", "application/json")] if body is not None else []
    fields += [(name.replace("_", "-"), value) for name, value in headers.items()]
    url = path if path.startswith("http") else ORIGIN + path
    return playback.answer(SentRequest(method, url, Headers(fields), raw))


def texts(playback: Playback, count: int, path: str = "/page") -> list[Any]:
    """What equal requests are answered, one after the other."""
    return [json.loads(ask(playback, "GET", path).body) for _ in range(count)]


def test_equal_requests_are_answered_in_recorded_order_and_the_last_repeats() -> None:
    """From the start again in each call."""
    books = library(cassette("poll", [said("GET", "/page", n) for n in (1, 2, 3)]))
    assert texts(books.play("poll", {}), 5) == [1, 2, 3, 3, 3]
    assert texts(books.play("poll", {}), 2) == [1, 2]


def test_an_answer_says_where_it_was_found() -> None:
    """The cassette's name and the interaction's number, status, reason and headers."""
    books = library(cassette("poll", [said("GET", "/a", 1), said("GET", "/page", {"n": 1}, status=201)]))
    answer = ask(books.play("poll", {}), "GET", "/page")
    assert (answer.status, answer.reason, answer.headers, answer.found) == (201, "OK", JSON, "exact")
    assert answer.recorded == ("poll", 1)


def test_the_own_cassette_answers_first_then_connect_then_the_others_by_name() -> None:
    """A request that several hold is answered by the first of them alone."""
    books = library(
        cassette("zebra", [said("GET", "/page", "zebra"), said("GET", "/z", "zebra")]),
        cassette("apple", [said("GET", "/page", "apple"), said("GET", "/z", "apple")]),
        cassette("connect", [said("GET", "/page", "connect")]),
        cassette("poll.2", [said("GET", "/page", "own"), said("GET", "/page", "own again")]),
    )
    assert texts(books.play("poll", {}, own="poll.2"), 3) == ["own", "own again", "own again"]
    assert texts(books.play("poll", {}), 2) == ["connect", "connect"]
    assert texts(books.play("poll", {}), 1, "/z") == ["apple"]
    assert texts(books.play("poll", {}, own="zebra"), 1, "/z") == ["zebra"]
    assert texts(books.play("poll", {}, own="unknown"), 1) == ["connect"]


def test_a_request_that_was_never_recorded_is_told_so() -> None:
    """By another method, host or path."""
    books = library(cassette("poll", [said("GET", "/page", 1)]))
    for method, path in (("POST", "/page"), ("GET", "/other"), ("GET", "https://other.test/page")):
        answer = ask(books.play("poll", {}), method, path)
        assert (answer.status, answer.found, answer.recorded) == (501, "none", None)
        assert "record an example" in json.loads(answer.body)["error"]


def test_an_endpoint_answers_for_another_payload_and_echoes_it() -> None:
    """The wildcards of its path take the new values."""
    books = library(cassette("get", [said("GET", "/users/u_7", {"id": "u_7", "name": "Ada"})], {"user_id": "u_7"}))
    answer = ask(books.play("get", {"user_id": "someone/else"}), "GET", "/users/someone%2Felse")
    assert (answer.found, json.loads(answer.body)) == ("endpoint", {"id": "someone/else", "name": "Ada"})
    assert answer.recorded == ("get", 0)


def test_among_several_the_nearest_query_and_body_answer() -> None:
    """Leaf by leaf; a leaf too many weighs more than another value."""
    books = library(
        cassette(
            "send",
            [
                said("POST", "/send", "plain", sent={"text": "a"}),
                said("POST", "/send", "loud", sent={"text": "a", "loud": True, "to": {"id": 1}}),
                said("POST", "/send?draft=1", "draft", sent={"text": "a"}),
            ],
        )
    )
    for path, body, wanted in (
        ("/send", {"text": "b"}, "plain"),
        ("/send", {"text": "b", "loud": False, "to": {"id": 2}}, "loud"),
        ("/send?draft=2", {"text": "b"}, "draft"),
        ("/send", b"no json", "plain"),
    ):
        answer = ask(books.play("send", {}), "POST", path, body)
        assert (json.loads(answer.body), answer.found) == (wanted, "endpoint")


def test_an_endpoint_that_answers_several_times_goes_on_in_order() -> None:
    """Polling with another payload sees the progress that was recorded."""
    books = library(cassette("poll", [said("GET", "/jobs/j1", n) for n in ("wait", "done")], {"job": "j1"}))
    assert texts(books.play("poll", {"job": "j2"}), 3, "/jobs/j2") == ["wait", "done", "done"]


def test_volatile_fields_and_the_key_are_left_out_of_a_comparison() -> None:
    """Of bodies and queries, for the action that declares them and for no other."""
    rule = {"send": Rule(frozenset({"nonce", "key"}))}
    books = library(
        cassette("send", [said("POST", "/send?nonce=1", 1, sent={"text": "a", "nonce": 1, "key": "k1"})]), rules=rule
    )
    body = {"text": "a", "nonce": 2, "key": "k2"}
    assert ask(books.play("send", {}), "POST", "/send?nonce=2", body).found == "exact"
    assert ask(books.play("send", {}), "POST", "/send?nonce=2", {**body, "text": "b"}).found == "endpoint"
    assert ask(books.play("other", {}), "POST", "/send?nonce=2", body).found == "endpoint"


def test_a_key_in_the_path_is_left_out_as_the_segment_that_it_is() -> None:
    """Whatever it is derived to, any one segment may differ."""
    rule = {"put": Rule(field="key")}
    books = library(cassette("put", [said("PUT", "/notes/op-1", 1, sent={})], {"key": "op-1"}), rules=rule)
    assert ask(books.play("put", {"key": "op-2"}), "PUT", "/notes/op-2", {}).found == "exact"
    assert ask(books.play("put", {"key": "op-2"}), "PUT", "/notes/derived-from-it", {}).found == "endpoint"
    assert ask(books.play("put", {}), "PUT", "/notes/op-1", {}).found == "endpoint"
    assert ask(books.play("put", {"key": "op-2"}), "PUT", "/some/where/else", {}).found == "none"


def test_live_secrets_meet_the_placeholders_of_a_cassette() -> None:
    """In the target and in the body, packed or not."""
    books = library(cassette("sign", [said("POST", "/{{token}}/in?t={{token}}", 1, sent={"token": "{{token}}"})]))
    path, body = f"/{TOKEN}/in?t={TOKEN}", json.dumps({"token": TOKEN}).encode()
    assert ask(books.play("sign", {}), "POST", path, body).found == "exact"
    packed = gzip.compress(body)
    assert ask(books.play("sign", {}), "POST", path, packed, Content_Encoding="gzip").found == "exact"
    assert ask(books.play("sign", {}), "POST", path, b"not packed", Content_Encoding="gzip").found == "endpoint"


def test_placeholders_of_an_answer_are_filled_as_each_place_asks() -> None:
    """Headers, JSON and text; unknown names stay."""
    headers = (*JSON, ("X-Token", "{{token}}"))
    books = library(
        cassette(
            "sign",
            [
                said("GET", "/json", {"access": "{{token}}", "other": "{{unknown}}"}, headers=headers),
                said("GET", "/text", b"token={{token}}", headers=(("Content-Type", "text/plain"),)),
            ],
        )
    )
    answer = ask(books.play("sign", {}), "GET", "/json")
    assert json.loads(answer.body) == {"access": TOKEN, "other": "{{unknown}}"}
    assert answer.headers == (*JSON, ("X-Token", TOKEN))
    assert ask(books.play("sign", {}), "GET", "/text").body == f"token={TOKEN}".encode()


def test_the_recorded_content_encoding_is_applied_again() -> None:
    """So that a client's decompression is exercised; an empty body is not packed, a changed one is."""
    books = library(
        cassette("get", [said("GET", "/users/u_7", {"id": "u_7"}, encoding="gzip")], {"id": "u_7"}),
        cassette("drop", [said("DELETE", "/users/u_7", encoding="gzip", status=204)]),
    )
    answer = ask(books.play("get", {"id": "u_7"}), "GET", "/users/u_7")
    assert ("Content-Encoding", "gzip") in answer.headers
    assert json.loads(gzip.decompress(answer.body)) == {"id": "u_7"}
    other = ask(books.play("get", {"id": "u_8"}), "GET", "/users/u_8")
    assert json.loads(gzip.decompress(other.body)) == {"id": "u_8"}
    assert ask(books.play("drop", {}), "DELETE", "/users/u_7").headers == JSON


def test_a_chunked_answer_is_chunked_again() -> None:
    """As its headers say."""
    headers = (("Transfer-Encoding", "Chunked"),)
    books = library(cassette("get", [said("GET", "/a", 1, headers=headers), said("GET", "/b", 1)]))
    assert [ask(books.play("get", {}), "GET", path).chunked for path in ("/a", "/b")] == [True, False]


def test_an_answer_without_a_json_body_keeps_its_bytes() -> None:
    """Whatever they are."""
    books = library(cassette("get", [said("GET", "/a", b"\xff\x00", headers=())]))
    answer = ask(books.play("get", {}), "GET", "/a")
    assert (answer.body, answer.headers) == (b"\xff\x00", ())


def test_a_library_tells_its_urls_and_rules() -> None:
    """An action without a rule has none to leave out."""
    books = library(cassette("get", [said("GET", "/a", 1)]), rules={"get": Rule(frozenset({"x"}))})
    assert books.urls == [f"{ORIGIN}/a"]
    assert books.rule("get").fields == {"x"}
    assert books.rule("other") == Rule()


def calls_of(work: Callable[[], object]) -> int:
    """How many functions some work calls."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    # What the collector finalises meanwhile is not called by the work.
    gc.collect()
    gc.disable()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


def test_a_look_up_costs_the_same_among_ten_and_among_ten_thousand() -> None:
    """Replay stays linear in the number of requests, not in the length of the cassette."""

    def cost(size: int) -> int:
        books = library(cassette("get", [said("GET", f"/items/{n}", n) for n in range(size)]))
        playback, path = books.play("get", {}), "/items/9"
        # The standard library remembers the URLs that it parsed last.
        ask(playback, "GET", path)
        return calls_of(lambda: ask(playback, "GET", path))

    assert cost(10) == cost(10_000)
