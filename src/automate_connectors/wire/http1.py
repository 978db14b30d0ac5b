"""HTTP/1.1 on one connection of the loopback server (RFC 9112), read and written by h11."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Final

import h11

from automate_connectors.wire.messages import Answer, Headers, SentRequest

_CHUNK: Final = 256 * 1024
#: Header fields that belong to one hop, or that follow from the body (RFC 9110 sections 7.6.1 and 8.6).
_HOP: Final = frozenset(
    {"connection", "content-length", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"}
)
_REASONS: Final = {200: "OK", 201: "Created", 204: "No Content"}


@dataclass(frozen=True, slots=True)
class Cut:
    """How a body is sent short: its framing promises all of it, then the connection closes."""

    chunked: bool


class Http1Connection:
    """Requests in, answers out, on a connected socket."""

    def __init__(self, sock: socket.socket, base: str) -> None:
        self._sock = sock
        self._base = base
        self._head_only = False
        self._state = h11.Connection(h11.SERVER, max_incomplete_event_size=4 * 1024 * 1024)

    def read(self) -> SentRequest | None:
        """The next request, whole; None when the client has closed.

        Raises:
            h11.RemoteProtocolError: for what is no HTTP.
            OSError: when the connection broke.
        """
        event = self._next()
        if not isinstance(event, h11.Request):
            return None
        self._head_only = event.method == b"HEAD"
        body = bytearray()
        while isinstance(part := self._next(), h11.Data):
            body += part.data
        if not isinstance(part, h11.EndOfMessage):
            return None
        fields = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers.raw_items())
        return SentRequest(
            event.method.decode("ascii"),
            self._url(event.target.decode("latin-1")),
            Headers(fields),
            bytes(body),
        )

    def _url(self, target: str) -> str:
        return target if target.startswith(("http://", "https://")) else self._base + target

    def _next(self) -> h11.Event:
        while not isinstance(event := self._state.next_event(), h11.Event):
            if event is h11.PAUSED:
                raise h11.RemoteProtocolError("the client sends on without waiting for its answer")
            if self._state.they_are_waiting_for_100_continue:
                self._send(self._state.send(h11.InformationalResponse(status_code=100, headers=[])))
            self._state.receive_data(self._sock.recv(_CHUNK))
        return event

    def write(self, answer: Answer, *, close: bool, cut: Cut | None = None) -> bool:
        """Send an answer; True where the connection can serve another request."""
        chunked = answer.chunked if cut is None else cut.chunked
        fields = [(name, value) for name, value in answer.headers if name.lower() not in _HOP]
        fields.append(("Transfer-Encoding", "chunked") if chunked else ("Content-Length", self._length(answer)))
        if close or cut:
            fields.append(("Connection", "close"))
        if answer.status in (204, 304) or answer.status < 200:  # noqa: PLR2004 - RFC 9110: these have no body
            fields = [(name, value) for name, value in fields if name not in ("Transfer-Encoding", "Content-Length")]
        reason = answer.reason or _REASONS.get(answer.status, "")
        out = self._state.send(
            h11.Response(
                status_code=answer.status, reason=reason.encode("latin-1", "replace"), headers=_encoded(fields)
            )
        )
        if cut:
            self._send(out + self._short(answer.body, chunked=chunked))
            return False
        return self._finish(out or b"", answer.body)

    def _length(self, answer: Answer) -> str:
        """The length to announce: an answer to HEAD has that of the body which it does not carry (RFC 9110, 9.3.2)."""
        recorded = [value for name, value in answer.headers if name.lower() == "content-length" and value.isdigit()]
        return recorded[0] if self._head_only and recorded and not answer.body else str(len(answer.body))

    def _finish(self, head: bytes, body: bytes) -> bool:
        if body and not self._head_only:
            head += self._state.send(h11.Data(data=body)) or b""
        self._send(head + (self._state.send(h11.EndOfMessage()) or b""))
        if self._state.our_state is h11.MUST_CLOSE or self._state.their_state is not h11.DONE:
            return False
        self._state.start_next_cycle()
        return True

    @staticmethod
    def _short(body: bytes, *, chunked: bool) -> bytes:
        part = body[: max(0, min(len(body) // 2, len(body) - 1))]
        return b"%x\r\n" % len(body) + part if chunked else part

    def _send(self, data: bytes | None) -> None:
        if data:
            self._sock.sendall(data)


def _encoded(fields: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1", "replace"), value.strip().encode("latin-1", "replace")) for name, value in fields]
