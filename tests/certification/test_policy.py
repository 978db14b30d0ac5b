"""What a policy allows, and which files are none."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from automate_connectors.certification.levels import Level
from automate_connectors.certification.policy import (
    KeyRule,
    Policy,
    PolicyError,
    parse_policy,
    read_policy,
    read_suites,
)

KEY = "ab" * 32
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FULL = f"""
revoked = ["sha256:{"AB" * 32}"]
[keys.{KEY.upper()}]
connectors = ["acme_*", "other"]
max_level = "gold"
not_after = 2027-01-01
[keys.{"0" * 64}]
"""


def test_every_field_is_read() -> None:
    """Key ids and digests in either case; a day is good to its end."""
    policy = parse_policy(FULL.encode())
    assert policy.revoked == {"ab" * 32}
    assert policy.keys == {
        KEY: KeyRule(("acme_*", "other"), Level.GOLD, datetime(2027, 1, 2, tzinfo=UTC)),
        "0" * 64: KeyRule(("*",), Level.PLATINUM, None),
    }


def test_a_key_may_sign_what_its_rule_says() -> None:
    """Connector, level and date."""
    policy = parse_policy(FULL.encode())
    assert policy.refusal(KEY, "acme_mail", Level.GOLD, NOW) is None
    assert policy.refusal(KEY, "other", None, NOW) is None
    assert policy.refusal(KEY, "others", Level.GOLD, NOW) == "is not allowed to sign for this connector"
    assert policy.refusal(KEY, "acme_mail", Level.PLATINUM, NOW) == "may sign up to gold, not platinum"
    late = datetime(2027, 1, 2, tzinfo=UTC)
    assert policy.refusal(KEY, "acme_mail", Level.GOLD, late) == "was allowed to sign before 2027-01-02 00:00 UTC"
    assert policy.refusal("f" * 64, "acme_mail", Level.GOLD, NOW) == "is not in the policy"
    assert policy.refusal("0" * 64, "anything", Level.PLATINUM, late) is None


def test_without_keys_every_trusted_key_may_sign() -> None:
    """A file that only revokes says nothing about them; an empty table does."""
    assert parse_policy(b"") == Policy()
    assert Policy().refusal(KEY, "acme_mail", Level.GOLD, NOW) is None
    assert parse_policy(b"[keys]").refusal(KEY, "acme_mail", Level.GOLD, NOW) == "is not in the policy"


def test_a_moment_needs_a_zone() -> None:
    """And the last day there is has no end."""
    rule = f"[keys.{KEY}]\nnot_after = "
    (found,) = (parse_policy(f"{rule}2026-06-01T14:00:00+02:00".encode()).keys or {}).values()
    assert found.refusal("a", None, NOW) == "was allowed to sign before 2026-06-01 14:00 UTC+02:00"
    (found,) = (parse_policy(f"{rule}{date.max}".encode()).keys or {}).values()
    assert found.refusal("a", None, NOW) is None


WRONG = {
    "no TOML": "keys = [",
    "no UTF-8": "\udcff",
    "unknown field": "revoke = []",
    "unknown field of a key": f"[keys.{KEY}]\nlevel = 'gold'",
    "keys are no table": "keys = 1",
    "a key is no table": f"keys.{KEY} = 1",
    "connectors are no array": f"[keys.{KEY}]\nconnectors = '*'",
    "connectors are no strings": f"[keys.{KEY}]\nconnectors = [1]",
    "one key twice": f"[keys.{KEY}]\nconnectors = ['a']\n[keys.{KEY.upper()}]\nconnectors = ['*']",
    "no level": f"[keys.{KEY}]\nmax_level = 'best'",
    "level is an array": f"[keys.{KEY}]\nmax_level = []",
    "day in quotes": f"[keys.{KEY}]\nnot_after = '2027-01-01'",
    "moment without a zone": f"[keys.{KEY}]\nnot_after = 2027-01-01T00:00:00",
    "revoked without algorithm": f"revoked = ['{KEY}']",
    "revoked by another algorithm": f"revoked = ['sha512:{KEY}']",
    "revoked too short": "revoked = ['sha256:ab']",
    "revoked no digest": f"revoked = ['sha256:{'x' * 64}']",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_policy_is_refused(name: str) -> None:
    """A rule that is dropped in silence would let through what it was to stop."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(WRONG[name].encode("utf-8", "surrogateescape"))
    assert str(caught.value).isascii()


def test_files_are_read(tmp_path: Path) -> None:
    """And those that cannot be say why."""
    path = tmp_path / "policy.toml"
    path.write_text(FULL)
    assert read_policy(path) == parse_policy(FULL.encode())
    path.write_bytes(b"#" * (4 * 1024 * 1024 + 1))
    with pytest.raises(PolicyError, match="larger"):
        read_policy(path)
    with pytest.raises(PolicyError, match="No such file"):
        read_policy(tmp_path / "nowhere.toml")
    with pytest.raises(PolicyError, match="no such path"):
        read_policy("\0")


def test_suites_are_read(tmp_path: Path) -> None:
    """The digest of each version."""
    path = tmp_path / "suites.json"
    path.write_text('{"0.9": "ab"}')
    assert read_suites(path) == {"0.9": "ab"}
    for text, problem in {
        "[]": "object",
        '{"1": 1}': "string",
        "{": "no JSON",
        '{"1": "a", "1": "b"}': "twice",
    }.items():
        path.write_text(text)
        with pytest.raises(PolicyError, match=problem):
            read_suites(path)
