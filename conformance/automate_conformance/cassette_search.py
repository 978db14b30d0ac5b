"""Where secrets stand in cassettes and in live requests (S03-S05)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from automate_connectors.cassettes.canonical import origin_of, texts_of
from automate_connectors.cassettes.credentials import credentials_in
from automate_connectors.cassettes.filling import placeholders_in
from automate_connectors.cassettes.scrubbing import Scrubber
from automate_connectors.cassettes.traffic import Cassette, Interaction
from automate_connectors.certification.authored import literals_of
from automate_connectors.certification.case import Case
from automate_connectors.wire.messages import SentRequest

_SHORTEST = 6


def known_secrets(case: Case) -> Mapping[str, str]:
    """The literals of the case's own profile, and the replay values; references are never resolved."""
    profile = case.test_case.profile
    literal = literals_of(profile)
    return {**case.secrets, **{name: value for name, value in literal.items() if len(value) >= _SHORTEST}}


def blots(cassette: Cassette, known: Scrubber) -> Iterator[tuple[str, str]]:
    """Each place in a cassette that holds a secret, or looks as if it did."""
    yield from _in_lines(cassette, known)
    for key, text in _noted(cassette):
        for finding in credentials_in(text):
            yield cassette.place_of(key), f"it holds what looks like {finding.kind}: {finding.shown}"
    for interaction in cassette.interactions:
        place = f"{cassette.path.name}:{interaction.line} (interaction {interaction.index})"
        for where, text in _texts(interaction):
            for hit in known.found(text):
                yield place, f"the {where} holds the secret {hit.name!r}, {hit.form}"
            for finding in credentials_in(text):
                yield place, f"the {where} holds what looks like {finding.kind}: {finding.shown}"


def _in_lines(cassette: Cassette, known: Scrubber) -> Iterator[tuple[str, str]]:
    """What stands in the file's own text; of it, only comments have no place in the recording."""
    for number, line in enumerate(cassette.path.read_text("utf-8").splitlines(), 1):
        for hit in known.found(line):
            yield f"{cassette.path.name}:{number}", f"the line holds the secret {hit.name!r}, {hit.form}"
        if line.lstrip().startswith("#"):
            for finding in credentials_in(line):
                yield (
                    f"{cassette.path.name}:{number}",
                    f"a comment holds what looks like {finding.kind}: {finding.shown}",
                )


def _noted(cassette: Cassette) -> Iterator[tuple[str, str]]:
    """What of the recorder's notes an author wrote."""
    yield "payload", json.dumps(cassette.recorded.payload, ensure_ascii=False)
    yield "source", cassette.recorded.source or ""


def _texts(interaction: Interaction) -> Iterator[tuple[str, str]]:
    request, response = interaction.request, interaction.response
    yield "request target", request.uri
    for name, value in request.headers:
        yield f"request header {name}", f"{name}: {value}"
    yield "request body", request.body.decode("utf-8", "replace")
    for name, value in response.headers:
        yield f"response header {name}", f"{name}: {value}"
    yield "response body", response.body.decode("utf-8", "replace")


def shown_at(case: Case) -> frozenset[tuple[str, str]]:
    """Origins with the names of the secrets that cassettes show going there."""
    return frozenset(
        (origin_of(interaction.request.uri), name)
        for cassette in case.cassettes
        for interaction in cassette.interactions
        for where, text in _texts(interaction)
        if where.startswith("request")
        for name in placeholders_in(text)
    )


def sent_secrets(case: Case, request: SentRequest) -> set[str]:
    """The names of the secrets that a live request carries."""
    head = "\n".join([request.url, *(f"{name}: {value}" for name, value in request.headers.raw)])
    scrubber = case.library.scrubber
    return {hit.name for text in (head, request.body) for hit in scrubber.found(text)}


def exposed_targets(cassette: Cassette) -> Iterator[tuple[Interaction, list[str]]]:
    """Each interaction with the secrets in its target, unless an earlier answer gave that target."""
    given = ""
    for interaction in cassette.interactions:
        target = interaction.request.uri.partition("://")[2].partition("/")[2]
        names = sorted(placeholders_in(interaction.request.uri)) if target not in given else []
        yield interaction, names
        given += texts_of(interaction.response.headers, interaction.response.body)
