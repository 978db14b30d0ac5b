"""Settings of the shop: as few as Django allows."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "only-for-this-example"  # noqa: S105 - signs nothing
INSTALLED_APPS = ["automate_connectors.contrib.django", "shop"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
USE_TZ = True

AUTOMATE_CONNECTORS = {"certification_dir": BASE_DIR / "certification", "min_level": "bronze"}
