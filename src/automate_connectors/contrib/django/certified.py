"""The system check: which registered connectors no report certifies.

It reads ``report.json`` files, which whoever can write the folder can write: it reminds a developer, it guards nothing.
The gate (`automate-connectors gate`) and certificates are for that.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.checks import Warning as CheckWarning

from automate_connectors import connector_registry
from automate_connectors.certification.levels import Level, at_least
from automate_connectors.certification.report import Report, ReportError

__all__ = ["certification_dir", "min_level", "uncertified"]

_ID: Final = "automate_connectors.W001"
_BYTES: Final = 64 * 1024 * 1024


def certification_dir() -> Path:
    """Return where reports lie."""
    given = _settings().get("certification_dir")
    return Path(given) if given else Path(getattr(settings, "BASE_DIR", ".")) / "certification"


def min_level() -> Level:
    """Return the level that a connector must have.

    Raises:
        ValueError: The setting names none.
    """
    return Level(_settings().get("min_level", Level.BRONZE))


def uncertified(app_configs: object = None, **_: Any) -> list[CheckWarning]:
    """Return a warning for each registered connector that no report certifies at the asked level."""
    del app_configs
    try:
        level = min_level()
    except ValueError:
        hint = f"Use one of {', '.join(Level)}."
        return [CheckWarning("AUTOMATE_CONNECTORS['min_level'] is no level.", hint=hint, id="automate_connectors.W002")]
    return list(_warnings(level))


def _warnings(level: Level) -> Iterator[CheckWarning]:
    for name in connector_registry.names():
        reason = _reason(name, level)
        if reason:
            hint = f"Run manage.py certify {name} --level {level}."
            yield CheckWarning(f"The connector {name} is not certified {level}: {reason}.", hint=hint, id=_ID)


def _reason(name: str, level: Level) -> str | None:
    """Return why a connector does not count as certified; None where it does."""
    path = certification_dir() / name / "report.json"
    try:
        with path.open("rb") as file:
            report = Report.from_json(file.read(_BYTES))
    except OSError:
        return f"there is no report in {certification_dir().name}/{name}"
    except ReportError:
        return "its report cannot be read"
    adapter = connector_registry.get(name) if name not in connector_registry.broken() else None
    if adapter is None:
        return "it cannot be imported"
    installed = (name, str(getattr(adapter, "version", "")))
    if (report.connector.name, report.connector.version) != installed:
        return "its report is about another version"
    if not report.certified or not at_least(report.level, level):
        return f"it reached {report.level or 'no level'}"
    return None


def _settings() -> dict[str, Any]:
    given: dict[str, Any] = getattr(settings, "AUTOMATE_CONNECTORS", {})
    return given
