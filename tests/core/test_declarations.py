"""From a class body to its actions: what is declared, inherited, replaced, and what is a mistake."""

import functools
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, ClassVar, TypeVar, cast

import pytest
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from automate_connectors.actions import ActionSpec, Idempotency, action
from automate_connectors.adapters.base import AsyncConnectorAdapter, BaseAdapter, ConnectorAdapter
from automate_connectors.errors import InvalidPayloadError, UnknownActionError

_Method = TypeVar("_Method", bound=Callable[..., Any])


class Message(BaseModel):
    """A payload."""

    text: str
    idempotency_key: str | None = None


class Sent(BaseModel):
    """A result."""

    id: int


class MessageDict(TypedDict):
    """A payload as a TypedDict."""

    text: str


class Healthy(ConnectorAdapter):
    """An adapter without actions."""

    name = "healthy"
    version = "1.0.0"

    def connect(self) -> bool:
        """Say yes."""
        return True


class Chat(Healthy):
    """An adapter with one action of each kind of annotation."""

    @action(idempotency=Idempotency.keyed(header="Idempotency-Key"), expected_statuses=[404], examples=[{"text": "a"}])
    def send(self, payload: Message) -> Sent:
        """Send a message.

        At length.
        """
        return Sent(id=len(payload.text))

    @action
    def echo(self, payload: dict[str, Any]) -> dict[str, Any]:  # noqa: D102  # it has no description
        return payload

    @action(name="typed", idempotency=Idempotency.read_only())
    def read_typed(self, payload: MessageDict) -> MessageDict:
        """Take a TypedDict."""
        return payload

    @action
    def limited(self, payload: Annotated[Message, Field(description="more")]) -> Sent | None:
        """Return one or none."""
        return Sent(id=1) if payload.text else None


def test_methods_become_actions() -> None:
    """The decorator, the docstring and the annotations make the specification."""
    send = Chat.actions["send"]
    assert list(Chat.actions) == ["send", "echo", "typed", "limited"]
    assert (send.description, send.input, send.output) == ("Send a message.", Message, Sent)
    assert send.idempotency == Idempotency.keyed(header="Idempotency-Key")
    assert (send.expected_statuses, send.examples) == ((404,), [{"text": "a"}])


def test_plain_dicts_promise_nothing() -> None:
    """A dict of anything is an object and no more, and no docstring no description."""
    echo = Chat.actions["echo"]
    assert (echo.description, echo.input_schema, echo.output_schema) == ("", {"type": "object"}, None)
    assert Chat().execute("echo", {"any": [1]}) == {"any": [1]}


@pytest.mark.parametrize(
    "annotation", [dict, dict[str, Any], dict[str, object], Mapping[str, Any], "dict[str, Unseen]"]
)
def test_an_annotated_dict_is_an_object(annotation: object) -> None:
    """However it is written, its schema says so, and nothing of a payload is refused, JSON or not."""

    def send(self: object, payload: Any) -> dict[str, Any]:
        return {"by": type(self).__name__, "keys": list(payload)}

    send.__annotations__["payload"] = annotation
    adapter = cast("type[Healthy]", type("Sends", (Healthy,), {"send": action(send)}))
    assert adapter.actions["send"].input_schema == {"type": "object"}
    assert adapter().execute("send", {"at": date(2026, 1, 1), "n": 1}) == {"by": "Sends", "keys": ["at", "n"]}


@pytest.mark.parametrize("annotation", [Any, object, "typing_only.Any"])
def test_an_annotation_that_says_nothing_gives_no_schema(annotation: object) -> None:
    """As if there were none."""

    def send(self: object, payload: Any) -> None:
        """Send it."""

    send.__annotations__["payload"] = annotation
    assert type("Sends", (Healthy,), {"send": action(send)}).actions["send"].input_schema is None  # type: ignore[attr-defined]  # a Healthy


def test_other_annotations_become_schemas() -> None:
    """A TypedDict or an annotated model is described by its JSON Schema, and validated."""
    typed = Chat.actions["typed"]
    assert typed.input_schema == typed.output_schema
    assert typed.input_schema is not None
    assert typed.input_schema["required"] == ["text"]
    assert Chat.actions["limited"].output_schema is not None
    assert Chat().execute("typed", {"text": "a"}) == {"text": "a"}
    assert Chat().execute("limited", {"text": "a"}) == {"id": 1}
    with pytest.raises(InvalidPayloadError, match="text"):
        Chat().execute("typed", {"text": [1]})


def test_actions_cannot_be_changed() -> None:
    """The mapping of a class is read-only."""
    with pytest.raises(TypeError):
        Chat.actions["send"] = ActionSpec("Other.")  # type: ignore[index]  # wrong by intention


def test_undecorated_override_replaces_the_method() -> None:
    """A subclass that overrides a method keeps the action and its declaration."""

    class Louder(Chat):
        def send(self, payload: Message) -> Sent:
            return Sent(id=10 * len(payload.text))

    assert Louder.actions == Chat.actions
    assert Louder().execute("send", {"text": "ab"}) == {"id": 20}


def test_decorated_override_replaces_the_declaration() -> None:
    """A method that is marked anew replaces the old action, its name included."""

    class Renamed(Chat):
        @action(name="post")
        def send(self, payload: Message) -> Sent:
            """Post it."""
            return Sent(id=len(payload.text))

    assert "send" not in Renamed.actions
    assert Renamed.actions["post"].description == "Post it."


def test_attribute_that_is_no_method_takes_the_action_away() -> None:
    """Setting None removes the action."""
    quiet = cast("type[Chat]", type("Quiet", (Chat,), {"send": None}))
    with pytest.raises(UnknownActionError):
        quiet().execute("send", {"text": "a"})
    assert "send" not in quiet.actions


def test_hand_written_actions_are_merged() -> None:
    """Hand-written specifications stand beside those of methods, of the class and of its bases."""

    class Written(Healthy):
        actions: ClassVar[Mapping[str, ActionSpec]] = {"by_hand": ActionSpec("By hand.")}

    class Both(Written):
        actions: ClassVar[Mapping[str, ActionSpec]] = {**Written.actions, "another": ActionSpec("Another.")}

        @action
        def marked(self, payload: dict[str, Any]) -> dict[str, Any]:
            """Marked."""
            return payload

    assert sorted(Written.actions) == ["by_hand"]
    assert sorted(Both.actions) == ["another", "by_hand", "marked"]


def test_marked_method_replaces_the_bases_hand_written_one() -> None:
    """A subclass may implement by a method what its base declared by hand."""

    class Written(Healthy):
        actions: ClassVar[Mapping[str, ActionSpec]] = {"send": ActionSpec("By hand.")}

    class Marked(Written):
        @action
        def send(self, payload: dict[str, Any]) -> dict[str, Any]:
            """Marked."""
            return payload

    assert Marked.actions["send"].description == "Marked."


def test_hand_written_one_declares_the_bases_method_anew() -> None:
    """A subclass may restate what its base's method declares, and both the new input and the method's hold."""

    class Restated(Chat):
        actions: ClassVar[Mapping[str, ActionSpec]] = {
            "send": replace(Chat.actions["send"], idempotency=Idempotency.unsafe()),
            "echo": ActionSpec("Echo.", {"required": ["x"]}),
        }

    assert Restated.actions["send"].idempotency.kind == "unsafe"
    assert Restated().execute("send", {"text": "abc"}) == {"id": 3}
    assert Restated().execute("echo", {"x": 1}) == {"x": 1}
    with pytest.raises(InvalidPayloadError):
        Restated().execute("echo", {})


def test_mixins_bring_their_actions() -> None:
    """Methods of a class that is no adapter count where an adapter derives from it."""

    class Search:
        @action
        def search(self, payload: dict[str, Any]) -> dict[str, Any]:
            """Search."""
            return payload

    class Found(Search, Healthy):
        pass

    assert Found().execute("search", {"q": 1}) == {"q": 1}


def test_abstract_actions_are_actions() -> None:
    """A base may declare an action that its subclasses fill in."""

    class Base(Healthy):
        @action(idempotency=Idempotency.natural())
        @abstractmethod
        def put(self, payload: dict[str, Any]) -> dict[str, Any]:
            """Put it."""

    class Filled(Base):
        def put(self, payload: dict[str, Any]) -> dict[str, Any]:
            return {"put": payload}

    assert Filled.actions["put"].idempotency.kind == "natural"
    assert Filled().execute("put", {}) == {"put": {}}


def test_wrapped_methods_keep_their_declaration() -> None:
    """A decorator of the author's, inside or outside, does no harm where it uses functools.wraps."""

    def logged(method: _Method) -> _Method:
        @functools.wraps(method)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return method(*args, **kwargs)

        return wrapper  # type: ignore[return-value]  # it has the same signature

    class Logged(Healthy):
        @action
        @logged
        def inner(self, payload: Message) -> Sent:
            """Inside."""
            return Sent(id=len(payload.text))

        @logged
        @action
        def outer(self, payload: Message) -> Sent:
            """Outside."""
            return Sent(id=len(payload.text))

    assert {spec.input for spec in Logged.actions.values()} == {Message}
    assert Logged().execute("inner", {"text": "a"}) == Logged().execute("outer", {"text": "a"}) == {"id": 1}


def test_class_made_anew_by_a_decorator() -> None:
    """dataclass(slots=True) makes the class a second time, with the same actions."""

    @dataclass(slots=True, init=False)
    class Slotted(Healthy):
        actions = {"by_hand": ActionSpec("By hand.")}  # noqa: RUF012  # as an author writes it

        @action
        def marked(self, payload: dict[str, Any]) -> dict[str, Any]:
            """Marked."""
            return payload

    assert sorted(Slotted.actions) == ["by_hand", "marked"]


def test_keyword_only_payload() -> None:
    """The payload may be a keyword, and further parameters may have defaults."""

    class Keywords(Healthy):
        @action
        def run(self, *args: int, times: int = 2, payload: dict[str, Any], **more: int) -> dict[str, Any]:
            """Run."""
            return {"times": times, "args": len(args) + len(more), **payload}

    assert Keywords().execute("run", {"x": 1}) == {"times": 2, "args": 0, "x": 1}


def test_unannotated_payload_takes_every_dict() -> None:
    """Without annotations nothing is promised."""
    method = action(name="anything")(lambda self, payload: {"cls": type(self).__name__, **payload})
    bare = cast("type[Healthy]", type("Bare", (Healthy,), {"anything": method}))
    assert bare.actions["anything"].input is None
    assert bare().execute("anything", {"x": 1}) == {"cls": "Bare", "x": 1}


def test_result_that_no_schema_describes() -> None:
    """A return annotation that is no data promises nothing."""

    class Odd(Healthy):
        @action
        def odd(self, payload: dict[str, Any]) -> Callable[[], int]:
            """Return something odd."""
            return lambda: len(payload)

        @action
        def nothing(self, payload: dict[str, Any]) -> None:
            """Return nothing."""

    assert {spec.output for spec in Odd.actions.values()} == {None}


def declare(body: dict[str, Any], base: type[BaseAdapter] = Healthy) -> type[BaseAdapter]:
    """Create a class with that body."""
    return cast("type[BaseAdapter]", type("Mistaken", (base,), body))


def method(*names: str, annotation: object = dict, **options: Any) -> Callable[..., Any]:
    """Return a marked method with parameters of these names."""
    scope: dict[str, Any] = {}
    exec(f"def send({', '.join(names)}): ...", scope)  # noqa: S102  # the signature is the case
    function: Callable[..., Any] = scope["send"]
    function.__annotations__["payload"] = annotation
    return action(**options)(function)


async def coroutine(self: object, payload: dict[str, Any]) -> None:
    """Do it later."""


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "no payload": ({"send": method("self", "message")}, "parameter named payload"),
    "no self": ({"send": method("payload")}, "takes self and"),
    "positional-only": ({"send": method("self", "payload", "/")}, "parameter named payload"),
    "more than the payload": ({"send": method("self", "payload", "channel")}, "needs channel too"),
    "a name twice": (
        {"send": method("self", "payload"), "post": method("self", "payload", name="send")},
        "two methods for the action 'send': send and post",
    ),
    "by hand and by method": ({"send": method("self", "payload"), "actions": {"send": ActionSpec("x")}}, "twice"),
    "capital letters": ({"send": method("self", "payload", name="Send")}, "must match"),
    "trailing newline": ({"send": method("self", "payload", name="send\n")}, "must match"),
    "no string": ({"actions": {3: ActionSpec("x")}}, "must match"),
    "too long": ({"send": method("self", "payload", name="a" * 64)}, "must match"),
    "reserved": ({"send": method("self", "payload", name="connect")}, "reserved"),
    "reserved by hand": ({"actions": {"connect": ActionSpec("x")}}, "reserved"),
    "lifecycle": ({"execute": method("self", "payload")}, "lifecycle"),
    "static": ({"send": staticmethod(method("self", "payload"))}, "plain method"),
    "class method": ({"send": classmethod(method("cls", "payload"))}, "plain method"),
    "async on a sync adapter": ({"send": action(coroutine)}, "AsyncConnectorAdapter"),
    "scalar payload": ({"send": method("self", "payload", annotation=int)}, "JSON object"),
    "list payload": ({"send": method("self", "payload", annotation=list[str])}, "JSON object"),
    "undescribable payload": ({"send": method("self", "payload", annotation=Callable[[], int])}, "describe"),
    "unresolvable payload": ({"send": method("self", "payload", annotation="Nowhere")}, "exists at run time"),
    "wrong options": ({"send": method("self", "payload", volatile="ts")}, "Mistaken.send: .*volatile"),
    "lost key": (
        {"send": method("self", "payload", annotation=Message, idempotency=Idempotency.keyed(field="id"))},
        "no such field",
    ),
    "lost key by hand": (
        {"actions": {"send": ActionSpec("x", {"properties": {"a": {}}}, idempotency=Idempotency.keyed())}},
        "no such field",
    ),
    "no mapping": ({"actions": ["send"]}, "map names"),
    "no specification": ({"actions": {"send": {"description": "x"}}}, "must be an ActionSpec"),
    "one string of secrets": ({"secrets": "token"}, "comma"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_certain_mistakes_are_type_errors(case: str) -> None:
    """A certain mistake is a TypeError at class creation."""
    body, match = MISTAKES[case]
    with pytest.raises(TypeError, match=match):
        declare(body)


def test_async_actions_on_an_async_adapter() -> None:
    """Coroutine functions are actions of an AsyncConnectorAdapter."""
    assert list(declare({"send": action(coroutine)}, AsyncConnectorAdapter).actions) == ["coroutine"]
