"""Broken wheels and certificates by the thousand: whatever comes in, only our own refusals come out.

``python tests/tamper/fuzz.py [INPUTS] [SEED]`` runs 100,000 inputs; `test_fuzzing` runs a few with hypothesis.
"""

import copy
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from tamper.builder import (
    FILENAME,
    NOW,
    RECORD,
    SIGNER,
    Item,
    bundle,
    envelope,
    items,
    line,
    pack,
    pem,
    report,
    statement,
    swapped,
    wheel_bytes,
    with_record,
)

from automate_connectors.certification import strict_json
from automate_connectors.certification.dsse import trusted_key
from automate_connectors.certification.gate_checks import Rules
from automate_connectors.certification.gating import GateRefused, examine, installed_suite
from automate_connectors.certification.levels import Guarantee, Level
from automate_connectors.certification.policy import Policy
from automate_connectors.certification.wheels import Wheel, WheelRefused

Fuzz = Callable[[Random], str]
"""Makes one input, feeds it, and returns the code of the refusal, or `good`."""

WHEEL: Final = wheel_bytes(Item("acme/", mode=0o40755, method=0), Item("acme/s.py", b"x = 1\n", method=0, flags=8))
READ: Final = Wheel.read(WHEEL, filename=FILENAME)
STATEMENT: Final = statement(WHEEL)
PAYLOAD: Final = json.dumps(STATEMENT).encode()
KEYS: Final = [trusted_key(pem(SIGNER))]
RULES: Final = Rules(
    Level.SILVER,
    Guarantee.AT_MOST_ONCE,
    "process",
    frozenset({installed_suite()}),
    Policy(revoked=frozenset({"x"})),
    NOW,
)
VALUES: Final[list[Any]] = [None, True, -1, 0, 2**70, 10**400, 0.5, "", "x", "\ud800", "gold", "waived", [], {}, [[]]]
DATES: Final = [
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31",
    "0001-01-01",
    "2026-06-01T12:00:00Z",
]
SIGNS: Final = [
    "\0",
    "/",
    "\\",
    "..",
    ":",
    "\x85",
    "\u2028",
    "\xdf",
    "\uff0f",
    "CON",
    ".dist-info",
    ".data/purelib/",
    "[",
    "=",
]


def broken(data: bytes, random: Random) -> bytes:
    """Return bytes with a few of them changed, removed, repeated or added."""
    found = bytearray(data)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(found) + 1)
        length = random.choice((1, 1, 2, 4, 22, 46))
        match random.randrange(5):
            case 0:
                found[at : at + 1] = bytes([random.randrange(256)])
            case 1:
                del found[at : at + length]
            case 2:
                found[at:at] = found[at : at + length]
            case 3:
                found[at : at + length] = random.choice((b"\0", b"\xff")) * length
            case _:
                other = random.randrange(len(found) + 1)
                found[at : at + length] = found[other : other + length]
    return bytes(found)


def _read(data: bytes, filename: str = FILENAME) -> str:
    try:
        Wheel.read(data, filename=filename)
    except WheelRefused as refusal:
        return _checked(refusal.code, refusal.message)
    return "good"


def _examined(data: bytes) -> str:
    try:
        examine(READ, data, KEYS, RULES)
    except GateRefused as refusal:
        return _checked(refusal.code, refusal.message)
    return "good"


def _checked(code: str, message: str) -> str:
    """Return a code, whose message must be one line of printable ASCII."""
    assert message.isprintable()
    assert message.isascii()
    return code


def fuzz_archive(random: Random) -> str:
    """Break the bytes of a wheel."""
    return _read(broken(WHEEL, random))


def fuzz_members(random: Random) -> str:
    """Break the text of a member, and keep the archive whole."""
    members = with_record(items())
    member = random.choice(members)
    text = (
        broken(member.content, random) if random.random() < 0.7 else random.choice(SIGNS).encode("utf-8", "replace") * 9
    )
    changed = swapped(members, member.path, content=text)
    return _read(pack(changed if member.path == RECORD else with_record(changed[:-1])))


def fuzz_names(random: Random) -> str:
    """Give a member, or the wheel, an odd name."""
    path = "".join(random.choice([*SIGNS, "a", "acme", "/", ".", "\xe9"]) for _ in range(random.randint(1, 6)))
    if random.random() < 0.2:
        return _read(WHEEL, path + random.choice(("", ".whl", "-1.0-py3-none-any.whl")))
    return _read(wheel_bytes(Item(path, b"x")))


def fuzz_headers(random: Random) -> str:
    """Put numbers into headers."""
    number = random.choice((0, 1, 8, 20, 45, 0xFFFF))
    field = random.choice(("needed", "flags", "method", "time", "crc", "packed", "size"))
    extra = random.choice((b"", b"\1\0\x10\0" + bytes(16), b"UT\5\0\1\0\0\0\0", b"\x75\x70\1\0\1", b"\1"))
    where = random.choice(("local", "central"))
    changes: dict[str, Any] = {"local": {}, "central": {}}
    changes[where][field] = number
    if random.random() < 0.5:
        changes["local"]["extra"] = extra
    return _read(wheel_bytes(Item("acme/a.py", b"x", flags=random.choice((0, 8)), **changes)))


def fuzz_certificate(random: Random) -> str:
    """Break the bytes of a certificate."""
    return _examined(broken(bundle(line(STATEMENT)), random))


def fuzz_payload(random: Random) -> str:
    """Break the bytes of a payload, and sign it."""
    return _examined(bundle(envelope(broken(PAYLOAD, random))))


def fuzz_statement(random: Random) -> str:
    """Put odd values at odd places of a statement, and sign it."""
    content = json.loads(PAYLOAD)
    if random.random() < 0.1:
        content["predicate"]["report"] = report(level=random.choice(("bronze", "silver", "platinum")))
    places = (content, content["predicate"], *[content["predicate"]["report"]] * 4)
    for _ in range(random.randint(1, 2)):
        here: Any = random.choice(places)
        while isinstance(here, dict | list) and here:
            step = random.choice(list(here) if isinstance(here, dict) else range(len(here)))
            if random.random() < 0.25 or not isinstance(here[step], dict | list):
                here[step] = random.choice(DATES) if random.random() < 0.3 else copy.deepcopy(random.choice(VALUES))
                break
            here = here[step]
    return _examined(bundle(line(content)))


def fuzz_json(random: Random) -> str:
    """Read JSON that is none."""
    text = "".join(
        random.choice(('{"', '"a":', "[", "]", "}", ",", "1", "e9", '"', "\\ud800", "NaN", "\ufeff")) for _ in range(9)
    )
    try:
        strict_json.loads(text.encode() if random.random() < 0.9 else broken(text.encode(), random))
    except strict_json.StrictJSONError:
        return "malformed"
    return "good"


FUZZES: Final[tuple[Fuzz, ...]] = (
    fuzz_archive,
    fuzz_members,
    fuzz_names,
    fuzz_headers,
    fuzz_certificate,
    fuzz_payload,
    fuzz_statement,
    fuzz_json,
)


def main(inputs: int = 100_000, seed: int = 0) -> None:
    """Feed inputs and print how they were refused; an exception that is not ours ends it with its number."""
    counts: dict[str, Counter[str]] = {fuzz.__name__: Counter() for fuzz in FUZZES}
    for number in range(inputs):
        fuzz = FUZZES[number % len(FUZZES)]
        random = Random(f"{seed}/{number}")  # noqa: S311 - reproducible on purpose
        try:
            counts[fuzz.__name__][fuzz(random)] += 1
        except Exception as error:
            error.add_note(f"input {number} of seed {seed} ({fuzz.__name__})")
            raise
    for name, found in counts.items():
        sys.stdout.write(f"{name}: {', '.join(f'{code} {times}' for code, times in found.most_common())}\n")
    sys.stdout.write(f"{inputs} inputs, no exception that is not ours\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
