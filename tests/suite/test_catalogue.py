"""The catalogue holds the standard, its page is generated from it, and its digest names it."""

import subprocess
import sys
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

import automate_connectors
from automate_conformance import standard_page
from automate_conformance.catalogue import CATALOGUE, FAMILIES, LEVELS, Requirement, requirement
from automate_conformance.digest import digest_of, suite_digest, suite_version

ROOT = Path(__file__).parents[2]
IN_ORDER = {
    "bronze": "C01 C02 C03 C04 C05 C06 C07 C08 S01 S02 R01",
    "silver": "C09 C10 C11 C12 C13 E01 E02 E03 E04 E05 E06 E07 E08 E09 R02 R03 S03 S04 S05",
    "gold": "I01 I02 I03 I04 I05 I06 I07 T01 T02 T03 R04 D01 P01",
    "platinum": "X01 X02",
}
NOT_WAIVABLE = {"C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "S01", "S02", "S03", "S04", "R01", "P01", "X01"}
WITHOUT_HTTP = {"C04", "C13", "E02", "E03", "E04", "E07", "E08", "E09", "R02", "R03", "R04", "S02", "S03", "S04", "S05"}
OTHERWISE_NOT_APPLICABLE = {"C10", "C11", "C12", "E05", "E06", "I03", "I04", "I05", "I06", "I07", "P01"}


def ids_where(flag: str) -> set[str]:
    """Return the ids of the records that have a flag."""
    return {record.id for record in CATALOGUE if getattr(record, flag)}


def text_of(record: Requirement) -> dict[str, str]:
    """Return the fields of a record that people read."""
    return {field.name: str(getattr(record, field.name)) for field in fields(record) if field.type is str}


def test_it_holds_every_requirement_once_in_the_order_of_the_standard() -> None:
    """Reports and the gate rely on this order."""
    assert [record.id for record in CATALOGUE] == " ".join(IN_ORDER.values()).split()


@pytest.mark.parametrize("level", IN_ORDER)
def test_each_requirement_has_the_level_of_the_standard(level: str) -> None:
    """The level comes from the catalogue alone, so it must be the standard's."""
    assert [record.id for record in CATALOGUE if record.level == level] == IN_ORDER[level].split()
    assert level in LEVELS


def test_the_requirements_that_cannot_be_waived_are_those_of_the_standard() -> None:
    """S05 can be waived, the other requirements about secrets cannot."""
    assert {record.id for record in CATALOGUE} - ids_where("waivable") == NOT_WAIVABLE


def test_the_requirements_that_can_be_not_applicable_are_those_of_the_standard() -> None:
    """An outcome `not_applicable` of any other id is refused by the gate."""
    assert ids_where("may_be_not_applicable") == WITHOUT_HTTP | OTHERWISE_NOT_APPLICABLE


def test_whether_it_can_be_not_applicable_and_when_agree() -> None:
    """A record says `never` exactly when it cannot be not applicable."""
    never = {record.id for record in CATALOGUE if record.not_applicable.startswith("never")}
    assert never == {record.id for record in CATALOGUE} - ids_where("may_be_not_applicable")


def test_the_session_wide_requirements_are_judged_over_every_run() -> None:
    """They come last on the worker that judges a connector."""
    assert ids_where("session_wide") == {"C07", "C08", "E06", "R01", "S01", "S05", "T02"}


@pytest.mark.parametrize("record", CATALOGUE, ids=lambda record: record.id)
def test_each_record_is_written_for_people(record: Requirement) -> None:
    """One MUST sentence, every text on one line without stray blanks, a family that has a name."""
    assert record.statement.startswith("The adapter MUST ")
    assert record.statement.endswith(".")
    assert record.remedy.endswith(".")
    assert record.id[0] in FAMILIES
    for name, text in text_of(record).items():
        assert text == " ".join(text.split()), name
        assert text, name


def test_a_record_is_found_by_its_id() -> None:
    """An id that is none is a KeyError."""
    assert requirement("I03").title == "at most one effect"
    with pytest.raises(KeyError):
        requirement("Z99")


def test_a_record_cannot_be_changed() -> None:
    """An adapter in the same process cannot lower the bar by assignment."""
    with pytest.raises(FrozenInstanceError):
        requirement("C01").waivable = True  # type: ignore[misc]  # that it is frozen is the point


def test_the_page_is_the_rendered_catalogue() -> None:
    """The page is never edited by hand: ``python -m automate_conformance.standard_page > conformance/README.md``."""
    assert (ROOT / "conformance" / "README.md").read_text(encoding="utf-8") == standard_page.render()


def test_the_page_can_be_written_from_the_command_line() -> None:
    """It prints the page in UTF-8, whatever the platform's encoding is."""
    command = [sys.executable, "-X", "utf8", "-m", "automate_conformance.standard_page"]
    assert subprocess.run(command, check=True, capture_output=True).stdout.decode() == standard_page.render()  # noqa: S603 - our own module


@pytest.mark.parametrize("record", CATALOGUE, ids=lambda record: record.id)
def test_the_page_shows_everything_about_a_requirement(record: Requirement) -> None:
    """A heading of its own, linked from the overview, and every text."""
    page = standard_page.render()
    section = page.split(f"\n### {record.id} {record.title}\n")[1].split("\n##")[0]
    for text in (record.statement, record.rationale, record.judged, record.not_applicable, record.remedy):
        assert text in section
    assert f"Waivable: {'yes' if record.waivable else 'no'}" in section
    assert f"[{record.id}](#{record.id.lower()}-" in page


def test_importing_the_catalogue_loads_nothing_but_the_standard_library() -> None:
    """The gate imports it, and the core stays out of it."""
    program = (
        "import sys, automate_conformance.catalogue;"
        "print([name for name in sys.modules if name.split('.')[0] in {'automate_connectors', 'pydantic', 'pytest'}])"
    )
    assert subprocess.run([sys.executable, "-c", program], check=True, capture_output=True).stdout.strip() == b"[]"  # noqa: S603 - our own program


def test_the_suite_has_the_version_of_its_distribution() -> None:
    """Suite and core are released together."""
    assert suite_version() == automate_connectors.__version__


def test_the_digest_is_stable_hexadecimal() -> None:
    """Two readings agree, and the form is that of a SHA-256."""
    digest = suite_digest()
    assert digest == suite_digest() == digest_of(ROOT / "conformance" / "automate_conformance")
    assert len(bytes.fromhex(digest)) == 32


def module(folder: Path, name: str, text: bytes) -> Path:
    """Write one module below a folder and return the folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    return folder


def test_the_digest_does_not_depend_on_line_endings_or_on_other_files(tmp_path: Path) -> None:
    """A checkout on Windows and an installed wheel give the same digest."""
    unix = module(tmp_path / "unix", "a/checks.py", b"one\ntwo\nthree\n")
    windows = module(tmp_path / "windows", "a/checks.py", b"one\r\ntwo\rthree\r\n")
    module(windows, "a/__pycache__/checks.pyc", b"compiled")
    assert digest_of(unix) == digest_of(windows)


@pytest.mark.parametrize(
    ("name", "text"),
    [("checks.py", b"two\n"), ("check.py", b"one\n"), ("a/checks.py", b"one\n"), ("checks.p", b"one\n")],
)
def test_the_digest_depends_on_path_and_text_of_every_module(tmp_path: Path, name: str, text: bytes) -> None:
    """A changed, renamed, moved or missing module is another suite."""
    before = digest_of(module(tmp_path / "before", "checks.py", b"one\n"))
    assert digest_of(module(tmp_path / "after", name, text)) != before


def test_text_cannot_move_between_modules_unseen(tmp_path: Path) -> None:
    """Where one module ends and the next begins is part of the digest."""
    two = module(module(tmp_path / "two", "a.py", b"x"), "b.py", b"y")
    one = module(tmp_path / "one", "a.py", b"xb.pyy")
    assert digest_of(two) != digest_of(one)
