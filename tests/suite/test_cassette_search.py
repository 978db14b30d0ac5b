"""Where secrets stand in cassettes and in live requests (S03-S05)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cassettes.recorded import cassette, said
from certification.judged import case_of
from zoo.acme import SAID, Said

from automate_conformance.cassette_search import blots, exposed_targets, known_secrets, sent_secrets, shown_at
from automate_connectors import ConnectionProfile
from automate_connectors.cassettes.scrubbing import Scrubber
from automate_connectors.cassettes.traffic import Interaction
from automate_connectors.wire.messages import Headers, SentRequest

SECRET = "s3cr3t-of-the-profile"
GITHUB = "ghp_" + "a1B2" * 9


def found(folder: Path, interaction: Interaction, text: str = "") -> list[tuple[str, str]]:
    """What is wrong with a cassette of one interaction and this text in its file."""
    path = folder / "send.yaml"
    path.write_text(text)
    made = replace(cassette("send", [interaction]), path=path)
    return list(blots(made, Scrubber({"token": SECRET})))


def test_a_clean_cassette_has_no_blot(tmp_path: Path) -> None:
    """Placeholders are no secrets."""
    assert found(tmp_path, said("POST", "/{{token}}", {"t": "{{token}}"}, sent={"token": "{{token}}"})) == []


@pytest.mark.parametrize(
    ("interaction", "where"),
    [
        (said("GET", f"/x?token={SECRET}"), "request target"),
        (said("POST", "/x", sent={"token": SECRET}), "request body"),
        (said("GET", "/x", {"token": SECRET}), "response body"),
        (said("GET", "/x", headers=(("X-Token", SECRET),)), "response header X-Token"),
    ],
)
def test_a_known_secret_is_found_wherever_it_stands(tmp_path: Path, interaction: Interaction, where: str) -> None:
    """With its name and form, never its value."""
    told = found(tmp_path, interaction)
    assert ("send.yaml:1 (interaction 0)", f"the {where} holds the secret 'token', plain") in told
    assert SECRET not in str(told)


def test_a_known_secret_beside_the_traffic_is_found_by_its_line(tmp_path: Path) -> None:
    """In a comment, or among what the recorder noted."""
    told = found(tmp_path, said("GET", "/x"), f"version: 1\n# {SECRET}\n")
    assert told == [("send.yaml:2", "the line holds the secret 'token', plain")]


def test_what_looks_like_a_live_credential_is_found(tmp_path: Path) -> None:
    """Whoever's it is; its value is not shown whole."""
    told = found(tmp_path, said("GET", "/x", {"key": GITHUB}))
    assert any("response body holds what looks like" in what for _, what in told)
    assert GITHUB not in str(told)


def test_literals_of_the_profile_and_replay_values_are_known(tmp_path: Path) -> None:
    """References are never resolved, and a short literal would be found by chance."""
    secrets = {"token": "env://NEVER_SET_ANYWHERE", "seal": SECRET, "pin": "1234"}
    case = case_of(tmp_path, profile=ConnectionProfile("acme_http", secrets=secrets))
    known = known_secrets(case)
    assert known["seal"] == SECRET
    assert known["token"] == case.secrets["token"]
    assert known["pin"] == case.secrets["pin"]
    plain = case_of(tmp_path / "plain")
    assert known_secrets(plain) == plain.secrets


def test_a_secret_may_go_where_a_cassette_shows_it(tmp_path: Path) -> None:
    """By origin and name; one in an answer shows nothing."""
    said_there = {
        **SAID,
        "connect": [Said("GET", "https://login.acme.test/in?t={{other}}", answer={"id": 1, "access": "{{access}}"})],
    }
    shown = shown_at(case_of(tmp_path, cassettes={"said": said_there}))
    assert ("https://api.acme.test", "token") in shown
    assert ("https://login.acme.test", "other") in shown
    assert ("https://login.acme.test", "access") not in shown
    assert ("https://api.acme.test", "other") not in shown


def test_a_live_request_shows_the_secrets_that_it_carries(tmp_path: Path) -> None:
    """In its target, a header or its body."""
    case = case_of(tmp_path)
    token = case.secrets["token"]
    plain: Any = {"method": "GET", "url": "https://api.acme.test/"}
    assert sent_secrets(case, SentRequest(**plain)) == set()
    assert sent_secrets(case, SentRequest("GET", f"https://api.acme.test/?t={token}")) == {"token"}
    assert sent_secrets(case, SentRequest(**plain, headers=Headers([("A", f"Bearer {token}")]))) == {"token"}
    assert sent_secrets(case, SentRequest(**plain, body=token.encode())) == {"token"}


def exposed(*interactions: Interaction) -> list[list[str]]:
    """The secrets in the targets of a cassette."""
    return [names for _, names in exposed_targets(cassette("send", interactions))]


def test_a_secret_in_a_recorded_target_is_exposed() -> None:
    """Every name in it, each once."""
    assert exposed(said("GET", "/x"), said("GET", "/{{token}}/x?a={{key}}&b={{key}}")) == [[], ["key", "token"]]


@pytest.mark.parametrize(
    "answer",
    [
        {"next": "https://api.acme.test/page?c={{cursor}}&n=2"},
        rb'{"next": "https:\/\/api.acme.test\/page?c={{cursor}}\u0026n=2"}',
        b"see https://api.acme.test/page?c={{cursor}}&n=2",
    ],
)
def test_a_target_that_an_earlier_answer_gave_is_the_services_doing(answer: Any) -> None:
    """However it is written there; a later answer excuses nothing."""
    following = said("GET", "/page?c={{cursor}}&n=2")
    assert exposed(said("GET", "/x", answer), following) == [[], []]
    assert exposed(following, said("GET", "/x", answer)) == [["cursor"], []]


def test_a_header_may_give_a_target_too() -> None:
    """A redirect, or a Link."""
    given = said("GET", "/x", headers=(("Location", "https://api.acme.test/page?c={{cursor}}"),))
    assert exposed(given, said("GET", "/page?c={{cursor}}")) == [[], []]
