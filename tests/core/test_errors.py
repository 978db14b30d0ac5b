"""The error classes: rows of the contract's table, and errors as values."""

import copy
import json
import pickle

import pytest

from automate_connectors import errors
from automate_connectors.errors import ConnectorError, ConnectorErrorCode, Effect

ROWS = [
    (errors.ConfigurationError, "CONFIG_INVALID", False, "none"),
    (errors.AuthenticationError, "AUTH_FAILED", False, "none"),
    (errors.PermissionDeniedError, "FORBIDDEN", False, "none"),
    (errors.NotFoundError, "NOT_FOUND", False, "none"),
    (errors.InvalidPayloadError, "INVALID_INPUT", False, "none"),
    (errors.UnknownActionError, "UNKNOWN_ACTION", False, "none"),
    (errors.ConflictError, "CONFLICT", False, "none"),
    (errors.RateLimitedError, "RATE_LIMITED", True, "none"),
    (errors.ServiceTimeoutError, "TIMEOUT", True, "unknown"),
    (errors.ServiceUnavailableError, "UPSTREAM_5XX", True, "unknown"),
    (errors.NetworkError, "TRANSIENT_NETWORK", True, "unknown"),
    (errors.UnexpectedResponseError, "BAD_RESPONSE", False, "unknown"),
    (errors.ConnectorError, "INTERNAL_ERROR", False, "unknown"),
]


class QuotaError(ConnectorError):
    """A user's subclass with an __init__ of its own."""

    def __init__(self, quota: int, *, unit: str) -> None:
        super().__init__(f"quota of {quota} {unit} used up", code="RATE_LIMITED", retry_after=60)
        self.quota = quota


@pytest.mark.parametrize(("cls", "code", "retryable", "effect"), ROWS)
def test_class_gives_its_row(cls: type[ConnectorError], code: str, effect: str, *, retryable: bool) -> None:
    """A class without further arguments gives code, retryable and effect of its row."""
    error = cls("no")
    assert (error.code, error.retryable, error.effect) == (code, retryable, effect)
    assert isinstance(error.code, ConnectorErrorCode)
    assert isinstance(error.effect, Effect)


@pytest.mark.parametrize(("cls", "code", "retryable", "effect"), ROWS)
def test_code_decides_over_class(cls: type[ConnectorError], code: str, effect: str, *, retryable: bool) -> None:
    """A code that is given decides the row, whatever the class."""
    assert issubclass(cls, ConnectorError)
    for other in (ConnectorError, errors.NotFoundError, errors.NetworkError):
        error = other("no", code=code)
        assert (error.code, error.retryable, error.effect) == (code, retryable, effect)


def test_rows_cover_every_code() -> None:
    """Every code has a class."""
    assert [row[1] for row in ROWS] == list(ConnectorErrorCode)


def test_given_values_win() -> None:
    """What is given is kept, and strings become the enums."""
    error = ConnectorError("no", code=ConnectorErrorCode.TIMEOUT, retryable=False, effect="applied")
    assert error.code is ConnectorErrorCode.TIMEOUT
    assert error.retryable is False
    assert error.effect is Effect.APPLIED


@pytest.mark.parametrize("wrong", [{"code": "TEAPOT"}, {"effect": "perhaps"}])
def test_unknown_names_are_refused(wrong: dict[str, str]) -> None:
    """A code or effect that does not exist is a ValueError."""
    with pytest.raises(ValueError, match=r"TEAPOT|perhaps"):
        ConnectorError("no", **wrong)  # type: ignore[arg-type]  # wrong by intention


def test_to_dict_has_nine_plain_values() -> None:
    """to_dict gives the nine facts as values that JSON carries."""
    error = errors.RateLimitedError(
        "slow down", retry_after=7, status=429, details={"limit": 10}, connector="slack", action="send_message"
    )
    facts = error.to_dict()
    assert facts == {
        "code": "RATE_LIMITED",
        "message": "slow down",
        "retryable": True,
        "retry_after": 7,
        "effect": "none",
        "status": 429,
        "details": {"limit": 10},
        "connector": "slack",
        "action": "send_message",
    }
    assert type(facts["code"]) is str
    assert type(facts["effect"]) is str
    assert json.loads(json.dumps(facts)) == facts


def test_details_are_kept_as_given() -> None:
    """Details are not converted, and missing ones are an empty dict of the error's own."""
    marker = object()
    assert ConnectorError("no", details={"at": marker}).details["at"] is marker
    assert ConnectorError("no").details == {}
    assert ConnectorError("no").details is not ConnectorError("no").details


def test_message_is_the_text() -> None:
    """str() is the message, for a subclass that is a KeyError too."""
    both = type("Both", (errors.NotFoundError, KeyError), {})
    assert str(both("no such channel")) == "no such channel"
    assert both("no such channel").args == ("no such channel",)


def test_unknown_action_is_a_value_error() -> None:
    """UnknownActionError is what the guide's ValueError and an invalid payload are."""
    assert issubclass(errors.UnknownActionError, ValueError)
    assert issubclass(errors.UnknownActionError, errors.InvalidPayloadError)


def test_subclass_states_its_code() -> None:
    """A subclass may set its code as a class attribute, also as a string."""
    own = type("Own", (ConnectorError,), {"code": "CONFLICT"})
    assert own("no").code is ConnectorErrorCode.CONFLICT
    assert own("no").effect is Effect.NONE


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickling_keeps_all_attributes(protocol: int) -> None:
    """An error with an __init__ of its own survives pickling with everything it says."""
    error = QuotaError(5, unit="calls")
    error.connector = "slack"
    error.add_note("seen on Monday")
    again = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301  # pickled on the line itself
    assert type(again) is QuotaError
    assert vars(again) == vars(error)
    assert (str(again), again.args) == (str(error), error.args)


def test_copying_keeps_all_attributes() -> None:
    """Copies are equal in all attributes, and a deep one shares no details."""
    error = errors.ConflictError("no", details={"ids": [1]}, retryable=True)
    assert vars(copy.copy(error)) == vars(error)
    deep = copy.deepcopy(error)
    deep.details["ids"].append(2)
    assert error.details == {"ids": [1]}
