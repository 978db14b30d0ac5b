"""The table of connection profiles."""

from typing import Any, ClassVar

from django.db import migrations, models

from automate_connectors.contrib.django.models import SecretReferencesField


class Migration(migrations.Migration):
    """Creates it."""

    initial = True
    dependencies: ClassVar[list[Any]] = []
    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="ConnectionProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("connector", models.CharField(help_text="The registered name, such as slack.", max_length=63)),
                ("name", models.CharField(default="default", max_length=63)),
                ("options", models.JSONField(blank=True, default=dict)),
                (
                    "secrets",
                    SecretReferencesField(
                        blank=True, default=dict, help_text='References, such as {"token": "env://SLACK_TOKEN"}.'
                    ),
                ),
            ],
            options={
                "ordering": ["connector", "name"],
                "constraints": [models.UniqueConstraint(fields=("connector", "name"), name="one_profile_of_a_name")],
            },
        ),
    ]
