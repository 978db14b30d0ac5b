"""A shop that tells its staff about orders."""

import os

import django


def start() -> None:
    """Make Django ready in a script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    django.setup()
