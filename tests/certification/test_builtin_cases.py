"""The certification cases that ship with the built-in connectors."""

import logging

import pytest

from automate_connectors.adapters.logging import LoggingAdapter
from automate_connectors.adapters.slack import SlackAdapter
from automate_connectors.certification.builtin_cases import LoggingCase, SlackCase
from automate_connectors.errors import ConnectorErrorCode


@pytest.fixture
def quiet_logger() -> object:
    """Leave the logger as it was."""
    logger = logging.getLogger(LoggingAdapter.logger_name)
    level, handlers = logger.level, list(logger.handlers)
    yield logger
    logger.setLevel(level)
    logger.handlers[:] = handlers
    LoggingCase._collector = None  # noqa: SLF001  # the handler that it kept is gone


@pytest.mark.usefixtures("quiet_logger")
def test_effects_of_the_log_are_its_entries() -> None:
    """They are plain, and `reset` forgets them together with the operations."""
    case, adapter = LoggingCase(), LoggingAdapter()
    payload = {"message": "hello", "level": "debug", "fields": {"n": 1}, "idempotency_key": "op"}
    for _ in range(2):
        case.reset()
        assert case.effects() == []
        adapter.execute("log", payload)
        adapter.execute("log", payload)
        assert case.effects() == [{"level": "DEBUG", "message": "hello", "fields": {"n": 1}}]


def test_slack_error_samples_name_actions_and_codes() -> None:
    """Each is for an action that exists, and every class of error has one."""
    samples = SlackCase.error_samples
    assert {sample.action for sample in samples} == {None, *SlackAdapter.actions}
    codes = {ConnectorErrorCode(sample.code) for sample in samples}
    assert len(codes) == 8
    assert all(sample.body["ok"] is False for sample in samples)


def test_slack_needs_no_secret_to_be_certified() -> None:
    """Its profile refers to one, for recording; the cassettes ship."""
    assert SlackCase.profile is not None
    assert SlackCase.profile.secrets["token"].reference == "env://SLACK_TOKEN"
    assert sorted(SlackCase.cassette_dir.glob("connect.yaml"))  # type: ignore[union-attr]  # a Path here
