"""X02: recordings that are not of this month, stand alone, or differ from those before: the service went on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from zoo.acme import Said
from zoo.broken.lean import LeanHttp, LeanRequests, LeanUrllib
from zoo.broken.lean_aiohttp import LeanAiohttp
from zoo.broken.planting import LEAN, planted, said_with


class LastMonthAdapter(LeanHttp):
    """Recorded 31 days ago."""

    name = "acme_x02_last_month"


class RecordedOnceAdapter(LeanHttp):
    """Recorded today for the first time."""

    name = "acme_x02_once"


class FieldGoneAdapter(LeanRequests):
    """Users had an address by mail in the recording before."""

    name = "acme_x02_field_gone"


class TypeChangedAdapter(LeanAiohttp):
    """Messages had numbers for ids in the recording before."""

    name = "acme_x02_type"


class StatusChangedAdapter(LeanUrllib):
    """A message was answered with 200 in the recording before."""

    name = "acme_x02_status"


class FurtherRequestAdapter(LeanHttp):
    """Its health check asked for more in the recording before."""

    name = "acme_x02_requests"


def _answered(action: str, fields: Mapping[str, Any] | None = None, **changes: Any) -> dict[str, list[Said]]:
    """What the service said before: the answer to an action had other fields, or was another."""
    (one,) = LEAN[action]
    return said_with(**{action: [replace(one, answer=one.answer | (fields or {}), **changes)]})


_TODAY = datetime.now(UTC)
_MORE = said_with(connect=[*LEAN["connect"], Said("GET", "/v1/limits", answer={"left": 7})])
MEMBERS = [
    *planted("X02", LastMonthAdapter, level="platinum", before=LEAN, recorded_at=_TODAY - timedelta(days=31)),
    *planted("X02", RecordedOnceAdapter, level="platinum"),
    *planted("X02", FieldGoneAdapter, level="platinum", before=_answered("get_user", {"email": "ada@acme.test"})),
    *planted("X02", TypeChangedAdapter, level="platinum", before=_answered("send_message", {"id": 1})),
    *planted("X02", StatusChangedAdapter, level="platinum", before=_answered("send_message", status=200)),
    *planted("X02", FurtherRequestAdapter, level="platinum", before=_MORE),
]
