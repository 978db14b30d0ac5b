"""C02: starts a thread when it is imported."""

from __future__ import annotations

import threading

from zoo.broken.lean import LeanHttp
from zoo.broken.planting import planted

_READY = threading.Event()
threading.Thread(target=_READY.set, name="acme-warm-up", daemon=True).start()


class StartsThreadAtImport(LeanHttp):
    """Its module warms something up in the background."""

    name = "acme_thread_at_import"


MEMBERS = planted("C02", StartsThreadAtImport)
