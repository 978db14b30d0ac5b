"""Faults are plain data that says which request of a call goes wrong, and how often."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from automate_connectors.wire.faults import BODY_KINDS, DELIVERY_KINDS, NETWORK_KINDS, Allowance, Fault, FaultPlan


def any_name(name: str) -> Any:
    """A name that a type checker would refuse."""
    return name


def test_a_status_comes_with_a_json_error_object() -> None:
    """The default body is what most services say."""
    fault = Fault.status(404)
    assert (fault.name, fault.status_code, fault.headers) == (
        "status-404",
        404,
        (("Content-Type", "application/json"),),
    )
    assert json.loads(fault.content) == {"error": {"code": 404, "message": "the service refused"}}


@pytest.mark.parametrize(
    ("body", "content", "media"),
    [
        (b"<html>", b"<html>", "text/html; charset=utf-8"),
        ("  <html>", b"  <html>", "text/html; charset=utf-8"),
        ("slow down", b"slow down", "text/plain; charset=utf-8"),
        (b"\x00", b"\x00", "application/octet-stream"),
        ([1], b"[1]", "application/json"),
    ],
)
def test_a_status_carries_the_body_it_is_given(body: Any, content: bytes, media: str) -> None:
    """Text and bytes as they stand, anything else as JSON, each under its media type."""
    fault = Fault.status(500, body=body)
    assert (fault.content, fault.headers) == (content, (("Content-Type", media),))


def test_an_empty_body_has_no_media_type() -> None:
    """Nothing is sent about a body that is not there."""
    assert Fault.status(503, body=b"").headers == ()


def test_retry_after_and_further_headers_are_sent() -> None:
    """Seconds or text as they stand."""
    assert Fault.status(429, retry_after=7, body="").headers == (("Retry-After", "7"),)
    fault = Fault.status(429, retry_after="soon", body="", headers={"X-Id": "1"})
    assert fault.headers == (("Retry-After", "soon"), ("X-Id", "1"))


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Fault.status(99), "between 100 and 599 and was 99"),
        (lambda: Fault.status(600), "was 600"),
        (lambda: Fault.body(any_name("pretty")), "no body fault is called 'pretty': choose one of invalid_json"),
        (lambda: Fault.network(any_name("slow")), "no network fault is called 'slow': choose one of dns"),
        (lambda: Fault.delivery("thrice"), "no delivery fault is called 'thrice': choose one of ok"),
        (lambda: Fault.status(500, at=0), "at counts from 1 and was 0"),
        (lambda: Fault.body("html", times=0), "times counts from 1 and was 0"),
        (lambda: Fault.network("dns", at=True), "at counts from 1 and was True"),
    ],
)
def test_a_fault_that_cannot_be_is_refused(make: Callable[[], Fault], told: str) -> None:
    """The message says what would do."""
    with pytest.raises(ValueError, match=told.replace("(", "\\(")):
        make()


def test_every_kind_of_the_standard_can_be_made() -> None:
    """Each fault keeps its name, and crosses a process boundary."""
    faults = [*map(Fault.body, BODY_KINDS), *map(Fault.network, NETWORK_KINDS), *map(Fault.delivery, DELIVERY_KINDS)]
    faults += [Fault.network("tls_name"), Fault.redirect(307, "https://elsewhere.invalid/")]
    assert [fault.name for fault in faults[:6]] == list(BODY_KINDS)
    assert pickle.loads(pickle.dumps(faults)) == faults  # noqa: S301 - our own data


def test_a_redirect_says_where_to() -> None:
    """RFC 9110 section 15.4."""
    fault = Fault.redirect(308, "https://elsewhere.invalid/moved")
    assert (fault.kind, fault.name, fault.status_code) == ("redirect", "redirect-308", 308)
    assert fault.headers == (("Location", "https://elsewhere.invalid/moved"),)


def test_faults_know_whether_a_connection_stands_and_whether_anybody_speaks() -> None:
    """Connection faults strike before a connection stands; a silent one leaves the client to its timeout."""
    assert {kind for kind in NETWORK_KINDS if not Fault.network(kind).connects} == {
        "dns", "refused", "connect_timeout", "tls",
    }  # fmt: skip
    assert {kind for kind in NETWORK_KINDS if Fault.network(kind).silent} == {"connect_timeout", "read_timeout"}
    assert Fault.status(500).connects
    assert not Fault.delivery("lost_response").silent


def test_a_fault_can_be_renamed_for_the_report() -> None:
    """Everything else stays."""
    fault = Fault.status(500, times=2)
    assert fault.named("status-500-html").times == 2
    assert fault.named("status-500-html").name == "status-500-html"


def test_a_persistent_fault_meets_every_request_from_its_place_on() -> None:
    """Requests before it are spared."""
    fault = Fault.network("reset")
    plan = FaultPlan.persistent(fault, 3)
    assert [plan.at(number) for number in range(1, 6)] == [None, None, fault, fault, fault]
    assert not plan.quiet


def test_a_fault_once_meets_that_request_alone() -> None:
    """Requests before and after it are spared."""
    fault = Fault.network("reset")
    plan = FaultPlan.once(fault, 2)
    assert [plan.at(number) for number in range(1, 5)] == [None, fault, None, None]
    assert not plan.quiet


def test_a_fault_tells_its_own_plan() -> None:
    """``at`` picks one request, without it every one is met; without a fault nothing goes wrong."""
    anywhere, second = Fault.status(500), Fault.status(500, at=2)
    assert FaultPlan.of(anywhere) == FaultPlan.persistent(anywhere)
    assert FaultPlan.of(second) == FaultPlan.once(second, 2)
    assert FaultPlan.of(None).quiet
    assert FaultPlan((None, None)).quiet


def test_a_fault_happens_as_often_as_it_may() -> None:
    """``times`` counts over all calls, fault by fault; without it there is no end."""
    allowance, twice, always = Allowance(), Fault.status(500, times=2), Fault.status(500)
    assert [allowance.take(twice) for _ in range(4)] == [True, True, False, False]
    assert all(allowance.take(always) for _ in range(10))
    assert allowance.take(Fault.status(500, times=1))
