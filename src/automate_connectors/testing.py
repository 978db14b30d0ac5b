"""What a connector's author imports to test and certify it.

`ConnectorTestCase` says what is to be judged; `Fault`, `ErrorSample` and `Waiver` are its vocabulary.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from automate_connectors.adapters.base import AsyncConnectorAdapter, ConnectorAdapter
from automate_connectors.certification.waivers import Waiver
from automate_connectors.errors import ConnectorErrorCode
from automate_connectors.profiles import ConnectionProfile
from automate_connectors.wire.faults import Fault
from automate_connectors.wire.messages import SentRequest

if TYPE_CHECKING:
    from automate_connectors.certification.authoring import Wire

__all__ = ["ASGIApp", "ConnectorTestCase", "ErrorSample", "Fault", "SentRequest", "Waiver", "Wire"]

#: An ASGI 3 application (https://asgi.readthedocs.io/en/latest/specs/main.html).
ASGIApp = Callable[[Any, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ErrorSample:
    """An error that the service puts inside an answer.

    Attributes:
        action: the action that meets it; None for every action that reads its response.
        body: the answer's body: ``bytes`` or ``str`` as they stand, anything else as JSON.
        code: the code that is right.
        retryable: what is right for ``retryable``; None where either is.
        status: the answer's HTTP status.
        headers: further header fields.
    """

    action: str | None
    body: Any
    code: ConnectorErrorCode | str
    retryable: bool | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class ConnectorTestCase:
    """A connector and what its certification needs; subclass it and set ``adapter_class``.

    Collected by plain ``pytest``, a subclass runs its own tests and the suite's checks up to ``level``.
    """

    adapter_class: ClassVar[type[ConnectorAdapter | AsyncConnectorAdapter]]
    level: ClassVar[str] = "bronze"
    profile: ClassVar[ConnectionProfile | None] = None
    examples: ClassVar[Mapping[str, Sequence[dict[str, Any]]]] = {}
    error_samples: ClassVar[Sequence[ErrorSample]] = ()
    waivers: ClassVar[Mapping[str, Waiver]] = {}
    cassette_dir: ClassVar[str | Path | None] = None
    ports: ClassVar[Mapping[str, Mapping[ConnectorErrorCode, Callable[[], Exception]]]] = {}
    service: ClassVar[ASGIApp | None] = None
    recording_options: ClassVar[Mapping[str, Any]] = {}
    placeholders: ClassVar[Mapping[str, str]] = {}
    scrub: ClassVar[Sequence[str]] = ()

    def get_adapter(self, **options: Any) -> Any:
        """A fresh adapter on the replay profile: the profile's options and these, a placeholder for each secret."""
        from automate_connectors.certification import authoring  # noqa: PLC0415 - the kit stays light until it is used

        return authoring.adapter_for(self, options)

    @contextlib.contextmanager
    def replay(self, *, fault: Fault | None = None) -> Iterator[Wire]:
        """Let the cassettes answer while the block runs, with ``fault`` among the answers.

        Raises:
            CassetteError: where a cassette cannot be read.
        """
        from automate_connectors.certification import authoring  # noqa: PLC0415 - the kit stays light until it is used

        with authoring.replaying(self, fault=fault) as wire:
            yield wire

    def effects(self) -> Sequence[Any]:
        """Adapters without HTTP: the effects so far.

        Raises:
            NotImplementedError: where a subclass does not say.
        """
        raise NotImplementedError(
            f"{type(self).__name__} says nothing about effects: override effects() and reset() to have delivery judged"
        )

    def reset(self) -> None:
        """Adapters without HTTP: forget the effects so far."""

    def is_effect(self, request: SentRequest) -> bool | None:
        """Whether a request has an effect at the service; None: the standard's rule decides."""
        del request
        return None

    def prepare(self, adapter: Any) -> Mapping[str, Sequence[dict[str, Any]]] | None:
        """Recording only: live, unrecorded set-up; examples that it returns replace those of their actions."""
        del adapter
        return None

    def cleanup(self, adapter: Any) -> None:
        """Recording only: live, unrecorded tidying up."""
        del adapter


def __getattr__(name: str) -> Any:
    if name == "Wire":
        from automate_connectors.certification.authoring import Wire as Found  # noqa: PLC0415 - imported when asked for

        return Found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
