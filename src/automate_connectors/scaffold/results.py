"""What an action returns, from the schema of the service's answer and a sample of it.

A document often says of an answer what its own example contradicts. The sample decides: what does not fit it becomes
``Any``, and what it lacks may be absent.
"""

from dataclasses import replace
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from automate_connectors.scaffold.draft import FieldDraft, identifier, one_line, snake
from automate_connectors.scaffold.samples import Document

__all__ = ["fitting", "result_of"]

_TYPES: Final[dict[str, Any]] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "dict[str, Any]": dict[str, Any],
    "list[str]": list[str],
    "list[int]": list[int],
    "list[float]": list[float],
    "list[bool]": list[bool],
    "list[dict[str, Any]]": list[dict[str, Any]],
    "list[list[Any]]": list[list[Any]],
    "list[Any]": list[Any],
}
_CHECKS: Final = {name: TypeAdapter(kind) for name, kind in _TYPES.items()}


def fitting(field: FieldDraft, value: object) -> FieldDraft:
    """Return a field whose annotation takes a value: its own, or ``Any``."""
    if field.type == "Any" or (value is None and field.nullable):
        return field
    try:
        _CHECKS[field.type].validate_python(value, strict=True)
    except ValidationError:
        return replace(field, type="Any")
    return field


def result_of(document: Document, schema: object, answer: object) -> list[FieldDraft]:
    """Return the fields of what an action returns; none where nothing can be said of them.

    A result is an object: an answer that is none stands under ``items`` or ``value``.
    """
    if answer is None:
        return []
    if not isinstance(answer, dict):
        name, said = (
            ("items", "What was found.") if isinstance(answer, list) else ("value", "What the service answered.")
        )
        kind = document.annotation(schema)
        return [fitting(FieldDraft(name, name, kind, True, said, "result", document.nullable(schema)), answer)]
    properties, required = document.members(schema)
    fields: list[FieldDraft] = []
    for key, part in properties.items():
        name = identifier(key)
        while name in {field.name for field in fields}:
            name += "_"
        said = one_line(document.mapping(part).get("description"), f"The {snake(key).replace('_', ' ')}.")
        given = key in required and key in answer
        field = FieldDraft(name, key, document.annotation(part), given, said, "result", document.nullable(part))
        fields.append(fitting(field, answer[key]) if key in answer else field)
    return fields
