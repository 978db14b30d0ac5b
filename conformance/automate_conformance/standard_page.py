"""Write the catalogue as a page: ``python -m automate_conformance.standard_page > conformance/README.md``."""

import sys
from collections.abc import Iterator
from typing import Final

from automate_conformance.catalogue import CATALOGUE, FAMILIES, LEVELS, Level, Requirement

__all__ = ["render"]

_INTRODUCTION: Final = """\
# The connector standard, version 1

<!-- Generated: python -m automate_conformance.standard_page > conformance/README.md -->

What `pytest --connector=NAME` judges. Each requirement has a permanent id, a level, one sentence that says what the
adapter MUST do, how that is judged, and when it does not apply. Two rules decide every doubt. **No false alarm**: an
adapter that does the right thing in an unusual way passes. **No silence**: what was not judged is `not_run` and blocks
the level; what does not apply says what was observed that makes it so.

Checks drive the adapter through `connect` and `execute` alone and look at the value or error that came back, the
requests that reached the service, what was logged or printed, and time. The service is a loopback server that answers
from the cassettes over real sockets with real TLS; nothing else on the network is reachable, and time is virtual.

**No HTTP.** C04, C13, E02-E04, E07-E09, R02-R04 and S02-S05 do not apply when no example and no `connect()` sent a
request and, for an adapter with effects at a service, its declared `ports` were entered; C04, C13, E03 and I03-I07 are
then judged by the ports' faults. An adapter of pure computation or logging declares no ports and is watched: any socket
or child process that it opens in a run makes these `not_run`.

**Waivers.** A waiver needs a reason and a date at most 180 days ahead. One that is expired, unknown, unneeded (its
requirement passes) or not waivable is an error and blocks.

"""


def render() -> str:
    """Return the page as Markdown, ending in a newline."""
    return _INTRODUCTION + "\n".join((*_overview(), *(line for level in LEVELS for line in _level(level)))) + "\n"


def _overview() -> Iterator[str]:
    yield "## Levels"
    yield ""
    yield "A level holds when every requirement up to it is passed, does not apply or is waived."
    yield ""
    yield "| level | says | requirements |"
    yield "|---|---|---|"
    for level, says in LEVELS.items():
        ids = ", ".join(f"[{record.id}](#{_anchor(record)})" for record in CATALOGUE if record.level == level)
        yield f"| {level.capitalize()} | {says} | {ids} |"
    yield ""
    yield "The letter names the family: " + ", ".join(f"{letter} {name}" for letter, name in FAMILIES.items()) + "."


def _level(level: Level) -> Iterator[str]:
    yield ""
    yield f"## {level.capitalize()}: {LEVELS[level]}"
    for record in CATALOGUE:
        if record.level == level:
            yield from _requirement(record)


def _requirement(record: Requirement) -> Iterator[str]:
    yield ""
    yield f"### {record.id} {record.title}"
    yield ""
    yield record.statement
    yield ""
    yield f"- Level: {record.level}, since {record.since}"
    yield f"- Why: {record.rationale}"
    yield f"- How it is judged: {record.judged}{' Over every run of the session.' if record.session_wide else ''}"
    yield f"- Not applicable: {record.not_applicable}"
    yield f"- How to mend a failure: {record.remedy}"
    yield f"- Waivable: {'yes' if record.waivable else 'no'}"


def _anchor(record: Requirement) -> str:
    """Return the fragment that Markdown renderers make of the heading."""
    kept = (sign for sign in f"{record.id} {record.title}".lower() if sign.isalnum() or sign in " -")
    return "".join(kept).replace(" ", "-")


if __name__ == "__main__":
    sys.stdout.write(render())
