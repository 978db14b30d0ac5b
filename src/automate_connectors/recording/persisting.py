"""The last gate before the disk: every cassette is searched once more, then all are written, each whole.

A finding here means that the scrubber missed something, so nothing of the session is written. Beyond what the scrubber
undoes, base64 and compression are undone here again and again, as deep as they are nested.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from automate_connectors.cassettes.scrubbing import Hit, Scrubber
from automate_connectors.cassettes.traffic import CassetteError, Interaction
from automate_connectors.cassettes.writing import Staged, dump, stage
from automate_connectors.recording.cleaning import heads_of
from automate_connectors.recording.unfolding import unfolded

__all__ = ["Page", "persist"]


@dataclass(frozen=True, slots=True)
class Page:
    """One cassette to be written.

    Attributes:
        path: Where.
        recorded: Its head.
        interactions: Its traffic, scrubbed.
    """

    path: Path
    recorded: Mapping[str, Any]
    interactions: Sequence[Interaction]


def persist(pages: Sequence[Page], scrubber: Scrubber, *, obsolete: Iterable[Path] = ()) -> None:
    """Write the cassettes of a session, and remove those that it replaces.

    Raises:
        CassetteError: One of them holds a secret, would not read back, or cannot be written; then nothing has changed.
    """
    for page in pages:
        for place, hit in _found(page, scrubber):
            raise CassetteError(
                f"{page.path.name}: not written, because the secret {hit.name!r} still stands in {place} ({hit.form}); "
                "name the field that holds it in the case's `scrub`, or leave it out of the example"
            )
    for folder in {page.path.parent for page in pages}:
        # What a killed session left.
        for path in folder.glob(".*.yaml.*.tmp"):
            path.unlink(missing_ok=True)
    with contextlib.ExitStack() as stack:
        staged: list[Staged] = []
        for page in pages:
            each = stage(page.path, recorded=page.recorded, interactions=page.interactions)
            stack.callback(each.discard)
            staged.append(each)
        for each in staged:
            each.commit()
    for path in obsolete:
        path.unlink(missing_ok=True)


def _found(page: Page, scrubber: Scrubber) -> Iterator[tuple[str, Hit]]:
    text = dump(recorded=page.recorded, interactions=page.interactions)
    for number, line in enumerate(text.splitlines(), 1):
        for hit in scrubber.found(line):
            yield f"line {number}", hit
    for each in page.interactions:
        head = "\n".join(heads_of(each)).encode("utf-8", "surrogateescape")
        for part in (head, each.request.body, each.response.body):
            for inner in unfolded(part):
                for hit in scrubber.found(inner):
                    yield f"interaction {each.index}", hit
