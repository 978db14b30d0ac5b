"""The app."""

from django.apps import AppConfig
from django.core import checks

__all__ = ["ConnectorsConfig"]


class ConnectorsConfig(AppConfig):
    """Registers the system check."""

    name = "automate_connectors.contrib.django"
    label = "automate_connectors"
    verbose_name = "Connectors"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let ``manage.py check`` look at the connectors."""
        from automate_connectors.contrib.django.certified import uncertified  # noqa: PLC0415 - once apps are loaded

        checks.register(uncertified)
