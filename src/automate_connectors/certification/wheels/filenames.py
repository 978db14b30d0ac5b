"""Names, versions and tags of wheels, compared by their meaning.

Sources: the binary distribution format, section "File name convention"; PEP 503 (names), PEP 440 (versions), PEP 425
(compressed tag sets).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from automate_connectors.certification.wheels.refusals import WheelRefused, shown

__all__ = ["Tag", "WheelName", "canonical_name", "canonical_version", "expanded", "parse_wheel_name"]

Tag = tuple[str, str, str]
"""Python, ABI and platform of one expanded tag, in lower case."""

_LONGEST: Final = 255
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?", re.ASCII)
_FILE: Final = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._]*[A-Za-z0-9])?)-(?P<version>[A-Za-z0-9._+!]+)(?:-(?P<build>[0-9][A-Za-z0-9._]*))?"
    r"-(?P<tags>[A-Za-z0-9._]+-[A-Za-z0-9._]+-[A-Za-z0-9._]+)\.whl"
)
_TAGS: Final = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*(?:-[a-z0-9_]+(?:\.[a-z0-9_]+)*){2}")
_VERSION: Final = re.compile(
    r"""v?(?:(?P<epoch>[0-9]+)!)?(?P<release>[0-9]+(?:\.[0-9]+)*)
    (?:[-_.]?(?P<pre>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?P<pre_number>[0-9]+)?)?
    (?:-(?P<implicit_post>[0-9]+)|[-_.]?(?P<post>post|rev|r)[-_.]?(?P<post_number>[0-9]+)?)?
    (?:[-_.]?(?P<dev>dev)[-_.]?(?P<dev_number>[0-9]+)?)?
    (?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?""",
    re.VERBOSE,
)
_PRE: Final = {"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}


@dataclass(frozen=True, slots=True)
class WheelName:
    """What the file name of a wheel says.

    Attributes:
        distribution: The name as it stands there.
        version: The version as it stands there.
        build: The build tag; empty without one.
        tags: The expanded tags.
    """

    distribution: str
    version: str
    build: str
    tags: frozenset[Tag]

    def is_for(self, distribution: str, version: str) -> bool:
        """Tell whether a name and a version mean the same ones, after PEP 503 and PEP 440."""
        return _same_name(self.distribution, distribution) and _same_version(self.version, version)


def parse_wheel_name(filename: str) -> WheelName:
    """Take a file name apart.

    Raises:
        WheelRefused: ``wheel``: it is no name of a wheel.
    """
    match = _FILE.fullmatch(filename) if len(filename) <= _LONGEST else None
    if match is None or canonical_version(_unescaped(match["version"])) is None:
        raise WheelRefused("wheel", f"expected a file name such as acme-1.0-py3-none-any.whl, got {shown(filename)}")
    try:
        tags = frozenset(expanded(match["tags"]))
    except ValueError as error:
        raise WheelRefused("wheel", f"the tags in the file name {shown(filename)} are none: {error}") from error
    return WheelName(match["name"], _unescaped(match["version"]), match["build"] or "", tags)


def canonical_name(name: str) -> str | None:
    """Return a distribution's name in the form of PEP 503, None for what is no name."""
    return re.sub(r"[-_.]+", "-", name).lower() if len(name) <= _LONGEST and _NAME.fullmatch(name) else None


def canonical_version(version: str) -> str | None:
    """Return a form of a PEP 440 version that is the same for equal versions, None for what is no version."""
    readable = version.isascii() and len(version) <= _LONGEST
    match = _VERSION.fullmatch(version.strip(" \t").lower()) if readable else None
    if match is None:
        return None
    release = re.sub(r"(?:\.0)+$", "", ".".join(map(_number, match["release"].split("."))))
    text = f"{_number(match['epoch'])}!{release}"
    if match["pre"]:
        text += _PRE.get(match["pre"], match["pre"]) + _number(match["pre_number"])
    if match["post"] or match["implicit_post"]:
        text += ".post" + _number(match["implicit_post"] or match["post_number"])
    if match["dev"]:
        text += ".dev" + _number(match["dev_number"])
    if match["local"]:
        text += "+" + ".".join(_segment(part) for part in re.split(r"[-_.]", match["local"]))
    return text


def expanded(tags: str) -> Iterator[Tag]:
    """Return the tags that a compressed set such as ``py2.py3-none-any`` stands for.

    Raises:
        ValueError: It is no set of tags, or longer than a file name can be.
    """
    lowered = tags.lower()
    if len(lowered) > _LONGEST or _TAGS.fullmatch(lowered) is None:
        raise ValueError(f"expected tags such as py3-none-any, got {shown(tags)}")
    pythons, abis, platforms = (part.split(".") for part in lowered.split("-"))
    return product(pythons, abis, platforms)


def _unescaped(version: str) -> str:
    """Return a version of a file name, where a hyphen is written as an underscore."""
    return version.replace("_", "-")


def _same_name(one: str, other: str) -> bool:
    canonical = canonical_name(one)
    return canonical is not None and canonical == canonical_name(other)


def _same_version(one: str, other: str) -> bool:
    canonical = canonical_version(one)
    return canonical is not None and canonical == canonical_version(other)


def _number(digits: str | None) -> str:
    return (digits or "").lstrip("0") or "0"


def _segment(part: str) -> str:
    return _number(part) if part.isdigit() else part
