"""From what a class declares to its actions: `@action` methods and hand-written `actions`, its own and its bases'.

All that is certainly a mistake is a TypeError here, when the class is created, and not an error of the first call.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType, NoneType, SimpleNamespace
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel, PydanticUserError, TypeAdapter

from automate_connectors.actions import ActionMark, ActionSpec, Shape, mark_of
from automate_connectors.payloads import (
    ANY_OBJECT,
    AnyObjectCheck,
    Check,
    Checked,
    TypeCheck,
    accepts_field,
    check_of,
)

_ACTION_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
# `connect` is the name of the cassette that holds the health check.
_RESERVED_NAMES = frozenset({"connect"})
_LIFECYCLE_METHODS = frozenset({"connect", "execute", "close"})
_OBJECTS = (dict, Mapping, MutableMapping)
_ANYTHING: tuple[object, ...] = (Any, object)
# An annotation that only type checkers can resolve still says that it is a dict.
_WRITTEN_AS_OBJECT = re.compile(r"(\w+\.)*(dict|Dict|Mapping|MutableMapping|Any)\b")


@dataclass(frozen=True)
class Handler:
    """A method marked `@action`: its name, what it declares, and the annotation of its payload (None: every dict)."""

    method: str
    name: str
    spec: ActionSpec
    annotation: Any

    @cached_property
    def _checks(self) -> tuple[Check, ...]:
        declared = check_of(self.spec.input)
        wanted = AnyObjectCheck() if self.annotation is None else TypeCheck(self.annotation)
        # They differ where a subclass declares a method of its base anew, and where a TypedDict became a JSON Schema.
        return (wanted,) if declared == wanted else (declared, wanted)

    def check(self, payload: dict[str, Any]) -> Checked:
        """Return what the method takes as its payload, or the problems."""
        checked = Checked()
        for check in self._checks:
            checked = check.check(payload)
            if checked.problems:
                break
        return checked


@dataclass(frozen=True)
class Declared:
    """What a class declares: by hand in its own body (`written`), and in all with its bases (`specs`, `handlers`)."""

    written: Mapping[str, ActionSpec]
    specs: Mapping[str, ActionSpec]
    handlers: Mapping[str, Handler]


NOTHING_DECLARED = Declared(MappingProxyType({}), MappingProxyType({}), MappingProxyType({}))


def declared_by(cls: type, *, awaits: bool) -> Declared:
    """Read the actions of an adapter class that is being created; its bases keep theirs as `_connector_declared`.

    Args:
        cls: The class.
        awaits: Whether its action methods may be coroutine functions.

    Raises:
        TypeError: The declaration is certainly mistaken.
    """
    if isinstance(vars(cls).get("secrets"), str):
        raise TypeError(f"{cls.__name__}.secrets must be a sequence of names, not one string: is a comma missing?")
    own = _written_by(cls)
    written: dict[str, ActionSpec] = {}
    methods: dict[str, Handler] = {}
    for klass in reversed(cls.__mro__):
        layer = own if klass is cls else vars(klass).get("_connector_declared", NOTHING_DECLARED).written
        for name in _lay_methods(klass, methods, awaits=awaits):
            if name in layer:
                raise TypeError(f"{klass.__name__} declares {name!r} twice: in actions and with @action. Keep one")
            written.pop(name, None)
        written |= layer
    handlers = _by_name(cls, methods.values())
    specs = {name: handler.spec for name, handler in handlers.items()} | written
    _refuse_lost_keys(cls, specs)
    handlers = {name: replace(handler, spec=specs[name]) for name, handler in handlers.items()}
    return Declared(own, MappingProxyType(specs), MappingProxyType(handlers))


def _written_by(cls: type) -> dict[str, ActionSpec]:
    """Return the hand-written actions of a class body, less those it only repeats from a base."""
    actions = vars(cls).get("actions", {})
    known = vars(cls).get("_connector_declared")
    if known is not None and known.specs is actions:
        # A decorator made the class anew from the body of one that is declared already, as dataclass(slots=True) does.
        return dict(known.written)
    if not isinstance(actions, Mapping):
        raise TypeError(f"{cls.__name__}.actions must map names to ActionSpecs, not be {actions!r}")
    for name, spec in actions.items():
        _check_name(name, f"{cls.__name__}.actions")
        if not isinstance(spec, ActionSpec):
            raise TypeError(f"{cls.__name__}.actions[{name!r}] must be an ActionSpec, not {spec!r}")
    inherited = [getattr(base, "actions", {}) for base in cls.__bases__]
    return {name: spec for name, spec in actions.items() if not any(spec is theirs.get(name) for theirs in inherited)}


def _lay_methods(klass: type, methods: dict[str, Handler], *, awaits: bool) -> list[str]:
    """Lay the methods of one class over those of its bases, and return the names of the actions that it marks."""
    names = []
    for attribute, member in vars(klass).items():
        mark = mark_of(member) or mark_of(getattr(member, "__func__", None))
        if mark is not None:
            methods[attribute] = _handler(klass, attribute, member, mark, awaits=awaits)
            names.append(mark.name)
        elif attribute in methods and not callable(member):
            del methods[attribute]
    return names


def _by_name(cls: type, handlers: Iterable[Handler]) -> dict[str, Handler]:
    named: dict[str, Handler] = {}
    for handler in handlers:
        other = named.setdefault(handler.name, handler)
        if other is not handler:
            raise TypeError(
                f"{cls.__name__} has two methods for the action {handler.name!r}: {other.method} and {handler.method}"
            )
    return named


def _handler(klass: type, attribute: str, member: object, mark: ActionMark, *, awaits: bool) -> Handler:
    label = f"{klass.__name__}.{attribute}"
    if attribute in _LIFECYCLE_METHODS:
        raise TypeError(f"{label} is part of every adapter's lifecycle and cannot be an action: rename the method")
    if isinstance(member, staticmethod | classmethod) or not callable(member):
        raise TypeError(f"{label}: @action marks a plain method, one that takes self and payload")
    _check_name(mark.name, label)
    _check_signature(member, label, awaits=awaits)
    annotation = _payload_annotation(klass, member, mark, label)
    output = _annotation(klass, member, mark, "return")
    try:
        spec = ActionSpec(
            _first_line(member),
            _input_of(annotation),
            None if output is _LOST else _output_of(output),
            **mark.options,
        )
    except TypeError as error:
        raise TypeError(f"{label}: {error}") from error
    return Handler(attribute, mark.name, spec, None if _is_open(annotation) else annotation)


def _check_name(name: object, label: str) -> None:
    if not isinstance(name, str) or not _ACTION_NAME.fullmatch(name):
        raise TypeError(f"{label}: an action's name must match {_ACTION_NAME.pattern}, and {name!r} does not")
    if name in _RESERVED_NAMES:
        raise TypeError(f"{label}: the name {name!r} is reserved for the health check: choose another")


def _check_signature(method: Callable[..., Any], label: str, *, awaits: bool) -> None:
    bound = list(inspect.signature(method).parameters.values())[1:]
    by_name = {inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY}
    if not any(parameter.name == "payload" and parameter.kind in by_name for parameter in bound):
        raise TypeError(f"{label}: an action takes self and a parameter named payload, and this method does not")
    unfilled = [
        parameter.name
        for parameter in bound
        if parameter.name != "payload"
        and parameter.default is parameter.empty
        and parameter.kind not in {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    ]
    if unfilled:
        raise TypeError(f"{label}: an action is called with its payload alone, and needs {', '.join(unfilled)} too")
    if inspect.iscoroutinefunction(method) and not awaits:
        raise TypeError(f"{label}: an async action needs an AsyncConnectorAdapter as the base of its class")


def _first_line(method: Callable[..., Any]) -> str:
    lines = (inspect.getdoc(method) or "").splitlines()
    return lines[0].strip() if lines else ""


class _Lost:
    """The type of an annotation that cannot be resolved at run time."""


_LOST = _Lost()


def _annotation(klass: type, method: Callable[..., Any], mark: ActionMark, name: str) -> Any:
    """Resolve one annotation alone, so that another one that only type checkers can see does no harm."""
    written = inspect.get_annotations(method).get(name, Any)
    function = inspect.unwrap(method)
    for names in (mark.names, {**vars(klass), **mark.names}):
        holder = SimpleNamespace(__annotations__={name: written})
        try:
            return get_type_hints(holder, getattr(function, "__globals__", {}), dict(names), include_extras=True)[name]
        except Exception:  # noqa: BLE001, S112  # a string can hold any expression, and evaluating it can raise anything
            continue
    return _LOST


def _payload_annotation(klass: type, method: Callable[..., Any], mark: ActionMark, label: str) -> Any:
    annotation = _annotation(klass, method, mark, "payload")
    if annotation is not _LOST:
        return annotation
    written = inspect.get_annotations(method)["payload"]
    if isinstance(written, str) and (found := _WRITTEN_AS_OBJECT.match(written)):
        return Any if found[2] == "Any" else dict
    raise TypeError(
        f"{label}: the annotation {written!r} of payload names nothing that exists at run time; define or import it "
        "above the class, and not only for type checkers"
    )


def _is_open(annotation: object) -> bool:
    """Say whether every JSON object will do: no annotation, or a dict of anything."""
    if annotation in _ANYTHING or annotation in _OBJECTS:
        return True
    arguments = get_args(annotation)
    return get_origin(annotation) in _OBJECTS and (not arguments or arguments[-1] in _ANYTHING)


def _input_of(annotation: Any) -> Shape:
    if annotation in _ANYTHING:
        return None
    if _is_open(annotation):
        return ANY_OBJECT
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    try:
        schema = TypeAdapter(annotation).json_schema()
    except (PydanticUserError, NameError) as error:
        raise TypeError(f"pydantic cannot describe the annotation {annotation!r} of payload: {error}") from error
    if schema.get("type", "object") != "object":
        raise TypeError(f"payload is always a JSON object, and {annotation!r} is not: annotate a model or dict")
    return schema


def _output_of(annotation: Any) -> Shape:
    if _is_open(annotation) or annotation is NoneType:
        return None
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    try:
        return TypeAdapter(annotation).json_schema(mode="serialization", by_alias=False)
    except (PydanticUserError, NameError):
        # It says something about the result, but nothing that a schema can hold: then nothing is promised.
        return None


def _refuse_lost_keys(cls: type, specs: Mapping[str, ActionSpec]) -> None:
    for name, spec in specs.items():
        key = spec.idempotency.field
        if key is not None and not accepts_field(spec.input, key):
            raise TypeError(
                f"{cls.__name__}: the action {name!r} is keyed by the payload field {key!r}, and its input has no such "
                "field: add it, or name another with Idempotency.keyed(field=...)"
            )
