"""The certification of one connector, made when its first requirement is judged."""

from __future__ import annotations

import contextlib
import functools
import gc
import hashlib
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from automate_conformance.ahead import FIRST_READERS, keys, pieces
from automate_conformance.catalogue import Requirement
from automate_conformance.suite import checks, judged_order
from automate_connectors import __version__
from automate_connectors.certification.ahead import Ahead, Work, Worker, divisible, forkable, start
from automate_connectors.certification.case import LEVELS, Case, resolve
from automate_connectors.certification.describing import describe
from automate_connectors.certification.hosts import Host, InlineHost
from automate_connectors.certification.levels import Outcome
from automate_connectors.certification.outside.host import ProcessHost
from automate_connectors.certification.outside.process import Launch, local_launch
from automate_connectors.certification.packages import PackageFacts
from automate_connectors.certification.reporting import about, distribution_of, environment
from automate_connectors.certification.subject import ConstructionFailedError, Subject
from automate_connectors.certification.verdict import Judged, Verdict, reach
from automate_connectors.certification.waivers import Waiver, standing_waiver
from automate_connectors.errors import ConfigurationError
from automate_connectors.testing import ConnectorTestCase
from automate_connectors.wire import originals
from automate_connectors.wire.bypasses import close_bypasses
from automate_connectors.wire.install import install, rebind
from automate_connectors.wire.network import Network


@dataclass(frozen=True, slots=True)
class Place:
    """Where a child runs.

    Attributes:
        launch: how it is started.
        package: the wheel that the adapter comes in; None where there is none.
        original: turns the path of an installed file into that of the judge's own copy; None: it is read where it is.
    """

    launch: Launch
    package: PackageFacts | None = None
    original: Callable[[str], Path] | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be certified, and how.

    Attributes:
        name: the registered name.
        adapter_class: what the registry hands out under it; None where only a child may import it.
        case_class: the author's case, if there is one and this process may import it.
        level: the level judged against.
        root: pytest's root directory.
        seed: of generated payloads; None derives it from the connector and the suite's version.
        deep: whether schedules are longer and more.
        files: the files that a child imports first.
        place: where a child runs; None: as this process does.

    Raises:
        ConfigurationError: the level is none.
    """

    name: str
    adapter_class: type[Any] | None
    case_class: type[ConnectorTestCase] | None
    level: str
    root: Path
    seed: int | None = None
    deep: bool = False
    files: tuple[Path, ...] = ()
    place: Place | None = None

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            who = self.case_class.__qualname__ if self.case_class else self.name
            raise ConfigurationError(f"{who}.level is {self.level!r} and must be one of {', '.join(LEVELS)}")

    @property
    def imported(self) -> type[Any]:
        """The adapter, for what runs it in this process.

        Raises:
            ConfigurationError: only a child may import it.
        """
        if self.adapter_class is None:
            raise ConfigurationError(
                "recording runs the adapter in pytest's own process: leave out --connector-host=process"
            )
        return self.adapter_class

    @property
    def chosen_seed(self) -> int:
        """The seed, given or derived."""
        if self.seed is not None:
            return self.seed
        return int.from_bytes(hashlib.sha256(f"{self.name}/{__version__}".encode()).digest()[:4])


class ConnectorRun:
    """Judges requirements one by one on one subject."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.name = order.name
        self.started_at = datetime.now(UTC)
        self._subject: Subject | None = None
        self._host: Host | None = None
        self._ahead: Ahead | None = None
        self._problem: str | None = None
        self._seen: set[str] = set()
        #: Is told how many cases of a requirement are judged.
        self.watch: Callable[[Requirement, int], None] | None = None
        #: The requirements of which work may be done ahead, since all of them are judged here.
        self.ahead_of: frozenset[str] = frozenset()

    @property
    def subject(self) -> Subject:
        """The black box, resolved when first asked for.

        Raises:
            ConfigurationError: where the case or a cassette is wrong.
        """
        if self._subject is None:
            self._subject = self._make()
        return self._subject

    @property
    def case(self) -> Case:
        """What is judged."""
        return self.subject.case

    def _make(self) -> Subject:
        install()
        order = self.order
        # Of an attempt that failed: whoever asks for the report tries once more.
        self._end_processes()
        # Before there is a host or a network, whose threads a fork would lose.
        self._ahead = _started_ahead(order, self.ahead_of)
        case, self._host = _placed(order)
        made = _subject(Subject, order, case, self._host)
        if self._ahead is not None and divisible(case):
            self._ahead.expect(keys(case, self.ahead_of), case.test_case)
            made.ahead = self._ahead
        return made

    def judge(self, record: Requirement) -> Judged:
        """Judge one requirement; what is wrong with the case or a check of ours is an ``error``, never a pass."""
        self._seen.add(record.id)
        if record.session_wide:
            self._see_all()
        began = originals.perf_counter()
        if self._problem is None:
            try:
                return self._judged(record)
            except ConfigurationError as error:
                self._problem = error.message
            except ConstructionFailedError as error:
                return _ended(record, Outcome.FAIL if record.id == "C03" else Outcome.NOT_RUN, str(error), began)
            except Exception as error:  # noqa: BLE001 - a defect of ours must block, and say so
                where = traceback.extract_tb(error.__traceback__)[-1]
                place = f"{Path(where.filename).name}:{where.lineno}"
                told = f"the check itself broke: {type(error).__name__} in {place}: {error}"
                return _ended(record, Outcome.ERROR, told, began)
        return _ended(record, Outcome.ERROR, self._problem, began)

    def _see_all(self) -> None:
        """Judge what was not judged here: a requirement over the whole session is not judged on a part of it.

        With `-k`, or where an author's tests are spread over workers, some of it may never have run in this process.
        """
        for record in judged_order(self.order.level):
            if record.id not in self._seen and not record.session_wide:
                self.judge(record)

    def _judged(self, record: Requirement) -> Judged:
        check: Callable[[Subject, Verdict], None] | None = checks().get(record.id)
        if check is None:
            return _ended(
                record, Outcome.NOT_RUN, "this version of the suite holds no check for it", originals.perf_counter()
            )
        subject = self.subject
        with _quiet_about_garbage(), subject.session():
            watch = self.watch and functools.partial(self.watch, record)
            return reach(record.id, lambda verdict: check(subject, verdict), originals.perf_counter, watch)

    def about(self) -> dict[str, Any]:
        """The parts of the report that no requirement carries, as plain data; of a wrong case, what is known."""
        try:
            return about(self.order.level, self.subject, self.started_at)
        except Exception:  # noqa: BLE001 - every requirement already says what is wrong
            return self._outline()

    def _outline(self) -> dict[str, Any]:
        return {
            "connector": self._connector(),
            "claimed_level": self.order.level,
            "actions": [],
            "cassettes": [],
            "seed": self.order.chosen_seed,
            "host": "inline" if self.order.adapter_class else "process",
            "environment": environment(),
            "started_at": self.started_at.isoformat(),
            "waivers": {},
        }

    def _connector(self) -> dict[str, Any]:
        if self.order.adapter_class is None:
            return {"name": self.name, "version": "unknown", "adapter": "unknown:unknown", "distribution": None}
        said = describe(self.name, self.order.adapter_class)
        return {
            "name": self.name,
            "version": str(said.version),
            "adapter": said.reference,
            "distribution": distribution_of(said.reference.partition(":")[0]),
        }

    def waiver(self, record: Requirement, outcome: Outcome) -> tuple[str | None, list[str]]:
        """Why a requirement may go unmet, if it may, and what is wrong with the waiver that says so."""
        waivers = self._subject.case.test_case.waivers if self._subject else {}
        return standing_waiver(waivers, record, outcome, datetime.now(UTC).date())

    def cells(self, identifier: str) -> list[dict[str, Any]]:
        """The fault matrix's cells of a requirement."""
        return self._subject.matrix.get(identifier, []) if self._subject else []

    def close(self) -> None:
        """End whoever works ahead, the child, if there is one, and the network."""
        self._end_processes()
        if self._subject is not None:
            self._subject.network.close()
            with _quiet_about_garbage():
                # Here, not under whatever the user makes of warnings in the tests that follow.
                gc.collect()

    def _end_processes(self) -> None:
        if self._ahead is not None:
            self._ahead.close()
        if isinstance(self._host, ProcessHost):
            self._host.end()


@contextlib.contextmanager
def _quiet_about_garbage() -> Iterator[None]:
    """Whoever makes errors of warnings must not get those of what an adapter left behind: T03 judges that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield


_Kind = TypeVar("_Kind", bound=Subject)


def _subject(kind: type[_Kind], order: Order, case: Case, host: Host) -> _Kind:
    return kind(
        case,
        host,
        Network(),
        seed=order.chosen_seed,
        deep=order.deep,
        measure=order.level in ("gold", "platinum"),
        package=order.place.package if order.place else None,
    )


def _started_ahead(order: Order, ids: frozenset[str]) -> Ahead | None:
    if not ids & FIRST_READERS or not forkable():
        return None

    def prepare(do: Callable[[Work], None]) -> None:
        # A host of its own: what hears the adapter is a file, and the fork's is not the session's.
        case, host = _placed(order)
        try:
            if divisible(case):
                worker = _subject(Worker, order, case, host)
                do(Work(worker, keys(case, ids), functools.partial(pieces, worker, ids), case.test_case))
        finally:
            if isinstance(host, ProcessHost):
                host.end()

    return start(prepare)


def _ended(record: Requirement, outcome: Outcome, reason: str, began: float) -> Judged:
    return Judged(record.id, outcome, reason, 0, (), originals.perf_counter() - began)


def _placed(order: Order) -> tuple[Case, Host]:
    return _outside(order) if order.adapter_class is None else _inside(order, order.adapter_class)


def _inside(order: Order, adapter_class: type[Any]) -> tuple[Case, Host]:
    close_bypasses()
    rebind(adapter_class.__module__)
    case = _gathered(order, adapter_class)
    return case, InlineHost(adapter_class, case.test_case)


def _outside(order: Order) -> tuple[Case, Host]:
    place = order.place or Place(local_launch())
    host = ProcessHost(place.launch, order.files, order.root)
    try:
        return host.load(order.name, place.original), host
    except BaseException:
        host.end()
        raise


def _gathered(order: Order, adapter_class: type[Any]) -> Case:
    """The case of an order; whatever its author wrote wrongly is said of the case, not of the suite."""
    try:
        case = resolve(order.name, adapter_class, order.case_class, root=order.root)
        waivers: Mapping[str, object] = case.test_case.waivers
        wrong = [name for name, waiver in waivers.items() if not isinstance(waiver, Waiver)]
    except ConfigurationError:
        raise
    except Exception as error:
        who = order.case_class.__qualname__ if order.case_class else adapter_class.__qualname__
        raise ConfigurationError(
            f"{who} cannot be read ({type(error).__name__}: {error}): "
            "compare its attributes with those of automate_connectors.testing.ConnectorTestCase"
        ) from error
    if wrong:
        raise ConfigurationError(f"the waiver of {', '.join(wrong)} must be Waiver(reason, expires=date(...))")
    return case
