"""``manage.py connectors``: every registered connector, as ``automate-connectors list`` shows it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from automate_connectors.cli.list import listing

__all__ = ["Command"]


class Command(BaseCommand):
    """Prints the list."""

    help = "List every registered connector: version, actions, where from, broken ones and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments."""
        parser.add_argument("--json", action="store_true", help="print one object for machines")

    def handle(self, **options: Any) -> None:
        """Print it.

        Raises:
            CommandError: A connector is broken.
        """
        text, broken = listing(json=options["json"])
        self.stdout.write(text)
        if broken:
            raise CommandError(f"{', '.join(broken)} cannot be used")
