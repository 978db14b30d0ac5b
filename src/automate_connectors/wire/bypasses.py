"""Clients that would go round the redirect: led back where that is possible, refused where it is not."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from automate_connectors.errors import ConfigurationError


def close_bypasses() -> None:
    """Make aiohttp resolve names through `socket.getaddrinfo`, and refuse uvloop.

    Raises:
        ConfigurationError: where uvloop's event loops are in force: they connect past Python's sockets.
    """
    connector: Any = sys.modules.get("aiohttp.connector")
    resolver: Any = sys.modules.get("aiohttp.resolver")
    if connector is not None and resolver is not None:
        # With aiodns installed aiohttp would ask a name server itself.
        connector.DefaultResolver = resolver.ThreadedResolver
    policy = type(asyncio.get_event_loop_policy())
    if policy.__module__.partition(".")[0] == "uvloop":
        raise ConfigurationError(
            "uvloop is installed as the event loop policy, and its loops go round the loopback service: "
            "leave the policy to the host, and certify on asyncio's own loop"
        )
