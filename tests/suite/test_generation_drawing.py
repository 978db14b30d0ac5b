"""Drawing payloads: repeatable, cheap, and without traces."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import hypothesis
import pytest
from hypothesis import configuration
from hypothesis import strategies as st

from automate_conformance.generation.drawing import draw, simplest_first
from automate_conformance.generation.schemas import compile_schema

MESSAGE = {
    "type": "object",
    "properties": {
        "channel": {"type": "string", "pattern": "^C[A-Z0-9]{8,}$"},
        "text": {"type": "string", "minLength": 1},
        "count": {"type": "integer"},
        "ratio": {"type": "number"},
        "when": {"type": "string", "format": "date-time"},
        "key": {"type": "string", "format": "uuid"},
        "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
    },
    "required": ["channel", "text"],
}

SCRIPT = textwrap.dedent(
    """
    import json, sys
    from automate_conformance.generation.drawing import draw
    from automate_conformance.generation.schemas import compile_schema
    if len(sys.argv) > 2:
        import local_constants
    strategy = compile_schema(json.loads(sys.argv[1])).strategy
    print(json.dumps(draw(strategy, seed=7, count=25)))
    """
)


def _in_a_fresh_process(folder: Path, hash_seed: str, *extra: str) -> str:
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONHASHSEED": hash_seed}
    work = folder / "work"
    work.mkdir(exist_ok=True)
    (folder / "local_constants.py").write_text("TEXT = 'Some text'\nNUMBERS = [123, 4567, 2.75, 99999, b'bytes']\n")
    environment["PYTHONPATH"] = os.pathsep.join([str(folder), environment.get("PYTHONPATH", "")])
    environment.pop("HYPOTHESIS_STORAGE_DIRECTORY", None)
    command = [sys.executable, "-W", "error", "-c", SCRIPT, json.dumps(MESSAGE), *extra]
    done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert done.stderr == ""
    assert list(work.iterdir()) == []
    return done.stdout


def test_a_seed_decides_alone_and_nothing_is_left_in_the_folder(tmp_path: Path) -> None:
    """Other processes, hash seeds and loaded modules give the same payloads; the folder stays empty."""
    first = _in_a_fresh_process(tmp_path, "1")
    second = _in_a_fresh_process(tmp_path, "2", "with local constants")
    assert first == second
    assert len(json.loads(first)) == 25
    assert not list(tmp_path.glob("cache/**/unicode_data"))


def test_the_same_seed_gives_the_same_payloads_and_another_others() -> None:
    """Also within one process, where the engine has a past."""
    strategy = compile_schema(MESSAGE).strategy
    assert strategy is not None
    first = draw(strategy, seed=1, count=25)
    assert draw(strategy, seed=1, count=25) == first
    assert draw(strategy, seed=2, count=25) != first
    assert draw(strategy, seed=1, count=25) == first


def test_values_are_distinct_as_json_sees_them() -> None:
    """1 and 1.0 are one value, 1 and true are two."""
    drawn = draw(st.sampled_from([1, 1.0, True, "1", [1], [1.0], {"a": 1}, {"a": 1.0}]), seed=1, count=20)
    assert len(drawn) == 5


def test_few_values_are_all_found_and_no_more() -> None:
    """The count is a ceiling."""
    assert sorted(draw(st.sampled_from("abc"), seed=1, count=25)) == ["a", "b", "c"]
    assert len(draw(st.integers(), seed=1, count=25)) == 25
    assert draw(st.integers(), seed=1, count=0) == []


def test_a_strategy_that_holds_or_yields_nothing_gives_nothing() -> None:
    """No error: the caller asked for up to so many."""
    assert draw(st.nothing(), seed=1, count=5) == []
    assert draw(st.integers().filter(lambda _: False), seed=1, count=5) == []


def test_drawing_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing is printed, even where draws are rejected."""
    strategy = compile_schema(MESSAGE).strategy
    assert strategy is not None
    draw(strategy.filter(lambda payload: "count" in payload), seed=1, count=10)
    assert capfd.readouterr() == ("", "")


def test_hypothesis_keeps_the_storage_it_had(tmp_path: Path) -> None:
    """The author's own property tests find their database where it was."""
    before = configuration.storage_directory(intent_to_write=False).home_directory
    configuration.set_hypothesis_home_dir(tmp_path)
    try:
        draw(st.integers(), seed=1, count=3)
        assert configuration.storage_directory(intent_to_write=False).home_directory == tmp_path
    finally:
        configuration.set_hypothesis_home_dir(before)


@hypothesis.settings(max_examples=3, database=None, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
@hypothesis.given(st.integers(0, 5))
def test_drawing_works_inside_a_property_test(seed: int) -> None:
    """Nesting is no trouble."""
    assert len(draw(st.integers(), seed=seed, count=3)) == 3


@pytest.mark.parametrize("variable", ["XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"])
def test_storage_goes_to_the_users_cache(variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the system says that is."""
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, str(tmp_path))
    seen: list[Path] = []
    watched = st.integers(0, 9).map(lambda _: seen.append(configuration.storage_directory("x").path))
    draw(watched, seed=1, count=2)
    assert seen[0].is_relative_to(tmp_path)
    assert "automate-connectors" in seen[0].parts


def test_without_a_home_the_temporary_folder_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without a home directory is served too."""

    def homeless() -> Path:
        raise RuntimeError("no home")

    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    assert len(draw(st.integers(), seed=1, count=3)) == 3


def test_the_simplest_payload_comes_first() -> None:
    """Shortest JSON first, then by text, so that the smallest failing case is reported."""
    assert simplest_first([{"b": 1}, {"a": 10}, {}, {"a": 1}]) == [{}, {"a": 1}, {"b": 1}, {"a": 10}]
