"""`pytest --connector --connector-record`: a live session, then its cassettes: scrubbed, searched again, written.

Source: contract, sections 3 and 4; architecture, decision 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from automate_connectors.cassettes.drift import shape_of
from automate_connectors.cassettes.reading import load
from automate_connectors.cassettes.scrubbing import Scrubber
from automate_connectors.cassettes.traffic import Cassette, CassetteError, Interaction
from automate_connectors.certification.case import declared_case, find_directory
from automate_connectors.certification.describing import describe
from automate_connectors.profiles import ConnectionProfile
from automate_connectors.recording.cleaning import Cleaner
from automate_connectors.recording.listening import listening
from automate_connectors.recording.origins import Origins, addresses_of
from automate_connectors.recording.persisting import Page, persist
from automate_connectors.recording.plans import Take
from automate_connectors.recording.session import Heard, Session
from automate_connectors.recording.stage import Stage
from automate_connectors.testing import ConnectorTestCase

__all__ = ["Recording", "record"]

#: Real seconds that one live call may take.
LIMIT: Final = 300.0


@dataclass(frozen=True, slots=True)
class Recording:
    """What a session wrote.

    Attributes:
        directory: Where.
        written: The files, in the order in which they were recorded.
        removed: Files that it replaced by none.
        problems: What went wrong after the last example, in sentences.
    """

    directory: Path
    written: tuple[str, ...]
    removed: tuple[str, ...]
    problems: tuple[str, ...] = ()


def record(
    name: str,
    adapter_class: type[Any],
    case_class: type[ConnectorTestCase] | None,
    *,
    root: Path,
    directory: Path | None = None,
    limit: float = LIMIT,
) -> Recording:
    """Call the real service and write the cassettes of a connector, all of them or none.

    Args:
        name: The registered name.
        adapter_class: What the registry hands out under it.
        case_class: The author's case; None records the adapter's own examples.
        root: pytest's root directory, where cassettes are looked for last.
        directory: Where to write, in place of where the case's cassettes lie.
        limit: Real seconds that one call may take.

    Raises:
        RecordingError: A call failed; no file has changed.
        CassetteError: A cassette would hold a secret, or cannot be written; no file has changed.
        ConfigurationError: The case or its profile is wrong; nothing was sent.
    """
    chosen = case_class or declared_case(adapter_class)
    case, stored = chosen(), find_directory(name, chosen, root)
    own = case.profile if case.profile is not None else ConnectionProfile.load(name)
    live = own.model_copy(update={"options": {**own.options, **case.recording_options}})
    known = live.secret_values()
    Scrubber(known)  # A secret that is too short is refused before anything is sent.
    before = loadable(stored)
    with listening() as tape, Stage(adapter_class, live, limit) as stage:
        session = Session(stage, tape, case, describe(name, adapter_class), known)
        session.run(tuple(before.values()))
    called = addresses_of(case.recording_options, {"base_url": getattr(adapter_class, "base_url", None), **own.options})
    desk = _Desk(name, session, called, before, directory or stored)
    pages = [desk.page(each) for each in session.heard if each.interactions]
    written = tuple(page.path.name for page in pages)
    removed = tuple(file for file in before if file not in written) if pages and directory is None else ()
    persist(pages, desk.cleaner.scrubber, obsolete=[stored / file for file in removed])
    return Recording(desk.directory, written, removed, tuple(session.problems))


def loadable(directory: Path) -> dict[str, Cassette]:
    """The cassettes of a folder by file name, but for those that cannot be read: they are about to be replaced."""
    found = {}
    for path in sorted(directory.glob("*.yaml")) if directory.is_dir() else ():
        try:
            found[path.name] = load(path)
        except CassetteError:
            continue
    return found


class _Desk:
    """Where what was heard becomes cassettes."""

    def __init__(
        self,
        name: str,
        session: Session,
        called: Mapping[str, str],
        before: Mapping[str, Cassette],
        directory: Path,
    ) -> None:
        self.directory = directory
        self._name = name
        self._version = str(session.description.version)
        self._before = before
        self._called = called
        self._origins = Origins(called)
        self._at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        traffic = [each for heard in session.heard for each in heard.interactions]
        self._traffic = traffic
        moved = [self._origins.interaction(each) for each in (*traffic, *session.aside)]
        self.cleaner = Cleaner(session.known, moved, session.case.scrub)

    def page(self, heard: Heard) -> Page:
        """The cassette of one call."""
        own = [self._origins.interaction(each) for each in heard.interactions]
        clean = [self.cleaner.interaction(each) for each in own]
        return Page(self.directory / heard.take.file, self._head(heard.take, clean), clean)

    def _head(self, take: Take, interactions: list[Interaction]) -> dict[str, Any]:
        head = {
            "at": self._at,
            "connector": self._name,
            "adapter_version": self._version,
            "host": list(dict.fromkeys(urlsplit(each.request.uri).netloc for each in interactions)),
            "payload": self.cleaner.payload(self._origins.payload(take.payload)),
            "scrubbed": self.cleaner.names_in(interactions),
            "source": self.cleaner.scrubber.text(self._source()),
        }
        old = self._before.get(take.file)
        if old is not None and old.recorded.at is not None:
            head["previous"] = {"at": old.recorded.at.isoformat(), "shape": shape_of(old.interactions)}
        return head

    def _source(self) -> str:
        """Against what it was recorded: who answered, and in whose place."""
        servers = (value for each in self._traffic for name, value in each.response.headers if name.lower() == "server")
        who = ", ".join(dict.fromkeys(servers))
        moved = ", ".join(f"{called} in place of {own}" for called, own in self._called.items())
        return "; ".join(filter(None, (moved or "the service itself", who and f"server: {who}")))
