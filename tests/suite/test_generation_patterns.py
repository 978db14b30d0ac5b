"""Text drawn from regular expressions."""

import jsonschema_rs
import pytest

from automate_conformance.generation.drawing import draw
from automate_conformance.generation.patterns import UnsupportedPatternError, matching
from automate_conformance.generation.schemas import compile_schema

COMMON = (
    "",
    "^$",
    "abc",
    "^a|b$",
    "^(?:a|bc)+$",
    "^(?<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])$",
    "^[^/]*$",
    "^[^a-z]+$",
    "^[]a]$|^x$",
    "^[-a]{2}$",
    "^[a-]{2}$",
    r"^[\w.+-]+@[\w-]+\.[\w.]{2,}$",
    r"^\d{3,}$",
    r"^\D\S\W\w\s$",
    r"^[\d\-x]{4,6}?$",
    r"^\u00fc\x41\t\n\f?$",
    r"^\u{1F600}$",
    r"^[\u4e00-\u9fff]{1,3}$",
    r"^[\u0100-\u0110]$",
    r"^\p{Lu}\p{L}+\p{Nd}?\P{L}$",
    r"^\p{Letter}$",
    r"^\p{General_Category=Lu}$",
    r"^\pL$",
    r"^\bword\b$",
    r"^\cJ$",
    "^.{3}$",
    "^a{2}b{1,}c{0,2}d*e+f?g*?h+?$",
    "^(?i)abc$",
    "^(?i:abc)$",
    r"^(?=.*\d)(?=.*[a-z])[a-z\d]{8,}$",
    "^(?!admin)[a-z]{3,9}$",
    "(?<=a)b",
    r"^a\z",
    "^C[A-Z0-9]{8,}$",
    r"^https?:\/\/[^\s]+$",
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$",
    r"^[+]?[(]?[0-9]{3}[)]?[-\s.]?[0-9]{4,6}$",
    r"^[\x00-\x7f]+$",
    r"^(([a-z])|([0-9]))$",
    r"^a}b$",
)

UNSUPPORTED = (
    r"(a)\1",
    r"(?<n>a)\k<n>",
    r"\p{Greek}",
    "(?>ab)",
    "(?x) a",
    r"\ud83d",
    r"\xZZ",
    "(",
    "a)",
    "[a",
    "*a",
    "a{x}",
    "a{1",
    r"\x4",
    "(?<n",
    "(?",
)


@pytest.mark.parametrize("pattern", COMMON)
def test_drawn_text_matches_as_the_validator_reads_the_pattern(pattern: str) -> None:
    """The pattern is found in everything that is drawn."""
    compiled = compile_schema({"type": "string", "pattern": pattern}, payload=False)
    assert compiled.unsupported == ()
    assert compiled.strategy is not None
    validator = jsonschema_rs.validator_for({"type": "string", "pattern": pattern})
    values = draw(compiled.strategy, seed=1, count=25)
    assert values
    assert all(map(validator.is_valid, values))


@pytest.mark.parametrize("pattern", [pattern for pattern in COMMON if "(?" not in pattern or "(?:" in pattern])
def test_patterns_without_lookaround_hardly_need_the_filter(pattern: str) -> None:
    """At least nine texts of ten match as they are drawn."""
    validator = jsonschema_rs.validator_for({"pattern": pattern})
    values = draw(matching(pattern), seed=1, count=50)
    assert sum(map(validator.is_valid, values)) >= 0.9 * len(values) - 1


@pytest.mark.parametrize("pattern", UNSUPPORTED)
def test_what_cannot_be_drawn_from_is_said(pattern: str) -> None:
    """No pattern ends in an unexpected error."""
    with pytest.raises(UnsupportedPatternError):
        matching(pattern)


def test_a_pattern_that_is_not_anchored_may_stand_anywhere() -> None:
    """JSON Schema searches; text around the match occurs."""
    values = draw(matching("abc"), seed=1, count=50)
    assert any(not value.startswith("abc") for value in values)
    assert any(not value.endswith("abc") for value in values)


def test_a_class_may_hold_a_dash_between_sets() -> None:
    """As readers without the `u` flag take it."""
    assert set(draw(matching(r"^[\d-z]$"), seed=1, count=50)) <= set("0123456789-z")


def test_open_repetitions_reach_the_least_length() -> None:
    """A pattern with `+` and a least length of forty is no dead end."""
    compiled = compile_schema({"type": "string", "pattern": "^[a-z]+$", "minLength": 40}, payload=False)
    assert compiled.strategy is not None
    assert len(draw(compiled.strategy, seed=1, count=10)) == 10
