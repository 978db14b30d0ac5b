"""What is wrong with an operation under a schedule: each rule of the standard as one function over what was seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

from automate_connectors.certification.delivery.driving import MOST_CALLS, Drive

Expected = Counter[Hashable]


def too_many_effects(drive: Drive, expected: Expected, *, recognises: bool) -> str | None:
    """I03: each expected effect at most once, and no other.

    What follows a false ``retryable`` of an action whose repeats nobody recognises is that lie's doing, and I05's.
    """
    last_call = len(drive.attempts)
    if not recognises:
        lies = (
            i for i, attempt in enumerate(drive.attempts, 1) if lied_about_retrying(attempt_effects(drive, i), drive, i)
        )
        last_call = next(lies, last_call)
    counts = Counter(effect.member for effect in drive.effects if effect.call <= last_call)
    for member, count in counts.items():
        if member not in expected:
            return f"an effect that the fault-free run does not have: {_named(member)}"
        if count > expected[member]:
            return f"{_named(member)} happened {count} times and was expected {_times(expected[member])}"
    return None


def attempt_effects(drive: Drive, call: int) -> int:
    """How many effects there were up to a call, that call's included."""
    return sum(effect.call <= call for effect in drive.effects)


def lied_about_retrying(effects: int, drive: Drive, call: int) -> bool:
    """Whether a call said ``retryable`` although its effect had happened."""
    error = drive.attempts[call - 1].outcome.error
    return error is not None and bool(error.retryable) and effects > 0


def false_success(drive: Drive, expected: Expected) -> str | None:
    """I04: return only when every expected effect happened."""
    if not drive.last.returned:
        return None
    missing = expected - drive.counts
    return f"it returned, and {_named(next(iter(missing)))} did not happen" if missing else None


def dishonest_failure(drive: Drive, *, recognises: bool) -> str | None:
    """I05: ``none`` only if none happened, ``applied`` only if it did, ``retryable`` only if a retry keeps I03."""
    for call, attempt in enumerate(drive.attempts, 1):
        error = attempt.outcome.error
        if error is None or not error.structured:
            continue
        if error.effect == "none" and attempt.effects:
            return f"attempt {call} raised {error.code} with effect none, and the effect had happened"
        if error.effect == "applied" and not attempt.before + attempt.effects:
            return f"attempt {call} raised {error.code} with effect applied, and nothing had happened"
        if not recognises and lied_about_retrying(attempt_effects(drive, call), drive, call):
            return f"attempt {call} raised {error.code} with retryable True after the effect, which a retry repeats"
    return None


def never_arrives(drive: Drive) -> str | None:
    """I07: succeed once the faults end, if it said ``retryable``."""
    for call, attempt in enumerate(drive.attempts[1:], 2):
        if attempt.clean and attempt.outcome.error is not None and call == len(drive.attempts):
            again = "still says retryable" if attempt.outcome.error.retryable else "gave up"
            return f"attempt {call} met no fault and {again}: {attempt.outcome.shown}"
    if len(drive.attempts) > 1 and drive.last.facts.ended != "returned":
        return f"attempt {len(drive.attempts)} was made as it asked for, and did not come back: {drive.last.shown}"
    if len(drive.attempts) == MOST_CALLS and not drive.last.returned:
        return f"after {MOST_CALLS} attempts it had not succeeded: {drive.last.shown}"
    return None


def _named(member: Hashable) -> str:
    target = member
    while isinstance(target, tuple) and target and isinstance(target[0], tuple):
        target = target[0]
    if isinstance(target, tuple) and len(target) >= 3:  # noqa: PLR2004 - method, origin, path
        return f"{target[0]} {target[2]}"
    return str(target)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
