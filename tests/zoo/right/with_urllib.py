"""Acme through `urllib.request`: nothing but the standard library."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request

from automate_connectors import ConnectorError, NetworkError, ServiceTimeoutError
from zoo.members import Member, acme
from zoo.right.by_hand import Ask, Reply, WholeAcmeByHand, lower


class UrllibAcmeAdapter(WholeAcmeByHand):
    """Follows redirects as urllib does, but keeps its credentials from them."""

    name = "acme_urllib"
    version = "1.0.0"

    def send(self, request: Ask) -> Reply:
        """Open the address; an error status is an answer too."""
        prepared = urllib.request.Request(  # noqa: S310 - Acme's address is HTTPS
            request.url, data=request.body, method=request.method
        )
        for header, value in request.headers.items():
            prepared.add_unredirected_header(header, value)
        try:
            with urllib.request.urlopen(prepared, timeout=15) as answer:  # noqa: S310 - Acme's address is HTTPS
                return Reply(answer.status, lower(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, lower(error.headers), error.read())
        except (OSError, http.client.HTTPException) as error:
            raise _transport_error(error) from error


def _transport_error(error: Exception) -> ConnectorError:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return ServiceTimeoutError("Acme did not answer in time")
    return NetworkError("the connection to Acme failed")


MEMBERS = [Member(UrllibAcmeAdapter, record=acme(UrllibAcmeAdapter))]
