"""What makes an error unfit to be shown to people and machines (E06)."""

from __future__ import annotations

from typing import Final

from automate_connectors.certification.evidence import SeenError
from automate_connectors.certification.facts import ErrorFacts
from automate_connectors.wire.faults import HTML_MARKUP

_SHORTEST: Final = 3
_LONGEST: Final = 500
#: Faults that no Python client notices but by an exception.
_BY_EXCEPTION: Final = frozenset({"dns", "refused", "connect_timeout", "tls", "read_timeout", "invalid_json"})
#: Faults that a client may notice by an exception, or by looking.
_BY_TRANSPORT: Final = frozenset({"lost_response", "lost_request", "truncated", "truncated_chunked"})
_UNREADABLE: Final = frozenset({"html", "empty", "wrong_type"})
_BREAKS: Final = ("\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")


def blemish(seen: SeenError) -> str | None:
    """The first thing that is wrong with an error; None where it is presentable."""
    error = seen.error
    return _of_message(error.message) or _of_fields(error) or _of_cause(error, seen.fault)


def _of_message(message: str) -> str | None:
    if not _SHORTEST <= len(message) <= _LONGEST:
        return f"the message has {len(message)} characters"
    if any(sign in message for sign in _BREAKS):
        return "the message has several lines"
    if "Traceback (most recent call last)" in message:
        return "the message holds a traceback"
    if markup := next((mark for mark in HTML_MARKUP if mark.lower() in message.lower()), None):
        return f"the message holds markup of the service's page: {markup}"
    return None


def _of_fields(error: ErrorFacts) -> str | None:
    if error.details_problem:
        return f"JSON does not carry the details: {error.details_problem}"
    return (
        f"its fields have other types than the contract says: {error.fields_problem}" if error.fields_problem else None
    )


def _was_the_reason(context: str, fault: str | None) -> bool:
    """Whether an exception that was handled meanwhile is a transport's or a decoder's."""
    return fault in _BY_EXCEPTION or fault in _BY_TRANSPORT or (fault in _UNREADABLE and "decod" in context.lower())


def _of_cause(error: ErrorFacts, fault: str | None) -> str | None:
    if error.cause is not None:
        related = error.context is None or set(error.causes) & set(error.contexts)
        if fault in _BY_EXCEPTION and not related:
            return f"its __cause__ is a {error.cause}, and what happened was {error.context}: raise it `from` that"
        return None
    if error.context is not None and _was_the_reason(error.context, fault):
        return f"it was raised while {error.context} was handled, and has no __cause__: raise it `from` that exception"
    if fault in _BY_EXCEPTION and error.code != "INVALID_INPUT":
        return f"the fault {fault} reached it as an exception, and it has no __cause__: raise it `from` that exception"
    return None
