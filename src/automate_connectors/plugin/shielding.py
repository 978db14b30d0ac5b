"""What of this machine would reach into a replay."""

from __future__ import annotations

import os

__all__ = ["shield_environment"]

#: What would lead requests elsewhere, or bring another trust store.
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSLKEYLOGFILE")


def shield_environment() -> None:
    """Keep proxies, trust stores and credential files of this machine out of the adapters' requests."""
    for name in (*_PROXIES, *map(str.upper, _PROXIES), *_TRUST):
        os.environ.pop(name, None)
    os.environ["NETRC"] = os.devnull
