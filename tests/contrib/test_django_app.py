"""The Django app's model and check, in this process on a database in memory."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from certification.test_terminal import report
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from automate_connectors import connector_registry

if not settings.configured:
    settings.configure(
        INSTALLED_APPS=["automate_connectors.contrib.django"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        USE_TZ=True,
    )
    django.setup()

from automate_connectors.contrib.django.certified import certification_dir, uncertified
from automate_connectors.contrib.django.models import ConnectionProfile

SECRET = "xoxb-not-to-be-seen"


@pytest.fixture
def _table() -> Iterator[None]:
    """The table, empty."""
    call_command("migrate", verbosity=0)
    ConnectionProfile.objects.all().delete()
    yield
    ConnectionProfile.objects.all().delete()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where reports lie."""
    monkeypatch.setattr(settings, "AUTOMATE_CONNECTORS", {"certification_dir": tmp_path}, raising=False)
    return tmp_path


def reported(folder: Path, name: str, **more: Any) -> None:
    """Write a Bronze report of a connector."""
    info = {"name": name, "version": "1.0.0", "adapter": "a:B", "distribution": None, **more.pop("info", {})}
    (folder / name).mkdir()
    (folder / name / "report.json").write_text(report(connector=info, **more).to_json(), encoding="utf-8")


def warnings(about: str) -> list[str]:
    """What the check says of a connector."""
    return [warning.msg for warning in uncertified() if f"connector {about} " in warning.msg]


@pytest.mark.usefixtures("_table")
def test_a_profile_becomes_the_cores() -> None:
    """Its secrets stay references until an adapter asks."""
    stored = ConnectionProfile.objects.create(
        connector="slack", options={"base_url": "https://slack.test"}, secrets={"token": "env://NO_SUCH_VARIABLE"}
    )
    profile = ConnectionProfile.objects.get(pk=stored.pk).profile()
    assert (str(stored), profile.connector, profile.name) == ("slack.default", "slack", "default")
    assert profile.option("base_url") == "https://slack.test"


@pytest.mark.usefixtures("_table")
@pytest.mark.parametrize("secrets", [{"token": SECRET}, {"token": 5}, {"token": "env://"}, [SECRET], SECRET])
def test_a_secret_itself_never_reaches_the_database(secrets: Any) -> None:
    """By any way; the message names the secret and not its value."""
    made = ConnectionProfile(connector="slack", secrets=secrets)
    stored = ConnectionProfile.objects.create(connector="acme")
    stored.secrets = secrets
    ways = (
        made.full_clean,
        made.save,
        lambda: ConnectionProfile.objects.bulk_create([made]),
        lambda: ConnectionProfile.objects.update(secrets=secrets),
        lambda: ConnectionProfile.objects.bulk_update([stored], ["secrets"]),
    )
    for way in ways:
        with pytest.raises(ValidationError) as caught:
            way()
        assert SECRET not in str(caught.value) + repr(caught.value)
    assert list(ConnectionProfile.objects.values_list("secrets", flat=True)) == [{}]


def test_the_check_is_quiet_for_what_is_certified(folder: Path) -> None:
    """At the asked level, in the installed version."""
    reported(folder, "slack")
    assert warnings("slack") == []


def test_the_check_says_why_a_connector_does_not_count(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No report, one of another version or schema, a lower level."""
    assert warnings("logging")[0].endswith(f"there is no report in {folder.name}/logging.")
    reported(folder, "slack", info={"version": "0.9"})
    assert "about another version" in warnings("slack")[0]
    (folder / "slack" / "report.json").write_text(json.dumps({"schema": "other"}))
    assert "cannot be read" in warnings("slack")[0]
    monkeypatch.setitem(settings.AUTOMATE_CONNECTORS, "min_level", "silver")
    reported(folder, "logging")
    assert "it reached bronze" in warnings("logging")[0]


def test_a_connector_that_cannot_be_imported_is_not_certified(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever its report says."""
    reported(folder, "slack")
    monkeypatch.setattr(connector_registry, "broken", lambda: {"slack": ImportError()})
    assert "cannot be imported" in warnings("slack")[0]


def test_a_level_that_is_none_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With those that are."""
    assert folder == certification_dir()
    monkeypatch.setitem(settings.AUTOMATE_CONNECTORS, "min_level", "wood")
    [warning] = uncertified()
    assert (warning.id, warning.hint) == ("automate_connectors.W002", "Use one of bronze, silver, gold, platinum.")


def test_reports_lie_under_the_base_by_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In the folder that pytest writes too."""
    monkeypatch.setattr(settings, "AUTOMATE_CONNECTORS", {}, raising=False)
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path, raising=False)
    assert certification_dir() == tmp_path / "certification"


def test_the_commands_list_and_certify(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first shows what is registered, the second starts pytest with the report's folder."""
    call_command("connectors", "--json")
    assert "slack" in {each["name"] for each in json.loads(capsys.readouterr().out)["connectors"]}
    started: list[list[str]] = []

    def run(command: list[str], **_: Any) -> Any:
        started.append(command)
        return type("Done", (), {"returncode": len(started) - 1})

    monkeypatch.setattr(subprocess, "run", run)
    call_command("certify", "slack")
    with pytest.raises(CommandError) as caught:
        call_command("certify", "slack", "--level=gold")
    assert caught.value.returncode == 1
    assert f"--connector-report={folder}" in started[0]
    assert started[1][-1] == "--connector-level=gold"
    with pytest.raises(CommandError, match="not registered"):
        call_command("certify", "nobody")


def test_the_list_fails_where_one_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `automate-connectors list` does."""
    monkeypatch.setattr(
        "automate_connectors.contrib.django.management.commands.connectors.listing", lambda **_: ("x", ["slack"])
    )
    with pytest.raises(CommandError, match="slack cannot be used"):
        call_command("connectors")
