"""File names, distribution names, versions and tags are compared by their meaning."""

import pytest

from automate_connectors.certification.wheels import WheelRefused, canonical_name, canonical_version, parse_wheel_name

EQUAL = [
    ("1.0", "1"),
    ("1.0.0", "v1"),
    ("01.002", "1.2"),
    ("0!1", "1"),
    ("1.0a1", "1.0.ALPHA-1"),
    ("1.0b", "1.0_beta0"),
    ("1.0c2", "1rc2"),
    ("1.0pre2", "1rc2"),
    ("1.0preview2", "1rc2"),
    ("1.0-1", "1.0.post1"),
    ("1.0.rev3", "1.0r3"),
    ("1.0.post", "1.0.post0"),
    ("1.dev", "1.dev0"),
    ("1.0+Ubuntu-01", "1+ubuntu.1"),
    (" 1.0\t", "1.0"),
    ("2!1.0.dev01", "2!1.dev1"),
]
DIFFERENT = ["1", "1.1", "1!1", "1a0", "1b0", "1rc0", "1.post0", "1.dev0", "1+a", "10", "1a0.post0", "1a0.dev0"]
NO_VERSIONS = ["", "one", "1.0.", "1..0", "1.0-", "1.0+", "1.0+a..b", "1 0", "\u0661", "1.0\n", "1.0*", "1" * 256]


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_equal_versions_have_one_form(one: str, other: str) -> None:
    """After PEP 440."""
    assert canonical_version(one) == canonical_version(other) is not None


def test_different_versions_have_different_forms() -> None:
    """Every part counts."""
    assert len({canonical_version(version) for version in DIFFERENT}) == len(DIFFERENT)


@pytest.mark.parametrize("version", NO_VERSIONS)
def test_what_is_no_version_has_none(version: str) -> None:
    """And equals nothing."""
    assert canonical_version(version) is None


def test_names_are_compared_after_pep_503() -> None:
    """Runs of separators are one hyphen; only ASCII letters and digits are names."""
    assert canonical_name("Acme.__Mail") == canonical_name("acme-mail") == "acme-mail"
    for name in ("", "-acme", "acme-", "acme mail", "\u212acme", "acme\n", "a" * 256):
        assert canonical_name(name) is None


def test_a_file_name_is_taken_apart() -> None:
    """Compressed tags are expanded, in lower case; an underscore in a version is a hyphen."""
    name = parse_wheel_name("Acme.Mail-1.0_1-2b-py2.PY3-none-any.whl")
    assert (name.distribution, name.version, name.build) == ("Acme.Mail", "1.0-1", "2b")
    assert name.tags == {("py2", "none", "any"), ("py3", "none", "any")}
    assert name.is_for("acme_mail", "1.0.post1")
    assert not name.is_for("acme_mail", "1.0")
    assert not name.is_for("acme", "1.0.post1")
    assert not name.is_for("", "")


NO_WHEELS = [
    "",
    ".whl",
    "acme-1.0-py3-none-any.zip",
    "acme-1.0-py3-none-any.WHL",
    "acme-1.0-py3-none.whl",
    "acme-1.0-build-py3-none-any.whl",
    "acme-1.0-1-2-py3-none-any.whl",
    "acme-one-py3-none-any.whl",
    "acme-1.0-py3..py2-none-any.whl",
    "_acme-1.0-py3-none-any.whl",
    "ac me-1.0-py3-none-any.whl",
    "acme-1.0-py3-none-any.whl\n",
    "\x1b[31macme-1.0-py3-none-any.whl",
    "a" * 250 + "-1.0-py3-none-any.whl",
]


@pytest.mark.parametrize("filename", NO_WHEELS)
def test_what_is_no_name_of_a_wheel_is_refused(filename: str) -> None:
    """With the code `wheel`, and escaped in the message."""
    with pytest.raises(WheelRefused) as caught:
        parse_wheel_name(filename)
    assert caught.value.code == "wheel"
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 300
