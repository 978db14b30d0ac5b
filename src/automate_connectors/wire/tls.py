"""A throw-away certificate authority for one run, and the server contexts it vouches for."""

from __future__ import annotations

import socket
import ssl
import threading
from functools import cache

import trustme

from automate_connectors.wire import originals

#: The host that a certificate of the fault "wrong host name" is made out to.
OTHER_HOST = "other-host.invalid"


class Authority:
    """Makes server contexts, one a host, made when first asked for."""

    def __init__(self) -> None:
        self._ca = trustme.CA()
        self._lock = threading.Lock()
        self._contexts: dict[str, ssl.SSLContext] = {}

    @property
    def pem(self) -> str:
        """The CA certificate."""
        return self._ca.cert_pem.bytes().decode("ascii")

    def context(self, host: str) -> ssl.SSLContext:
        """A server context for this host."""
        with self._lock:
            if host not in self._contexts:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                certificate = self._ca.issue_cert(_ascii(host))
                certificate.configure_cert(context)
                self._contexts[host] = context
            return self._contexts[host]


@cache
def authority() -> Authority:
    """The one that clients under replay trust."""
    return Authority()


@cache
def stranger() -> Authority:
    """One that nobody trusts: the fault "untrusted TLS certificate"."""
    return Authority()


def handshake(context: ssl.SSLContext, sock: socket.socket) -> ssl.SSLSocket:
    """Answer a client's handshake."""
    return originals.wrap_socket(context, sock, server_side=True)


def _ascii(host: str) -> str:
    return host.encode("idna").decode("ascii") if not host.isascii() else host
