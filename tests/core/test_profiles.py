"""Connection profiles: options, secrets, and that no value of a secret shows."""

import copy
import io
import json
import pickle
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from automate_connectors.errors import ConfigurationError
from automate_connectors.profiles import ConnectionProfile, Secret

VALUE = "hunter2-hunter2-hunter2"


def profile(**secrets: Any) -> ConnectionProfile:
    """Return a profile of slack with these secrets."""
    return ConnectionProfile("slack", secrets=secrets)


def test_positional_and_keyword_arguments() -> None:
    """The connector may be positional, and everything else has a default."""
    plain = ConnectionProfile("slack")
    assert (plain.connector, plain.name, plain.options, plain.secrets) == ("slack", "default", {}, {})
    assert ConnectionProfile("slack", "work", {"a": 1}, {}) == ConnectionProfile(
        connector="slack", name="work", options={"a": 1}
    )


def test_options() -> None:
    """Options are given as they are, with a default for those that are not there."""
    given = {"base_url": "https://slack.example", "nested": {"a": [1]}}
    made = ConnectionProfile("slack", options=given)
    given["nested"]["a"].append(2)  # type: ignore[index]  # the test's own dict
    assert made.option("base_url") == "https://slack.example"
    assert made.option("nested") == {"a": [1]}
    assert made.option("timeout", 5) == 5
    assert made.option("timeout") is None


def test_literals_and_references(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A secret is a literal, an environment variable or a file, read when it is asked for."""
    file = tmp_path / "with space.txt"
    made = profile(
        a=VALUE, b=SecretStr(VALUE), c="env://CORE_TEST_SECRET", d=file.as_uri(), e=f"file://localhost{file}"
    )
    monkeypatch.setenv("CORE_TEST_SECRET", "from the environment")
    file.write_text("from a file\n")
    assert made.secret_values() == {
        "a": VALUE,
        "b": VALUE,
        "c": "from the environment",
        "d": "from a file",
        "e": "from a file",
    }
    monkeypatch.setenv("CORE_TEST_SECRET", "changed")
    assert made.secret("c") == "changed"


@pytest.mark.parametrize(
    ("content", "value"),
    [("a", "a"), ("a\n", "a"), ("a\n\n", "a\n"), ("a\r\n", "a"), ("a\r", "a\r"), ("k\r\ne\r\n", "k\r\ne"), ("", "")],
)
def test_files_lose_one_newline(tmp_path: Path, content: str, value: str) -> None:
    """One newline at the end is no part of the secret, everything else is."""
    file = tmp_path / "secret"
    file.write_bytes(content.encode())
    assert profile(token=file.as_uri()).secret("token") == value


def unresolvable(tmp_path: Path) -> dict[str, str]:
    """Return references that lead to nothing."""
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff" + VALUE.encode())
    return {
        "unset": "env://CORE_TEST_UNSET",
        "absent": (tmp_path / "absent").as_uri(),
        "folder": tmp_path.as_uri(),
        "relative": "file://token.txt",
        "null": "file:///a%00b",
        "binary": binary.as_uri(),
    }


@pytest.mark.parametrize("name", ["unset", "absent", "folder", "relative", "null", "binary"])
def test_unresolvable_secrets(tmp_path: Path, name: str) -> None:
    """What leads to nothing is an error that names secret and reference, never a value, and is no value to scrub."""
    references = unresolvable(tmp_path)
    made = profile(good=VALUE, **references)
    with pytest.raises(ConfigurationError) as caught:
        made.secret(name)
    error = caught.value
    assert repr(name) in error.message
    assert references[name] in error.message
    assert error.details == {"profile": "default", "secret": name}
    assert error.connector == "slack"
    assert VALUE not in "".join(traceback.format_exception(error))
    assert made.secret_values() == {"good": VALUE}


def test_unknown_secret_says_where_to_add_it() -> None:
    """A secret that the profile lacks is an error that names those it has, and how to add it."""
    with pytest.raises(ConfigurationError, match=r"no secret 'token', it has a, b: .*AUTOMATE_SLACK_TOKEN"):
        profile(b=VALUE, a=VALUE).secret("token")
    with pytest.raises(ConfigurationError, match="it has none"):
        profile().secret("token")


SHOWN: dict[str, Callable[[ConnectionProfile], object]] = {
    "repr": repr,
    "str": str,
    "format": "{}".format,
    "secrets": lambda made: made.secrets,
    "vars": vars,
    "iteration": list,
    "model_dump": lambda made: made.model_dump(),
    "model_dump json mode": lambda made: made.model_dump(mode="json"),
    "model_dump_json": lambda made: made.model_dump_json(),
    "pickle": pickle.dumps,
    "pickle of a secret": lambda made: pickle.dumps(made.secrets["token"]),
    "copy through pickle": lambda made: vars(pickle.loads(pickle.dumps(made))),  # noqa: S301  # pickled on the line itself
    "model_copy": lambda made: made.model_copy(update={"secrets": {"token": VALUE}}),
}


@pytest.mark.parametrize("way", SHOWN)
def test_no_value_shows(way: str) -> None:
    """Whatever prints, dumps or pickles a profile shows the reference and not the literal."""
    shown = str(SHOWN[way](profile(token=VALUE, other="env://OTHER")))
    assert VALUE not in shown
    assert "env://OTHER" in shown or way in {"model_copy", "pickle of a secret"}


WRONG: dict[str, Callable[[], object]] = {
    "no connector": lambda: ConnectionProfile(secrets={"token": VALUE}),  # type: ignore[call-arg]  # wrong by intention
    "unknown field": lambda: ConnectionProfile("slack", token=VALUE),  # type: ignore[call-arg]  # as above
    "no string": lambda: profile(token=[VALUE]),
    "bytes": lambda: profile(token=VALUE.encode()),
    "no mapping": lambda: ConnectionProfile("slack", secrets=VALUE),  # type: ignore[arg-type]  # as above
    "model_validate": lambda: ConnectionProfile.model_validate({"secrets": {"token": VALUE}, "x": VALUE}),
    "model_validate_json": lambda: ConnectionProfile.model_validate_json(json.dumps({"secrets": {"token": VALUE}})),
    "assignment": lambda: setattr(profile(), "secrets", {"token": VALUE}),
    "assignment of a new field": lambda: setattr(profile(), "token", VALUE),
}


@pytest.mark.parametrize("way", WRONG)
def test_pydantic_errors_show_no_value(way: str) -> None:
    """An error about a profile does not show what was given for a secret, in any of its forms."""
    with pytest.raises(ValidationError) as caught:
        WRONG[way]()
    error = caught.value
    shown = io.StringIO(f"{error} {error!r} {error.errors()} {error.json()}").getvalue()
    assert VALUE not in shown


def test_literals_do_not_survive_pickling() -> None:
    """After pickling or dumping a literal is lost, and asking for it says so; references stay."""
    made = profile(token=VALUE, other="env://CORE_TEST_UNSET")
    pickled: ConnectionProfile = pickle.loads(pickle.dumps(made))  # noqa: S301  # pickled on the line itself
    for again in (pickled, ConnectionProfile.model_validate_json(made.model_dump_json())):
        assert again.secrets["other"] == made.secrets["other"]
        with pytest.raises(ConfigurationError, match="not kept when a profile is pickled or dumped"):
            again.secret("token")
        assert again.secret_values() == {}


def test_copies_in_memory_keep_literals() -> None:
    """copy, deepcopy and model_copy are the same profile."""
    made = profile(token=VALUE)
    for again in (copy.copy(made), copy.deepcopy(made), made.model_copy(), made.model_copy(deep=True)):
        assert again == made
        assert again.secret("token") == VALUE
    assert made.model_copy(update={"secrets": {"token": "other"}}).secret("token") == "other"


def test_equality_and_hash() -> None:
    """Equal profiles hash alike; another value of a secret is another profile."""
    assert profile(token=VALUE) == profile(token=VALUE)
    assert hash(profile(token=VALUE)) == hash(profile(token=VALUE))
    assert profile(token=VALUE) != profile(token="other")
    assert len({profile(token=VALUE), profile(token=VALUE), profile()}) == 2


def test_secrets_are_values() -> None:
    """Secrets compare and hash by what they hold, and a copy is the same."""
    secret = Secret(VALUE)
    assert {secret, Secret(VALUE), Secret("env://A"), Secret("env://A")} == {secret, Secret("env://A")}
    assert secret != VALUE
    assert copy.copy(secret) is copy.deepcopy(secret) is secret
    assert str(Secret("env://A")) == "env://A"


def test_frozen() -> None:
    """A profile cannot be changed."""
    with pytest.raises(ValidationError, match="frozen"):
        profile().name = "other"
