"""Text that may be shown: on one line, bounded, and without a secret in any encoding."""

import base64
import json
import re
import traceback
from collections.abc import Iterable, Iterator
from typing import TypeVar
from urllib.parse import quote, quote_plus

from automate_connectors.profiles import ConnectionProfile

#: Shorter values occur in ordinary text by chance; taking them out would garble every message.
SHORTEST_SECRET = 4

_REDACTED = "***"

_Error = TypeVar("_Error", bound=BaseException)


def one_line(text: str, limit: int = 300) -> str:
    """Return the text with every run of white space and control characters as one space, cut to `limit` characters."""
    flat = re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text).strip()
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def _base64_cores(value: bytes) -> Iterator[str]:
    """Yield what of the value's base64 text does not depend on its neighbours, for each of the three alignments."""
    for lead in range(3):
        text = base64.b64encode(b"\0" * lead + value).decode()
        first = (0, 2, 3)[lead]
        last = (lead + len(value)) * 8 // 6
        core = text[first:last]
        yield core
        yield core.replace("+", "-").replace("/", "_")


def _encodings(secret: str) -> set[str]:
    """Return the forms in which a secret may turn up in an address, a header, a body or a message."""
    raw = secret.encode("utf-8", "surrogatepass")
    percent = {quote(raw, safe=""), quote(raw), quote_plus(raw)}
    lower = {re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), form) for form in percent}
    escaped = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
    return {secret, raw.hex(), raw.hex().upper(), *percent, *lower, *escaped, *_base64_cores(raw)}


class Redactor:
    """Finds and removes a set of secrets, whatever their encoding."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets if len(secret) >= SHORTEST_SECRET for form in _encodings(secret)}
        # Longest first: a form that contains another must go as a whole.
        ordered = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    @classmethod
    def of(cls, profile: ConnectionProfile) -> "Redactor":
        """Return a redactor of the profile's secrets."""
        return cls(profile.secret_values().values())

    def finds(self, text: str) -> bool:
        """Say whether the text holds a secret."""
        return self._pattern is not None and self._pattern.search(text) is not None

    def clean(self, text: str) -> str:
        """Return the text without its secrets."""
        return text if self._pattern is None else self._pattern.sub(_REDACTED, text)

    def cause(self, error: _Error) -> _Error:
        """Return the error, or one of its type with cleaned text where its printed chain would show a secret."""
        printed = "".join(traceback.format_exception(error)) + repr(error)
        return same_type(error, self.clean(str(error))) if self.finds(printed) else error


def same_type(error: _Error, text: str) -> _Error:
    """Return a new exception of the error's type that says `text` and remembers nothing else."""
    bare = type(error).__new__(type(error))
    bare.args = (text,)
    return bare
