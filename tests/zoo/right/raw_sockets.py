"""Acme by bare sockets and streams: HTTP/1.1 written by hand, a connection for each request."""

from __future__ import annotations

import asyncio
import socket
import ssl
from email.parser import BytesParser
from urllib.parse import urlsplit

from automate_connectors import ConnectorError, NetworkError, ServiceTimeoutError, UnexpectedResponseError
from zoo.members import Member, acme
from zoo.right.by_hand import FEW, AcmeByHand, Ask, AsyncAcmeByHand, Reply, lower

_TIMEOUT = 9.0


class SocketAcmeAdapter(AcmeByHand):
    """Opens a TLS socket, and reads to its end."""

    name = "acme_socket"
    version = "1.0.0"

    def send(self, request: Ask) -> Reply:
        """Send, and read all that comes."""
        host = str(urlsplit(request.url).hostname)
        try:
            with (
                socket.create_connection((host, 443), timeout=_TIMEOUT) as plain,
                ssl.create_default_context().wrap_socket(plain, server_hostname=host) as tls,
            ):
                tls.sendall(_written(request))
                return _read(b"".join(iter(lambda: tls.recv(4096), b"")))
        except OSError as error:
            raise _failure(error) from error


class StreamsAcmeAdapter(AsyncAcmeByHand):
    """Does the same with asyncio's streams."""

    name = "acme_streams"
    version = "1.0.0"

    async def send(self, request: Ask) -> Reply:
        """Send, and read all that comes."""
        host = str(urlsplit(request.url).hostname)
        try:
            async with asyncio.timeout(_TIMEOUT):
                reader, writer = await asyncio.open_connection(host, 443, ssl=True)
                try:
                    writer.write(_written(request))
                    return _read(await reader.read())
                finally:
                    writer.close()
        except OSError as error:
            raise _failure(error) from error


def _failure(error: OSError) -> ConnectorError:
    if isinstance(error, TimeoutError):
        return ServiceTimeoutError("Acme did not answer in time")
    return NetworkError("the connection to Acme failed")


def _written(request: Ask) -> bytes:
    parts, body = urlsplit(request.url), request.body or b""
    fields = {"Host": parts.netloc, **request.headers, "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"{request.method} {parts.path or '/'} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _read(data: bytes) -> Reply:
    head, found, body = data.partition(b"\r\n\r\n")
    if not found:
        raise NetworkError("Acme closed the connection without an answer")
    status, _, fields = head.partition(b"\r\n")
    headers = lower(BytesParser().parsebytes(fields + b"\r\n\r\n"))
    if "chunked" in headers.get("transfer-encoding", ""):
        body = _joined(body)
    elif len(body) < int(headers.get("content-length", "0")):
        raise NetworkError("Acme's answer is cut short")
    return Reply(int(status.split(b" ")[1]), headers, body)


def _joined(chunks: bytes) -> bytes:
    whole = b""
    while chunks:
        size, _, rest = chunks.partition(b"\r\n")
        length = int(size, 16)
        if length == 0:
            return whole
        whole, chunks = whole + rest[:length], rest[length + 2 :]
    raise UnexpectedResponseError("Acme's answer is cut short")


MEMBERS = [Member(StreamsAcmeAdapter, record=acme(StreamsAcmeAdapter, actions=FEW))]
MEMBERS += [Member(SocketAcmeAdapter, record=acme(SocketAcmeAdapter, actions=FEW))]
