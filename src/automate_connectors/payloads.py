"""Hold a payload against the declared input of an action, and say what is wrong without showing a value of it.

A payload can hold secrets and personal data, and what is said here ends in logs: problems name fields and the kind of
problem, never what was given.
"""

import json
import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from pydantic import BaseModel, TypeAdapter, ValidationError

from automate_connectors.actions import Shape
from automate_connectors.errors import ConnectorError, Effect, InvalidPayloadError

if TYPE_CHECKING:
    import jsonschema_rs

#: The schema of a payload of which nothing more is known than that it is an object, as all payloads are.
ANY_OBJECT: dict[str, Any] = {"type": "object"}

_SHOWN_IN_MESSAGE = 4
_SHOWN_IN_DETAILS = 20
_SHOWN_PARTS = 5
# A key of a payload is shown only where it looks like the name of a field: others may be data, or break a log line.
_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")
_KIND = re.compile(r"[A-Za-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One way in which a payload differs from the declared input: the path of the field, and the kind of problem."""

    field: str
    kind: str

    def __str__(self) -> str:
        return f"{self.field or 'the payload'} ({self.kind.replace('_', ' ')})"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check made of a payload: the value for the method, or the problems."""

    value: Any = None
    problems: tuple[Problem, ...] = ()


class Check(Protocol):
    """Holds payloads against one declared input."""

    def check(self, payload: dict[str, Any]) -> Checked:
        """Return a value that shares nothing with the payload, or the problems."""


@dataclass(frozen=True)
class AnyObjectCheck:
    """Every JSON object will do."""

    def check(self, payload: dict[str, Any]) -> Checked:
        """Return a copy."""
        try:
            return Checked(deepcopy(payload))
        except Exception:  # noqa: BLE001  # what cannot be copied can raise anything, and is no JSON
            return Checked(problems=(Problem("", "no plain data"),))


@dataclass(frozen=True)
class TypeCheck:
    """Everything that pydantic validates: models, and TypedDicts and dataclasses as well."""

    annotation: Any

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.annotation)

    def check(self, payload: dict[str, Any]) -> Checked:
        """Return the validated value, for a model its instance.

        Payloads are JSON, and are validated as JSON: the JSON Schema of a strict model allows "2020-01-01" for a date,
        an array for a set, a string for an enum, and so does its JSON validation, but not that of Python values. What
        is no JSON (a datetime from a Python caller) or too much for the JSON parser is validated as it stands.
        """
        text = _as_json(payload)
        if text is not None:
            try:
                return Checked(self._adapter.validate_json(text))
            except ValidationError as error:
                problems = _pydantic_problems(error)
            if Problem("", "json_invalid") not in problems:
                return Checked(problems=problems)
        copied = AnyObjectCheck().check(payload)
        return copied if copied.problems else self._check_python(copied.value)

    def _check_python(self, payload: dict[str, Any]) -> Checked:
        try:
            return Checked(self._adapter.validate_python(payload))
        except ValidationError as error:
            return Checked(problems=_pydantic_problems(error))


@dataclass(frozen=True)
class SchemaCheck:
    """A JSON Schema, by jsonschema-rs; the draft is the one that `$schema` names, else 2020-12."""

    schema: dict[str, Any]

    @cached_property
    def _validator(self) -> "jsonschema_rs.Validator":
        import jsonschema_rs  # noqa: PLC0415  # a third of the import time of the core, and many adapters have models

        try:
            return jsonschema_rs.validator_for(self.schema, retriever=_refuse_to_fetch)
        except ValueError as error:
            raise ConnectorError(
                "The declared input of the action is no valid JSON Schema: mend the ActionSpec", effect=Effect.NONE
            ) from error

    def check(self, payload: dict[str, Any]) -> Checked:
        """Return a copy of the payload, or the problems."""
        validator = self._validator
        try:
            problems = tuple(problem for error in validator.iter_errors(payload) for problem in _schema_problems(error))
        except ValueError:
            problems = (Problem("", "no plain data"),)
        return Checked(problems=problems) if problems else AnyObjectCheck().check(payload)


def check_of(shape: Shape) -> Check:
    """Return the check of a declared input: the model where there is one, else the JSON Schema."""
    if shape is None or shape == ANY_OBJECT:
        return AnyObjectCheck()
    return TypeCheck(shape) if isinstance(shape, type) else SchemaCheck(shape)


def refusal(action: str, problems: Iterable[Problem]) -> InvalidPayloadError:
    """Return the error for a payload with these problems, at most as long as a log line takes."""
    found = list(dict.fromkeys(problems))
    shown = ", ".join(str(problem) for problem in found[:_SHOWN_IN_MESSAGE])
    more = len(found) - _SHOWN_IN_MESSAGE
    return InvalidPayloadError(
        f"{action} does not take this payload: {shown}{f' and {more} more' if more > 0 else ''}; "
        "compare it with the input schema of the action",
        details={"problems": [asdict(problem) for problem in found[:_SHOWN_IN_DETAILS]]},
    )


def as_plain(result: Any) -> Any:
    """Dump a pydantic model in JSON mode, and leave everything else as it is."""
    return result.model_dump(mode="json") if isinstance(result, BaseModel) else result


def accepts_field(shape: Shape, name: str) -> bool:
    """Say whether payloads of this shape may carry a field; yes where the shape does not tell."""
    if shape is None:
        return True
    if not isinstance(shape, type):
        return _schema_names(shape, shape, name, frozenset())
    if "root" in shape.model_fields:
        schema = shape.model_json_schema()
        return _schema_names(schema, schema, name, frozenset())
    return name in _input_names(shape)


def _as_json(payload: dict[str, Any]) -> str | None:
    try:
        return json.dumps(payload)
    except (TypeError, ValueError, RecursionError):
        return None


def _pydantic_problems(error: ValidationError) -> tuple[Problem, ...]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return tuple(_problem(one["loc"], one["type"]) for one in found)


def _schema_problems(error: "jsonschema_rs.ValidationError") -> list[Problem]:
    """Return one problem for each field: a missing or superfluous one is named by the kind of the error alone."""
    keyword = error.schema_path[-1] if error.schema_path else "invalid"
    missing = getattr(error.kind, "property", None)
    named = [missing] if isinstance(missing, str) else getattr(error.kind, "unexpected", None)
    tails: list[list[str | int]] = [[name] for name in named] if isinstance(named, list) and named else [[]]
    return [_problem([*error.instance_path, *tail], str(keyword)) for tail in tails]


def _problem(path: Iterable[str | int], kind: str) -> Problem:
    parts = [str(part) if isinstance(part, int) or _FIELD_NAME.fullmatch(part) else "?" for part in path]
    shown = [*parts[:_SHOWN_PARTS], "..."] if len(parts) > _SHOWN_PARTS else parts
    return Problem(".".join(shown), kind if _KIND.fullmatch(kind) else "invalid")


def _refuse_to_fetch(uri: str) -> NoReturn:
    # A remote $ref would be fetched over the network by default: payloads are judged before any I/O.
    raise ValueError(f"a JSON Schema of an action must be self-contained, and this one refers to {uri}")


def _input_names(model: type[BaseModel]) -> set[str]:
    """Return the names under which a payload may give the fields of a model."""
    config = model.model_config
    by_alias = config.get("validate_by_alias") is not False
    by_name = config.get("populate_by_name") or config.get("validate_by_name") or False
    names = set()
    for name, field in model.model_fields.items():
        alias = field.validation_alias if by_alias else None
        names |= _alias_names(alias) if alias is not None else {name}
        names |= {name} if by_name else set()
    return names


def _alias_names(alias: object) -> set[str]:
    """Return the first keys of an alias, an AliasPath or AliasChoices."""
    if isinstance(alias, str):
        return {alias}
    choices = getattr(alias, "choices", [alias])
    return {choice if isinstance(choice, str) else str(choice.path[0]) for choice in choices}


def _schema_names(schema: object, root: Mapping[str, Any], name: str, seen: frozenset[str]) -> bool:
    """Say whether an object of this schema may have a property, following local references and combinations."""
    if not isinstance(schema, Mapping):
        return schema is not False
    reference = schema.get("$ref")
    if isinstance(reference, str):
        target = _local(root, reference)
        return reference in seen or target is None or _schema_names(target, root, name, seen | {reference})
    parts = [part for keyword in ("allOf", "anyOf", "oneOf") for part in schema.get(keyword, ())]
    if name in schema.get("properties", {}) or schema.get("patternProperties"):
        return True
    if parts:
        return any(_schema_names(part, root, name, seen) for part in parts)
    return not schema.get("properties") and schema.get("additionalProperties") is not False


def _local(root: Mapping[str, Any], reference: str) -> object:
    """Return what a JSON pointer (RFC 6901) in a fragment points to, or None where it leads out of the schema."""
    found: object = root
    for part in reference.removeprefix("#").split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if reference.startswith("#") else None
