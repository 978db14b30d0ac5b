"""A real service on loopback for recording: answers by path, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Headers = tuple[tuple[str, str], ...]
JSON: Headers = (("Content-Type", "application/json"),)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Says:
    """One answer; in chunks where `pieces` says so."""

    body: bytes = b"{}"
    status: int = 200
    headers: Headers = JSON
    pieces: int = 0


@dataclass
class Service:
    """What a handler answers, and what was asked."""

    answer: Callable[[Asked], Says]
    asked: list[Asked] = field(default_factory=list)
    address: str = ""


@contextlib.contextmanager
def serving(answer: Callable[[Asked], Says], context: ssl.SSLContext | None = None) -> Iterator[Service]:
    """Serve while the block runs; by HTTPS where there is a context for it."""
    service = Service(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = _body_of(self)
            asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            service.asked.append(asked)
            _send(self, service.answer(asked))

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - names that http.server looks for

        def log_message(self, *_: Any) -> None:
            """Nothing on stderr."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that is killed is no error here."""

    server = Server(("127.0.0.1", 0), Handler)
    service.address = f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}"
    if context is not None:
        # Each connection shakes hands where it is read: one that does not must not keep the others waiting.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _body_of(handler: BaseHTTPRequestHandler) -> bytes:
    """The body of a request, as long as it says or in chunks."""
    if handler.headers.get("Transfer-Encoding") != "chunked":
        return handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    body = b""
    while size := int(handler.rfile.readline(), 16):
        body += handler.rfile.read(size)
        handler.rfile.readline()
    handler.rfile.readline()
    return body


def _send(handler: BaseHTTPRequestHandler, says: Says) -> None:
    handler.send_response(says.status)
    for name, value in says.headers:
        handler.send_header(name, value)
    if not says.pieces:
        handler.send_header("Content-Length", str(len(says.body)))
        handler.end_headers()
        handler.wfile.write(says.body)
        return
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for start in range(0, len(says.body), says.pieces):
        piece = says.body[start : start + says.pieces]
        handler.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
    handler.wfile.write(b"0\r\n\r\n")
