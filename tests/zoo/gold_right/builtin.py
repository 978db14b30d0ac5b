"""The connectors that we ship ourselves."""

from __future__ import annotations

from automate_connectors.adapters.logging import LoggingAdapter
from automate_connectors.adapters.slack import SlackAdapter
from automate_connectors.cassettes.shipped import builtin_cassettes
from automate_connectors.certification.builtin_cases import LoggingCase, SlackCase
from zoo.members import Member

MEMBERS = [
    Member(LoggingAdapter, level="gold", base_case=LoggingCase, guarantees={"log": "exactly-once"}),
    Member(
        SlackAdapter,
        level="gold",
        base_case=SlackCase,
        case={"cassette_dir": builtin_cassettes("slack"), "profile": SlackCase.profile},
        guarantees={
            "send_message": "at-most-once",
            "update_message": "natural",
            "add_reaction": "natural",
            "list_channels": "read-only",
            "get_user": "read-only",
        },
    ),
]
