"""What makes an error unfit to be shown (E06)."""

from __future__ import annotations

from typing import Any

import pytest

from automate_conformance.presentable import blemish
from automate_connectors.certification.evidence import SeenError
from automate_connectors.certification.facts import ErrorFacts


def seen(message: str = "The note was not found.", fault: str | None = None, **fields: Any) -> str | None:
    """What is wrong with an error."""
    error = ErrorFacts("NotFoundError", True, True, message, **{"code": "NOT_FOUND", **fields})
    return blemish(SeenError("case", error, fault))


@pytest.mark.parametrize("message", ["No.", "x" * 500, "a < b", "Die Notiz fehlt: ü", "<token> is missing"])
def test_a_sentence_is_presentable(message: str) -> None:
    """From three to five hundred characters on one line."""
    assert seen(message) is None


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("", "has 0 characters"),
        ("No", "has 2 characters"),
        ("x" * 501, "has 501 characters"),
        ("one\ntwo", "several lines"),
        ("one\u2028two", "several lines"),
        ("Traceback (most recent call last): File", "a traceback"),
        ("The service said <!doctype HTML>", "markup of the service's page: <!DOCTYPE"),
        ("It said <H1>Something</H1>", "markup"),
    ],
)
def test_a_message_that_nobody_can_show_is_named(message: str, told: str) -> None:
    """By what is wrong with it."""
    assert told in str(seen(message))


def test_details_and_fields_must_be_what_the_contract_says() -> None:
    """The problem is passed on."""
    assert "JSON does not carry the details: details['at']" in str(seen(details_problem="details['at'] is a date"))
    assert "other types than the contract says: status is a str" in str(seen(fields_problem="status is a str"))


@pytest.mark.parametrize("fault", ["dns", "refused", "connect_timeout", "tls", "read_timeout", "invalid_json"])
def test_a_fault_that_arrives_as_an_exception_must_be_the_cause(fault: str) -> None:
    """Whether it was swallowed or handled meanwhile."""
    assert "reached it as an exception, and it has no __cause__" in str(seen(fault=fault))
    assert "raised while OSError was handled" in str(seen(fault=fault, context="OSError"))
    assert seen(fault=fault, cause="OSError") is None
    assert seen(fault=fault, code="INVALID_INPUT") is None


@pytest.mark.parametrize("fault", ["lost_response", "truncated", "truncated_chunked"])
def test_a_transports_exception_that_was_handled_meanwhile_must_be_the_cause(fault: str) -> None:
    """A client may also notice by looking, without any."""
    assert "raised while OSError was handled" in str(seen(fault=fault, context="OSError"))
    assert seen(fault=fault) is None


def test_a_decoders_exception_must_be_the_cause() -> None:
    """Another one that was handled meanwhile is no reason."""
    assert "raise it `from` that exception" in str(seen(fault="html", context="json.decoder.JSONDecodeError"))
    assert seen(fault="html", context="KeyError") is None
    assert seen(fault="status-404", context="KeyError") is None


def test_the_cause_must_be_what_happened() -> None:
    """One of its own making is none."""
    told = seen(
        fault="dns",
        cause="ValueError", causes=("ValueError",), context="socket.gaierror", contexts=("socket.gaierror",),
    )  # fmt: skip
    assert "its __cause__ is a ValueError, and what happened was socket.gaierror" in str(told)
    chain = ("httpx.ConnectError", "socket.gaierror")
    assert seen(fault="dns", cause=chain[0], causes=chain, context=chain[0], contexts=chain) is None
