"""Where `ConnectionProfile.load` finds a profile; the first place that holds it wins.

1. `connectors.toml` in the current folder, or the file given as `path`, which then is the only one;
2. `automate-connectors/connectors.toml` in the user's configuration directory: `$XDG_CONFIG_HOME` (XDG Base Directory
   Specification), else `%APPDATA%`, else `~/.config`;
3. for the profile named `default`: the environment. `AUTOMATE_SLACK_TOKEN` becomes the secret `token` of `slack`, as
   the reference `env://AUTOMATE_SLACK_TOKEN`.

Errors name the file and the place in it, never what stands there: it may be a secret.
"""

import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from automate_connectors.errors import ConfigurationError

if TYPE_CHECKING:
    from automate_connectors.registry import ConnectorRegistry

FILE_NAME = "connectors.toml"
_PREFIX = "AUTOMATE_"
_POSITION = re.compile(r"at line \d+, column \d+|at end of document")
_SECTIONS = ("options", "secrets")


def files(path: str | os.PathLike[str] | None) -> list[Path]:
    """Return the files to read in turn: the given one, else those that exist in the usual places."""
    if path is not None:
        return [Path(path)]
    usual = (Path(FILE_NAME), _configuration_directory() / "automate-connectors" / FILE_NAME)
    return [file for file in usual if file.is_file()]


def profile_table(file: Path, connector: str, name: str) -> dict[str, dict[str, Any]] | None:
    """Return the options and secrets of one profile in a file, or None where it holds no such profile.

    Raises:
        ConfigurationError: The file cannot be read, is no TOML, or the section is not as expected.
    """
    profiles = _parsed(file).get(connector, {})
    if not isinstance(profiles, dict):
        raise _mistake(file, connector, f"[{connector}] must be a table of profiles")
    table = profiles.get(name)
    if table is None:
        return None
    label = f"[{connector}.{name}]"
    if not isinstance(table, dict) or not all(isinstance(part, dict) for part in table.values()):
        raise _mistake(file, connector, f"{label} must hold tables: options.NAME = VALUE and secrets.NAME = VALUE")
    unknown = sorted(table.keys() - set(_SECTIONS))
    if unknown:
        raise _mistake(file, connector, f"{label} may hold options and secrets, and holds {', '.join(unknown)}")
    for secret, value in table.get("secrets", {}).items():
        if not isinstance(value, str):
            raise _mistake(file, connector, f"{label} secrets.{secret} must be a string, not {type(value).__name__}")
    return table


def environment_secrets(registry: "ConnectorRegistry", connector: str) -> dict[str, str]:
    """Return references to the environment variables that belong to a connector, by the name of the secret.

    They are those of the secrets that the adapter declares. Where it declares none or cannot be imported, they are all
    that begin with its name, but for those that begin with the longer name of another connector.
    """
    declared = _declared_secrets(registry, connector)
    if declared:
        return {
            name: f"env://{variable(connector, name)}" for name in declared if variable(connector, name) in os.environ
        }
    names = {*registry.names(), connector}
    found = {}
    for key in sorted(os.environ):
        owner = max((name for name in names if key.startswith(variable(name, ""))), key=len, default=None)
        secret = key.removeprefix(variable(connector, "")).lower()
        if owner == connector and secret:
            found[secret] = f"env://{key}"
    return found


def variable(connector: str, secret: str) -> str:
    """Return the environment variable of a secret."""
    return _PREFIX + re.sub(r"\W", "_", f"{connector}_{secret}").upper()


def _configuration_directory() -> Path:
    for key in ("XDG_CONFIG_HOME", "APPDATA"):
        # The XDG specification has relative paths ignored.
        if Path(os.environ.get(key, "")).is_absolute():
            return Path(os.environ[key])
    return Path.home() / ".config"


def _declared_secrets(registry: "ConnectorRegistry", connector: str) -> list[str]:
    try:
        return list(registry.get(connector).secrets)
    except ConfigurationError:
        return []


def _parsed(file: Path) -> dict[str, Any]:
    try:
        content = file.read_bytes()
    except OSError as error:
        problem = f"cannot be read ({error.strerror or type(error).__name__}): create it, or give another path"
        raise ConfigurationError(f"The file of connection profiles {file} {problem}") from error
    parsed = _toml(content)
    if isinstance(parsed, str):
        raise ConfigurationError(f"The file of connection profiles {file} is not valid TOML{parsed}: mend it there")
    return parsed


def _toml(content: bytes) -> dict[str, Any] | str:
    """Return the document, or the place of the mistake.

    The errors of both parsers hold what they read, secrets included: here they end, and nothing refers to them.
    """
    try:
        return tomllib.loads(content.decode())
    except UnicodeDecodeError as error:
        return f", which is UTF-8 text: a byte at offset {error.start} is not"
    except tomllib.TOMLDecodeError as error:
        position = _POSITION.search(str(error))
        return f" {position.group()}" if position else ""


def _mistake(file: Path, connector: str, problem: str) -> ConfigurationError:
    return ConfigurationError(f"In the file of connection profiles {file}, {problem}", connector=connector)
