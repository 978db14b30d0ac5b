"""Cassettes that vcrpy or pytest-recording made elsewhere, as cassettes of a connector: scrubbed, with their head."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from automate_connectors.cassettes.reading import load_interactions
from automate_connectors.cassettes.traffic import CassetteError, Interaction
from automate_connectors.errors import ConfigurationError
from automate_connectors.profiles import ConnectionProfile
from automate_connectors.recording.cleaning import Cleaner
from automate_connectors.recording.conversion import undone
from automate_connectors.recording.persisting import Page, persist
from automate_connectors.recording.plans import Take
from automate_connectors.testing import ConnectorTestCase

__all__ = ["import_folder"]


def import_folder(
    folder: Path,
    into: Path,
    *,
    connector: str,
    action: str,
    version: str,
    payloads: Sequence[Any],
    case: ConnectorTestCase,
) -> list[Path]:
    """Write every cassette below a folder as an example of an action, after those that are there.

    Args:
        folder: Where they are.
        into: Where to write.
        connector: The connector's name.
        action: The action; `connect` for the one of `connect()`.
        version: The adapter's version.
        payloads: What each file's call was given, in the order of their names; the empty payload where none is left.
        case: Whose profile and `scrub` name the secrets.

    Raises:
        CassetteError: A file is no cassette, or would hold a secret; nothing is written.
        ConfigurationError: There is none, or a payload is no object.
    """
    files = sorted(folder.rglob("*.yaml"))
    if not files:
        raise ConfigurationError(f"{folder} holds no cassette: expected files that end with .yaml")
    if len(payloads) > len(files) or not all(isinstance(each, dict) for each in payloads):
        raise ConfigurationError(f"expected at most {len(files)} payloads, one for each file, each a JSON object")
    own = case.profile if case.profile is not None else ConnectionProfile.load(connector)
    heard = [[_decoded(file, each) for each in load_interactions(file)] for file in files]
    cleaner = Cleaner(own.secret_values(), [each for one in heard for each in one], case.scrub)
    free = _free_names(into, action, len(files))
    pages = []
    for file, traffic, name, payload in zip(files, heard, free, [*payloads, *[{}] * len(files)], strict=False):
        clean = [cleaner.interaction(each) for each in traffic]
        owner = {"connector": connector, "adapter_version": version}
        pages.append(Page(into / name, _head(file, clean, cleaner, payload) | owner, clean))
    persist(pages, cleaner.scrubber)
    return [page.path for page in pages]


def _head(file: Path, clean: Sequence[Interaction], cleaner: Cleaner, payload: Any) -> dict[str, Any]:
    return {
        "at": datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds"),
        "host": list(dict.fromkeys(urlsplit(each.request.uri).netloc for each in clean)),
        "payload": cleaner.payload(payload),
        "scrubbed": cleaner.names_in(clean),
        "source": f"imported from {file.name}, recorded with vcrpy",
    }


def _decoded(file: Path, each: Interaction) -> Interaction:
    try:
        return undone(each)
    except CassetteError as error:
        raise CassetteError(f"{file}: interaction {each.index}: {error.message}") from error


def _free_names(into: Path, action: str, count: int) -> Iterable[str]:
    if action == "connect":
        if count > 1 or (into / "connect.yaml").exists():
            raise ConfigurationError("there is one cassette of connect(): import a single file, where none is yet")
        return ["connect.yaml"]
    numbers = (number for number in range(1, 10_000) if not (into / Take(action, number, {}).file).exists())
    return [Take(action, number, {}).file for number, _ in zip(numbers, range(count), strict=False)]
