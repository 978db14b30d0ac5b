"""Payloads generated for pydantic models of every kind, judged by jsonschema-rs and by the models themselves."""

import datetime as dt
import decimal
import enum
import ipaddress
import json
import uuid
from collections.abc import Callable
from typing import Annotated, Any, Literal

import jsonschema_rs
import pytest
from pydantic import (
    AfterValidator,
    AnyUrl,
    Base64Bytes,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    Json,
    PastDate,
    PositiveInt,
    SecretStr,
    StringConstraints,
    ValidationError,
)

from automate_conformance.generation.drawing import draw
from automate_conformance.generation.schemas import compile_schema
from automate_conformance.generation.violations import violating_payloads

SEEDS = (1, 2)


class Level(enum.Enum):
    """Text values."""

    LOW = "low"
    HIGH = "high"


class Rank(enum.IntEnum):
    """Numbers."""

    FIRST = 1
    SECOND = 2


class Message(BaseModel):
    """The usual action's payload."""

    channel: str = Field(min_length=1, max_length=80)
    text: str
    count: int = Field(default=1, ge=1, le=100)
    ratio: float | None = None
    tags: list[str] = Field(default_factory=list, max_length=5)


class Address(BaseModel):
    """To be nested."""

    street: str = Field(min_length=3)
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]


class Temporal(BaseModel):
    """Formats of time."""

    day: dt.date
    moment: dt.datetime
    clock: dt.time
    lasting: dt.timedelta


class Chosen(BaseModel):
    """Closed sets of values."""

    level: Level
    rank: Rank
    literal: Literal["a", 2] | None
    only: Literal["this"]


class Nested(BaseModel):
    """Models in models."""

    model_config = ConfigDict(extra="forbid")

    home: Address
    work: Address | None = None
    others: dict[str, Address] = Field(default_factory=dict, max_length=2)


class Numeric(BaseModel):
    """Bounds and grids."""

    above: float = Field(gt=0)
    below: float = Field(lt=1, gt=0)
    both: int = Field(gt=0, lt=10)
    even: int = Field(multiple_of=2)
    cents: float = Field(multiple_of=0.01, ge=0, lt=100)
    positive: PositiveInt
    exact: int = Field(ge=7, le=7)


class Containers(BaseModel):
    """Lists, tuples, sets, dictionaries."""

    pair: tuple[int, str]
    many: list[int] = Field(min_length=2, max_length=4)
    unique: set[int] = Field(min_length=1)
    counts: dict[str, int] = Field(min_length=1)
    keyed: dict[Level, bool]
    constrained: dict[Annotated[str, StringConstraints(pattern="^[a-z]+$")], int]
    deep: list[list[dict[str, list[int]]]]


class Texts(BaseModel):
    """Texts of a form."""

    identifier: uuid.UUID
    fourth: uuid.UUID = Field(json_schema_extra={"format": "uuid4"})
    raw: bytes
    encoded: Base64Bytes
    site: HttpUrl
    anywhere: AnyUrl
    host: ipaddress.IPv4Address
    host6: ipaddress.IPv6Address
    mail: Annotated[str, Field(json_schema_extra={"format": "email"})]
    hidden: SecretStr = Field(min_length=4)
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-\d+(?:\.[a-z_]+)?$", max_length=12)]
    embedded: Json[list[int]]


class Cat(BaseModel):
    """One branch."""

    kind: Literal["cat"]
    lives: int = Field(gt=0, lt=10)


class Dog(BaseModel):
    """The other."""

    kind: Literal["dog"]
    name: str


class Unions(BaseModel):
    """Alternatives."""

    plain: int | str | None
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    either: Address | list[int]
    anything: Any


class Tree(BaseModel):
    """Holds itself."""

    value: int
    children: list["Tree"] = []
    parent: "Tree | None" = None


class Left(BaseModel):
    """Holds the other."""

    right: "Right | None" = None


class Right(BaseModel):
    """Holds the one."""

    left: Left
    size: int


class Open(BaseModel):
    """Takes more than it names."""

    model_config = ConfigDict(extra="allow")

    name: str


class Aliased(BaseModel):
    """Is called otherwise outside."""

    sender: str = Field(alias="from")


class Money(BaseModel):
    """Its schema allows more than it does."""

    amount: Annotated[decimal.Decimal, Field(max_digits=7, decimal_places=2, gt=0)]


class Historic(BaseModel):
    """Its schema knows nothing of today."""

    born: PastDate
    ages: dict[int, str]


def _even(value: int) -> int:
    if value % 2:
        raise ValueError("odd")
    return value


class Validated(BaseModel):
    """Half of the numbers are refused by a validator of its own."""

    number: Annotated[int, AfterValidator(_even)]


def _never(value: str) -> str:
    raise ValueError(value)


class Impossible(BaseModel):
    """No payload satisfies its validator."""

    text: Annotated[str, AfterValidator(_never)]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


class Lenient(BaseModel):
    """Takes one item for a list of one."""

    to: Annotated[list[str | dict[str, str]], BeforeValidator(_listed)]


EXACT = (
    *(Aliased, Chosen, Containers, Message, Nested, Numeric, Open, Temporal, Texts, Tree, Unions),
    *(Left, Right),
)
LOOSE = (Historic, Lenient, Money, Validated)

Model = type[BaseModel]


def _accepts(model: Model) -> Callable[[Any], bool]:
    def accepts(payload: Any) -> bool:
        try:
            model.model_validate_json(json.dumps(payload))
        except ValidationError:
            return False
        return True

    return accepts


def _drawn(model: Model, seed: int, *, with_model: bool = False) -> list[Any]:
    compiled = compile_schema(model.model_json_schema()).payloads(_accepts(model) if with_model else None)
    assert compiled.strategy is not None
    assert compiled.unsupported == ()
    return draw(compiled.strategy, seed=seed, count=25)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("model", EXACT)
def test_every_payload_is_valid_for_the_schema_and_for_the_model(model: Model, seed: int) -> None:
    """Nothing that is generated is refused by either."""
    validator = jsonschema_rs.validator_for(model.model_json_schema(), validate_formats=True)
    payloads = _drawn(model, seed)
    assert len(payloads) >= 2
    assert [payload for payload in payloads if not validator.is_valid(payload)] == []
    assert [payload for payload in payloads if not _accepts(model)(payload)] == []


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("model", LOOSE)
def test_a_model_that_is_stricter_than_its_schema_is_asked_too(model: Model, seed: int) -> None:
    """With `accepts`, only payloads that the model accepts are left."""
    payloads = _drawn(model, seed, with_model=True)
    assert len(payloads) >= 5
    assert [payload for payload in payloads if not _accepts(model)(payload)] == []


def test_a_model_that_refuses_nearly_everything_is_named() -> None:
    """The caller learns that examples have to stand in."""
    compiled = compile_schema(Impossible.model_json_schema()).payloads(_accepts(Impossible))
    assert compiled.strategy is None
    assert compiled.unsupported == ("/: the model's own validators refuse most payloads that its schema allows",)


def test_without_a_model_nothing_changes() -> None:
    """No model, no further filter."""
    compiled = compile_schema(Message.model_json_schema())
    assert compiled.payloads(None) is compiled


def test_optional_members_and_alternatives_all_occur() -> None:
    """Twenty-five payloads exercise each optional member, each branch and null."""
    payloads = _drawn(Message, 1)
    assert {key for payload in payloads for key in payload} == {"channel", "text", "count", "ratio", "tags"}
    assert {payload["ratio"] is None for payload in payloads if "ratio" in payload} == {True, False}
    assert {payload["pet"]["kind"] for payload in _drawn(Unions, 1)} == {"cat", "dog"}


@pytest.mark.parametrize("model", [*EXACT, *LOOSE])
def test_every_violation_is_refused_by_the_schema_and_by_the_model(model: Model) -> None:
    """No violation is one that a lax model reads without loss."""
    schema = model.model_json_schema()
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    found = violating_payloads(schema, _drawn(model, 1, with_model=True), accepts=_accepts(model))
    assert not found.empty
    assert [case for case in found.cases if validator.is_valid(case.payload) or _accepts(model)(case.payload)] == []


@pytest.mark.parametrize("model", EXACT)
def test_the_schema_alone_yields_no_violation_that_the_model_reads(model: Model) -> None:
    """The lossless readings are known without asking the model."""
    found = violating_payloads(model.model_json_schema(), _drawn(model, 1))
    assert [case for case in found.cases if _accepts(model)(case.payload)] == []


def test_what_the_model_reads_leniently_is_no_violation() -> None:
    """One item for a list of one is lossless where the model says so."""
    schema, bases = Lenient.model_json_schema(), [{"to": ["a"]}]
    by_schema = [case.description for case in violating_payloads(schema, bases).cases]
    by_both = [case.description for case in violating_payloads(schema, bases, accepts=_accepts(Lenient)).cases]
    assert by_schema == ["/to: required, but missing", "/to: the scalar 7, where array is expected"]
    assert by_both == ["/to: required, but missing"]


def test_violations_name_each_way_of_breaking_the_payload() -> None:
    """Every constraint of the model is crossed once."""
    found = violating_payloads(Message.model_json_schema(), _drawn(Message, 1))
    assert sorted(case.description for case in found.cases) == [
        "/channel: 0 characters, at least 1 expected",
        "/channel: 81 characters, at most 80 allowed",
        "/channel: an array, where string is expected",
        "/channel: an object, where string is expected",
        "/channel: required, but missing",
        "/count: 0, at least 1 expected",
        "/count: 101, at most 100 allowed",
        "/count: an array, where integer is expected",
        "/count: an object, where integer is expected",
        "/ratio: an array, where null/number is expected",
        "/ratio: an object, where null/number is expected",
        "/tags/0: an array, where string is expected",
        "/tags/0: an object, where string is expected",
        "/tags: 6 items, at most 5 allowed",
        "/tags: the scalar 7, where array is expected",
        "/text: an array, where string is expected",
        "/text: an object, where string is expected",
        "/text: required, but missing",
    ]
