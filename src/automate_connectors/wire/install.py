"""Puts the redirect and the virtual clock in place, once a process; both are inert until a replay begins."""

from __future__ import annotations

import sys
from functools import cache

from automate_connectors.wire import clock, originals, redirect

_BY_VALUE = {
    "sleep": (originals.sleep, originals.async_sleep),
    "monotonic": (originals.monotonic,),
    "perf_counter": (originals.perf_counter,),
    "getaddrinfo": (originals.getaddrinfo,),
}


@cache
def install() -> None:
    """Replace the functions of the standard library, and the names under which modules already hold them."""
    clock.install()
    redirect.install()


def rebind(module_name: str) -> None:
    """Replace originals that a module took by ``from time import sleep`` before `install` ran."""
    import asyncio  # noqa: PLC0415 - read after the replacement
    import socket  # noqa: PLC0415 - read after the replacement
    import time  # noqa: PLC0415 - read after the replacement

    replaced = {
        originals.sleep: time.sleep,
        originals.async_sleep: asyncio.sleep,
        originals.monotonic: time.monotonic,
        originals.perf_counter: time.perf_counter,
        originals.getaddrinfo: socket.getaddrinfo,
    }
    module = sys.modules.get(module_name)
    for name, value in list(vars(module).items()) if module else ():
        try:
            replacement = replaced.get(value)
        except TypeError:
            continue
        if replacement is not None:
            setattr(module, name, replacement)
