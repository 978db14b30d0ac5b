"""R04: recordings that are too old, or of another major version."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from zoo.acme import write_cassettes
from zoo.broken.lean import LeanHttp, LeanRequests
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.planting import LEAN
from zoo.gold_broken.planting import planted


class OldRecordingsAdapter(LeanHttp):
    """Recorded 401 days ago."""

    name = "acme_r04_old"


class OldAsyncRecordingsAdapter(LeanAiohttp):
    """Recorded two years ago."""

    name = "acme_r04_old_async"


class NextMajorAdapter(LeanRequests):
    """Went on to version 2 with the recordings of version 1."""

    name = "acme_r04_major"
    version = "2.0.0"


_TODAY = datetime.now(UTC)
MEMBERS = [
    *planted("R04", OldRecordingsAdapter, recorded_at=_TODAY - timedelta(days=401)),
    *planted("R04", OldAsyncRecordingsAdapter, recorded_at=_TODAY - timedelta(days=730)),
    *planted(
        "R04",
        NextMajorAdapter,
        record=lambda kind: lambda folder: write_cassettes(folder, kind.name, version="1.9.0", said=LEAN),
    ),
]
