"""C01: a name and a version of the wrong form."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from zoo.broken.lean import LeanHttp, LeanUrllib
from zoo.broken.planting import planted


class VersionInWords(LeanHttp):
    """Its version is a phrase."""

    name = "acme_version_in_words"
    version = "release 7 (final)"


class VersionAsNumber(LeanUrllib):
    """Its version is a number, so that 1.10 would become 1.1."""

    name = "acme_version_as_number"
    version: ClassVar[str] = cast("Any", 1.1)


class NameWithCapitals(LeanHttp):
    """Its name is that of its class."""

    name = "AcmeConnector"


class NameWithDash(LeanUrllib):
    """Its name is that of its distribution."""

    name = "acme-connector"


MEMBERS = planted("C01", VersionInWords, VersionAsNumber, NameWithCapitals, NameWithDash)
