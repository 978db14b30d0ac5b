"""Plain files behind an adapter: written beside their place, then renamed into it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from automate_connectors import ConnectorAdapter, Idempotency, ServiceUnavailableError, action
from automate_connectors import ConnectorErrorCode as Code
from automate_connectors.testing import ConnectorTestCase
from zoo.members import Member
from zoo.payloads import Strict


class Page(Strict):
    """A page."""

    title: str = Field(description="Its title", min_length=1, max_length=40, pattern="^[a-z0-9-]+$")
    text: str = Field(description="Its text", max_length=400)


def there(folder: Path) -> bool:
    """Whether the folder is there."""
    return folder.is_dir()


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    handle, beside = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(beside).replace(path)


class FilesAdapter(ConnectorAdapter):
    """Keeps each page as a file."""

    name = "acme_files_on_disk"
    version = "1.0.0"

    def connect(self) -> bool:
        """Look whether the folder is there."""
        try:
            return there(self._folder)
        except OSError as error:
            raise ServiceUnavailableError("the disk cannot be read", effect="none") from error

    @action(idempotency=Idempotency.natural(), examples=[{"title": "welcome", "text": "Hello."}])
    def save_page(self, payload: Page) -> dict[str, Any]:
        """Save a page."""
        try:
            write(self._folder / f"{payload.title}.txt", payload.text)
        except OSError as error:
            raise ServiceUnavailableError("the disk did not take the page") from error
        return {"title": payload.title, "length": len(payload.text)}

    @property
    def _folder(self) -> Path:
        return Path(str(self.profile.option("folder")))


def _full() -> Exception:
    return OSError(28, "No space left on device")


class FilesCase(ConnectorTestCase):
    """The pages are the effects."""

    ports = {f"{__name__}.{port}": {Code.UPSTREAM_5XX: _full} for port in ("there", "write")}  # noqa: RUF012 - as authors write it

    def effects(self) -> Sequence[Any]:
        """The pages."""
        return sorted(self._folder.glob("*.txt"))

    def reset(self) -> None:
        """Remove them."""
        for page in self._folder.glob("*.txt"):
            page.unlink()

    @property
    def _folder(self) -> Path:
        assert self.profile is not None
        return Path(str(self.profile.options["folder"]))


MEMBERS = [
    Member(
        FilesAdapter,
        level="gold",
        base_case=FilesCase,
        options=lambda folder: {"folder": str(folder)},
        guarantees={"save_page": "natural"},
    )
]
