"""Where profiles are read from: files, the environment, and what is said when that fails."""

import traceback
from pathlib import Path

import pytest

from automate_connectors.adapters.base import ConnectorAdapter
from automate_connectors.errors import ConfigurationError
from automate_connectors.profiles import ConnectionProfile
from automate_connectors.registry import ConnectorRegistry

VALUE = "hunter2-hunter2-hunter2"

FILE = f"""
[slack.default]
options.base_url = "https://slack.example"
secrets.token = "env://CORE_TEST_TOKEN"

[slack.work]
secrets.token = "{VALUE}"
"""


class Bare(ConnectorAdapter):
    """An adapter that declares no secrets."""

    version = "1.0.0"

    def connect(self) -> bool:
        """Say yes."""
        return True


class Declaring(Bare):
    """An adapter that declares its secrets."""

    secrets = ("api-key", "token")


class Home:
    """A folder to work in, a configuration directory, and an environment without profiles."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.here = tmp_path / "here"
        self.config = tmp_path / "config"
        self.here.mkdir()
        (self.config / "automate-connectors").mkdir(parents=True)
        self.monkeypatch = monkeypatch
        monkeypatch.chdir(self.here)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(self.config))
        monkeypatch.delenv("APPDATA", raising=False)

    def write(self, text: str) -> Path:
        """Write the file of the current folder."""
        return self._write(self.here, text)

    def write_config(self, text: str) -> Path:
        """Write the file of the configuration directory."""
        return self._write(self.config / "automate-connectors", text)

    def _write(self, folder: Path, text: str) -> Path:
        file = folder / "connectors.toml"
        file.write_text(text)
        return file

    def load(
        self, connector: str, name: str = "default", path: Path | None = None, **known: type[ConnectorAdapter]
    ) -> ConnectionProfile:
        """Load with a registry of these connectors alone."""
        registry = ConnectorRegistry(discover=list)
        for key, adapter in known.items():
            registry.register(key, adapter)
        return ConnectionProfile.load_for(registry, connector, name, path)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A place to load from."""
    return Home(tmp_path, monkeypatch)


def test_reads_the_file_of_the_current_folder(home: Home) -> None:
    """A section becomes the profile, references unresolved."""
    home.write(FILE)
    loaded = ConnectionProfile.load("slack")
    assert (loaded.connector, loaded.name) == ("slack", "default")
    assert loaded.options == {"base_url": "https://slack.example"}
    assert str(loaded.secrets["token"]) == "env://CORE_TEST_TOKEN"
    assert ConnectionProfile.load("slack", "work").secret("token") == VALUE


def test_current_folder_comes_first(home: Home) -> None:
    """The file of the current folder wins; one without the section leads on to the configuration directory."""
    home.write_config('[slack.default]\noptions.from = "config"\n[slack.other]\n')
    assert home.load("slack").option("from") == "config"
    home.write('[slack.default]\noptions.from = "here"\n')
    assert home.load("slack").option("from") == "here"
    assert home.load("slack", "other").name == "other"


def test_configuration_directories(home: Home, tmp_path: Path) -> None:
    """Without an absolute XDG_CONFIG_HOME it is APPDATA, and then ~/.config."""
    folder = tmp_path / ".config" / "automate-connectors"
    folder.mkdir(parents=True)
    (folder / "connectors.toml").write_text('[slack.default]\noptions.from = "home"\n')
    home.write_config('[slack.default]\noptions.from = "appdata"\n')
    home.monkeypatch.setenv("HOME", str(tmp_path))
    home.monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    assert home.load("slack").option("from") == "home"
    home.monkeypatch.setenv("APPDATA", str(home.config))
    assert home.load("slack").option("from") == "appdata"


def test_a_given_path_is_the_only_one(home: Home, tmp_path: Path) -> None:
    """With a path no other file is read."""
    home.write(FILE)
    other = tmp_path / "other.toml"
    other.write_text("[github.default]\n")
    assert home.load("github", path=other).options == {}
    with pytest.raises(ConfigurationError, match=r"\[slack.default\].*other.toml"):
        home.load("slack", path=other)
    with pytest.raises(ConfigurationError, match=r"absent.toml cannot be read"):
        home.load("slack", path=tmp_path / "absent.toml")


def test_nothing_found(home: Home) -> None:
    """The default profile of a connector without any configuration is empty; a named one is an error."""
    assert home.load("slack") == ConnectionProfile("slack")
    with pytest.raises(ConfigurationError, match=r"\[slack.work\].*connectors.toml in the current folder") as caught:
        home.load("slack", "work")
    assert caught.value.connector == "slack"
    file = home.write(FILE)
    with pytest.raises(ConfigurationError, match=r"\[slack.play\]") as caught:
        home.load("slack", "play")
    assert caught.value.details == {"profile": "play", "files": [file.name]}


def test_environment_by_declared_names(home: Home) -> None:
    """The secrets that the adapter declares come from their variables, as references."""
    home.monkeypatch.setenv("AUTOMATE_SHOP_API_KEY", VALUE)
    home.monkeypatch.setenv("AUTOMATE_SHOP_BASE_URL", "no secret of it")
    loaded = home.load("shop", shop=Declaring)
    assert {name: str(secret) for name, secret in loaded.secrets.items()} == {"api-key": "env://AUTOMATE_SHOP_API_KEY"}
    assert loaded.secret("api-key") == VALUE


def test_environment_by_prefix(home: Home) -> None:
    """Without declared names a variable belongs to the connector with the longest name that it begins with."""
    home.monkeypatch.setenv("AUTOMATE_SLACK_TOKEN", VALUE)
    home.monkeypatch.setenv("AUTOMATE_SLACK_BOT_TOKEN", VALUE)
    home.monkeypatch.setenv("AUTOMATE_SLACK_", VALUE)
    assert set(home.load("slack").secrets) == {"token", "bot_token"}
    assert set(home.load("slack", slack=Bare, slack_bot=Bare).secrets) == {"token"}
    assert set(home.load("slack_bot", slack=Bare).secrets) == {"token"}


def test_file_wins_over_environment(home: Home, tmp_path: Path) -> None:
    """The environment is asked only where no file holds the profile, and never for a named one."""
    home.monkeypatch.setenv("AUTOMATE_SLACK_OTHER", VALUE)
    home.write(FILE)
    assert set(home.load("slack").secrets) == {"token"}
    empty = tmp_path / "empty.toml"
    empty.write_text("")
    assert set(home.load("slack", path=empty).secrets) == {"other"}
    with pytest.raises(ConfigurationError):
        home.load("slack", "work", path=empty)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (f'[slack.default]\nsecrets.token = "{VALUE}', "not valid TOML at end of document: mend"),
        (f"[slack.default]\nsecrets.token = {VALUE}", r"not valid TOML at line 2, column \d+: mend"),
        (f'[slack.default]\n[slack.default]\nsecrets.token = "{VALUE}"', "not valid TOML"),
        (f'slack = "{VALUE}"', r"\[slack\] must be a table of profiles"),
        (f'slack.default = "{VALUE}"', r"\[slack.default\] must hold tables"),
        (f'[slack.default]\ntoken = "{VALUE}"', r"\[slack.default\] must hold tables"),
        (f'[slack.default]\nsecrets = "{VALUE}"', r"\[slack.default\] must hold tables"),
        (f'[slack.default]\nsecret.token = "{VALUE}"', "may hold options and secrets, and holds secret"),
        (f'[slack.default]\nsecrets.token = ["{VALUE}"]', r"secrets.token must be a string, not list"),
    ],
)
def test_mistakes_in_the_file(home: Home, text: str, match: str) -> None:
    """A mistake is an error with file and place, and nothing of what the file holds."""
    file = home.write(text)
    with pytest.raises(ConfigurationError, match=match) as caught:
        home.load("slack")
    assert file.name in caught.value.message
    assert VALUE not in "".join(traceback.format_exception(caught.value))


def test_file_that_is_no_text(home: Home) -> None:
    """A file that is not UTF-8 is an error that does not show it."""
    home.write("").write_bytes(b'[slack.default]\nsecrets.token = "\xff' + VALUE.encode())
    with pytest.raises(ConfigurationError, match="a byte at offset 33 is not") as caught:
        home.load("slack")
    assert caught.value.__context__ is None
    assert VALUE not in "".join(traceback.format_exception(caught.value))
