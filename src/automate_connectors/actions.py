"""What an adapter says about its actions: the `action` decorator, `ActionSpec` and `Idempotency`.

Nothing here runs an action. `declarations` turns what is said here into the actions of an adapter class, `payloads`
holds a payload against it.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from types import FrameType
from typing import Any, Literal, TypeVar, overload

from pydantic import BaseModel

IdempotencyKind = Literal["read_only", "natural", "keyed", "unsafe", "undeclared"]
#: What describes a payload or a result: a pydantic model, a JSON Schema, or nothing.
Shape = type[BaseModel] | dict[str, Any] | None
_Method = TypeVar("_Method", bound=Callable[..., Any])
_MARK = "__automate_action__"


@dataclass(frozen=True, slots=True)
class Idempotency:
    """What a repeated call of an action does at the service; made by the constructor named after its kind.

    Attributes:
        kind: `"read_only"`, `"natural"`, `"keyed"`, `"unsafe"` or `"undeclared"`.
        field: Keyed: the payload field that carries the operation id.
        header: Keyed: the header that carries the key to the service.
        body: Keyed: the JSON or form field that does.
        query: Keyed: the query parameter that does.
        path: Keyed: whether a path segment does.
    """

    kind: IdempotencyKind
    field: str | None = None
    header: str | None = None
    body: str | None = None
    query: str | None = None
    path: bool = False

    @classmethod
    def read_only(cls) -> "Idempotency":
        """No effect at the service."""
        return cls("read_only")

    @classmethod
    def natural(cls) -> "Idempotency":
        """Repeating the same request leaves the same state, as PUT and DELETE do (RFC 9110, section 9.2.2)."""
        return cls("natural")

    @classmethod
    def keyed(
        cls,
        field: str = "idempotency_key",
        header: str | None = None,
        body: str | None = None,
        query: str | None = None,
        path: bool = False,  # the signature is the contract's
    ) -> "Idempotency":
        """The service recognises a repeat by a key that the caller chooses before the first attempt.

        Args:
            field: The payload field that carries the operation id.
            header: The header in which the adapter sends it, or a value derived from it alone.
            body: Or the JSON or form field.
            query: Or the query parameter.
            path: Or whether it is a path segment. No place at all is for adapters without HTTP.

        Raises:
            TypeError: More than one place, or a name that is empty or no string.
        """
        names = {"field": field, "header": header, "body": body, "query": query}
        for place, name in names.items():
            if not (name is None and place != "field") and not (isinstance(name, str) and name):
                raise TypeError(f"Idempotency.keyed expects {place} to be a name, and got {name!r}")
        places = [place for place in ("header", "body", "query") if names[place]] + ["path"] * bool(path)
        if len(places) > 1:
            raise TypeError(f"Idempotency.keyed sends the key in one place, and got {' and '.join(places)}: keep one")
        return cls("keyed", field, header, body, query, bool(path))

    @classmethod
    def unsafe(cls) -> "Idempotency":
        """The service cannot tell a repeat: after an ambiguous failure there is no second attempt."""
        return cls("unsafe")

    @classmethod
    def undeclared(cls) -> "Idempotency":
        """Nothing is promised."""
        return cls("undeclared")


class _Copied:
    """A dataclass field that keeps a deep copy and hands out deep copies, so that a specification stays as made."""

    def __init__(self, default: Any) -> None:
        self._default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, spec: "ActionSpec | None", owner: type) -> Any:
        return self._default if spec is None else deepcopy(spec.__dict__[self._name])

    def __set__(self, spec: "ActionSpec", value: Any) -> None:
        spec.__dict__[self._name] = deepcopy(value)


@dataclass(frozen=True)
class ActionSpec:
    """The declaration of one action.

    Attributes:
        description: One line: what the action does.
        input: The payload: a pydantic model, a JSON Schema, or None where nothing is said.
        output: The result, likewise.
        idempotency: What a repeated call does at the service.
        reads_response: False: a 2xx is success whatever its body.
        expected_statuses: Error statuses that the action turns into a result.
        volatile: Body fields and query parameters that rightly differ between two attempts.
        examples: Payloads that show the action at work.

    Raises:
        TypeError: An argument is of another type than said here.
    """

    description: str
    input: Shape = _Copied(None)  # type: ignore[assignment]  # a descriptor-typed field, see dataclasses
    output: Shape = _Copied(None)  # type: ignore[assignment]  # as above
    idempotency: Idempotency = field(default_factory=Idempotency.undeclared)
    reads_response: bool = True
    expected_statuses: Sequence[int] = ()
    volatile: Sequence[str] = ()
    examples: Sequence[dict[str, Any]] = _Copied(())  # type: ignore[assignment]  # as above

    def __post_init__(self) -> None:
        _expect(isinstance(self.description, str), "description", "a string", self.description)
        for name in ("input", "output"):
            shape = getattr(self, name)
            _expect(_is_shape(shape), name, "a pydantic model, a JSON Schema dict or None", shape)
        _expect(
            isinstance(self.idempotency, Idempotency),
            "idempotency",
            "a value like Idempotency.natural()",
            self.idempotency,
        )
        _expect(isinstance(self.reads_response, bool), "reads_response", "True or False", self.reads_response)
        self._freeze("expected_statuses", _items(self.expected_statuses, int), "a sequence of statuses")
        self._freeze("volatile", _items(self.volatile, str), "a sequence of names")
        self._freeze("examples", _items(self.examples, dict), "a sequence of payload dicts")

    def _freeze(self, name: str, items: list[Any] | None, expected: str) -> None:
        _expect(items is not None, name, expected, getattr(self, name))
        # Examples stay a list, the type that authors write them in: each reader gets a copy of it anyway.
        object.__setattr__(self, name, items if name == "examples" else tuple(items or ()))

    @property
    def input_schema(self) -> dict[str, Any] | None:
        """The JSON Schema of payloads, or None where nothing is said of them."""
        return deepcopy(self._input_schema)

    @property
    def output_schema(self) -> dict[str, Any] | None:
        """The JSON Schema of results as `execute` returns them, or None where nothing is promised."""
        return deepcopy(self._output_schema)

    @cached_property
    def _input_schema(self) -> dict[str, Any] | None:
        model = self.input
        if not isinstance(model, type):
            return model
        return model.model_json_schema(by_alias=model.model_config.get("validate_by_alias") is not False)

    @cached_property
    def _output_schema(self) -> dict[str, Any] | None:
        model = self.output
        if not isinstance(model, type):
            return model
        # Dumped results carry field names, unless the model itself says otherwise: the schema must say the same.
        by_alias = model.model_config.get("serialize_by_alias") is True
        return model.model_json_schema(mode="serialization", by_alias=by_alias)


def _expect(holds: bool, name: str, expected: str, given: object) -> None:  # private, and plain at each call
    if not holds:
        raise TypeError(f"An action's {name} must be {expected}, not {given!r}")


def _is_shape(shape: object) -> bool:
    return shape is None or isinstance(shape, dict) or (isinstance(shape, type) and issubclass(shape, BaseModel))


def _items(given: object, kind: type) -> list[Any] | None:
    """Return the items, or None where this is no collection of that kind: one string is no sequence of names."""
    if isinstance(given, str | bytes | Mapping) or not hasattr(given, "__iter__"):
        return None
    items = list(given)
    right = all(isinstance(item, kind) and not isinstance(item, bool) for item in items)
    return items if right else None


@dataclass(frozen=True, slots=True)
class ActionMark:
    """What the decorator leaves on a method, for the class to read when it is created."""

    name: str
    options: Mapping[str, Any]
    names: Mapping[str, Any]


@overload
def action(method: _Method, /) -> _Method: ...
@overload
def action(
    *,
    name: str | None = None,
    idempotency: Idempotency | None = None,
    reads_response: bool = True,
    expected_statuses: Sequence[int] = (),
    volatile: Sequence[str] = (),
    examples: Sequence[dict[str, Any]] = (),
) -> Callable[[_Method], _Method]: ...
def action(
    method: Callable[..., Any] | None = None,
    /,
    *,
    name: str | None = None,
    idempotency: Idempotency | None = None,
    reads_response: bool = True,
    expected_statuses: Sequence[int] = (),
    volatile: Sequence[str] = (),
    examples: Sequence[dict[str, Any]] = (),
) -> Callable[..., Any]:
    """Mark a method of an adapter as an action; with or without parentheses.

    The first line of the docstring describes it, the annotation of its parameter `payload` is its input, the return
    annotation its output. Mistakes show when the class is created.

    Args:
        method: The method, where the decorator stands without parentheses.
        name: The action's name, where it is not the method's.
        idempotency: What a repeated call does at the service; by default undeclared.
        reads_response: False: a 2xx is success whatever its body.
        expected_statuses: Error statuses that the action turns into a result.
        volatile: Body fields and query parameters that rightly differ between two attempts.
        examples: Payloads that show the action at work.

    Raises:
        TypeError: What is decorated is no function.
    """
    options = {
        "idempotency": Idempotency.undeclared() if idempotency is None else idempotency,
        "reads_response": reads_response,
        "expected_statuses": expected_statuses,
        "volatile": volatile,
        "examples": examples,
    }

    def mark(function: _Method) -> _Method:
        return _marked(function, name, options)

    return mark if method is None else mark(method)


def _marked(function: _Method, name: str | None, options: Mapping[str, Any]) -> _Method:
    if not inspect.isroutine(function) or not hasattr(function, "__name__"):
        raise TypeError(f"@action marks a method, not {function!r}")
    names = _names_in_scope(function, inspect.currentframe())
    setattr(function, _MARK, ActionMark(function.__name__ if name is None else name, options, names))
    return function


def mark_of(member: object) -> ActionMark | None:
    """Return what `action` left on a member of a class."""
    found = getattr(member, _MARK, None)
    return found if isinstance(found, ActionMark) else None


def _names_in_scope(function: Callable[..., Any], frame: FrameType | None) -> dict[str, Any]:
    """Return what a string annotation may name besides globals: what is in the class, and in the function around it.

    `from __future__ import annotations` turns annotations into strings, and a model that is local to a function can
    then be found in that function's frame alone, which is gone when the action is first called.
    """
    annotations = getattr(function, "__annotations__", {})
    if not any(isinstance(annotation, str) for annotation in annotations.values()):
        return {}
    while frame is not None and frame.f_globals is globals():
        frame = frame.f_back
    scopes: list[Mapping[str, Any]] = []
    while frame is not None and frame.f_locals is not frame.f_globals:
        scopes.append(frame.f_locals)
        if frame.f_code.co_flags & inspect.CO_OPTIMIZED:
            break
        frame = frame.f_back
    return {name: value for scope in reversed(scopes) for name, value in scope.items()}
