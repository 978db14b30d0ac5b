"""Which suite judged: its version, and a digest over the catalogue and the check sources."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

__all__ = ["digest_of", "suite_digest", "suite_version"]

_PACKAGE: Final = Path(__file__).parent


def suite_version() -> str:
    """Return the version of the distribution that carries the suite."""
    from automate_connectors import __version__  # noqa: PLC0415 - the catalogue's package stays free of the core

    return __version__


@cache
def suite_digest() -> str:
    """Return the SHA-256, in hex, over every module of the suite; the same for a checkout and an installed wheel."""
    return digest_of(_PACKAGE)


def digest_of(package: Path) -> str:
    """Return the SHA-256, in hex, over the modules of a folder.

    Each module counts with its path, relative and with slashes, and its text with line endings as LF, both preceded by
    their length so that no text can pass for another file's beginning.
    """
    total = sha256()
    for path in sorted(module.relative_to(package).as_posix() for module in package.rglob("*.py")):
        text = (package / path).read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        for part in (path.encode(), text):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()
