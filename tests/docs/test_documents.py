"""What the documents say is so: their code runs, their output comes out, and they name what there is."""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from certifying.indexes import Index
from docs.documents import ROOT, blocks, runs, unclaimed

from automate_connectors import pytest_plugin
from automate_connectors.cli import COMMANDS

README = ROOT / "README.md"
GUIDES = ROOT / "examples" / "guides"
QUICKSTART = ROOT / "examples" / "quickstart"


class _Group:
    """Stands for an option group of pytest and keeps the names."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def getgroup(self, *_: str) -> "_Group":
        return self

    def addoption(self, name: str, **_: Any) -> None:
        self.names.add(name)


#: Every document with code, and the languages of its blocks that a test of their own takes.
CODE = {
    "README.md": ("json", "toml"),
    "examples/django/README.md": (),
    "examples/guides/from-bronze-to-gold.md": (),
    "examples/guides/migrating-from-vcrpy.md": (),
    "examples/matrix/README.md": (),
    "examples/quickstart/README.md": (),
}
PAGES = ("*.md", "conformance/*.md", "cassettes/**/*.md", "examples/**/*.md")


def test_every_code_block_runs() -> None:
    """A block of a document that no test executes, reads or writes as a file is a mistake, and so is a new document."""
    pages = {page.relative_to(ROOT).as_posix() for pattern in PAGES for page in ROOT.glob(pattern)}
    assert {page for page in pages if "```" in (ROOT / page).read_text(encoding="utf-8")} == set(CODE)
    assert [fence for page, languages in CODE.items() for fence in unclaimed(ROOT / page, languages)] == []


def test_a_block_that_nobody_runs_is_found(tmp_path: Path) -> None:
    """Of an unknown language, without one, or set in where no runner looks."""
    page = tmp_path / "page.md"
    page.write_text("```sh\nls\n```\n```console\n$ ls\n```\n```\nls\n```\n  ```sh\n  ls\n  ```\n", encoding="utf-8")
    assert unclaimed(page) == ["page.md:4: ```console", "page.md:7: ```", "page.md:10:   ```sh"]
    assert unclaimed(page, ["console"]) == ["page.md:7: ```", "page.md:10:   ```sh"]


@pytest.mark.slow
def test_the_readme_runs(tmp_path: Path, links: Path, index: Index) -> None:
    """Every file, command and script works as it stands, and shows what it says: from nothing to a published wheel.

    The package index alone is another: wheels come from a folder, and go to a server on loopback.
    """
    loopback = {
        "pip wheel": ["--no-build-isolation", "--no-index"],
        "automate-connectors certify": ["--no-index", f"--find-links={links}"],
        "automate-connectors publish": [f"--repository-url={index.url}"],
    }
    assert runs(README, tmp_path, loopback)
    assert index.files == {"acme_tasks-0.1.0-py3-none-any.whl"}


@pytest.mark.slow
@pytest.mark.parametrize("guide", ["from-bronze-to-gold.md", "migrating-from-vcrpy.md"])
def test_the_guides_run(tmp_path: Path, guide: str) -> None:
    """Every block of a guide, in its order."""
    assert runs(GUIDES / guide, tmp_path)


def test_the_readme_shows_the_quick_start_as_it_is() -> None:
    """The files in README are those of examples/quickstart, to the letter."""
    shown = {block.name: block.text for block in blocks(README) if block.kind == "title"}
    for name in ("my_service.py", "test_my_service.py"):
        assert shown[name] == (QUICKSTART / name).read_text(encoding="utf-8")
    project = tomllib.loads((QUICKSTART / "pyproject.toml").read_text(encoding="utf-8"))
    (points,) = [tomllib.loads(block.text) for block in blocks(README) if block.language == "toml"]
    assert points["project"]["entry-points"] == project["project"]["entry-points"]


def test_the_readme_lists_every_option() -> None:
    """Each option that works stands in the table, and none that does not."""
    group = _Group()
    pytest_plugin.pytest_addoption(group)  # type: ignore[arg-type]  # it asks for these two methods only
    listed = set(re.findall(r"^\| `(--connector[a-z-]*)", README.read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == group.names


def test_the_readme_lists_every_command() -> None:
    """In the order of their names, as the command itself does."""
    listed = re.findall(r"^\| `automate-connectors ([a-z]+)", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == list(COMMANDS)


def test_the_excerpt_of_a_report_has_its_fields() -> None:
    """What README shows of a report are fields of the report's schema."""
    schema = json.loads((ROOT / "conformance" / "report.schema.json").read_text(encoding="utf-8"))
    (shown,) = [json.loads(block.text) for block in blocks(README) if block.language == "json"]
    assert set(shown) <= set(schema["properties"])
    assert set(shown["requirements"][0]) <= set(_definition(schema, "RequirementResult")["properties"])
    assert set(shown["connector"]) <= set(_definition(schema, "ConnectorInfo")["properties"])


def _definition(schema: Mapping[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = schema["$defs"][name]
    return found


@pytest.mark.parametrize(
    "document",
    [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "examples/matrix/README.md",
        "examples/quickstart/README.md",
        "examples/django/README.md",
        "examples/guides/from-bronze-to-gold.md",
        "examples/guides/migrating-from-vcrpy.md",
        "conformance/README.md",
    ],
)
def test_links_lead_somewhere(document: str) -> None:
    """Every relative link of a document names a file or folder that exists."""
    file = ROOT / document
    links = re.findall(r"\]\(([^)#:]+)\)", file.read_text(encoding="utf-8"))
    assert [link for link in links if not (file.parent / link).exists()] == []


def test_every_dependency_has_its_reason() -> None:
    """CONTRIBUTING, "Dependencies", has a line for each dependency, and for nothing else."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = {re.split(r"[<>=~\[]", line)[0] for group in (project["dependencies"], *extras) for line in group}
    section = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Dependencies")[2]
    rows = re.findall(r"^\| ([a-z][a-z0-9, -]*) \| (?!extra)", section, re.MULTILINE)
    assert {name for row in rows for name in row.split(", ")} == wanted - {"automate-connectors"}
