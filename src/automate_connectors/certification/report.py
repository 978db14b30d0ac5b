"""The report of a certification, ``automate-connectors/report/1``: contract section 5 as a model.

Certificates from elsewhere are read with the same model, so it holds exactly what the page holds: every field is
required, no other is allowed (but in `environment` and in a counterexample), a bool is no integer, a number no string.
What the gate refuses with a code of its own (an outcome that is none, an invented level of a requirement, a waiver
without a reason) is let through here for it.

``python -m automate_connectors.certification.report`` prints the JSON Schema that is kept in
``conformance/report.schema.json``.
"""

import json
import sys
from typing import Annotated, Any, Final, Literal, NoReturn

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
    WithJsonSchema,
)

from automate_connectors.certification.levels import Guarantee, Level, Outcome
from automate_connectors.certification.moments import day, rfc3339

__all__ = [
    "SCHEMA",
    "ActionRecord",
    "CaseFailure",
    "CassetteRecord",
    "ConnectorInfo",
    "Coverage",
    "DistributionInfo",
    "FaultRecord",
    "Guarantee",
    "Level",
    "Outcome",
    "Report",
    "ReportError",
    "RequirementResult",
    "SuiteInfo",
    "WaiverRecord",
    "json_schema",
    "rfc3339",
]

SCHEMA: Final = "automate-connectors/report/1"


class ReportError(ValueError):
    """A text is no report of this schema."""


def _checked_time(text: str) -> str:
    rfc3339(text)
    return text


def _checked_day(text: str) -> str:
    day(text)
    return text


def _speakable(value: object) -> object:
    """Replace lone surrogates: an adapter may put them into a message, JSON may not carry them."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _choice(enum: type[Level] | type[Outcome]) -> WithJsonSchema:
    return WithJsonSchema({"enum": [member.value for member in enum], "type": "string"})


_Text = Annotated[StrictStr, BeforeValidator(_speakable)]
_Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
_Time = Annotated[StrictStr, AfterValidator(_checked_time), WithJsonSchema({"format": "date-time", "type": "string"})]
_Day = Annotated[StrictStr, AfterValidator(_checked_day), WithJsonSchema({"format": "date", "type": "string"})]
_OutcomeOrOther = Annotated[Outcome | StrictStr, Field(union_mode="left_to_right"), _choice(Outcome)]
_LevelOrOther = Annotated[Level | StrictStr, Field(union_mode="left_to_right"), _choice(Level)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DistributionInfo(_Model):
    """The distribution that the connector's module belongs to."""

    name: _Text
    version: _Text


class ConnectorInfo(_Model):
    """Which connector was judged; `adapter` is its class as ``module:Class``."""

    name: _Text
    version: _Text
    adapter: _Text
    distribution: DistributionInfo | None


class SuiteInfo(_Model):
    """Which suite judged; `digest` is over the requirement catalogue and the check sources."""

    version: _Text
    digest: _Text


class CaseFailure(_Model):
    """One case that failed: which, what was expected, what was seen instead."""

    case: _Text
    expected: _Text
    observed: _Text


class RequirementResult(_Model):
    """What came of one requirement.

    Attributes:
        id: The requirement's id in the catalogue.
        level: A `Level`; another string only where somebody invented it.
        title: The requirement's title.
        outcome: An `Outcome`; another string only where somebody invented it.
        reason: Why it was not judged, does not apply or is waived; None where there is nothing to say.
        cases: How many cases were judged.
        failures: The cases that failed, the smallest first.
        seconds: How long that took, in real seconds.
    """

    id: _Text
    level: _LevelOrOther
    title: _Text
    outcome: _OutcomeOrOther
    reason: _Text | None
    cases: StrictInt
    failures: tuple[CaseFailure, ...]
    seconds: _Number


class WaiverRecord(_Model):
    """One waiver that stands for a requirement, valid to the end of the day `expires` in UTC."""

    id: _Text
    reason: _Text
    expires: _Day


class ActionRecord(_Model):
    """One action: what it declares, what was shown of it, and the smallest schedule that broke it."""

    name: _Text
    idempotency: _Text
    guarantee: Guarantee
    examples: StrictInt
    schedules: StrictInt
    counterexample: dict[str, Any] | None


class FaultRecord(_Model):
    """One cell of the fault matrix: the fault at one request of an action, what the adapter answered, what that is."""

    action: _Text
    request: StrictInt
    fault: _Text
    answer: _Text | None
    outcome: _Text


class CassetteRecord(_Model):
    """One cassette that was used, with the SHA-256 of its file in hex."""

    path: _Text
    sha256: _Text
    recorded_at: _Text | None
    interactions: StrictInt


class Coverage(_Model):
    """How many statements of the adapter's file the certification ran."""

    lines: StrictInt
    covered: StrictInt
    percent: _Number


class Report(_Model):
    """What one certification found; see contract section 5.

    `schema_` is written and read as ``schema``. `claimed_level` is the level judged against, `level` the one reached.
    """

    schema_: Literal["automate-connectors/report/1"] = Field(alias="schema")
    connector: ConnectorInfo
    suite: SuiteInfo
    claimed_level: Level
    level: Level | None
    certified: StrictBool
    requirements: tuple[RequirementResult, ...]
    waivers: tuple[WaiverRecord, ...]
    actions: tuple[ActionRecord, ...]
    faults: tuple[FaultRecord, ...]
    cassettes: tuple[CassetteRecord, ...]
    coverage: Coverage | None
    seed: StrictInt
    host: Literal["inline", "process"]
    environment: dict[str, Any]
    started_at: _Time
    finished_at: _Time

    def to_json(self) -> str:
        """Return the report as indented JSON in the order of the contract, ending in a newline.

        Raises:
            ValueError: `environment` or a counterexample holds what JSON cannot carry.
        """
        text = json.dumps(self.model_dump(mode="json", by_alias=True), indent=2, ensure_ascii=False, allow_nan=False)
        return text.encode("utf-8", "replace").decode() + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> "Report":
        """Read a report.

        Raises:
            ReportError: The text is no JSON, of another schema, or has other fields or types than the contract.
        """
        data = _parsed(text)
        found = data.get("schema") if isinstance(data, dict) else None
        if found != SCHEMA:
            raise ReportError(
                f"expected a report of schema {SCHEMA}, got {found!a:.80}: "
                "read it with the version of automate-connectors that wrote it, or certify again"
            )
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise ReportError(f"the report is not as {SCHEMA} says: {_explained(error)}") from error


def json_schema() -> str:
    """Return the JSON Schema of a report, as it is kept in ``conformance/report.schema.json``."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Report.model_json_schema(by_alias=True)}
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


def _parsed(text: str | bytes) -> object:
    try:
        unicode = text.decode("utf-8") if isinstance(text, bytes) else text
        return json.loads(unicode, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ReportError(f"expected a report in JSON, encoded in UTF-8: {error}") from error


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise ValueError("an object names one member twice")
    return data


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _explained(error: ValidationError) -> str:
    """Return the first few mistakes with their places; never a value, which may be anybody's."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    shown = [f"{'.'.join(map(str, mistake['loc']))!a:.120} {mistake['msg']}" for mistake in found[:3]]
    return "; ".join(shown) + (f"; and {len(found) - 3} more" if len(found) > 3 else "")  # noqa: PLR2004 - as shown


if __name__ == "__main__":
    sys.stdout.write(json_schema())
