"""Where `pytest --connector` looks for registrations and cases (contract, section 3).

A case shows by the level that it claims: Silver lists requirements that Bronze does not.
"""

from pathlib import Path

import pytest
from plugin.authored import case, importable, install, run, toy

_SILVER = case(level="silver")
_ENTRY = "[automate.connectors]\ntoy = toy_plugin:ToyAdapter\n"
_ENTRY_CASE = _ENTRY + "[automate.connector_cases]\ntoy = toy_cases:ShippedCase\n"


def _level(result: pytest.RunResult, connector: str = "toy") -> str:
    """The level that was collected for a connector."""
    assert result.ret == 0, result.stderr.str()
    listed = {line.partition("::")[2][:3] for line in result.outlines if line.startswith(f"{connector}::")}
    assert "C01" in listed, result.stdout.str()
    return "gold" if "I01" in listed else "silver" if "C09" in listed else "bronze"


def _collected(pytester: pytest.Pytester, *arguments: str) -> str:
    return _level(run(pytester, "--connector=toy", "--collect-only", "-q", *arguments))


def test_the_current_folders_own_test_files_are_read_and_no_deeper_ones(pytester: pytest.Pytester) -> None:
    """Registration and case stand in a test file here; a case in a folder below is not looked for."""
    pytester.makepyfile(test_toy=toy() + _SILVER)
    below = pytester.mkdir("below")
    (below / "test_more.py").write_text("raise RuntimeError('not to be imported')")
    assert _collected(pytester) == "silver"


def test_test_paths_are_read_with_everything_below_them(pytester: pytest.Pytester) -> None:
    """`testpaths` decides where no argument does; a case may be imported by its file from a module beside it."""
    pytester.makeini("[pytest]\ntestpaths = checks\npythonpath = source\n")
    for folder, name, source in (
        ("source", "toy_adapter", toy()),
        ("checks/deep", "test_toy", "from toy_adapter import ToyAdapter\n" + _SILVER),
    ):
        (pytester.path / folder).mkdir(parents=True)
        (pytester.path / folder / f"{name}.py").write_text(source)
    pytester.makepyfile(test_here="raise RuntimeError('not to be imported')")
    assert _collected(pytester) == "silver"


def test_arguments_name_the_files_and_folders_to_read(pytester: pytest.Pytester) -> None:
    """A file, a node id or a folder on the command line outranks this folder's own files, whatever it is called."""
    pytester.makepyfile(test_here="raise RuntimeError('not to be imported')")
    folder = pytester.mkdir("elsewhere")
    (folder / "toy_case.py").write_text(toy() + _SILVER)
    (folder / "test_toy.py").write_text(toy() + case(level="gold"))
    assert _collected(pytester, "elsewhere/toy_case.py") == "silver"
    assert _collected(pytester, "elsewhere/test_toy.py::TestToy") == "gold"
    assert _collected(pytester, "elsewhere") == "gold"


def test_a_conftest_may_register_and_hold_the_case(pytester: pytest.Pytester) -> None:
    """What conftest.py registers is known, also one in the folder of a file that was named."""
    pytester.makeconftest(toy() + _SILVER)
    assert _collected(pytester) == "silver"
    deep = pytester.mkdir("one") / "two"
    deep.mkdir()
    (deep / "conftest.py").write_text(toy("deep"))
    (deep / "test_nothing.py").write_text("")
    assert _level(run(pytester, "--connector=deep", "--collect-only", "-q", "one"), "deep") == "bronze"


def test_a_case_in_a_file_outranks_the_shipped_one_which_outranks_examples(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Among the collected files, else by entry point, else made from the adapter's own examples."""
    shipped = "from toy_plugin import ToyAdapter\n" + case(name="ShippedCase", level="silver")
    plugin = toy().replace("connector_registry.register", "# installed, not registered:")
    bare, full = pytester.path / "bare", pytester.path / "full"
    install(bare, "toy_bare", _ENTRY, toy_plugin=plugin)
    install(full, "toy_full", _ENTRY_CASE, toy_plugin=plugin, toy_cases=shipped)
    with monkeypatch.context() as patch:
        importable(patch, bare)
        assert _collected(pytester) == "bronze"
    importable(monkeypatch, full)
    assert _collected(pytester) == "silver"
    pytester.makepyfile(test_toy="from toy_plugin import ToyAdapter\n" + case(level="gold"))
    assert _collected(pytester) == "gold"


def test_two_cases_for_one_connector_are_a_usage_error_that_names_both(pytester: pytest.Pytester) -> None:
    """Exit 4; an imported case counts once, where it is defined; naming one file settles it."""
    pytester.makepyfile(
        toy_adapter=toy(),
        test_one="from toy_adapter import ToyAdapter\n" + case(name="FirstCase"),
        test_two="from toy_adapter import ToyAdapter\nfrom test_one import FirstCase\n" + case(name="SecondCase"),
    )
    result = run(pytester, "--connector=toy", "--collect-only")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*toy has 2 test cases, test_one.FirstCase and test_two.SecondCase: keep one*"])
    assert _collected(pytester, "test_two.py") == "bronze"


def test_all_stands_for_every_registered_connector_and_names_are_taken_once(pytester: pytest.Pytester) -> None:
    """`all` takes those registered by call and by entry point; repeating a name changes nothing."""
    pytester.makepyfile(test_toy=toy())
    result = run(pytester, "--connector=toy", "--connector=all", "--connector=slack", "--collect-only", "-q")
    listed = [line.partition("::")[0] for line in result.outlines if "::C01" in line]
    assert listed == ["toy", "logging", "slack"]


def test_two_files_of_one_name_in_different_folders_are_both_read(pytester: pytest.Pytester) -> None:
    """Files that share a module name each register their connector."""
    for name in ("one", "two"):
        folder = pytester.mkdir(name)
        (folder / "test_same.py").write_text(toy(name))
    result = run(pytester, "--connector=one", "--connector=two", "--collect-only", "-q", "one", "two")
    assert (_level(result, "one"), _level(result, "two")) == ("bronze", "bronze")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import module_that_is_not_there", "*test_toy.py cannot be imported: ModuleNotFoundError: *not_there*"),
        ("raise SystemExit(3)", "*test_toy.py cannot be imported: SystemExit: 3*"),
        ("def (", "*test_toy.py cannot be imported: SyntaxError: *"),
    ],
)
def test_a_file_that_cannot_be_imported_is_named(pytester: pytest.Pytester, source: str, told: str) -> None:
    """Exit 4 with the file and the reason, and no traceback of the kit's."""
    pytester.makepyfile(test_toy=source)
    result = run(pytester, "--connector=logging", "--collect-only")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([told])


def test_a_path_that_is_not_there_is_named(pytester: pytest.Pytester) -> None:
    """Exit 4: a mistyped path must not end in a certification of something else."""
    result = run(pytester, "--connector=logging", str(Path("missing") / "test_toy.py"))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*missing/test_toy.py*"])
