"""Answers to botocore as they came: it hands them on without undoing their content-encoding.

vcrpy asks urllib3 for answers without saying so, which undoes it; botocore would then miss bytes of the length that was
announced.

Source: botocore 1.35 to 1.44 (`botocore/awsrequest.py`, `botocore/response.py`), vcrpy 9.4 (`vcr/stubs/__init__.py`),
urllib3 2.0 to 2.8 (`urllib3/connection.py`; older ones undo nothing there).
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

__all__ = ["undecoded_answers"]

_OPTION = "decode_content"


@contextlib.contextmanager
def undecoded_answers() -> Iterator[None]:
    """Leave answers encoded while the block runs, if botocore is there."""
    awsrequest = sys.modules.get("botocore.awsrequest")
    with contextlib.ExitStack() as stack:
        if awsrequest is not None and _OPTION in inspect.signature(awsrequest.HTTPConnection.request).parameters:
            for kind in (awsrequest.AWSHTTPConnection, awsrequest.AWSHTTPSConnection):
                stack.enter_context(mock.patch.object(kind, "request", _undecoded(kind.request)))
        yield


def _undecoded(send: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(send)
    def request(*arguments: Any, **named: Any) -> Any:
        return send(*arguments, **{_OPTION: False, **named})

    return request
