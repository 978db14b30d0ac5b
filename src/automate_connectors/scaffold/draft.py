"""What a new project is made of, as plain values: every name is a Python name, every text is one printable line."""

import builtins
import keyword
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import BaseModel

from automate_connectors.adapters.http import HttpConnectorAdapter

__all__ = ["ActionDraft", "DraftError", "FieldDraft", "ProjectDraft", "checked_name", "identifier", "one_line", "snake"]

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_TEXT: Final = 300
#: What the annotations of a model's fields are made of.
_ANNOTATIONS: Final = frozenset({"bool", "dict", "float", "int", "list", "str"})
#: What an action's method calls its own.
_LOCAL: Final = frozenset({"p", "payload", "quote", "r", "response", "self"})


class DraftError(ValueError):
    """No project can be drafted from what was given; the message says what to change."""


@dataclass(frozen=True, slots=True)
class FieldDraft:
    """One field of a payload or of a result.

    Attributes:
        name: Its name in Python.
        key: Its name in the payload or result, and at the service.
        type: Its annotation, null left out.
        required: Whether it must be given.
        description: What it is.
        place: ``path``, ``query``, ``body``, ``key`` (the operation id) or ``result``.
        nullable: Whether it may be null where it is given; of results only.
    """

    name: str
    key: str
    type: str
    required: bool
    description: str
    place: str
    nullable: bool = False

    @property
    def annotation(self) -> str:
        """Its annotation with null, where it may be that or absent."""
        return self.type if self.type == "Any" or (self.required and not self.nullable) else f"{self.type} | None"


@dataclass(frozen=True, slots=True)
class ActionDraft:
    """One action: a request and what the toy service answers to it.

    Attributes:
        name: Its name.
        description: What it does.
        method: The request's method.
        path: The request's path, with ``{parameter}`` where a value goes.
        fields: What its payload holds.
        result: What its result holds; nothing where only that it is an object is known.
        idempotency: The call of `Idempotency` that declares it.
        key_header: The header that carries the operation id; None where there is none.
        example: A payload.
        status: What the toy service answers.
        answer: Its body; None for none.
    """

    name: str
    description: str
    method: str
    path: str
    fields: Sequence[FieldDraft]
    result: Sequence[FieldDraft]
    idempotency: str
    key_header: str | None
    example: dict[str, Any]
    status: int
    answer: Any

    @property
    def model(self) -> str:
        """The name of its payload's model."""
        return f"{self._camel}Payload"

    @property
    def result_model(self) -> str:
        """The name of its result's model."""
        return f"{self._camel}Result"

    @property
    def named(self) -> bool:
        """Whether the service answers no object, so that the result puts the answer under a name."""
        return bool(self.result) and not isinstance(self.answer, dict)

    @property
    def _camel(self) -> str:
        return "".join(part.capitalize() for part in self.name.split("_"))

    def at(self, place: str) -> list[FieldDraft]:
        """Return the fields that go to a place."""
        return [field for field in self.fields if field.place == place]


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """A connector project.

    Attributes:
        name: The connector's and the package's name.
        service: What the service is called.
        base_url: Where it is.
        auth: The header that carries the token, and what stands before it; None where it takes none.
        health: The path that `connect` asks.
        actions: What it can do.
    """

    name: str
    service: str
    base_url: str
    auth: tuple[str, str] | None
    health: str
    actions: Sequence[ActionDraft]

    @property
    def class_name(self) -> str:
        """The connector's name in the form of a class."""
        return "".join(part.capitalize() for part in self.name.split("_"))

    @property
    def typed(self) -> list[ActionDraft]:
        """The actions of whose results something is known."""
        return [action for action in self.actions if action.result]

    @property
    def untyped(self) -> list[ActionDraft]:
        """The actions of whose results nothing is known but that they are objects."""
        return [action for action in self.actions if not action.result]

    @property
    def payloads_use_any(self) -> bool:
        """Whether a payload's annotation needs `Any`."""
        return any("Any" in field.type for action in self.actions for field in action.fields)

    @property
    def results_use_any(self) -> bool:
        """Whether a result's annotation, or what names one, needs `Any`."""
        return any(each.named or any("Any" in field.type for field in each.result) for each in self.typed)

    @property
    def has_paths(self) -> bool:
        """Whether a value of a payload goes into a path."""
        return any(action.at("path") for action in self.actions)

    @property
    def base_path(self) -> str:
        """The path of the service's address."""
        return urlsplit(self.base_url).path

    @property
    def distribution(self) -> str:
        """The connector's name in the form of a distribution."""
        return re.sub("_+", "-", self.name)


def checked_name(name: str) -> str:
    """Return a name that a connector, its package and its distribution can have.

    Raises:
        DraftError: It is none.
    """
    if _NAME.fullmatch(name) is None or name.endswith("_"):
        raise DraftError(
            f"{name!a:.80} is no connector name: expected small letters, digits and _, a letter first and no _ last, "
            "63 at most, such as acme_tasks"
        )
    if keyword.iskeyword(name) or name in sys.stdlib_module_names or name in {"automate_connectors", "pytest", "tests"}:
        raise DraftError(
            f"{name} is the name of something that Python has already: choose another, such as {name}_service"
        )
    return name


def one_line(text: object, otherwise: str = "") -> str:
    """Return a text of a stranger's on one printable line that ends no string and no docstring."""
    plain = "".join(sign if sign.isprintable() else " " for sign in str(text)[: _TEXT * 2]) if text else otherwise
    plain = plain.replace("\\", "/").replace('"', "'")
    return " ".join(plain.split())[:_TEXT] or otherwise


def snake(text: str) -> str:
    """Return a text as a name in small letters: ``listPets`` becomes ``list_pets``."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")[:50]


def identifier(text: str, *, owner: type = BaseModel) -> str:
    """Return a name for a member of a class that hides nothing the class has or its code uses, and is no keyword."""
    name = snake(text)
    adapter = issubclass(owner, HttpConnectorAdapter)
    taken = hasattr(builtins, name) if adapter else name in _ANNOTATIONS or name.startswith("model_")
    if not name or not name[0].isalpha() or keyword.iskeyword(name) or hasattr(owner, name) or taken:
        name = f"{'do' if adapter else 'field'}_{name}".rstrip("_")
    return f"{name}_" if name in _LOCAL and not adapter else name
