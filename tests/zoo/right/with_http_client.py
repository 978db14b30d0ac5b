"""Acme through `http.client`: one persistent connection, its timeout set once."""

from __future__ import annotations

import http.client

from automate_connectors import ConnectionProfile, NetworkError, ServiceTimeoutError
from zoo.members import Member, acme
from zoo.right.by_hand import Ask, Reply, WholeAcmeByHand, lower


class HttpClientAcmeAdapter(WholeAcmeByHand):
    """Keeps its connection, and opens another after a failure."""

    name = "acme_http_client"
    version = "1.0.0"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._connection = http.client.HTTPSConnection("api.acme.test", timeout=12)

    def send(self, request: Ask) -> Reply:
        """Send on the connection, which connects by itself where it is closed."""
        target = request.url.removeprefix("https://api.acme.test")
        try:
            self._connection.request(request.method, target, request.body, dict(request.headers))
            with self._connection.getresponse() as answer:
                return Reply(answer.status, lower(answer.headers), answer.read())
        except TimeoutError as error:
            self._connection.close()
            raise ServiceTimeoutError("Acme did not answer in time") from error
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise NetworkError("the connection to Acme failed") from error

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


MEMBERS = [Member(HttpClientAcmeAdapter, record=acme(HttpClientAcmeAdapter))]
