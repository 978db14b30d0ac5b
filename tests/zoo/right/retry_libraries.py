"""Acme with the retries that libraries bring: `requests` over urllib3's `Retry`, httpx's transport, stamina."""

from __future__ import annotations

import httpx
import requests
import stamina
from requests.adapters import HTTPAdapter

from automate_connectors import ConnectionProfile, ConnectorError, NetworkError, ServiceTimeoutError
from zoo.members import Member, acme
from zoo.right.by_hand import FEW, AcmeByHand, Ask, Reply, lower, refuse
from zoo.right.with_httpx import send
from zoo.right.with_urllib3 import LenientRetry


class RequestsRetryAcmeAdapter(AcmeByHand):
    """Mounts a `Retry` for reads on its session."""

    name = "acme_requests_retry"
    version = "1.0.0"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._session = requests.Session()
        retry = LenientRetry(
            total=2, backoff_factor=1, status_forcelist=(429, 502, 503, 504), allowed_methods=("GET",),
            raise_on_status=False,
        )  # fmt: skip
        self._session.mount("https://", HTTPAdapter(max_retries=retry))

    def send(self, request: Ask) -> Reply:
        """Send in the session."""
        try:
            answer = self._session.request(
                request.method,
                request.url,
                data=request.body,
                headers=dict(request.headers),
                timeout=(3.05, 27),
                allow_redirects=False,
            )
        except requests.Timeout as error:
            raise ServiceTimeoutError("Acme did not answer in time") from error
        except requests.ConnectionError as error:
            raise self._given_up(error) from error
        except requests.RequestException as error:
            raise NetworkError("the connection to Acme failed") from error
        return Reply(answer.status_code, lower(answer.headers), answer.content)

    @staticmethod
    def _given_up(error: requests.ConnectionError) -> ConnectorError:
        # After the last attempt a read timeout comes wrapped, and only its text tells.
        if "Read timed out" in str(error):
            return ServiceTimeoutError("Acme did not answer in time")
        return NetworkError("the connection to Acme failed")

    def close(self) -> None:
        """Close the session."""
        self._session.close()


class TransportRetryAcmeAdapter(AcmeByHand):
    """Lets httpx connect twice more, which repeats no request."""

    name = "acme_transport_retry"
    version = "1.0.0"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._client = httpx.Client(transport=httpx.HTTPTransport(retries=2), timeout=10)

    def send(self, request: Ask) -> Reply:
        """Send by the client."""
        return send(self._client, request)

    def close(self) -> None:
        """Close the client."""
        self._client.close()


class StaminaAcmeAdapter(TransportRetryAcmeAdapter):
    """Leaves reads to stamina, which asks how long to wait."""

    name = "acme_stamina"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._client.close()
        self._client = httpx.Client(timeout=10)

    def send(self, request: Ask) -> Reply:
        """Send, and send reads again."""
        if request.method != "GET":
            return super().send(request)
        for attempt in stamina.retry_context(on=_backoff, attempts=3, timeout=90, wait_initial=0.2):
            with attempt:
                reply = super().send(request)
                refuse(reply)
        return reply


def _backoff(error: Exception) -> bool | float:
    if not isinstance(error, ConnectorError) or not error.retryable:
        return False
    return error.retry_after or True


MEMBERS = [
    Member(kind, record=acme(kind, actions=FEW))
    for kind in (RequestsRetryAcmeAdapter, TransportRetryAcmeAdapter, StaminaAcmeAdapter)
]
