"""What a failure of the transport means, from the phase in which it came."""

import ssl
from collections.abc import Callable, Iterator

from automate_connectors.adapters._httpx import httpx
from automate_connectors.adapters._presentable import Redactor, one_line
from automate_connectors.errors import (
    ConfigurationError,
    ConnectorError,
    Effect,
    InvalidPayloadError,
    NetworkError,
    ServiceTimeoutError,
    UnexpectedResponseError,
)

#: What a client raises for a request that got no usable answer. OSError and UnicodeError (a host name that the
#: resolver cannot encode) are what httpx itself lets through.
TRANSPORT_FAILURES = (httpx.TransportError, httpx.DecodingError, OSError, UnicodeError)

_Build = Callable[[str, str], ConnectorError]


def transport_error(failure: Exception, host: str, redactor: Redactor) -> ConnectorError:
    """Return the error that a failure means, with the effect it can have had on a request that writes.

    Nothing was sent before there was a connection: effect none. From then on nobody knows: effect unknown.
    """
    reason = one_line(redactor.clean(str(failure)) or type(failure).__name__, 200)
    return _builder(failure)(one_line(redactor.clean(host), 100), reason)


def _builder(failure: Exception) -> _Build:
    if _is_refused_certificate(failure):
        return _refused_certificate
    return next((build for kinds, build in _BUILDERS if isinstance(failure, kinds)), _broken)


def _is_refused_certificate(failure: Exception) -> bool:
    return any(isinstance(link, ssl.SSLCertVerificationError) for link in _chain(failure))


def _chain(failure: BaseException | None) -> Iterator[BaseException]:
    # An exception object that a client raises again and again may have become its own context.
    seen: set[int] = set()
    while failure is not None and id(failure) not in seen:
        yield failure
        seen.add(id(failure))
        failure = failure.__cause__ or failure.__context__


def _refused_certificate(host: str, reason: str) -> ConnectorError:
    return NetworkError(
        f"the certificate of {host} cannot be trusted ({reason}): check base_url and the trusted authorities",
        retryable=False,
        effect=Effect.NONE,
    )


def _no_connection_in_time(host: str, _reason: str) -> ConnectorError:
    return ServiceTimeoutError(
        f"no connection to {host} within the timeout: check the network and base_url, or raise the option timeout",
        effect=Effect.NONE,
    )


def _no_connection(host: str, reason: str) -> ConnectorError:
    return NetworkError(
        f"no connection to {host} ({reason}): check the network and the option base_url", effect=Effect.NONE
    )


def _no_answer_in_time(host: str, _reason: str) -> ConnectorError:
    return ServiceTimeoutError(f"{host} did not answer within the timeout: try later, or raise the option timeout")


def _undecodable(host: str, _reason: str) -> ConnectorError:
    return UnexpectedResponseError(f"the answer of {host} is not in the encoding that its headers announce")


def _impossible_host(host: str, _reason: str) -> ConnectorError:
    return ConfigurationError(f"{host} is not a possible host name: check the option base_url")


def _unsendable(host: str, reason: str) -> ConnectorError:
    # It may have been found out halfway through the request.
    return InvalidPayloadError(f"the request to {host} breaks the protocol ({reason})", effect=Effect.UNKNOWN)


def _broken(host: str, reason: str) -> ConnectorError:
    return NetworkError(f"the connection to {host} broke ({reason}): check the network, and whether the service acted")


_BUILDERS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], _Build], ...] = (
    ((httpx.ConnectTimeout, httpx.PoolTimeout), _no_connection_in_time),
    ((httpx.ConnectError, httpx.ProxyError), _no_connection),
    (httpx.TimeoutException, _no_answer_in_time),
    (httpx.DecodingError, _undecodable),
    (httpx.LocalProtocolError, _unsendable),
    (UnicodeError, _impossible_host),
)
