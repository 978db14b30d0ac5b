"""C02: starts a thread when it is imported."""

from __future__ import annotations

import threading

from zoo.broken.lean import LeanHttp
from zoo.broken.planting import planted

_CLOSED = threading.Event()
# It ends by itself: the tests of the zoo import this module too.
threading.Thread(target=_CLOSED.wait, args=(30,), name="acme-news", daemon=True).start()


class StartsThreadAtImport(LeanHttp):
    """Its module waits for news in the background."""

    name = "acme_thread_at_import"


MEMBERS = planted("C02", StartsThreadAtImport)
