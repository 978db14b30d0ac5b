"""An OpenAPI document from a file, in JSON or in YAML, as plain values of JSON.

It is a stranger's: size, depth and what aliases unfold to are bounded, and no tag makes anything but plain values.
"""

import json
import math
from pathlib import Path
from typing import Any, Final, NoReturn

from automate_connectors.cassettes.traffic import CassetteError
from automate_connectors.cassettes.yaml_events import Unquoted, parse
from automate_connectors.scaffold.draft import DraftError

__all__ = ["read_document"]

_BYTES: Final = 16 * 1024 * 1024
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def read_document(path: Path) -> dict[str, Any]:
    """Return an OpenAPI document.

    Raises:
        DraftError: The file cannot be read, is neither JSON nor YAML, or no OpenAPI 3.
    """
    data = _bytes(path).removeprefix(_BYTE_ORDER_MARK)
    document = _json(path, data) if data.lstrip().startswith((b"{", b"[")) else _yaml(path, data)
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3."):
        raise DraftError(f'{path.name!a:.80} is no OpenAPI 3 document: expected an object with "openapi": "3..."')
    return document


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise DraftError(f"{str(path)!a:.200} cannot be read: {getattr(error, 'strerror', error)}") from error
    if len(data) > _BYTES:
        raise DraftError(
            f"{path.name!a:.80} is larger than {_BYTES // 1024**2} MiB: leave out what is not to be drafted"
        )
    return data


def _json(path: Path, data: bytes) -> Any:
    try:
        return json.loads(data, parse_constant=_no_number)
    except RecursionError as error:
        raise DraftError(f"{path.name!a:.80} is no JSON that can be read: it is nested too deeply") from error
    except ValueError as error:
        raise DraftError(f"{path.name!a:.80} is no JSON: {error!s:.200}; correct the file") from error


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _yaml(path: Path, data: bytes) -> Any:
    try:
        return _plain(parse(path, data), {})
    except CassetteError as error:
        raise DraftError(f"{path.name!a:.80} is neither JSON nor YAML that can be read: {error}") from error


def _plain(value: object, known: dict[int, Any]) -> Any:
    """Return a value of YAML as JSON has it; what an alias repeats stays one object."""
    if id(value) in known:
        return known[id(value)]
    if isinstance(value, dict):
        known[id(value)] = {key: _plain(part, known) for key, part in value.items()}
    elif isinstance(value, list):
        known[id(value)] = [_plain(part, known) for part in value]
    elif isinstance(value, Unquoted):
        return _scalar(value)
    elif isinstance(value, bytes):
        return value.decode("latin-1")
    else:
        return value
    return known[id(value)]


def _scalar(found: Unquoted) -> Any:
    """Return what YAML 1.2, and so OpenAPI, reads: ``on``, ``1:30`` and dates are texts."""
    value = found.value
    if isinstance(value, bool):
        return value if found.text.lower() in {"true", "false"} else found.text
    if isinstance(value, int | float) and math.isfinite(value) and ":" not in found.text:
        return value
    return found.text
