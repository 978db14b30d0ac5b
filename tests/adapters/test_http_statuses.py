"""Statuses become errors that say what happened."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from adapters.http_probe import BASE, TOKEN, Probe, answering, failing

from automate_connectors.errors import ConnectorErrorCode as Code
from automate_connectors.errors import Effect

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "code", "retryable", "effect"),
    [
        (301, Code.BAD_RESPONSE, False, Effect.UNKNOWN),
        (304, Code.BAD_RESPONSE, False, Effect.UNKNOWN),
        (400, Code.INVALID_INPUT, False, Effect.NONE),
        (401, Code.AUTH_FAILED, False, Effect.NONE),
        (403, Code.FORBIDDEN, False, Effect.NONE),
        (404, Code.NOT_FOUND, False, Effect.NONE),
        (405, Code.INVALID_INPUT, False, Effect.NONE),
        (409, Code.CONFLICT, False, Effect.NONE),
        (410, Code.NOT_FOUND, False, Effect.NONE),
        (418, Code.INVALID_INPUT, False, Effect.NONE),
        (422, Code.INVALID_INPUT, False, Effect.NONE),
        (429, Code.RATE_LIMITED, True, Effect.NONE),
        (499, Code.INVALID_INPUT, False, Effect.NONE),
        (500, Code.UPSTREAM_5XX, True, Effect.UNKNOWN),
        (502, Code.UPSTREAM_5XX, True, Effect.UNKNOWN),
        (503, Code.UPSTREAM_5XX, True, Effect.UNKNOWN),
        (504, Code.UPSTREAM_5XX, True, Effect.UNKNOWN),
        (599, Code.UPSTREAM_5XX, True, Effect.UNKNOWN),
        (799, Code.BAD_RESPONSE, False, Effect.UNKNOWN),
    ],
)
def test_each_status_is_the_error_of_the_table(status: int, code: Code, retryable: bool, effect: Effect) -> None:
    """A writing request's status decides code, retryable and effect."""
    with answering(httpx.Response(status, json={"message": "no"})):
        error = failing(Probe(), "plain")
    assert (error.code, error.retryable, error.effect, error.status) == (code, retryable, effect, status)
    assert error.details == {"service_message": "no"}
    assert (error.connector, error.action) == ("probe", "plain")


@pytest.mark.parametrize("status", [500, 503, 301])
def test_a_read_has_no_effect_whatever_fails(status: int) -> None:
    """GET changes nothing, and neither does a POST of an action declared read-only."""
    with answering(httpx.Response(status), httpx.Response(status)):
        got = failing(Probe(script=lambda probe: probe.request("get", "things")), "plain")
        looked = failing(Probe(), "read")
    assert got.effect is looked.effect is Effect.NONE


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"error": {"message": "name is\\n required"}}', "name is required"),
        (b'{"error_description": "expired"}', "expired"),
        (b'{"title": "", "reason": "late"}', "late"),
        (b'{"a": {"b": {"message": "too deep"}}}', None),
        (b'["message"]', None),
        (b"<html>Bad Gateway</html>", None),
        (b"", None),
        (b"[" * 5000, None),
        (b'{"message": "' + b"x" * 100_001 + b'"}', None),
    ],
)
def test_the_service_is_quoted_where_it_explains_itself(content: bytes, said: str | None) -> None:
    """The usual places of an error object are searched, and nothing else is shown."""
    with answering(httpx.Response(422, content=content)):
        error = failing(Probe(), "plain")
    assert error.details.get("service_message") == said
    assert (said or "422 Unprocessable") in error.message


@pytest.mark.parametrize("said", ["<b>no</b>", "Traceback (most recent call last)", "é" * 900, "a\r\nb"])
def test_messages_are_presentable_whatever_the_service_says(said: str) -> None:
    """One line, at most 500 characters, no markup."""
    with answering(httpx.Response(400, json={"message": said})):
        message = failing(Probe(), "plain").message
    assert 3 <= len(message) <= 500
    assert message.isprintable()
    assert "<" not in message
    assert "Traceback" not in message


def test_a_secret_that_the_service_echoes_is_not_repeated() -> None:
    """What the service says is shown without the profile's secrets."""
    with answering(httpx.Response(400, json={"message": f"bad token {TOKEN}"})):
        error = failing(Probe(), "plain")
    assert TOKEN not in str(error.to_dict())
    assert error.details["service_message"] == "bad token ***"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("1.5", 1.5),
        (format_datetime(NOW + timedelta(seconds=30), usegmt=True), 30.0),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0.0),
        ((NOW + timedelta(seconds=9)).strftime("%a %b %d %H:%M:%S %Y"), 9.0),
        ("-5", None),
        ("", None),
        (" ", None),
        ("soon", None),
        ("9" * 5000, None),
        ("\N{ARABIC-INDIC DIGIT ONE}", None),
        ("Thu, 99 Foo 2026 99:99:99 GMT", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_read_in_both_forms(status: int, value: str, seconds: float | None) -> None:
    """Dates count from the answer's own clock; what cannot be understood is None."""
    headers = [(b"Date", format_datetime(NOW, usegmt=True).encode()), (b"Retry-After", value.encode())]
    with answering(httpx.Response(status, headers=headers)):
        error = failing(Probe(), "plain")
    assert error.retry_after == seconds


def test_a_date_counts_from_now_where_the_answer_has_none() -> None:
    """Without a usable Date header the clock of this machine stands in."""
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    with answering(httpx.Response(429, headers={"Retry-After": until, "Date": "today"})):
        seconds = failing(Probe(), "plain").retry_after
    assert seconds == pytest.approx(60, abs=5)


def test_other_errors_have_no_retry_after() -> None:
    """An error that is not retryable does not say when to retry."""
    with answering(httpx.Response(400, headers={"Retry-After": "5"})):
        assert failing(Probe(), "plain").retry_after is None


def test_expected_statuses_are_answers() -> None:
    """The action's statuses are returned, and those that a request names instead."""
    with answering(httpx.Response(404), httpx.Response(503), httpx.Response(409), httpx.Response(404)):
        assert Probe().execute("look", {}) == {"result": 404}
        assert Probe().execute("look", {}) == {"result": 503}
        named = Probe(script=lambda probe: probe.request("GET", "x", expect={409}))
        assert named.execute("look", {}) == {"result": 409}
        assert failing(named, "look").code is Code.NOT_FOUND


def test_the_host_may_be_named_and_the_target_never() -> None:
    """Paths and queries may hold what must not be logged."""
    with answering(httpx.ReadError("gone")):
        error = failing(
            Probe(script=lambda probe: probe.request("GET", "/private/7?key=8", params={"q": "9"})), "plain"
        )
    assert "api.example.com" in error.message
    assert "private" not in error.message
    assert BASE not in error.message
