"""``report.html``: one page that asks nothing of anybody, from a report alone.

Its policy for contents admits its own style and script by their digests and nothing else, so that a text that slipped
through the escaping still could not run.
"""

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from automate_conformance.catalogue import LEVELS
from automate_connectors.certification.levels import Level
from automate_connectors.certification.pages import sequence, view
from automate_connectors.certification.report import ActionRecord, Report, RequirementResult
from automate_connectors.certification.terminal import asking

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["html"]

#: What a guarantee means to whoever calls the action.
_GUARANTEES: Final = {
    "read-only": "has no effect at the service",
    "natural": "repeating it leaves the same state",
    "exactly-once": "with one operation id it takes effect once, however often it is retried",
    "at-most-once": "it takes effect once or not at all; an unclear end is reported, never retried",
    "undeclared": "nothing is shown about what a repeat does",
}
_ASSURANCE: Final = {
    "inline": "self: the adapter ran in the judge's own process",
    "process": "process: the adapter ran in a child of the judge's",
}
_GLYPHS: Final = {"pass": "✓", "fail": "✕", "error": "!", "not_run": "○", "waived": "~", "not_applicable": "·"}


def html(report: Report, *, certificate: str | None = None) -> str:
    """Return the page.

    Args:
        report: What was found.
        certificate: The digest of the certificate that carries the report, where there is one.
    """
    style, script = _resource("report.css"), _resource("report.js")
    digest = hashlib.sha256(report.to_json().encode()).hexdigest()
    way = view.path(report)
    return _template().render(
        report=report,
        style=style,
        script=script,
        policy=f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)}; base-uri 'none'; "
        "form-action 'none'",
        ladder=view.ladder(report),
        promises=LEVELS,
        path=way,
        asked=way.level and asking(report, way.level),
        matrix=view.matrix(report),
        delivery=_delivery(report),
        levels=[(level, _of(report, level)) for level in Level if _of(report, level)],
        others=[each for each in report.requirements if not isinstance(each.level, Level)],
        ages=[(each, view.age_in_days(each.recorded_at, report)) for each in report.cassettes],
        environment={view.shown(name, 80): _plain(value) for name, value in report.environment.items()},
        guarantees=_GUARANTEES,
        assurance=_ASSURANCE[report.host],
        digest=digest,
        certificate=certificate,
    )


def _of(report: Report, level: Level) -> list[RequirementResult]:
    return [each for each in report.requirements if each.level == level]


def _delivery(report: Report) -> list[tuple[ActionRecord, sequence.Picture | None]]:
    """The actions with their pictures, broken ones first."""
    return sorted(((each, _picture(each.counterexample)) for each in report.actions), key=lambda one: one[1] is None)


def _picture(counterexample: dict[str, Any] | None) -> sequence.Picture | None:
    return None if counterexample is None else sequence.picture(counterexample)


def _plain(value: object) -> str:
    return view.shown(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _source(text: str) -> str:
    """Return how a policy names an element with this text: what stands between its tags."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - only a run that writes pages needs it
    from markupsafe import Markup  # noqa: PLC0415 - as above

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["shown"] = view.shown
    environment.filters["minute"] = view.minute

    def coded(text: str) -> Markup:
        """Set what stands between backticks in the catalogue's sentences as code."""
        parts = text.split("`")
        return Markup("").join(
            Markup("<code>{}</code>").format(part) if n % 2 else Markup("{}").format(part)
            for n, part in enumerate(parts)
        )

    def parted(text: str) -> Markup:
        """Let the reference of a class part behind its module."""
        return Markup(":<wbr>").join(text.split(":"))

    environment.filters["coded"] = coded
    environment.filters["parted"] = parted
    # Two files of this package, and nothing that anybody else wrote.
    environment.filters["ours"] = Markup
    environment.globals.update(
        glyphs=_GLYPHS, words=view.OUTCOMES, record=view.record, counted=view.counted, lanes=sequence.LANES,
        steps=sequence.steps,
    )  # fmt: skip
    return environment.from_string(_resource("report.html.j2"))
