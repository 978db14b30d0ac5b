"""Payloads of every shape, without network: what a model or a schema allows is taken, what it refuses is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, Self
from uuid import UUID

import jsonschema_rs
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from automate_connectors import (
    ActionSpec,
    ConnectorAdapter,
    Idempotency,
    InvalidPayloadError,
    UnknownActionError,
    action,
)
from zoo.members import Member
from zoo.payloads import Strict


class Colour(StrEnum):
    """A colour."""

    RED = "red"
    BLUE = "blue"


class Circle(Strict):
    """A circle."""

    kind: Literal["circle"]
    radius: float = Field(gt=0, le=1e6)


class Box(Strict):
    """A box."""

    kind: Literal["box"]
    sides: tuple[int, int] = Field(description="Width and height")


class Drawing(Strict):
    """Shapes, discriminated by their kind."""

    shapes: list[Annotated[Circle | Box, Field(discriminator="kind")]] = Field(min_length=1, max_length=4)
    colour: Colour = Colour.RED
    labels: dict[str, str] = Field(default_factory=dict)


class Period(BaseModel):
    """Two days in order, under the service's own names; a field that it does not know is left alone."""

    model_config = ConfigDict(populate_by_name=True)

    first: date = Field(alias="from")
    last: date = Field(alias="to")

    @model_validator(mode="after")
    def in_order(self) -> Self:
        """Refuse a period that ends before it begins."""
        if self.last < self.first:
            raise ValueError("the last day lies before the first")
        return self


class Order(BaseModel):
    """Typed scalars, taken strictly."""

    model_config = ConfigDict(strict=True, extra="forbid")

    count: int = Field(ge=1, le=99)
    gift: bool = False
    note: str | None = Field(None, max_length=40)


class Invoice(Strict):
    """Scalars that JSON carries as text."""

    number: UUID
    issued: datetime
    total: Decimal = Field(ge=0, max_digits=10, decimal_places=2)
    tags: set[str] = Field(default_factory=set, max_length=5)

    @field_validator("tags")
    @classmethod
    def no_blanks(cls, tags: set[str]) -> set[str]:
        """Refuse a tag without letters."""
        if not all(tag.strip() for tag in tags):
            raise ValueError("a tag is blank")
        return tags


_UUID = "3f0c2a1e-5d64-4c7e-9a57-0b6b5a1d2c3e"
_RAW: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {"point": {"type": "array", "prefixItems": [{"type": "number"}, {"type": "number"}], "items": False}},
    "properties": {
        "at": {"$ref": "#/$defs/point"},
        "kind": {"enum": ["pin", "flag", None]},
        "contact": {"anyOf": [{"type": "string", "format": "email"}, {"type": "null"}]},
        "when": {"type": "string", "format": "date-time"},
        "weights": {"type": "array", "items": {"type": "number", "minimum": 0}, "uniqueItems": True, "maxItems": 4},
    },
    "required": ["kind"],
    "additionalProperties": {"type": ["string", "integer"]},
    "maxProperties": 6,
}


class ShapesAdapter(ConnectorAdapter):
    """Takes payloads of pydantic models."""

    name = "acme_shapes"
    version = "1.0.0"

    def connect(self) -> bool:
        """There is nothing to reach."""
        return True

    @action(idempotency=Idempotency.read_only(), examples=[{"shapes": [{"kind": "circle", "radius": 2.0}]}])
    def draw(self, payload: Drawing) -> Drawing:
        """Give a drawing back."""
        return payload

    @action(idempotency=Idempotency.read_only(), examples=[{"from": "2026-01-01", "to": "2026-01-31"}])
    def days(self, payload: Period) -> dict[str, int]:
        """Count the days of a period."""
        return {"days": (payload.last - payload.first).days + 1}

    @action(idempotency=Idempotency.read_only(), examples=[{"count": 3}, {"count": 1, "gift": True, "note": None}])
    def order(self, payload: Order) -> Order:
        """Give an order back."""
        return payload

    @action(
        idempotency=Idempotency.read_only(),
        examples=[{"number": _UUID, "issued": "2026-11-24T03:22:55Z", "total": "12.50", "tags": ["a"]}],
    )
    def invoice(self, payload: Invoice) -> Invoice:
        """Give an invoice back."""
        return payload

    @action(idempotency=Idempotency.read_only(), examples=[{"anything": [1, {"at": "all"}]}])
    def keys(self, payload: dict[str, Any]) -> dict[str, Any]:
        """List the names of a payload of any shape."""
        return {"keys": sorted(payload)}


class RawSchemaAdapter(ConnectorAdapter):
    """Declares its action by a JSON Schema, and validates by a library."""

    name = "acme_raw_schema"
    version = "1.0.0"
    actions: ClassVar[Mapping[str, ActionSpec]] = {
        "place": ActionSpec(
            "Place a mark.",
            input=_RAW,
            output={"type": "object", "properties": {"kind": {}}, "required": ["kind"]},
            idempotency=Idempotency.read_only(),
            examples=[{"kind": "pin", "at": [1, 2.5]}, {"kind": None, "more": 7}],
        )
    }

    def connect(self) -> bool:
        """There is nothing to reach."""
        return True

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Validate, and give the kind back."""
        if action != "place":
            raise UnknownActionError(f"there is no action {action[:40]!r}", details={"known": ["place"]})
        if problem := next(jsonschema_rs.iter_errors(_RAW, payload), None):
            raise InvalidPayloadError("the payload breaks its schema") from problem
        return {"kind": payload["kind"]}


MEMBERS = [Member(ShapesAdapter), Member(RawSchemaAdapter)]
