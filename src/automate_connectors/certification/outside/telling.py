"""The child's side: a case, and what calls showed, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

from automate_connectors.certification import facts
from automate_connectors.certification.authored import check_case, find_directory, literals_of, other_adapters
from automate_connectors.certification.describing import describe
from automate_connectors.certification.outside.channel import LONGEST
from automate_connectors.certification.outside.told import CaseFacts, Sample
from automate_connectors.certification.waivers import Waiver
from automate_connectors.errors import ConfigurationError
from automate_connectors.testing import ConnectorTestCase, ErrorSample

#: A call shows at most this much, so that a right child never floods its judge.
_MOST_SHOWN: Final = LONGEST // 4


def tell_case(name: str, adapter_class: type[Any], case: ConnectorTestCase, root: Path) -> CaseFacts:
    """Everything that the judge needs of a case.

    Raises:
        ConfigurationError: where its author wrote it wrongly.
    """
    kind = type(case)
    check_case(kind)
    profile = case.profile
    return CaseFacts(
        title=kind.__qualname__,
        level=kind.level,
        description=describe(name, adapter_class),
        directory=str(find_directory(name, kind, root)),
        options=dict(profile.options) if profile else {},
        secrets=tuple(profile.secrets) if profile else None,
        literals=literals_of(profile),
        examples={action: [dict(payload) for payload in payloads] for action, payloads in case.examples.items()},
        samples=tuple(_sample(sample) for sample in case.error_samples),
        waivers=_waivers(case.waivers),
        placeholders=dict(case.placeholders),
        scrub=tuple(case.scrub),
        ports={port: tuple(_text(code) for code in failures) for port, failures in case.ports.items()},
        prepares=kind.prepare is not ConnectorTestCase.prepare,
        judges_effects=kind.is_effect is not ConnectorTestCase.is_effect,
        tells_effects=kind.effects is not ConnectorTestCase.effects or kind.reset is not ConnectorTestCase.reset,
        serves=service_of(kind) is not None,
        others=tuple(sorted(other_adapters(adapter_class))),
    )


def service_of(kind: type[ConnectorTestCase]) -> Any:
    """The service of a case, which a class holds as a plain function."""
    app = next((vars(base)["service"] for base in kind.__mro__ if "service" in vars(base)), None)
    return app.__func__ if isinstance(app, staticmethod) else app


def _sample(sample: ErrorSample) -> Sample:
    raw = isinstance(sample.body, bytes)
    return Sample(
        sample.action,
        sample.body.decode("latin-1") if isinstance(sample.body, bytes) else sample.body,
        raw,
        _text(sample.code),
        sample.retryable,
        sample.status,
        dict(sample.headers),
    )


def _waivers(waivers: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    if wrong := [name for name, waiver in waivers.items() if not isinstance(waiver, Waiver)]:
        raise ConfigurationError(f"the waiver of {', '.join(wrong)} must be Waiver(reason, expires=date(...))")
    return {name: (waiver.reason, waiver.expires.isoformat()) for name, waiver in waivers.items()}


def _text(code: Any) -> str:
    return str(getattr(code, "value", code))


def plain(value: Any) -> Any:
    """Dataclasses as mappings, tuples as lists; everything else as it stands."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def call_facts(shown: facts.CallFacts) -> dict[str, Any]:
    """What a call showed, cut where it is more than anybody reads."""
    told = {field.name: getattr(shown, field.name) for field in fields(shown)}
    room = _MOST_SHOWN
    emissions = []
    for (source, own), whole in facts.by_source(shown.emissions).items():
        text = whole[:room]
        room -= len(text)
        emissions.append({"source": source, "text": text, "own": own})
    told["emissions"] = emissions
    told["error"] = plain(shown.error)
    return told
