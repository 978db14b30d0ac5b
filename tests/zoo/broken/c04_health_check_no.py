"""C04: no clear No where the service cannot be reached."""

from __future__ import annotations

import httpx

from automate_connectors import NetworkError, ServiceTimeoutError
from zoo.acme import BASE
from zoo.broken.lean import LeanHttp, LeanHttpx, LeanUrllib
from zoo.broken.planting import planted


class LetsTheClientSpeak(LeanHttpx):
    """Lets the errors of `httpx` out of connect()."""

    name = "acme_client_errors_in_connect"

    def connect(self) -> bool:
        """Ask who we are."""
        response = httpx.get(f"{BASE}/me", headers=self.headers(), timeout=5)
        return response.status_code == 200


class SlowIsFine(LeanUrllib):
    """Takes a service that does not answer for a busy one."""

    name = "acme_slow_is_fine"

    def connect(self) -> bool:
        """Ask who we are."""
        try:
            return super().connect()
        except ServiceTimeoutError:
            return True


class NoneWhenUnreachable(LeanHttp):
    """Leaves connect() without a value where the network fails."""

    name = "acme_none_when_unreachable"

    def connect(self) -> bool:
        """Ask who we are."""
        try:
            return super().connect()
        except NetworkError:
            pass
        return None  # type: ignore[return-value]  # the planted defect


MEMBERS = planted("C04", LetsTheClientSpeak, SlowIsFine, NoneWhenUnreachable)
