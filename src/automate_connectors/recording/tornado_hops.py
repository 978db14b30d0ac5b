"""Redirects that tornado's simple client follows by itself, each hop as it went over the wire.

vcrpy listens where a fetch begins and ends, so it takes the last answer for that of the first request. Here each
redirect is heard where tornado decides to follow it, and vcrpy's record of the whole is wiped, as are the 599 that
tornado makes up where no answer came.

Source: tornado 6.4 to 6.6 (`tornado/simple_httpclient.py`), vcrpy 9.4 (`vcr/stubs/tornado_stubs.py`).
"""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock
from weakref import WeakSet

__all__ = ["single_hops"]

#: What tornado says in place of a status where none was received.
_NO_ANSWER = 599
#: Of a body that is not kept.
_LENGTHS = ("content-length", "transfer-encoding", "content-encoding", "x-consumed-content-encoding")


@contextlib.contextmanager
def single_hops(heard: list[tuple[Any, Any]], request_class: Callable[..., Any]) -> Iterator[None]:
    """Hear every hop while the block runs, if tornado is there.

    Args:
        heard: What vcrpy hears: requests with answers.
        request_class: `vcr.request.Request`.
    """
    tornado = sys.modules.get("tornado.simple_httpclient")
    if tornado is None:
        yield
        return
    client, connection = tornado.SimpleAsyncHTTPClient, tornado._HTTPConnection  # noqa: SLF001 - there alone a hop shows
    followed: WeakSet[Any] = WeakSet()
    with (
        mock.patch.object(client, "fetch_impl", _wiping(client.fetch_impl, heard, followed)),
        mock.patch.object(connection, "finish", _hearing(connection.finish, heard, followed, request_class)),
    ):
        yield


def _wiping(fetch: Callable[..., None], heard: list[tuple[Any, Any]], followed: WeakSet[Any]) -> Callable[..., None]:
    @functools.wraps(fetch)
    def fetch_impl(client: Any, request: Any, callback: Callable[[Any], None]) -> None:
        def wiped(answer: Any) -> None:
            if answer.code == _NO_ANSWER or request in followed:
                _wipe(heard, request.url, answer)
            callback(answer)

        fetch(client, request, wiped)

    return fetch_impl


def _wipe(heard: list[tuple[Any, Any]], address: str, answer: Any) -> None:
    """Forget the newest record of this request with this answer; vcrpy made it a moment ago."""
    for place in reversed(range(len(heard))):
        request, told = heard[place]
        if (request.uri, told["status"]["code"], told.get("url")) == (address, answer.code, answer.effective_url):
            del heard[place]
            return


def _hearing(
    finish: Callable[[Any], None], heard: list[tuple[Any, Any]], followed: WeakSet[Any], request_class: Any
) -> Callable[[Any], None]:
    @functools.wraps(finish)
    def finished(hop: Any) -> None:
        if hop._should_follow_redirect():  # noqa: SLF001 - as `finish` itself asks
            asked = hop.request
            followed.add(asked)
            headers = {name: asked.headers.get_list(name) for name in asked.headers}
            answer = {
                "status": {"code": hop.code, "message": hop.reason},
                "headers": {name: hop.headers.get_list(name) for name in hop.headers if name.lower() not in _LENGTHS},
                # Tornado throws away what else stood there.
                "body": {"string": b""},
            }
            heard.append((request_class(asked.method, asked.url, asked.body, headers), answer))
        finish(hop)

    return finished
