"""Acme through `urllib3`: never retrying, or with urllib3's own polite `Retry`."""

from __future__ import annotations

import urllib3
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError, NewConnectionError
from urllib3.exceptions import TimeoutError as UrllibTimeoutError

from automate_connectors import ConnectionProfile, ConnectorError, NetworkError, ServiceTimeoutError
from zoo.members import Member, acme
from zoo.right.by_hand import FEW, AcmeByHand, Ask, Reply, lower


class Urllib3AcmeAdapter(AcmeByHand):
    """One pool, nothing retried, no redirect followed."""

    name = "acme_urllib3"
    version = "1.0.0"
    retries: urllib3.Retry | bool = False

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=5, read=20))

    def send(self, request: Ask) -> Reply:
        """Send by the pool."""
        try:
            response = self._pool.request(
                request.method,
                request.url,
                body=request.body,
                headers=dict(request.headers),
                retries=self.retries,
                redirect=False,
            )
        except HTTPError as error:
            raise _transport_error(error) from error
        return Reply(response.status, lower(response.headers), response.data)

    def close(self) -> None:
        """Close the pool's connections."""
        self._pool.clear()


class LenientRetry(urllib3.Retry):
    """Takes a Retry-After that cannot be read for none; urllib3's own would raise in the place of the answer."""

    def parse_retry_after(self, retry_after: str) -> float:
        """The seconds to wait."""
        try:
            return super().parse_retry_after(retry_after)
        except InvalidHeader:
            return 0


class Urllib3RetryAcmeAdapter(Urllib3AcmeAdapter):
    """Lets urllib3 try reads again, three times at most, and no sooner than the service asks."""

    name = "acme_urllib3_retry"
    retries = LenientRetry(
        total=3,
        backoff_factor=0.5,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods=("GET", "HEAD"),
        respect_retry_after_header=True,
        raise_on_status=False,
        redirect=False,
    )


def _transport_error(error: HTTPError) -> ConnectorError:
    reason = error.reason if isinstance(error, MaxRetryError) else error
    # A name that does not resolve is a NewConnectionError, which urllib3 counts among its timeouts.
    if isinstance(reason, UrllibTimeoutError) and not isinstance(reason, NewConnectionError):
        return ServiceTimeoutError("Acme did not answer in time")
    return NetworkError("the connection to Acme failed")


MEMBERS = [Member(kind, record=acme(kind, actions=FEW)) for kind in (Urllib3AcmeAdapter, Urllib3RetryAcmeAdapter)]
