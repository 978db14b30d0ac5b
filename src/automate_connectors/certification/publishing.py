"""Publication: the gate for every wheel first, then exactly the bytes that it read go to the index, by twine."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from automate_connectors.certification.certificate import certificate_path
from automate_connectors.certification.gating import GateDecision, gate

__all__ = ["PublicationError", "Published", "Upload", "publish", "upload_by_twine"]

#: Sends files to an index.
Upload = Callable[[Sequence[Path]], None]
_PYPI: Final = "https://upload.pypi.org/legacy/"


class PublicationError(Exception):
    """The index did not take the wheels, or twine is not there; the message says how to mend it."""


@dataclass(frozen=True, slots=True)
class Published:
    """What came of it: the decision about each wheel, and whether anything was sent."""

    decisions: tuple[GateDecision, ...]
    sent: bool

    @property
    def exit_code(self) -> int:
        """0 where everything was sent; else the worst of the decisions."""
        return max(decision.exit_code for decision in self.decisions)


def publish(wheels: Sequence[Path], *, upload: Upload, **rules: Any) -> Published:
    """Gate every wheel, then upload private copies of exactly what was gated; one denied: nothing is sent.

    Args:
        wheels: Their paths; each with its certificate beside it.
        upload: Sends files to the index.
        rules: As `gate` takes them.

    Raises:
        PublicationError: As `upload`.
    """
    with _private_copies(wheels) as copies:
        decisions = tuple(gate(copy, **rules) for copy in copies)
        allowed = bool(decisions) and all(decision.allowed for decision in decisions)
        if allowed:
            upload(copies)
        return Published(decisions, allowed)


@contextmanager
def _private_copies(wheels: Sequence[Path]) -> Iterator[list[Path]]:
    """Copies that nobody else changes between the gate and the upload; what cannot be copied the gate finds missing."""
    with tempfile.TemporaryDirectory(prefix="automate-publish-") as folder:
        copies = []
        for number, wheel in enumerate(wheels):
            # Two folders may hold wheels of one name.
            copy = Path(folder) / str(number) / (wheel.name or "no name")
            copy.parent.mkdir()
            if wheel.is_file():
                shutil.copyfile(wheel, copy)
                if certificate_path(wheel).is_file():
                    shutil.copyfile(certificate_path(wheel), certificate_path(copy))
            copies.append(copy)
        yield copies


def _asks_for_credentials(chosen: Any, refusal: type[Exception]) -> bool:
    """Whether twine has no user or no password, from nowhere."""
    try:
        return chosen.username is None or chosen.password is None
    except refusal:
        return True


def upload_by_twine(repository_url: str | None, environment: Mapping[str, str] = os.environ) -> Upload:
    """Return an upload by twine, with the user and the password of `TWINE_USERNAME` and `TWINE_PASSWORD`.

    An index other than PyPI is asked without any where there are none.

    Raises:
        PublicationError: twine is not installed.
    """
    try:
        from twine import exceptions, settings  # noqa: PLC0415 - an extra of its own
        from twine.commands.upload import upload  # noqa: PLC0415 - as above
    except ImportError as error:
        raise PublicationError("twine is not installed: pip install 'automate-connectors[publish]'") from error
    from requests import RequestException  # noqa: PLC0415 - comes with twine

    def settings_of(user: str | None, password: str | None) -> settings.Settings:
        return settings.Settings(
            username=user,
            password=password,
            non_interactive=True,
            disable_progress_bar=True,
            repository_url=repository_url or _PYPI,
        )

    def send(files: Sequence[Path]) -> None:
        try:
            chosen = settings_of(environment.get("TWINE_USERNAME"), environment.get("TWINE_PASSWORD"))
            if repository_url and _asks_for_credentials(chosen, exceptions.NonInteractive):
                # An index of one's own may take wheels from anybody; one that does not, says so.
                chosen = settings_of("", "")
            upload(chosen, [str(file) for file in files])
        except (exceptions.TwineException, RequestException) as error:
            raise PublicationError(
                f"the index did not take the wheels ({type(error).__name__}: {error}): "
                "see to --repository-url, TWINE_USERNAME and TWINE_PASSWORD"
            ) from error

    return send
