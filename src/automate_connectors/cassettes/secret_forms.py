"""The forms in which a secret can stand in a text: literal ones, and a pattern for every way to write its characters.

What writes a secret character by character (percent, JSON, HTML, Python's repr, quoted-printable, nested or mixed in
any way) is one pattern in which every character may stand in any of its spellings. What mixes characters (base64, hex,
UTF-16) is a list of literal forms, base64 with the part that is certain at each of the three alignments.

Source: architecture, decision 3; RFC 3986 (percent), RFC 4648 (base64), RFC 8259 (JSON).
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from html.entities import html5
from typing import Literal
from urllib.parse import quote, quote_plus

SHORTEST_SECRET = 6
#: Lines of a secret of several (a PEM key) are secrets themselves from this length on.
_SHORTEST_LINE = 24
_SAFE_SETS = ("", "/", "/:", "!*'()", "!$&'()*+,;=:@", "!#$%&'()*+,/:;=?@[]~")

#: What escapes begin with, itself percent-encoded where the whole text was.
_BACKSLASH = r"(?:\\|%(?:25)*5[cC])"
_AMPERSAND = "(?:&|%(?:25)*26)"
_HASH = r"(?:\#|%(?:25)*23)"
_SEMICOLON = "(?:;|%(?:25)*3[bB])"
#: The letters of C's escapes, which JSON and Python share.
_LETTERS = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f", "\v": "v", "\a": "a", "\0": "0"}
_LATIN_1 = range(256)

Family = Literal["plain", "percent-encoded", "escaped", "HTML-escaped", "hex", "base64", "base32", "UTF-16"]


def forms_of(secret: str) -> tuple[str, ...]:
    """Every textual form a secret may stand in, the longest first.

    Mixtures of them are countless and not listed; `Scrubber` finds those too. Base64 stands with the part that is the
    same whatever precedes and follows the secret.
    """
    return tuple(sorted({text for _, text in families_of(secret)}, key=lambda form: (-len(form), form)))


def families_of(secret: str) -> list[tuple[Family, str]]:
    """Every form of `forms_of`, each with the family of encodings it belongs to."""
    forms: list[tuple[Family, str]] = []
    for text in dict.fromkeys((secret, secret.strip())):
        data = text.encode("utf-8", "surrogatepass")
        forms.append(("plain", text))
        forms += [("plain", data.decode("latin-1")), *(("percent-encoded", form) for form in _percent_forms(text))]
        forms += [("escaped", form) for form in _escaped_forms(text, data)]
        forms += [("HTML-escaped", form) for form in _html_forms(text)]
        forms += [("hex", form) for form in (data.hex(), data.hex().upper(), data.hex(":"), data.hex(" "))]
        forms += [("base64", form) for form in _base64_forms(text)]
        forms += [("base32", form) for form in _base32_forms(data)]
        forms += [
            ("UTF-16", text.encode(codec, "surrogatepass").decode("latin-1")) for codec in ("utf-16-le", "utf-16-be")
        ]
    forms += [("plain", line) for line in _lines(secret)]
    return [(family, form) for family, form in dict.fromkeys(forms) if len(form) >= SHORTEST_SECRET]


def parts_of(secret: str) -> list[str]:
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


def any_spelling(text: str) -> str:
    """A regular expression for the text, with every character in any of its spellings."""
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


def _base32_forms(data: bytes) -> Iterator[str]:
    """The certain part at each of the five alignments (RFC 4648 section 6)."""
    for offset in range(5):
        padded = base64.b32encode(bytes(offset) + data).decode("ascii")
        core = padded[-(-8 * offset // 5) : 8 * (offset + len(data)) // 5]
        yield from (core, core.lower())
