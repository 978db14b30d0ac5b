"""What is out of all bounds ends in a right result, or a finding that says what, and everything else is judged."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from automate_connectors import Idempotency, UnexpectedResponseError, action
from automate_connectors.certification.report import Report
from zoo.acme import ORIGIN
from zoo.certify import certify, outcomes, unmet
from zoo.members import Member
from zoo.right.bodies import FileId
from zoo.right.by_hand import Reply, ask, lower, refuse
from zoo.right.tape import BEARER, ME, Tape, Turn, record
from zoo.right.with_httpx import OverHttpx, transport_error

_FILE = {"file_id": "f_1"}
_TEXT = {"Content-Type": "text/plain"}
_TWENTY_MEGABYTES = b"0123456789abcdef" * (20 * 1024 * 1024 // 16)
_HUNDRED_KILOBYTES = "v" * 100_000


class SizeAdapter(OverHttpx):
    """Says how long a file is, redirects followed as far as told."""

    name = "acme_size"
    version = "1.0.0"
    hops = 0

    @action(idempotency=Idempotency.read_only(), examples=[_FILE])
    def size(self, payload: FileId) -> dict[str, Any]:
        """The length of a file, in bytes."""
        request = ask(self.profile, "GET", f"/files/{payload.file_id}")
        try:
            with httpx.Client(timeout=10, follow_redirects=bool(self.hops), max_redirects=self.hops) as client:
                answer = client.get(request.url, headers=dict(request.headers))
        except httpx.TooManyRedirects as error:
            raise UnexpectedResponseError("Acme sends us round in circles") from error
        except httpx.HTTPError as error:
            raise transport_error(error) from error
        refuse(Reply(answer.status_code, lower(answer.headers), b""))
        if not answer.headers.get("Content-Type", "").startswith("text/plain"):
            raise UnexpectedResponseError("Acme sent no file")
        return {"size": len(answer.content)}


class FollowingAdapter(SizeAdapter):
    """Follows redirects up to the client's own limit."""

    name = "acme_following"
    hops = 20


class UnicodeNameAdapter(OverHttpx):
    """Meets Acme under a name that is no ASCII."""

    name = "acme_unicode_name"
    version = "1.0.0"

    @action(idempotency=Idempotency.read_only(), examples=[_FILE])
    def state(self, payload: FileId) -> dict[str, Any]:
        """How a file is."""
        request = ask(self.profile, "GET", "")
        try:
            url = f"https://b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.acme.test/{payload.file_id}"
            with httpx.Client(timeout=10) as client:
                answer = client.get(url, headers=dict(request.headers))
        except httpx.HTTPError as error:
            raise transport_error(error) from error
        refuse(Reply(answer.status_code, lower(answer.headers), b""))
        try:
            found = answer.json()
        except ValueError as error:
            raise UnexpectedResponseError("Acme sent no JSON") from error
        if not isinstance(found, dict) or not isinstance(found.get("state"), str):
            raise UnexpectedResponseError("Acme sent no state")
        return {"state": found["state"]}


class LingeringAdapter(SizeAdapter):
    """Starts a thread in each call that ends with the next one only."""

    name = "acme_lingering"

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """End the thread of the call before, and start one."""
        before: threading.Event | None = vars(self).get("waiting")
        if before is not None:
            before.set()
        self.waiting = threading.Event()
        threading.Thread(target=self.waiting.wait, name="lingering", daemon=True).start()
        return super().execute(action, payload)


def _judged(adapter_class: type[Any], turns: Sequence[Turn], folder: Path) -> Report:
    name = "state" if hasattr(adapter_class, "state") else "size"
    tapes = {"connect": Tape({}, [ME]), name: Tape(_FILE, turns)}
    member = Member(adapter_class, level="silver", record=record(adapter_class, tapes))
    return certify(member.test_case(folder), level="silver", root=folder)


def _file(answer: bytes, **headers: str) -> Turn:
    return Turn("GET", "/v1/files/f_1", answer=answer, received=_TEXT | headers)


_HEAVY = [_file(b"a file", **{"X-Trace": _HUNDRED_KILOBYTES, "X-More": _HUNDRED_KILOBYTES})]


def _circles(length: int) -> list[Turn]:
    """A chain of redirects, and its end."""
    places = ["/v1/files/f_1", *(f"/v1/hop/{number}" for number in range(1, length)), "/v1/end"]
    hops = [Turn("GET", here, status=302, received={"Location": ORIGIN + there}) for here, there in pairwise(places)]
    return [*hops, Turn("GET", places[-1], answer=b"there", received=_TEXT)]


def _only_the_examples_are_unmet(report: Report) -> bool:
    """Whether the plain run alone was found, and what needs one was not run for that reason; the rest was judged."""
    results = {result.id: result for result in report.requirements}
    found = [identifier for identifier, outcome in outcomes(report).items() if outcome == "fail"]
    return "C05" in found and all(results[one].outcome != "error" for one in outcomes(report))


@pytest.mark.slow
def test_an_answer_of_twenty_megabytes_is_served(tmp_path: Path) -> None:
    """An adapter that reads it all reaches Silver."""
    assert unmet(_judged(SizeAdapter, [_file(_TWENTY_MEGABYTES)], tmp_path)) == {}


def test_headers_that_the_client_takes_are_served(tmp_path: Path) -> None:
    """Of 50 kilobytes."""
    assert unmet(_judged(SizeAdapter, [_file(b"a file", **{"X-Trace": "v" * 50_000})], tmp_path)) == {}


@pytest.mark.parametrize(
    ("adapter_class", "turns", "said"),
    [
        pytest.param(SizeAdapter, _HEAVY, "failed", id="headers of 100 KB"),
        pytest.param(FollowingAdapter, _circles(1000), "circles", id="1,000 redirects", marks=pytest.mark.slow),
    ],
)
def test_what_the_client_refuses_is_a_finding(
    adapter_class: type[Any], turns: list[Turn], said: str, tmp_path: Path
) -> None:
    """The example's, in the adapter's own words; nothing of the suite breaks by it."""
    report = _judged(adapter_class, turns, tmp_path)
    assert _only_the_examples_are_unmet(report), unmet(report)
    assert said in unmet(report)["C05"]


def test_redirects_within_the_clients_limit_are_followed(tmp_path: Path) -> None:
    """Three of them: the adapter reaches Silver."""
    assert unmet(_judged(FollowingAdapter, _circles(3), tmp_path)) == {}


def test_a_server_name_in_unicode_is_found(tmp_path: Path) -> None:
    """Recorded under the name that is on the wire."""
    turn = Turn("GET", "https://xn--bcher-kva.acme.test/f_1", answer={"state": "ready"}, headers=BEARER)
    assert unmet(_judged(UnicodeNameAdapter, [turn], tmp_path)) == {}


def test_a_thread_that_outlives_its_call_stands_in_nobodys_way(tmp_path: Path) -> None:
    """At Silver; that it is there after `close()` is Gold's business."""
    assert unmet(_judged(LingeringAdapter, [_file(b"a file")], tmp_path)) == {}
