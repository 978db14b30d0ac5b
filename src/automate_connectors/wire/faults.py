"""The faults of the standard: what each one is called and which request of a call it meets.

How a fault looks on the wire is the server's business (`server.py`); this module holds plain data, so that a
fault can cross a process boundary and stand in a report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

BodyKind = Literal["html", "invalid_json", "empty", "truncated", "truncated_chunked", "wrong_type"]
NetworkKind = Literal["dns", "refused", "connect_timeout", "tls", "tls_name", "read_timeout", "reset", "lost_response"]

DELIVERY_KINDS: Final = ("ok", "lost_request", "lost_response", "twice", "503_before", "500_after", "429")
BODY_KINDS: Final[tuple[BodyKind, ...]] = (
    "invalid_json", "html", "empty", "truncated", "truncated_chunked", "wrong_type",
)  # fmt: skip
NETWORK_KINDS: Final[tuple[NetworkKind, ...]] = (
    "dns", "refused", "connect_timeout", "tls", "read_timeout", "reset", "lost_response",
)  # fmt: skip
#: Faults that strike before a connection stands.
CONNECTION_KINDS: Final = frozenset({"dns", "refused", "connect_timeout", "tls", "tls_name"})
#: Faults under which the other side stays silent.
SILENT_KINDS: Final = frozenset({"connect_timeout", "read_timeout"})

HTML_PAGE: Final = (
    b"<!DOCTYPE html><html><head><title>Service page</title></head>"
    b"<body><h1>Something went wrong</h1><p>Please try again.</p></body></html>"
)
#: Markup of the page above: what a presentable error does not repeat.
HTML_MARKUP: Final = ("<!DOCTYPE", "<html", "<head", "<body", "<h1", "<p>", "</")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong between an adapter and its service.

    Make one with :meth:`status`, :meth:`body` or :meth:`network`. ``at`` is the request it meets, counted from 1
    in each ``connect`` or ``execute`` with the client's own resends included (``None``: every one); ``times`` is
    how often it happens at all (``None``: always).
    """

    kind: Literal["status", "body", "network", "delivery", "redirect"]
    name: str
    status_code: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    content: bytes = b""
    at: int | None = None
    times: int | None = None

    def __post_init__(self) -> None:
        for label, value in (("at", self.at), ("times", self.times)):
            if value is not None and (type(value) is not int or value < 1):
                raise ValueError(f"{label} counts from 1 and was {value!r}: give a whole number of 1 or more, or None")

    @classmethod
    def status(
        cls,
        status: int,
        *,
        retry_after: float | str | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        at: int | None = None,
        times: int | None = None,
    ) -> Fault:
        """An answer with this HTTP status.

        Args:
            status: the status, 100 to 599 (RFC 9110 section 15).
            retry_after: the ``Retry-After`` header: seconds, or its text as it stands (RFC 9110 section 10.2.3).
            body: ``bytes`` or ``str`` sent as they are, anything else as JSON; by default a JSON error object.
            headers: further response headers.
            at: the request of each call that it meets, from 1.
            times: how often.

        Raises:
            ValueError: for a status, ``at`` or ``times`` that cannot be.
        """
        if not 100 <= status <= 599:  # noqa: PLR2004 - the bounds of the status line
            raise ValueError(f"a status lies between 100 and 599 and was {status!r}")
        content, media = _content(status, body)
        fields = [("Content-Type", media)] if content else []
        if retry_after is not None:
            fields.append(("Retry-After", str(retry_after)))
        fields.extend((headers or {}).items())
        name = f"status-{status}"
        return cls(
            kind="status", name=name, status_code=status, headers=tuple(fields), content=content, at=at, times=times
        )

    @classmethod
    def body(cls, kind: BodyKind, *, at: int | None = None, times: int | None = None) -> Fault:
        """The recorded answer, spoiled: ``html``, ``invalid_json``, ``empty``, ``truncated``, ``wrong_type``.

        Raises:
            ValueError: for another kind.
        """
        if kind not in BODY_KINDS:
            raise ValueError(f"no body fault is called {kind!r}: choose one of {', '.join(BODY_KINDS)}")
        return cls(kind="body", name=kind, at=at, times=times)

    @classmethod
    def network(cls, kind: NetworkKind, *, at: int | None = None, times: int | None = None) -> Fault:
        """A failure of the network.

        Kinds: ``dns``, ``refused``, ``connect_timeout``, ``tls``, ``read_timeout``, ``reset``, ``lost_response``.

        Raises:
            ValueError: for another kind.
        """
        if kind not in (*NETWORK_KINDS, "tls_name"):
            raise ValueError(f"no network fault is called {kind!r}: choose one of {', '.join(NETWORK_KINDS)}")
        return cls(kind="network", name=kind, at=at, times=times)

    @classmethod
    def delivery(cls, kind: str) -> Fault:
        """One step of a delivery schedule (standard, "Ledger").

        Raises:
            ValueError: for another kind.
        """
        if kind not in DELIVERY_KINDS:
            raise ValueError(f"no delivery fault is called {kind!r}: choose one of {', '.join(DELIVERY_KINDS)}")
        return cls(kind="delivery", name=kind)

    @classmethod
    def redirect(cls, status: int, location: str) -> Fault:
        """A redirect to ``location`` (RFC 9110 section 15.4)."""
        return cls(kind="redirect", name=f"redirect-{status}", status_code=status, headers=(("Location", location),))

    @property
    def connects(self) -> bool:
        """Whether a connection stands when it strikes."""
        return not (self.kind == "network" and self.name in CONNECTION_KINDS)

    @property
    def silent(self) -> bool:
        """Whether the other side just stays silent."""
        return self.kind == "network" and self.name in SILENT_KINDS

    def named(self, name: str) -> Fault:
        """The same fault under another name, for the report."""
        return replace(self, name=name)


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """Which fault meets which request of a call, counted from 1.

    ``steps`` are the faults of the first requests (``None``: none); ``after`` meets every later one.
    """

    steps: tuple[Fault | None, ...] = ()
    after: Fault | None = None

    @classmethod
    def persistent(cls, fault: Fault, request: int = 1) -> FaultPlan:
        """``fault`` at every request from ``request`` on."""
        return cls((None,) * (request - 1), fault)

    @classmethod
    def once(cls, fault: Fault, request: int = 1) -> FaultPlan:
        """``fault`` at that one request only."""
        return cls((*(None,) * (request - 1), fault))

    @classmethod
    def of(cls, fault: Fault | None) -> FaultPlan:
        """The plan that a fault's own ``at`` describes."""
        if fault is None:
            return cls()
        return cls.persistent(fault) if fault.at is None else cls.once(fault, fault.at)

    def at(self, request: int) -> Fault | None:
        """The fault that meets this request."""
        return self.steps[request - 1] if request <= len(self.steps) else self.after

    @property
    def quiet(self) -> bool:
        """Whether nothing goes wrong under this plan."""
        return self.after is None and not any(self.steps)


@dataclass(slots=True)
class Allowance:
    """How often a fault may still happen: the state behind ``times``."""

    left: dict[int, int] = field(default_factory=dict)

    def take(self, fault: Fault) -> bool:
        """Whether it happens once more; counts it if so."""
        if fault.times is None:
            return True
        left = self.left.setdefault(id(fault), fault.times)
        self.left[id(fault)] = left - 1
        return left > 0


def _content(status: int, body: Any) -> tuple[bytes, str]:
    import json  # noqa: PLC0415 - keeps the import of the plain data light

    if isinstance(body, bytes):
        return body, "application/octet-stream" if not body.lstrip().startswith(b"<") else "text/html; charset=utf-8"
    if isinstance(body, str):
        return body.encode(), "text/html; charset=utf-8" if body.lstrip().startswith(
            "<"
        ) else "text/plain; charset=utf-8"
    data = {"error": {"code": status, "message": "the service refused"}} if body is None else body
    return json.dumps(data).encode(), "application/json"
