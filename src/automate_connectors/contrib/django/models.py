"""Connection profiles in the database: options as they are, secrets as references and never as values."""

import re
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.db import models

from automate_connectors import profiles

__all__ = ["ConnectionProfile", "SecretReferencesField", "validate_references"]

_REFERENCE: Final = re.compile(r"env://[A-Za-z_][A-Za-z0-9_]*|file:///.+")
_NAME: Final = 63


def validate_references(value: object) -> None:
    """Refuse whatever is not a mapping of names to references; a value is never shown.

    Raises:
        ValidationError: Something is no ``env://VAR`` and no ``file:///path``.
    """
    if not isinstance(value, dict):
        raise ValidationError("expected an object of secret names and references", code="references")
    wrong = sorted(
        str(name) for name, text in value.items() if not (isinstance(text, str) and _REFERENCE.fullmatch(text))
    )
    if wrong:
        raise ValidationError(
            "%(names)s must be a reference, env://VAR or file:///path: a secret itself is not kept in the database",
            code="references",
            params={"names": ", ".join(wrong)},
        )


class SecretReferencesField(models.JSONField):
    """JSON that the database keeps only where it holds references: by ``save``, ``update``, ``bulk_create`` alike."""

    default_validators: ClassVar[list[Any]] = [validate_references]

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Return what the database keeps.

        Raises:
            ValidationError: As `validate_references`.
        """
        validate_references(value)
        return super().get_db_prep_save(value, connection)


class ConnectionProfile(models.Model):
    """How to reach a service: the model behind `automate_connectors.ConnectionProfile`."""

    connector = models.CharField(max_length=_NAME, help_text="The registered name, such as slack.")
    name = models.CharField(max_length=_NAME, default="default")
    options = models.JSONField(default=dict, blank=True)
    secrets = SecretReferencesField(
        default=dict, blank=True, help_text='References, such as {"token": "env://SLACK_TOKEN"}.'
    )

    class Meta:
        """A connector has each profile once."""

        app_label = "automate_connectors"
        ordering: ClassVar[list[str]] = ["connector", "name"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["connector", "name"], name="one_profile_of_a_name")
        ]

    def __str__(self) -> str:
        return f"{self.connector}.{self.name}"

    def profile(self) -> profiles.ConnectionProfile:
        """Return the profile for an adapter or `ConnectorRunner`; its secrets are resolved only when it asks."""
        return profiles.ConnectionProfile(
            self.connector, name=self.name, options=dict(self.options), secrets=dict(self.secrets)
        )
