"""``manage.py certify NAME``: pytest in a process of its own, its report where the system check looks."""

import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from automate_connectors import connector_registry
from automate_connectors.certification.levels import Level
from automate_connectors.contrib.django.certified import certification_dir

__all__ = ["Command"]


class Command(BaseCommand):
    """Runs the certification."""

    help = "Certify a connector, and keep its report where manage.py check looks."
    #: It mends what the check complains of.
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments."""
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--level", choices=[*Level], help="judge against this level instead of the claimed one")

    def handle(self, *, name: str, level: str | None, **_: Any) -> None:
        """Certify.

        Raises:
            CommandError: There is no such connector, or it did not reach its level; with pytest's exit status.
        """
        if name not in connector_registry.names():
            raise CommandError(f"{name!a:.80} is not registered: manage.py connectors lists what is", returncode=4)
        command = [
            sys.executable, "-m", "pytest", "-p", "no:cacheprovider",
            f"--connector={name}", f"--connector-report={certification_dir().absolute()}",
        ]  # fmt: skip
        if level:
            command.append(f"--connector-level={level}")
        self.stdout.flush()
        done = subprocess.run(command, cwd=getattr(settings, "BASE_DIR", None), check=False)  # noqa: S603 - a registered name
        if done.returncode:
            raise CommandError(f"{name} is not certified", returncode=done.returncode)
