"""The throw-away authority: one that clients under replay trust, and one that nobody does."""

from __future__ import annotations

import socket
import ssl
import threading
from typing import Any

import pytest

from automate_connectors.wire import originals, tls
from automate_connectors.wire.install import install

install()


def client_context(pem: str) -> ssl.SSLContext:
    """A verifying client context that trusts one authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    originals.load_verify_locations(context, cadata=pem)
    return context


def shake_hands(server: ssl.SSLContext, client: ssl.SSLContext, host: str) -> str:
    """Connect both over a socket pair; the name that the server's certificate is made out to."""
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            tls.handshake(server, theirs).close()
        except OSError:
            theirs.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with client.wrap_socket(ours, server_hostname=host) as wrapped:
            certificate: Any = wrapped.getpeercert()
            return str(certificate["subjectAltName"][0][1])
    finally:
        ours.close()
        thread.join()


def test_a_context_is_made_once_a_host() -> None:
    """Making one costs milliseconds."""
    authority = tls.Authority()
    assert authority.context("a.test") is authority.context("a.test")
    assert authority.context("a.test") is not authority.context("b.test")


@pytest.mark.parametrize(("host", "name"), [("a.test", "a.test"), ("bücher.test", "xn--bcher-kva.test")])
def test_a_client_that_trusts_the_authority_accepts_its_hosts(host: str, name: str) -> None:
    """Host names are checked, in their form on the wire."""
    authority = tls.authority()
    assert shake_hands(authority.context(host), client_context(authority.pem), name) == name


def test_a_client_refuses_the_stranger_and_another_hosts_name() -> None:
    """The two faults of the standard's S02."""
    with pytest.raises(ssl.SSLCertVerificationError, match=r"self-signed|local issuer"):
        shake_hands(tls.stranger().context("a.test"), client_context(tls.authority().pem), "a.test")
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        shake_hands(tls.authority().context(tls.OTHER_HOST), client_context(tls.authority().pem), "a.test")
