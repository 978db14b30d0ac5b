"""Planted secrets: awkward values in many places, under every content-encoding, by five clients; none is written."""

from __future__ import annotations

import base64
import gzip
import html
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from recording.adapters import case, recorded
from recording.detector import exposed
from recording.live import serving
from recording.planted import CLIENTS, ENCODINGS, PLACES, SECRETS, adapter_of, answering

from automate_connectors import ConnectionProfile
from automate_connectors.cassettes.traffic import Interaction
from automate_connectors.recording import recorder
from automate_connectors.recording.cleaning import Cleaner

#: Each secret in each place has a cassette of its own: the file, and the number of the secret.
PLANTED = {
    (f"{place}.yaml" if number == 0 else f"{place}.{number + 1}.yaml", number)
    for place in PLACES
    for number in range(len(SECRETS))
}


class Careless(Cleaner):
    """Knows no secret, and replaces none."""

    def __init__(self, known: Mapping[str, str], traffic: Iterable[Interaction], fields: Iterable[str] = ()) -> None:
        del known, traffic
        super().__init__({}, [], fields)


def _recorded(client: str, encoding: str, folder: Path) -> tuple[str, ...]:
    """Record every secret in every place; which files were written."""
    with serving(answering(encoding)) as service:
        kind = case(
            service.address,
            adapter_class=adapter_of(client),
            profile=ConnectionProfile("acme", secrets=SECRETS),
            recording_options={"base_url": service.address},
            examples={place: [{"number": number} for number in range(len(SECRETS))] for place in PLACES},
        )
        return recorded(kind, folder).written


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("client", CLIENTS)
def test_no_planted_secret_is_written(tmp_path: Path, client: str, encoding: str) -> None:
    """Every secret stood in every place of requests and answers; a detector of its own finds none of them."""
    assert set(_recorded(client, encoding, tmp_path)) == {file for file, _ in PLANTED}
    assert exposed(tmp_path, SECRETS.values()) == []


def _pairs() -> Iterator[Any]:
    """Clients with encodings: each of both at least once, all others slow."""
    for row, client in enumerate(CLIENTS):
        for column, encoding in enumerate(ENCODINGS):
            marks = () if column % len(CLIENTS) == row else pytest.mark.slow
            yield pytest.param(client, encoding, marks=marks)


@pytest.mark.parametrize(("client", "encoding"), list(_pairs()))
def test_each_is_found_where_nothing_is_scrubbed(
    tmp_path: Path, client: str, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the scrubber the detector finds each secret in each place, or it would prove nothing."""
    monkeypatch.setattr(recorder, "Cleaner", Careless)
    _recorded(client, encoding, tmp_path)
    assert {f"{file}: secret {number}" for file, number in PLANTED} - set(exposed(tmp_path, SECRETS.values())) == set()


def test_the_matrix_is_as_large_as_it_is_said_to_be() -> None:
    """At least eight secrets, eight places, six content-encodings, five clients."""
    assert len(SECRETS) >= 8
    assert len(PLACES) >= 8
    assert len(ENCODINGS) >= 6
    assert len(CLIENTS) >= 5


@pytest.mark.parametrize("secret", SECRETS.values(), ids=list(SECRETS))
@pytest.mark.parametrize("place", ["plain", "percent", "base64", "json", "html", "hex", "gzip in base64"])
def test_the_detector_sees_what_is_there(tmp_path: Path, secret: str, place: str) -> None:
    """The detector finds each secret in each encoding, also in those in which no place above has it."""
    written = {
        "plain": secret,
        "percent": quote(secret, safe=""),
        "base64": base64.b64encode(f"user:{secret}".encode()).decode(),
        "json": json.dumps(secret),
        "html": html.escape(secret),
        "hex": secret.encode().hex(),
        "gzip in base64": base64.b64encode(gzip.compress(secret.encode(), mtime=0)).decode(),
    }[place]
    (tmp_path / "planted.yaml").write_text(yaml.safe_dump({"value": written}), encoding="utf-8")
    assert len(exposed(tmp_path, [secret])) == 1
