"""Secrets are looked for in everything that a call let out."""

from __future__ import annotations

import base64

from automate_connectors.certification.evidence import Evidence, Leak, Searcher
from automate_connectors.certification.facts import CallFacts, Emission

SECRETS = {"token": "t0k3n-of-the-profile", "access": "4cc355-that-was-handed-out"}


def leaks(*emissions: Emission, waived: bool = False) -> list[Leak]:
    """What a searcher finds; only the token is the profile's own."""
    searcher = Searcher(SECRETS, ["token"], targets_waived=waived)
    return searcher.leaks("send", CallFacts(emissions=emissions), ["https://api.acme.test/t0k3n-of-the-profile/x"])


def test_a_secret_is_found_in_any_encoding() -> None:
    """With its name, its place and its form, never its value."""
    (found,) = leaks(Emission("stdout", base64.b64encode(b"user:t0k3n-of-the-profile").decode()))
    assert found == Leak("send", "stdout", "token", "base64")
    assert leaks(Emission("stdout", "nothing here")) == []


def test_each_place_and_secret_is_told_once() -> None:
    """However often it stands there."""
    text = " ".join([SECRETS["token"], SECRETS["token"], SECRETS["token"].encode().hex()])
    assert len(leaks(Emission("stdout", text), Emission("stdout", text))) == 1
    assert len(leaks(Emission("stdout", text), Emission("stderr", text))) == 2


def test_a_token_that_the_service_handed_out_may_stand_in_results_and_in_foreign_words() -> None:
    """It is the adapter's to keep out of its own."""
    access = SECRETS["access"]
    assert leaks(Emission("result", access), Emission("log record of httpx", access, own=False)) == []
    assert [leak.secret for leak in leaks(Emission("message of the error", access))] == ["access"]
    assert [leak.secret for leak in leaks(Emission("result", SECRETS["token"]))] == ["token"]


def test_where_secrets_in_urls_are_waived_foreign_words_may_hold_the_target() -> None:
    """The adapter's own words may not, and what is left of the foreign ones is searched."""
    url = "GET https://api.acme.test/t0k3n-of-the-profile/x 200"
    foreign = Emission("log record of httpx", url, own=False)
    assert len(leaks(foreign)) == 1
    assert leaks(foreign, waived=True) == []
    assert len(leaks(Emission("log record of my_adapter", url), waived=True)) == 1
    assert len(leaks(Emission("log record of httpx", f"{url} t0k3n-of-the-profile", own=False), waived=True)) == 1


def test_a_session_begins_with_no_evidence() -> None:
    """Each has lists of its own."""
    one, other = Evidence(), Evidence()
    one.leaks.append(Leak("send", "stdout", "token", "plain"))
    assert not other.leaks
    assert (one.calls, one.requests, one.executions) == (0, 0, 0)
