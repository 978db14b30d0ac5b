"""Why a session recorded nothing: which call, what it raised, and what the service had answered."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from automate_connectors.cassettes.traffic import CassetteError, Interaction
from automate_connectors.errors import ConnectorError

__all__ = ["RecordingError", "answered", "raised"]

_SHOWN = 300
#: Longer answers are not quoted.
_LONGEST_BODY = 100_000


class RecordingError(CassetteError):
    """Nothing was recorded and no file was touched; the message says which call failed, and how."""


def raised(error: BaseException, clean: Callable[[str], str]) -> str:
    """What a call raised, on one line, without secrets."""
    if isinstance(error, ConnectorError):
        return f"{error.code.value}: {_short(clean(error.message))}"
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}: {_short(clean(str(error)))}"


def answered(heard: Sequence[Interaction], clean: Callable[[str], str]) -> str:
    """What the service answered last, on one line, without secrets."""
    if not heard:
        return "the service answered nothing"
    last = heard[-1]
    text = last.response.body.decode("utf-8", "replace") if len(last.response.body) <= _LONGEST_BODY else ""
    body = _short(" ".join(clean(text).split()))
    said = f": {body}" if body and body.isprintable() else ""
    return (
        f"the service answered {last.response.status} to {last.request.method} {_short(clean(last.request.uri))}{said}"
    )


def _short(text: str) -> str:
    # Cut after scrubbing: half a secret would not be found.
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
