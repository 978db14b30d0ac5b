"""The table of Slack's in-band errors."""

import pytest

from automate_connectors.adapters._slack_errors import SLACK_ERRORS
from automate_connectors.errors import ConflictError, ServiceUnavailableError


@pytest.mark.parametrize("name", sorted(SLACK_ERRORS))
def test_each_row_makes_a_presentable_error(name: str) -> None:
    """Each has a meaning for people, and no contradiction between retryable and its class."""
    row = SLACK_ERRORS[name]
    error = row.kind(row.meaning, retryable=row.retryable, effect=row.effect)
    assert 3 <= len(error.message) <= 200
    assert error.message.isprintable()
    assert not (error.retryable and issubclass(row.kind, ConflictError))


def test_every_documented_string_is_known() -> None:
    """Those of the method reference, and the three that every method may answer."""
    assert len(SLACK_ERRORS) == 115
    assert {"invalid_arguments", "internal_error", "invalid_auth"} <= SLACK_ERRORS.keys()
    assert SLACK_ERRORS["fatal_error"].kind is ServiceUnavailableError
