"""What is judged is resolved once: profile, examples and cassettes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
from certification.judged import case_of
from pydantic import BaseModel
from zoo.acme import EXAMPLES, SAID, Said, write_cassettes
from zoo.right.http_plain import HttpAcmeAdapter

from automate_connectors import ConnectionProfile, ConnectorAdapter, Idempotency, action, connector_registry
from automate_connectors.cassettes.format import CassetteError
from automate_connectors.cassettes.player import Rule
from automate_connectors.certification.case import Case, declared_case, find_directory, placeholder, resolve
from automate_connectors.errors import ConfigurationError
from automate_connectors.testing import ConnectorTestCase


class KeyedAdapter(ConnectorAdapter):
    """One action with its key in some place, one that reads."""

    name = "keyed_acme"
    version = "1.0.0"

    def connect(self) -> bool:
        """Say yes."""
        return True

    @action(idempotency=Idempotency.keyed(body="op"), volatile=("at",), examples=[{"channel": "general", "text": "Hi"}])
    def send_message(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Send."""
        return payload

    @action(idempotency=Idempotency.keyed(path=True))
    def put(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Put."""
        return payload

    @action(idempotency=Idempotency.keyed(query="op"))
    def ask(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Ask."""
        return payload


def test_a_case_gathers_what_the_judge_knows(tmp_path: Path) -> None:
    """Name, level, examples with their cassettes, placeholders, options."""
    profile = ConnectionProfile(
        "acme_http", options={"region": "eu"}, secrets={"token": "env://NEVER_SET", "seal": "x"}
    )
    case = case_of(tmp_path, level="gold", profile=profile)
    assert (case.name, case.level, case.directory) == ("acme_http", "gold", tmp_path)
    assert {example.action: example.cassette for example in case.examples} == {name: name for name in EXAMPLES}
    assert case.cassettes[0].name == "connect"
    assert case.profile_secrets == {"token", "seal"}
    assert case.secrets["token"] == placeholder("acme_http", "token")
    assert case.profile().options == {"region": "eu"}
    assert case.profile().secret("token") == case.secrets["token"]
    assert case.profile({"token": "another"}, {"region": "us"}).options == {"region": "us"}
    assert case.profile({"token": "another"}).secret("token") == "another"


class KeyedNote(BaseModel):
    """A note and the id of its operation."""

    text: str
    op: str


class NotingAdapter(KeyedAdapter):
    """Requires an operation id, which only a host gives."""

    name = "noting_acme"

    @action(idempotency=Idempotency.keyed(field="op"), examples=[{"text": "Hi"}, {"text": "Ho", "op": "own"}])
    def note(self, payload: KeyedNote) -> dict[str, Any]:
        """Note."""
        return payload.model_dump()


def test_an_example_without_recording_has_the_operation_id_that_it_requires(tmp_path: Path) -> None:
    """As a host gives it one; its own is kept, and where none is required none is added."""
    case = resolve("noting_acme", NotingAdapter, None, root=tmp_path)
    first, second = case.examples_of("note")
    assert first.payload["text"] == "Hi"
    assert str(uuid.UUID(first.payload["op"], version=4)) == first.payload["op"]
    assert second.payload == {"text": "Ho", "op": "own"}
    assert case.examples_of("send_message")[0].payload == {"channel": "general", "text": "Hi"}


def test_a_placeholder_is_stable_long_and_printable() -> None:
    """The same in every run, another for each name and salt; the author's stand-in goes first."""
    one = placeholder("acme", "token")
    assert one == placeholder("acme", "token")
    assert len(one) >= 16
    assert one.isprintable()
    assert (
        len({one, placeholder("acme", "seal"), placeholder("other", "token"), placeholder("acme", "token", salt="1")})
        == 4
    )
    assert placeholder("acme", "token", {"token": "PEM"}) == "PEM"
    assert placeholder("acme", "token", {"token": "PEM"}, "instance 1") != "PEM"


def test_secrets_that_only_cassettes_know_are_the_services(tmp_path: Path) -> None:
    """They get a value too, and are no secret of the profile's."""
    said = {**SAID, "connect": [Said("GET", "/v1/me", answer={"id": "u_1", "access": "{{access_token}}"})]}
    case = case_of(tmp_path, cassettes={"said": said})
    assert set(case.secrets) == {"token", "access_token"}
    assert case.profile_secrets == {"token"}
    assert case.handed_out == {"access_token"}


def test_without_any_secret_of_the_profiles_those_of_the_cassettes_are_searched_strictly(tmp_path: Path) -> None:
    """Nobody declared them, and they are all there is."""
    write_cassettes(tmp_path, "keyed_acme", actions=["send_message"])
    made = type("C", (ConnectorTestCase,), {"adapter_class": KeyedAdapter, "cassette_dir": tmp_path})
    case = resolve("keyed_acme", KeyedAdapter, made, root=tmp_path)
    assert case.profile_secrets == {"token"}


def test_rules_leave_out_volatile_fields_and_the_key(tmp_path: Path) -> None:
    """Where it stands in a body or a query by name, in a path as a segment."""
    made = type("C", (ConnectorTestCase,), {"adapter_class": KeyedAdapter, "cassette_dir": tmp_path})
    library = resolve("keyed_acme", KeyedAdapter, made, root=tmp_path).library
    assert library.rule("send_message") == Rule(frozenset({"at", "op"}))
    assert library.rule("ask") == Rule(frozenset({"op"}))
    assert library.rule("put") == Rule(field="idempotency_key")


def recorded(folder: Path, *payloads: Mapping[str, Any], **attributes: Any) -> Case:
    """The keyed adapter's case with one cassette a payload."""
    for number, payload in enumerate(payloads, 1):
        write_cassettes(
            folder / str(number), "keyed_acme", actions=["send_message"], examples={"send_message": dict(payload)}
        )
        name = "send_message.yaml" if number == 1 else f"send_message.{number}.yaml"
        (folder / str(number) / "send_message.yaml").rename(folder / name)
    made = type("C", (ConnectorTestCase,), {"adapter_class": KeyedAdapter, "cassette_dir": folder, **attributes})
    return resolve("keyed_acme", KeyedAdapter, made, root=folder)


def pairs(case: Case) -> list[tuple[Any, str | None, str]]:
    """The examples of the keyed action with their cassettes and labels."""
    return [(e.payload.get("text"), e.cassette, e.label) for e in case.examples_of("send_message")]


def test_an_example_belongs_to_the_cassette_with_its_payload(tmp_path: Path) -> None:
    """An operation id that only the recording holds is left out; what is recorded alone is an example too."""
    first = {"channel": "other", "text": "First"}
    second = {"channel": "general", "text": "Hi", "idempotency_key": "op-1"}
    case = recorded(tmp_path, first, second)
    assert pairs(case) == [("Hi", "send_message.2", "send_message"), ("First", "send_message", "send_message.2")]
    assert case.examples_of("send_message")[0].payload == second


def test_an_example_without_a_cassette_stays_one(tmp_path: Path) -> None:
    """R02 asks for its recording."""
    case = recorded(tmp_path, examples={"send_message": [{"text": "Unrecorded"}]})
    assert pairs(case) == [("Unrecorded", None, "send_message")]


def test_an_example_with_its_own_operation_id_needs_the_same_one_recorded(tmp_path: Path) -> None:
    """Nothing is left out then."""
    case = recorded(
        tmp_path,
        {"text": "Hi", "idempotency_key": "a"},
        examples={"send_message": [{"text": "Hi", "idempotency_key": "b"}]},
    )
    assert pairs(case) == [("Hi", None, "send_message"), ("Hi", "send_message", "send_message.2")]


def test_where_a_case_prepares_live_state_examples_are_paired_in_order(tmp_path: Path) -> None:
    """The service assigned other ids when they were recorded."""

    def prepare(self: ConnectorTestCase, adapter: Any) -> Mapping[str, Sequence[dict[str, Any]]]:
        del self, adapter
        return {}

    case = recorded(
        tmp_path,
        {"text": "As recorded"},
        examples={"send_message": [{"text": "As declared"}, {"text": "One too many"}]},
        prepare=prepare,
    )
    assert pairs(case) == [
        ("As recorded", "send_message", "send_message"),
        ("One too many", None, "send_message.2"),
    ]


def test_facts_of_an_undeclared_action_are_the_defaults(tmp_path: Path) -> None:
    """A case may hold examples of one."""
    assert case_of(tmp_path).facts("unheard_of").kind == "undeclared"


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ({"level": "diamond"}, "AcmeCase.level is 'diamond' and must be one of bronze, silver, gold, platinum"),
        ({"profile": {"token": "x"}}, "AcmeCase.profile is a dict and must be a ConnectionProfile, or None"),
    ],
)
def test_a_wrong_case_is_refused(tmp_path: Path, attributes: dict[str, Any], told: str) -> None:
    """Before anything runs."""
    with pytest.raises(ConfigurationError, match=told):
        case_of(tmp_path, **attributes)


def test_a_foreign_cassette_is_refused(tmp_path: Path) -> None:
    """It belongs to another connector."""
    write_cassettes(tmp_path, "somebody_else")
    made = type("C", (ConnectorTestCase,), {"adapter_class": HttpAcmeAdapter, "cassette_dir": tmp_path})
    with pytest.raises(CassetteError, match="somebody_else"):
        resolve("acme_http", HttpAcmeAdapter, made, root=tmp_path)


def test_a_connector_without_a_case_gets_one_from_its_examples(tmp_path: Path) -> None:
    """At Bronze."""
    case = resolve("acme_http", HttpAcmeAdapter, None, root=tmp_path)
    assert (case.level, case.test_case.profile) == ("bronze", None)
    assert {example.action for example in case.examples} == set(EXAMPLES)
    assert all(example.cassette is None for example in case.examples)
    assert declared_case(HttpAcmeAdapter).adapter_class is HttpAcmeAdapter


def test_cassettes_are_found_where_the_case_says_or_beside_it_or_under_the_root(tmp_path: Path) -> None:
    """In that order; the first place is named where there are none."""
    here = Path(__file__).resolve().parent

    def found(cassette_dir: Any = None) -> Path:
        made = type("Stated", (ConnectorTestCase,), {"cassette_dir": cassette_dir, "__module__": __name__})
        return find_directory("acme_http", made, tmp_path)

    assert found() == here / "cassettes" / "acme_http"
    assert found("tapes") == here / "tapes"
    assert found(tmp_path / "anywhere") == tmp_path / "anywhere"
    for name in ("tapes", "cassettes/acme_http"):
        (tmp_path / name).mkdir(parents=True)
    assert found() == tmp_path / "cassettes" / "acme_http"
    assert found("tapes") == tmp_path / "tapes"


def test_a_case_without_a_file_is_looked_for_from_where_the_run_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was made in a module that nobody loaded from a file."""
    monkeypatch.chdir(tmp_path)
    made = type("Made", (ConnectorTestCase,), {"__module__": "nowhere"})
    assert find_directory("acme", made, tmp_path / "root") == tmp_path / "cassettes" / "acme"


class Registered(ConnectorAdapter):
    """Another adapter in this file."""

    name = "registered_neighbour"
    version = "1.0.0"

    def connect(self) -> bool:
        """Say yes."""
        return True


class Unregistered(Registered):
    """One that nobody registered, under a name that somebody else has."""


class Nameless(Registered):
    """One whose name is none."""

    name: ClassVar[Any] = None


def test_other_registered_adapters_of_the_same_file_are_known(tmp_path: Path) -> None:
    """Their statements are not the judged one's (T02)."""
    made = type("C", (ConnectorTestCase,), {"adapter_class": KeyedAdapter, "cassette_dir": tmp_path})
    assert resolve("keyed_acme", KeyedAdapter, made, root=tmp_path).other_adapters == frozenset()
    connector_registry.register("registered_neighbour", Registered)
    try:
        assert resolve("keyed_acme", KeyedAdapter, made, root=tmp_path).other_adapters == {"Registered"}
        made = type("D", (ConnectorTestCase,), {"adapter_class": Registered, "cassette_dir": tmp_path})
        assert resolve("registered_neighbour", Registered, made, root=tmp_path).other_adapters == frozenset()
    finally:
        connector_registry.unregister("registered_neighbour")
