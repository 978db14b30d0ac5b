"""Bodies that `urllib.request` sends in chunks because it got pieces without a length.

vcrpy forgets `encode_chunked`, and sends the pieces as one under a header that announces chunks.

Source: CPython 3.11 (`Lib/http/client.py`, `Lib/urllib/request.py`), vcrpy 9.4 (`vcr/stubs/__init__.py`).
"""

from __future__ import annotations

import contextlib
import functools
import http.client
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

__all__ = ["chunked_as_asked"]

_OPTION = "encode_chunked"
#: What vcrpy's connection sets on itself it sets on the real one too.
_ASKED = "_asked_to_encode_chunked"


@contextlib.contextmanager
def chunked_as_asked(stubs: Any) -> Iterator[None]:
    """Send in chunks what is to be sent so, while the block runs; to be entered before vcrpy's own patches.

    Args:
        stubs: The module `vcr.stubs`.
    """
    heard, real = stubs.VCRConnection, http.client.HTTPConnection
    with (
        mock.patch.object(heard, "request", _remembering(heard.request)),
        mock.patch.object(real, "request", _encoding(real.request)),
    ):
        yield


def _remembering(request: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(request)
    def remembered(connection: Any, *arguments: Any, **named: Any) -> None:
        setattr(connection, _ASKED, bool(named.get(_OPTION)))
        request(connection, *arguments, **named)

    return remembered


def _encoding(request: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(request)
    def encoded(connection: Any, *arguments: Any, **named: Any) -> None:
        asked = bool(named.pop(_OPTION, False)) or getattr(connection, _ASKED, False)
        request(connection, *arguments, **named, **{_OPTION: asked})

    return encoded
