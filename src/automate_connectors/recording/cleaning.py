"""Secrets out of a session: those of the profile, and those that only the traffic shows.

What the service hands out (OAuth tokens, cookies, signed addresses) is known by the name of its field, what stands
anywhere else by its shape; both are then looked for everywhere, so that one secret has one name in all cassettes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from automate_connectors.cassettes.credentials import discover, shaped
from automate_connectors.cassettes.filling import placeholders_in
from automate_connectors.cassettes.scrubbing import Scrubber, ScrubbingError
from automate_connectors.cassettes.traffic import Interaction

__all__ = ["Cleaner", "heads_of", "texts_of"]

#: Shapes inside shapes: more rounds than any traffic needs.
_ROUNDS = 5


class Cleaner:
    """Writes placeholders in place of every secret of a session.

    Args:
        known: The profile's values by name.
        traffic: Everything that was heard.
        fields: Further fields whose values are secrets (the case's `scrub`).

    Raises:
        ScrubbingError: A secret has under 6 characters, or one cannot be told from the text around it.
    """

    def __init__(self, known: Mapping[str, str], traffic: Sequence[Interaction], fields: Iterable[str] = ()) -> None:
        self.secrets = dict(known)
        self.scrubber = Scrubber(self.secrets)
        found = discover(*map(self.interaction, traffic), fields=fields)
        for name, value in found.items():
            self._add(name, value)
        for _ in range(_ROUNDS):
            self.scrubber = Scrubber(self.secrets)
            shown = {each for one in traffic for text in texts_of(self.interaction(one)) for each in shaped(text)}
            if not shown:
                return
            for kind, value in sorted(shown):
                self._add(re.sub(r"[^a-z0-9]+", "_", kind.lower()).strip("_"), value)
        raise ScrubbingError("What looks like a credential stays after scrubbing: name its field in the case's `scrub`")

    def interaction(self, each: Interaction) -> Interaction:
        """A copy without secrets.

        Raises:
            ScrubbingError: A body cannot be decoded, and so not be searched.
        """
        return replace(
            each, request=self.scrubber.request(each.request), response=self.scrubber.response(each.response)
        )

    def payload(self, value: Any) -> Any:
        """JSON in whose names and texts no secret stands."""
        match value:
            case str():
                return self.scrubber.text(value)
            case Mapping():
                return {self.payload(key): self.payload(each) for key, each in value.items()}
            case list() | tuple():
                return [self.payload(each) for each in value]
            case bool() | None:
                return value
            case _:
                shown = self.scrubber.text(str(value))
                return value if shown == str(value) else shown

    def names_in(self, interactions: Iterable[Interaction]) -> list[str]:
        """The names of the secrets that were replaced in these, sorted."""
        shown = {name for each in interactions for text in texts_of(each) for name in placeholders_in(text)}
        return sorted(shown & self.secrets.keys())

    def _add(self, name: str, value: str) -> None:
        if value in self.secrets.values():
            return
        number, free = 1, name
        while free in self.secrets:
            number += 1
            free = f"{name}_{number}"
        self.secrets[free] = value


def heads_of(each: Interaction) -> Iterator[str]:
    """What of an interaction is no body; headers with their names, by which a credential is known."""
    yield each.request.uri
    yield each.response.reason
    yield from (f"{name}: {value}" for name, value in (*each.request.headers, *each.response.headers))


def texts_of(each: Interaction) -> Iterator[str]:
    """Every text of an interaction."""
    yield from heads_of(each)
    yield each.request.body.decode("utf-8", "replace")
    yield each.response.body.decode("utf-8", "replace")
