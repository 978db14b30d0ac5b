"""Secrets out of recorded traffic by value, in every encoding, with `{{name}}` in their place.

A secret is looked for in every spelling and form that `secret_forms` knows. A literal piece of each is looked for
first, so that text without a secret costs little.

Source: architecture, decision 3.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from automate_connectors.cassettes import encodings
from automate_connectors.cassettes.filling import PLACEHOLDER, is_json
from automate_connectors.cassettes.secret_forms import SHORTEST_SECRET, Family, any_spelling, families_of, parts_of
from automate_connectors.cassettes.traffic import CassetteError, RecordedRequest, RecordedResponse

__all__ = ["Hit", "Scrubber", "ScrubbingError"]

_BASE64 = "A-Za-z0-9+/_-"
#: In JSON that a placeholder spoilt: its strings, and placeholders outside of them with what is left of the number.
_BARE = re.compile(rb'"(?:[^"\\]|\\.)*"|[-+.\w]*(\{\{[\w.-]+\}\})[-+.\w]*', re.DOTALL)

Headers = tuple[tuple[str, str], ...]


class ScrubbingError(CassetteError):
    """A secret cannot be scrubbed, or a body cannot be searched for it; the message never shows its value."""


class Hit(NamedTuple):
    """A secret that was found: its name and the encoding it stood in, never its value."""

    name: str
    form: Family


class _Span(NamedTuple):
    start: int
    end: int
    hit: Hit


@dataclass(frozen=True, slots=True)
class _Needle:
    """What to look for: `anchor` is a piece without which `pattern` cannot match, and quick to look for."""

    name: str
    family: Family
    literal: str
    anchor: str
    pattern: re.Pattern[str]

    def spans(self, text: str) -> Iterator[_Span]:
        for found in self.pattern.finditer(text):
            start, end = found.span()
            family = _family_of(found[0], self.literal) if self.family == "plain" else self.family
            if family == "base64":
                start, end = _token(text, start, end)
            yield _Span(start, end, Hit(self.name, family))


def _family_of(found: str, literal: str) -> Family:
    if found == literal:
        return "plain"
    if "\\" in found:
        return "escaped"
    if "&" in found and ";" in found:
        return "HTML-escaped"
    return "percent-encoded" if "%" in found else "plain"


def _token(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole base64 token around its certain part; in an address a slash ends it, elsewhere it belongs to it."""
    word = re.split(r"[\s\"'<>,]", text[max(0, start - 2048) : start])[-1]
    alphabet = _BASE64.replace("/", "") if "://" in word or word.startswith("/") else _BASE64
    while start and re.match(f"[{alphabet}]", text[start - 1]):
        start -= 1
    tail = re.compile(rf"(?:[{alphabet}]|%2[BbFf]|\\/)*(?:=|%3[Dd]){{0,2}}").match(text, end)
    return start, tail.end() if tail else end


def _needles(name: str, secret: str) -> Iterator[_Needle]:
    parts = {part: re.compile(any_spelling(part)) for part in parts_of(secret)}
    for part, pattern in parts.items():
        yield _Needle(name, "plain", part, _anchor(part), pattern)
    for family, form in families_of(secret):
        if family == "base64":
            yield _Needle(name, family, form, _anchor(form), re.compile(any_spelling(form)))
        elif not any(pattern.fullmatch(form) for pattern in parts.values()):
            yield _Needle(name, family, form, form, re.compile(re.escape(form)))


def _anchor(text: str) -> str:
    """The longest run of letters and digits: every spelling that a pattern knows leaves it as it is."""
    runs: list[str] = re.findall("[A-Za-z0-9]*", text)
    return max(runs, key=len)


class Scrubber:
    """Finds secrets in text and traffic, and writes `{{name}}` in their place.

    Args:
        secrets: The values by name.

    Raises:
        ScrubbingError: A value has under 6 characters and would be found by chance, or a name makes no placeholder.
    """

    def __init__(self, secrets: Mapping[str, str]) -> None:
        for name, value in secrets.items():
            if len(value) < SHORTEST_SECRET:
                raise ScrubbingError(
                    f"The secret {name!r} has under {SHORTEST_SECRET} characters: so short a value stands in texts by "
                    "chance, and replacing it would spoil them. Use a longer one."
                )
            if not PLACEHOLDER.fullmatch(f"{{{{{name}}}}}"):
                raise ScrubbingError(
                    f"The secret {name!r} needs a name of letters, digits, '_', '-' and '.'; rename it."
                )
        self._needles = tuple(needle for name, value in secrets.items() for needle in _needles(name, value))

    def text(self, text: str) -> str:
        """The text with each secret, in whatever encoding, replaced by its placeholder."""
        spans = self._spans(text)
        pieces, at = [], 0
        for span in spans:
            pieces += [text[at : span.start], f"{{{{{span.hit.name}}}}}"]
            at = span.end
        return "".join((*pieces, text[at:]))

    def raw(self, data: bytes) -> bytes:
        """The bytes with each secret replaced by its placeholder; nothing else changes, whatever their encoding."""
        return self.text(data.decode("latin-1")).encode("latin-1")

    def found(self, text: str | bytes) -> tuple[Hit, ...]:
        """Which secrets stand in the text, and in which encodings; each pair once."""
        spans = self._spans(text.decode("latin-1") if isinstance(text, bytes) else text)
        return tuple(dict.fromkeys(span.hit for span in spans))

    def request(self, request: RecordedRequest) -> RecordedRequest:
        """A copy without secrets, its body decoded.

        Raises:
            ScrubbingError: The body cannot be decoded, and so not be searched.
        """
        headers, body = self._message(request.headers, request.body)
        return replace(request, uri=self.text(request.uri), headers=headers, body=body)

    def response(self, response: RecordedResponse) -> RecordedResponse:
        """A copy without secrets, its body decoded.

        Raises:
            ScrubbingError: The body cannot be decoded, and so not be searched.
        """
        headers, body = self._message(response.headers, response.body)
        return replace(response, reason=self.text(response.reason), headers=headers, body=body)

    def _spans(self, text: str) -> list[_Span]:
        near = [needle for needle in self._needles if needle.anchor in text]
        spans = sorted(span for needle in near for span in needle.spans(text))
        if spans and "{{" in text:
            taken = [found.span() for found in PLACEHOLDER.finditer(text)]
            spans = [span for span in spans if not any(start <= span.start and span.end <= end for start, end in taken)]
        return list(_merged(spans))

    def _message(self, headers: Headers, body: bytes) -> tuple[Headers, bytes]:
        coding = ", ".join(value for name, value in headers if name.lower() == "content-encoding")
        clean = self._body(_decoded(coding, body))
        kept = [(name, value) for name, value in headers if name.lower() != "content-encoding"]
        # An answer to HEAD has the length of a body that it does not carry.
        length = str(len(clean)) if body else None
        return tuple(
            (self.text(name), length if length and name.lower() == "content-length" else self.text(value))
            for name, value in kept
        ), clean

    def _body(self, body: bytes) -> bytes:
        clean = self.raw(body)
        if clean == body or not is_json(body) or is_json(clean):
            return clean
        # A secret that was a number: its placeholder needs quotes.
        return _BARE.sub(lambda found: found[0] if found[1] is None else b'"%b"' % found[1], clean)


def _merged(spans: list[_Span]) -> Iterator[_Span]:
    """Overlapping spans as one: the longest names it; of equal ones the first by name, so that runs agree."""
    group: list[_Span] = []
    for span in spans:
        if group and span.start >= max(each.end for each in group):
            yield _union(group)
            group = []
        group.append(span)
    if group:
        yield _union(group)


def _union(group: list[_Span]) -> _Span:
    longest = min(group, key=lambda span: (span.start - span.end, span.hit.name))
    return _Span(group[0].start, max(span.end for span in group), longest.hit)


def _decoded(coding: str, body: bytes) -> bytes:
    try:
        return encodings.decode(coding, body)
    except encodings.UnsupportedEncoding as error:
        raise ScrubbingError(f"A body cannot be searched for secrets: {error}") from error
    except encodings.CorruptBody as error:
        # Some clients hand over the decoded body under the header of the encoded one.
        if _is_text(body):
            return body
        raise ScrubbingError(f"A body cannot be searched for secrets: {error}") from error


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
