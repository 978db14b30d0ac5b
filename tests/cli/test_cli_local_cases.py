"""The command ``cassettes`` finds a connector's case where ``pytest --connector`` finds it."""

from __future__ import annotations

import json
import sys

import pytest
from plugin.authored import ACME, acme_cassettes, case

#: A case that keeps its cassettes elsewhere than by default.
ELSEWHERE = case("AcmeAdapter", name="TestAcme") + "    cassette_dir = 'kept'\n"


def cassettes(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run the command in a process of its own."""
    return pytester.run(sys.executable, "-m", "automate_connectors.cli", "cassettes", *arguments)


def kept(pytester: pytest.Pytester) -> None:
    """Acme's cassettes in `kept`."""
    acme_cassettes(pytester.path)
    (pytester.path / "cassettes" / "acme").rename(pytester.path / "kept")


def test_a_case_of_this_folder_is_found_with_its_cassettes(pytester: pytest.Pytester) -> None:
    """The adapter is registered by the file alone, and what the file prints is not the answer."""
    pytester.makepyfile(test_acme="print('imported')\n" + ACME + ELSEWHERE)
    kept(pytester)
    done = cassettes(pytester, "acme", "--json")
    assert done.ret == 0
    listed = json.loads(done.stdout.str())["cassettes"]
    assert [each["path"].rpartition("kept/")[2] for each in listed] == [
        "connect.yaml",
        "get_user.yaml",
        "post_note.yaml",
    ]
    assert [each["unused"] + each["unscrubbed"] for each in listed] == [[], [], []]
    assert "imported" in done.stderr.str()


def test_what_nothing_uses_is_found_as_the_suite_finds_it(pytester: pytest.Pytester) -> None:
    """An interaction that no example asks for: exit 1, with file and line."""
    pytester.makepyfile(test_acme=ACME + ELSEWHERE)
    kept(pytester)
    path = pytester.path / "kept" / "get_user.yaml"
    path.write_text(path.read_text().replace("/users/u_7", "/users/u_9"))
    done = cassettes(pytester, "acme", "--check")
    assert done.ret == 1
    done.stdout.fnmatch_lines(["*kept/get_user.yaml: unused: get_user.yaml:* (interaction 0)"])


def test_pytests_configuration_says_where_cases_are(pytester: pytest.Pytester) -> None:
    """`testpaths` and `python_files`, from the root's own file; options for a run do no harm."""
    pytester.makeini("[pytest]\ntestpaths = checks\npython_files = check_*.py\naddopts = -n 2 -q\n")
    (pytester.mkdir("checks") / "check_acme.py").write_text(ACME + ELSEWHERE)
    kept(pytester)
    done = cassettes(pytester, "acme", "--check")
    assert (done.ret, done.stdout.str()) == (0, "")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (
            {"test_acme": ACME + ELSEWHERE + case("AcmeAdapter", name="TestOther")},
            "cassettes: acme has 2 test cases, test_acme.TestAcme and test_acme.TestOther: keep one*",
        ),
        ({"test_acme": "raise LookupError('no')"}, "cassettes: test_acme.py cannot be imported: LookupError: no"),
        ({"conftest": "raise LookupError('no')"}, "cassettes: pytest cannot read the configuration of this folder*"),
        (
            {"test_acme": ACME + case("AcmeAdapter", level="gilded")},
            "cassettes: TestToy.level is 'gilded' and must be*",
        ),
        ({"test_acme": ACME + ELSEWHERE.replace("'kept'", "7")}, "cassettes: TestAcme cannot be read (TypeError*"),
    ],
)
def test_what_pytest_refuses_is_refused(pytester: pytest.Pytester, files: dict[str, str], told: str) -> None:
    """Exit 2 with the same reason, whatever is asked."""
    pytester.makepyfile(**files)
    for done in (cassettes(pytester, "acme"), cassettes(pytester, "diff", "acme")):
        assert done.ret == 2
        done.stdout.fnmatch_lines([told])


def test_a_connector_that_cannot_be_made_is_not_called_clean(pytester: pytest.Pytester) -> None:
    """Whether its cassettes are used is not known then."""
    broken = ACME.replace(
        "def connect(self):",
        "def __init__(self, profile=None):\n        raise LookupError('no')\n\n    def connect(self):",
    )
    pytester.makepyfile(test_acme=broken + ELSEWHERE)
    kept(pytester)
    done = cassettes(pytester, "acme", "--check")
    assert done.ret == 2
    done.stdout.fnmatch_lines(["cassettes: R03 could not be judged: *"])
