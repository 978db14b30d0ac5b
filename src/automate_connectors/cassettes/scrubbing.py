"""Secrets out of recorded traffic by value, in every encoding, and their stand-ins back into it for replay.

A secret is found in two ways. What writes it character by character (percent, JSON, HTML, Python's repr,
quoted-printable, nested or mixed in any way) is one pattern in which every character may stand in any of its spellings.
What mixes characters (base64, hex, UTF-16) is a list of literal forms, base64 with the part that is certain at each of
the three alignments. A literal piece of each is looked for first, so that text without a secret costs little.

Source: architecture, decision 3; RFC 3986 (percent), RFC 4648 (base64), RFC 8259 (JSON).
"""

import base64
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from html.entities import html5
from typing import AnyStr, Literal, NamedTuple
from urllib.parse import quote, quote_plus

from automate_connectors.cassettes import encodings
from automate_connectors.cassettes.credentials import discover
from automate_connectors.cassettes.format import CassetteError, RecordedRequest, RecordedResponse

__all__ = [
    "Hit",
    "Scrubber",
    "ScrubbingError",
    "discover",
    "fill",
    "fill_header",
    "fill_json",
    "fill_text",
    "fill_url",
    "forms_of",
    "placeholders_in",
]

SHORTEST_SECRET = 6
#: Lines of a secret of several (a PEM key) are secrets themselves from this length on.
_SHORTEST_LINE = 24
_PLACEHOLDER = re.compile(r"\{\{([A-Za-z0-9_.-]+)\}\}")
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SAFE_SETS = ("", "/", "/:", "!*'()", "!$&'()*+,;=:@", "!#$%&'()*+,/:;=?@[]~")
_BASE64 = "A-Za-z0-9+/_-"
#: In JSON that a placeholder spoilt: its strings, and placeholders outside of them with what is left of the number.
_BARE = re.compile(rb'"(?:[^"\\]|\\.)*"|[-+.\w]*(\{\{[\w.-]+\}\})[-+.\w]*', re.DOTALL)

#: What escapes begin with, itself percent-encoded where the whole text was.
_BACKSLASH = r"(?:\\|%(?:25)*5[cC])"
_AMPERSAND = "(?:&|%(?:25)*26)"
_HASH = r"(?:\#|%(?:25)*23)"
_SEMICOLON = "(?:;|%(?:25)*3[bB])"
#: The letters of C's escapes, which JSON and Python share.
_LETTERS = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f", "\v": "v", "\a": "a", "\0": "0"}
_LATIN_1 = range(256)

Headers = tuple[tuple[str, str], ...]

Family = Literal["plain", "percent-encoded", "escaped", "HTML-escaped", "hex", "base64", "UTF-16"]


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


def forms_of(secret: str) -> tuple[str, ...]:
    """Every textual form a secret may stand in, the longest first.

    Mixtures of them are countless and not listed; `Scrubber` finds those too. Base64 stands with the part that is the
    same whatever precedes and follows the secret.
    """
    return tuple(sorted({text for _, text in _forms(secret)}, key=lambda form: (-len(form), form)))


def _forms(secret: str) -> list[tuple[Family, str]]:
    forms: list[tuple[Family, str]] = []
    for text in dict.fromkeys((secret, secret.strip())):
        data = text.encode("utf-8", "surrogatepass")
        forms.append(("plain", text))
        forms += [("plain", data.decode("latin-1")), *(("percent-encoded", form) for form in _percent_forms(text))]
        forms += [("escaped", form) for form in _escaped_forms(text, data)]
        forms += [("HTML-escaped", form) for form in _html_forms(text)]
        forms += [("hex", form) for form in (data.hex(), data.hex().upper(), data.hex(":"), data.hex(" "))]
        forms += [("base64", form) for form in _base64_forms(text)]
        forms += [
            ("UTF-16", text.encode(codec, "surrogatepass").decode("latin-1")) for codec in ("utf-16-le", "utf-16-be")
        ]
    forms += [("plain", line) for line in _lines(secret)]
    return [(family, form) for family, form in dict.fromkeys(forms) if len(form) >= SHORTEST_SECRET]


def _parts(secret: str) -> list[str]:
    """What is looked for in every spelling: the secret, itself without outer white space, and its lines."""
    return [part for part in dict.fromkeys((secret, secret.strip(), *_lines(secret))) if len(part) >= SHORTEST_SECRET]


def _lines(secret: str) -> list[str]:
    """The lines of a secret of several, such as a PEM key: logs print them one by one."""
    lines = [line for line in map(str.strip, secret.splitlines()) if len(line) >= _SHORTEST_LINE]
    return [line for line in lines if not line.startswith("-----")] if len(secret.splitlines()) > 1 else []


def _percent_forms(text: str) -> Iterator[str]:
    data = text.encode("utf-8", "surrogatepass")
    quoted = [quote(data, safe=safe) for safe in _SAFE_SETS]
    for form in (*quoted, quote_plus(data), "".join(f"%{byte:02X}" for byte in data)):
        lower = re.sub("%..", lambda found: found[0].lower(), form)
        yield from (form, lower, quote(form, safe=""), quote(lower, safe=""))


def _escaped_forms(text: str, data: bytes) -> Iterator[str]:
    for ascii_only in (True, False):
        once = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
        twice = json.dumps(once)[1:-1]
        yield from (once, once.replace("/", "\\/"), twice, json.dumps(twice)[1:-1])
    yield from (repr(text)[1:-1], repr(data)[2:-1], text.encode("unicode_escape").decode("ascii"))
    yield "".join(f"\\u{unit:04x}" for unit in _utf16(text))
    yield "".join(f"\\x{byte:02x}" for byte in data)


def _html_forms(text: str) -> Iterator[str]:
    yield from (html.escape(text), html.escape(text, quote=False))
    yield html.escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


def _base64_forms(text: str) -> Iterator[str]:
    quoted, plus, dumped = (
        quote(text, safe="", errors="surrogatepass"),
        quote_plus(text, errors="surrogatepass"),
        json.dumps(text),
    )
    spellings = {form.encode("utf-8", "surrogatepass") for form in (text, quoted, plus, dumped[1:-1])}
    # HTTP clients write Basic credentials in Latin-1 where they can.
    spellings |= {text.encode("latin-1")} if all(ord(char) in _LATIN_1 for char in text) else set()
    for data in sorted(spellings):
        for offset in range(3):
            padded = base64.b64encode(bytes(offset) + data).decode("ascii")
            core = padded[-(-8 * offset // 6) : 8 * (offset + len(data)) // 6]
            # Of six characters, the fewest, this is seven: 42 bits are no chance.
            yield from (core, core.replace("+", "-").replace("/", "_"))


def _utf16(text: str) -> list[int]:
    data = text.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]


def _any_case(number: int, width: int) -> str:
    return "".join(digit if digit.isdigit() else f"[{digit}{digit.upper()}]" for digit in f"{number:0{width}x}")


@cache
def _entities() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for name, char in html5.items():
        if name.endswith(";"):
            names.setdefault(char, []).append(name)
    return names


@cache
def _spellings(char: str) -> str:
    """A pattern for one character in any spelling; letters and digits, hardly ever escaped, stand for themselves."""
    if char.isascii() and char.isalnum():
        return char
    data = char.encode("utf-8", "surrogatepass")
    bare = [re.escape(char), *_encoded(char, data), *_references(char), *_reread(char, data)]
    after_backslash = [
        "u" + rf"{_BACKSLASH}+u".join(_any_case(unit, 4) for unit in _utf16(char)),
        "U" + _any_case(ord(char), 8),
        "x" + rf"{_BACKSLASH}+x".join(_any_case(byte, 2) for byte in data),
        *([f"x{_any_case(ord(char), 2)}"] if ord(char) in _LATIN_1 else []),
        *_LETTERS.get(char, ""),
    ]
    # Possessive and without repeats, so that each place of a text is matched in one way.
    return f"(?:{_BACKSLASH}*+(?:{_either(bare)})|{_BACKSLASH}++(?:{_either(after_backslash)}))"


def _either(patterns: Iterable[str]) -> str:
    return "|".join(dict.fromkeys(patterns))


def _encoded(char: str, data: bytes) -> Iterator[str]:
    """Percent and quoted-printable, of UTF-8 and of Latin-1; a space may be a plus."""
    spellings = [data, *([bytes([ord(char)])] if ord(char) in _LATIN_1 else [])]
    for each in spellings:
        yield "".join(f"%(?:25)*{_any_case(byte, 2)}" for byte in each)
        yield "".join(f"={_any_case(byte, 2)}" for byte in each)
    if char == " ":
        yield r"\+"


def _references(char: str) -> Iterator[str]:
    """HTML's character references, escaped again or percent-encoded as they may be."""
    named = [name.removesuffix(";") for name in _entities().get(char, [])]
    numbers = [f"{_HASH}0*{ord(char)}", f"{_HASH}[xX]0*{_any_case(ord(char), 1)}"]
    yield f"{_AMPERSAND}(?:amp{_SEMICOLON})*(?:{'|'.join((*named, *numbers))}){_SEMICOLON}"


def _reread(char: str, data: bytes) -> Iterator[str]:
    """Line ends of other systems; UTF-8 that was read as Latin-1."""
    if char == "\n":
        yield rf"(?:\r|{_BACKSLASH}*r|%(?:25)*0[dD])(?:\n|{_BACKSLASH}+n|%(?:25)*0[aA])"
    if not char.isascii():
        yield re.escape(data.decode("latin-1"))


def _spelt(text: str) -> str:
    # Runs are units: one pattern for each character would try every way to share out a longer run.
    units = [found[0] for found in re.finditer(r"\\+|'+|\"+|[^\\]", text)]
    spelt = "".join(map(_unit, units))
    # What may begin with backslashes begins with the first of a run, or each of them would be tried.
    return spelt if text[0].isalnum() and text[0].isascii() else rf"(?<!\\){spelt}"


def _unit(unit: str) -> str:
    if unit[0] == "\\":
        return _backslashes(len(unit))
    if unit[0] in "'\"":
        # YAML, SQL and CSV double a quote.
        return f"(?:{_spellings(unit[0])}{{{len(unit)}}}|{unit * 2})"
    return _spellings(unit)


def _backslashes(count: int) -> str:
    reference = f"{_AMPERSAND}(?:amp{_SEMICOLON})*(?:{_HASH}92|{_HASH}[xX]5[cC]|bsol){_SEMICOLON}"
    return rf"(?:(?:{_BACKSLASH}(?:u005[cC]|x5[cC])?|=5[cC]|{reference}){{{count},}})"


@dataclass(frozen=True, slots=True)
class _Needle:
    """What to look for: `anchor` is a piece without which `pattern` cannot match, and quick to look for."""

    name: str
    family: Family
    literal: str
    anchor: str
    pattern: re.Pattern[str]

    def spans(self, text: str) -> Iterator[_Span]:
        if self.anchor not in text:
            return
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
    parts = {part: re.compile(_spelt(part)) for part in _parts(secret)}
    for part, pattern in parts.items():
        yield _Needle(name, "plain", part, _anchor(part), pattern)
    for family, form in _forms(secret):
        if family == "base64":
            yield _Needle(name, family, form, _anchor(form), re.compile(_spelt(form)))
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
            if not _PLACEHOLDER.fullmatch(f"{{{{{name}}}}}"):
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
        spans = sorted(span for needle in self._needles for span in needle.spans(text))
        if spans and "{{" in text:
            taken = [found.span() for found in _PLACEHOLDER.finditer(text)]
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
        if clean == body or not _is_json(body) or _is_json(clean):
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


def _is_json(body: str | bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def placeholders_in(text: str | bytes) -> tuple[str, ...]:
    """The names that stand as `{{name}}` in a text, each once, in order."""
    found = _PLACEHOLDER.findall(text.decode("latin-1") if isinstance(text, bytes) else text)
    return tuple(dict.fromkeys(found))


def fill(text: AnyStr, values: Mapping[str, str], *, content_type: str = "") -> AnyStr:
    """Put values in place of `{{name}}` in a body, written as its content type asks; unknown names stay."""
    kind = content_type.lower()
    if "json" in kind or (not kind and text[:1] in ("{", "[", b"{", b"[")):
        return fill_json(text, values)
    if "x-www-form-urlencoded" in kind:
        return _filled(text, values, quote_plus)
    return _filled(text, values, html.escape) if "html" in kind or "xml" in kind else fill_text(text, values)


def fill_text(text: AnyStr, values: Mapping[str, str]) -> AnyStr:
    """Put values in place of `{{name}}` as they are."""
    return _filled(text, values, str)


def fill_header(text: AnyStr, values: Mapping[str, str]) -> AnyStr:
    """Put values in place of `{{name}}` in a header, on one line."""
    return _filled(text, values, lambda value: " ".join(value.splitlines()))


def fill_url(text: AnyStr, values: Mapping[str, str]) -> AnyStr:
    """Put values in place of `{{name}}` in an address, percent-encoded."""
    return _filled(text, values, lambda value: quote(value, safe=""))


def fill_json(text: AnyStr, values: Mapping[str, str]) -> AnyStr:
    """Put values in place of `{{name}}` in JSON: escaped in its strings, once more in JSON that stands in a string."""
    return _changed(text, lambda plain: _JSON_STRING.sub(lambda found: _filled_string(found[0], values), plain))


def _filled_string(token: str, values: Mapping[str, str]) -> str:
    if "{{" not in token:
        return token
    try:
        inner = str(json.loads(token, strict=False))
    except ValueError:
        return _filled(token, values, lambda value: json.dumps(value)[1:-1])
    nested = inner.lstrip()[:1] in ("{", "[") and _is_json(inner)
    filled = fill_json(inner, values) if nested else fill_text(inner, values)
    return json.dumps(filled, ensure_ascii=token.isascii())


def _filled(text: AnyStr, values: Mapping[str, str], write: Callable[[str], str]) -> AnyStr:
    def value(found: re.Match[str]) -> str:
        return write(values[found[1]]) if found[1] in values else found[0]

    return _changed(text, lambda plain: _PLACEHOLDER.sub(value, plain))


def _changed(text: AnyStr, change: Callable[[str], str]) -> AnyStr:
    if isinstance(text, bytes):
        return change(text.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    return change(text)
