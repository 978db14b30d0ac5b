"""What an adapter class declares, read as plain data whatever it is."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from pydantic import BaseModel, Field

from automate_connectors import ActionSpec, ConnectorAdapter, Idempotency, action
from automate_connectors.certification.describing import ActionFacts, describe


class Note(BaseModel):
    """A note."""

    text: str = Field(description="What it says.")
    key: str | None = None


class Notes(ConnectorAdapter):
    """Keeps notes.

    In the cloud.
    """

    name = "notes"
    version = "2.1.0"
    secrets = ("token",)

    def connect(self) -> bool:
        """Say yes."""
        return True

    @action(
        idempotency=Idempotency.keyed("key", header="Idempotency-Key"),
        expected_statuses=(404,),
        volatile=("at",),
        reads_response=False,
        examples=[{"text": "milk"}],
    )
    def post(self, payload: Note) -> dict[str, Any]:
        """Post a note."""
        return {"text": payload.text}


def declared(idempotency: Idempotency, **attributes: Any) -> ActionFacts:
    """The one action of an adapter that declares it by hand."""
    spec = ActionSpec("An action.", input={"type": "object"}, idempotency=idempotency, **attributes)
    kind = type("ByHand", (), {"name": "by_hand", "version": "1", "actions": {"act": spec}})
    (found,) = describe("by_hand", kind).actions
    return found


def test_a_class_is_described_as_it_declares_itself() -> None:
    """Name, version, reference, file, documentation, secrets and actions."""
    about = describe("registered", Notes)
    assert (about.registered, about.name, about.version) == ("registered", "notes", "2.1.0")
    assert about.reference.endswith("test_describing:Notes")
    assert about.file == __file__
    assert about.doc == "Keeps notes.\n\nIn the cloud."
    assert about.secrets == ("token",)
    assert about.problems == ()
    post = about.action("post")
    assert post is not None
    assert (post.description, post.kind, post.writes) == ("Post a note.", "keyed", True)
    assert (post.key_field, post.key_place, post.key_name) == ("key", "header", "Idempotency-Key")
    assert (post.reads_response, post.expected_statuses, post.volatile) == (False, (404,), ("at",))
    assert post.examples == ({"text": "milk"},)
    assert post.input_schema is not None
    assert post.input_schema["properties"]["text"]["description"] == "What it says."
    assert about.action("other") is None


@pytest.mark.parametrize(
    ("idempotency", "place", "name"),
    [
        (Idempotency.keyed(header="X-Key"), "header", "X-Key"),
        (Idempotency.keyed(body="id"), "body", "id"),
        (Idempotency.keyed(query="id"), "query", "id"),
        (Idempotency.keyed(path=True), "path", None),
        (Idempotency.keyed(), None, None),
        (Idempotency.natural(), None, None),
    ],
)
def test_the_place_of_a_key_is_told(idempotency: Idempotency, place: str | None, name: str | None) -> None:
    """Where there is one."""
    found = declared(idempotency)
    assert (found.key_place, found.key_name) == (place, name)
    assert found.key_field == ("idempotency_key" if found.kind == "keyed" else None)


def test_a_read_does_not_write() -> None:
    """Everything else may."""
    assert not declared(Idempotency.read_only()).writes
    assert declared(Idempotency.undeclared()).writes


class Odd:
    """A class that declares everything wrongly."""

    name = 7
    version = None
    secrets = "token"
    actions: ClassVar[Any] = ["send"]


def test_what_cannot_be_read_becomes_a_problem() -> None:
    """Never an exception."""
    about = describe("odd", Odd)
    assert (about.name, about.version, about.secrets, about.actions) == ("a int", None, ("token",), ())
    assert about.problems == ("`actions` is a list and must map names to ActionSpec",)


def test_an_action_that_is_no_spec_is_a_problem() -> None:
    """Named with what declares it."""
    kind: Any = type("Odd", (), {"actions": {"send": "Send.", 3: ActionSpec("An action.")}})
    about = describe("odd", kind)
    assert about.actions == ()
    assert about.problems == (
        "the action 'send' is declared by a str and must be an ActionSpec",
        "the action 3 is declared by a automate_connectors.actions.ActionSpec and must be an ActionSpec",
    )


def test_a_schema_that_cannot_be_made_is_a_problem() -> None:
    """The model is the adapter's own."""

    class Broken(BaseModel):
        @classmethod
        def model_json_schema(cls, *_arguments: Any, **_more: Any) -> dict[str, Any]:
            raise LookupError("no schema")

    kind: Any = type("Odd", (), {"actions": {"send": ActionSpec("Send.", input=Broken)}})
    about = describe("odd", kind)
    assert about.actions[0].input_schema is None
    assert about.problems == ("the input schema of send cannot be read: LookupError: no schema",)


def test_a_class_without_a_file_is_described_all_the_same() -> None:
    """It was made by hand in a module that nobody loaded from a file."""
    kind = type("Made", (), {"__module__": "nowhere", "__doc__": None})
    about = describe("made", kind)
    assert (about.file, about.doc, about.reference) == (None, "", "nowhere:Made")
