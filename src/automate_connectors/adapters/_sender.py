"""Sending: one client for an adapter, one request at a time, redirects within the origin, no second attempt."""

import threading
from collections.abc import Collection
from http.cookiejar import CookieJar, DefaultCookiePolicy

from automate_connectors.adapters._httpx import httpx
from automate_connectors.adapters._presentable import Redactor
from automate_connectors.adapters._target import Origin
from automate_connectors.adapters._transport_errors import TRANSPORT_FAILURES, transport_error
from automate_connectors.errors import ConfigurationError, UnexpectedResponseError
from automate_connectors.profiles import ConnectionProfile

#: Redirects within one origin that a GET or HEAD follows.
MOST_REDIRECTS = 5

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LOCATION = "automate_connectors.location"
_ABOUT_THE_BODY = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class Sender:
    """Owns the connections of one adapter; threads may share it.

    The client is made by the first request and made again after `close`. It keeps no cookies: they would tie the
    requests of unrelated threads together and make the second attempt of an operation differ from the first.
    """

    def __init__(self, profile: ConnectionProfile) -> None:
        self._profile = profile
        self._lock = threading.Lock()
        self._client: httpx.Client | None = None

    def client(self, timeout: float) -> httpx.Client:
        """Return the client, made when it is first asked for; `timeout` in seconds bounds each phase of a request.

        Raises:
            ConfigurationError: The proxy or certificate variables of the environment are unusable.
        """
        with self._lock:
            if self._client is None:
                self._client = _new_client(timeout)
            return self._client

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def send(
        self, client: httpx.Client, request: httpx.Request, *, needs_body: bool, wanted: Collection[int]
    ) -> httpx.Response:
        """Send the request and return the answer, its body read.

        Args:
            client: What sends it.
            request: What is sent.
            needs_body: Whether a success is worth nothing without its body.
            wanted: Statuses that are answers even where they are redirects.

        Raises:
            ConnectorError: The transport failed, or the redirects do not end.
        """
        for _hop in range(MOST_REDIRECTS + 1):
            response = self._transmit(client, request, needs_body=needs_body)
            target = None if response.status_code in wanted else _redirect(response)
            if target is None:
                return response
            request = client.build_request(request.method, target, headers=request.headers, content=request.content)
        raise UnexpectedResponseError(
            f"the service redirected more than {MOST_REDIRECTS} times: check base_url", status=response.status_code
        )

    def _transmit(self, client: httpx.Client, request: httpx.Request, *, needs_body: bool) -> httpx.Response:
        try:
            response = client.send(request, stream=True)
            _give_location_back(response)
            try:
                response.read()
            except TRANSPORT_FAILURES:
                # The status has arrived. Where it says everything, a broken body takes nothing away.
                if response.is_success and needs_body:
                    raise
                return _without_body(response)
            finally:
                response.close()
        except TRANSPORT_FAILURES as failure:
            redactor = Redactor.of(self._profile)
            raise transport_error(failure, request.url.host, redactor) from redactor.cause(failure)
        return response


def _new_client(timeout: float) -> httpx.Client:
    try:
        # Proxies and authorities of the environment are honoured: companies reach the world through them alone.
        # httpx takes no credentials from a netrc file unless asked to.
        return httpx.Client(
            timeout=timeout,
            follow_redirects=False,
            cookies=_no_cookies(),
            event_hooks={"response": [_take_location_away]},
        )
    except (ImportError, OSError, ValueError, httpx.InvalidURL):
        # The reason may quote the address of a proxy, and with it a password.
        raise ConfigurationError(
            "the HTTP client cannot be set up: check HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE and their like"
        ) from None


def _no_cookies() -> CookieJar:
    return CookieJar(DefaultCookiePolicy(allowed_domains=()))


def _take_location_away(response: httpx.Response) -> None:
    # httpx looks where a redirect leads even where it does not follow, and breaks off at an address it cannot read.
    location = response.headers.get("location")
    if location is not None:
        response.extensions[_LOCATION] = location
        del response.headers["location"]


def _give_location_back(response: httpx.Response) -> None:
    location = response.extensions.pop(_LOCATION, None)
    if location is not None:
        response.headers["location"] = location


def _redirect(response: httpx.Response) -> httpx.URL | None:
    """Return where a redirect leads, if it is one that may be followed with the same credentials."""
    request = response.request
    location = response.headers.get("location")
    if response.status_code not in _REDIRECTS or request.method not in {"GET", "HEAD"} or location is None:
        return None
    try:
        target = request.url.join(location)
    except httpx.InvalidURL:
        return None
    same = Origin.of(target) == Origin.of(request.url) and not target.userinfo
    return target if same else None


def _without_body(response: httpx.Response) -> httpx.Response:
    headers = [(name, value) for name, value in response.headers.multi_items() if name not in _ABOUT_THE_BODY]
    return httpx.Response(response.status_code, headers=headers, content=b"", request=response.request)
