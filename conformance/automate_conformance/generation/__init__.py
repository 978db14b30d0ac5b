"""Payloads for an action, generated from its declared schema: valid ones, and ones that break it."""

from .drawing import draw, simplest_first
from .errors import SchemaError
from .identifiers import field_schema, first_character_pair, last_character_pair, operation_ids
from .schemas import Compiled, compile_schema
from .violations import Violation, Violations, violating_payloads

__all__ = [
    "Compiled",
    "SchemaError",
    "Violation",
    "Violations",
    "compile_schema",
    "draw",
    "field_schema",
    "first_character_pair",
    "last_character_pair",
    "operation_ids",
    "simplest_first",
    "violating_payloads",
]
