"""What a call showed, as plain data: it crosses a process boundary unchanged.

The side that runs the adapter makes these; the judge reads them and nothing else of the adapter's.
"""

from __future__ import annotations

import json
import math
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from automate_connectors.errors import ConnectorError

_MOST_TEXT = 200_000


class Emission(NamedTuple):
    """A text that a call let out. A tuple, since a call has dozens.

    Attributes:
        source: where it appeared: ``stdout``, ``log record of httpx``, ``message of the error`` …
        text: the text.
        own: whether it is the adapter's own doing, not a library's.
    """

    source: str
    text: str
    own: bool = True


def by_source(emissions: Iterable[Emission]) -> dict[tuple[str, bool], str]:
    """The texts of each source, and of whose doing they are, as one: a client logs a dozen lines at each request."""
    texts: dict[tuple[str, bool], list[str]] = {}
    for emission in emissions:
        texts.setdefault((emission.source, emission.own), []).append(emission.text)
    return {place: "\n".join(each) for place, each in texts.items()}


@dataclass(frozen=True, slots=True)
class ErrorFacts:
    """An exception that left the adapter.

    Attributes:
        type: its qualified class name.
        structured: whether it is a ConnectorError.
        ordinary: whether it is an `Exception`, not only a `BaseException`.
        message: its text.
        code: and the rest of a ConnectorError's fields, as plain values.
        details_problem: why JSON does not carry the details.
        fields_problem: what is wrong with the types of the other fields.
        cause: the class of the first exception in the ``__cause__`` chain that is no ConnectorError.
        context: the same of the implicit context.
    """

    type: str
    structured: bool
    ordinary: bool
    message: str
    code: str | None = None
    retryable: bool | None = None
    retry_after: float | None = None
    effect: str | None = None
    status: int | None = None
    details: Any = None
    details_problem: str | None = None
    fields_problem: str | None = None
    cause: str | None = None
    context: str | None = None
    causes: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The error for a finding: class, code and message."""
        label = self.code or "no code"
        return f"{self.type} ({label}): {self.message}" if self.structured else f"{self.type}: {self.message}"


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What one ``connect`` or ``execute`` did, as seen from outside the adapter.

    Attributes:
        result: what came back, where JSON carries it.
        result_problems: why it does not, place by place.
        result_type: the class of what came back.
        error: what was raised instead.
        emissions: every text it let out.
        sleeps: the waits that it asked for, in seconds.
        changed: how the payload differs from the one that was given.
        ended: ``returned``, ``hung`` (the watchdog ended it), ``stopped`` (after too many requests) or ``lost`` (its
            process ended, or was ended for what it did).
        seconds: real time it took.
        watched: sockets and child processes that it opened outside the service.
        unclosed: what a ResourceWarning said was left to the garbage collector.
        lost: what its process did instead of answering.
    """

    result: Any = None
    result_problems: tuple[str, ...] = ()
    result_type: str = "NoneType"
    error: ErrorFacts | None = None
    emissions: tuple[Emission, ...] = ()
    sleeps: tuple[float, ...] = ()
    changed: str | None = None
    ended: Literal["returned", "hung", "stopped", "lost"] = "returned"
    seconds: float = 0.0
    watched: tuple[str, ...] = ()
    unclosed: tuple[str, ...] = ()
    lost: str | None = None


def plain(value: Any, place: str = "result", depth: int = 0) -> tuple[Any, list[str]]:
    """A value as JSON carries it, and each place where JSON would change or refuse it."""
    if depth > 100:  # noqa: PLR2004 - far deeper than any payload; also ends cycles
        return None, [f"{place} is nested over 100 levels deep"]
    if value is None or isinstance(value, bool):
        return value, []
    # A str or int of an enumeration's class is equal to what JSON brings back: unchanged.
    if isinstance(value, str):
        return _plain_text(str.__str__(value), place)
    if isinstance(value, int):
        return int(value), []
    if isinstance(value, float):
        return (value, []) if math.isfinite(value) else (None, [f"{place} is {value!r}, which JSON cannot carry"])
    if isinstance(value, dict):
        return _plain_dict(value, place, depth)
    if isinstance(value, list):
        items = [plain(item, f"{place}[{i}]", depth + 1) for i, item in enumerate(value)]
        return [item for item, _ in items], [problem for _, problems in items for problem in problems]
    return None, [f"{place} is a {class_name(type(value))}, which JSON does not carry unchanged"]


def _plain_text(value: str, place: str) -> tuple[Any, list[str]]:
    try:
        value.encode()
    except UnicodeEncodeError:
        return None, [f"{place} holds a lone surrogate, which UTF-8 cannot carry"]
    return value, []


def _plain_dict(value: dict[Any, Any], place: str, depth: int) -> tuple[Any, list[str]]:
    found: dict[str, Any] = {}
    problems = []
    for key, item in value.items():
        if not isinstance(key, str):
            problems.append(f"{place} has the key {_short(repr(key))}, which is no string")
            continue
        found[key], more = plain(item, f"{place}[{_short(repr(key))}]", depth + 1)
        problems += more
    return found, problems


def error_facts(error: BaseException) -> ErrorFacts:
    """An exception as plain data; hostile attributes are described, never trusted."""
    base: dict[str, Any] = {
        "type": class_name(type(error)),
        "ordinary": isinstance(error, Exception),
        "message": _short(_safe_text(error), 2_000),
        "cause": _first_foreign(error, "__cause__"),
        "context": _first_foreign(error, "__context__"),
        "causes": tuple(_behind(error.__cause__)),
        "contexts": tuple(_behind(error.__context__)),
    }
    if not isinstance(error, ConnectorError):
        return ErrorFacts(structured=False, **base)
    return ErrorFacts(structured=True, **{**base, **_fields(error)})


def _fields(error: ConnectorError) -> dict[str, Any]:
    problems = []

    def field_of(name: str, kinds: tuple[type, ...]) -> Any:
        value = getattr(error, name, None)
        if isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool)):
            return value
        if value is not None:
            problems.append(f"{name} is a {class_name(type(value))}")
        return None

    code, effect = field_of("code", (str,)), field_of("effect", (str,))
    retry_after = field_of("retry_after", (int, float))
    details, details_problems = plain(getattr(error, "details", None), "details")
    return {
        "message": _short(str(getattr(error, "message", "")) or _safe_text(error), 2_000),
        "code": str(getattr(code, "value", code)) if code is not None else None,
        "effect": str(getattr(effect, "value", effect)) if effect is not None else None,
        "retryable": field_of("retryable", (bool,)),
        "retry_after": float(retry_after) if retry_after is not None else None,
        "status": field_of("status", (int,)),
        "details": details,
        "details_problem": "; ".join(details_problems[:3]) or None,
        "fields_problem": "; ".join(problems) or None,
    }


def error_emissions(error: BaseException) -> Iterator[Emission]:
    """Every text that an error shows to whoever logs, prints or serialises it."""
    own = isinstance(error, ConnectorError)
    yield Emission("message of the error", _safe_text(error), own)
    yield Emission("repr of the error", shown(error), own)
    yield Emission("args of the error", shown(error.args), own)
    if notes := getattr(error, "__notes__", None):
        yield Emission("notes of the error", shown(notes), own)
    if own:
        yield Emission("details of the error", shown(getattr(error, "details", None)), own)
        yield Emission("to_dict of the error", _safe_json(error), own)
    printed = _printed(error)[:_MOST_TEXT]
    yield Emission("traceback of the error's cause chain", printed, own=False)


def _printed(error: BaseException) -> str:
    """What a traceback of the whole cause chain prints, without the marks under its source lines: they cost most."""
    whole = traceback.TracebackException.from_exception(error)
    pending = [whole]
    while pending:
        one = pending.pop()
        for frame in one.stack:
            frame.colno = frame.end_colno = None
        pending += [linked for linked in (one.__cause__, one.__context__, *(one.exceptions or ())) if linked]
    return "".join(whole.format())


def _safe_json(error: Any) -> str:
    try:
        return json.dumps(error.to_dict(), default=repr)
    except Exception as problem:  # noqa: BLE001 - hostile code; the error's other faces are searched all the same
        return type(problem).__name__


def _safe_text(value: Any) -> str:
    try:
        return str(value)
    except Exception as problem:  # noqa: BLE001 - hostile code
        return f"<its text raised {type(problem).__name__}>"


def shown(value: Any) -> str:
    """The repr of a value, whatever its class does."""
    try:
        return repr(value)
    except Exception as problem:  # noqa: BLE001 - hostile code
        return f"<its repr raised {type(problem).__name__}>"


def _behind(error: BaseException | None) -> Iterator[str]:
    """The classes of an exception and of everything that led to it, each exception once."""
    seen: set[int] = set()
    pending = [error]
    while pending:
        one = pending.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            pending += [one.__context__, one.__cause__]
            if not isinstance(one, ConnectorError):
                yield class_name(type(one))


def _first_foreign(error: BaseException, link: str) -> str | None:
    seen: set[int] = set()
    current = getattr(error, link)
    while current is not None and id(current) not in seen:
        if not isinstance(current, ConnectorError):
            return class_name(type(current))
        seen.add(id(current))
        current = getattr(current, link)
    return None


def class_name(kind: type) -> str:
    """A class by its qualified name."""
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _short(text: str, most: int = 80) -> str:
    return text if len(text) <= most else text[:most] + "…"


def difference(before: Any, after: Any, place: str = "payload") -> str | None:
    """Where two JSON values differ first; None where they are equal, types included."""
    if type(before) is not type(after):
        return f"{place} became a {class_name(type(after))}"
    if isinstance(before, Mapping):
        if gone := [key for key in before if key not in after]:
            return f"{place}[{gone[0]!r}] was removed"
        if new := [key for key in after if key not in before]:
            return f"{place}[{_short(repr(new[0]))}] was added"
        return next(
            (found for key in before if (found := difference(before[key], after[key], f"{place}[{key!r}]"))), None
        )
    if isinstance(before, list):
        if len(before) != len(after):
            return f"{place} has {len(after)} items and had {len(before)}"
        pairs = enumerate(zip(before, after, strict=True))
        return next((found for i, (one, other) in pairs if (found := difference(one, other, f"{place}[{i}]"))), None)
    return None if before == after else f"{place} was changed"
