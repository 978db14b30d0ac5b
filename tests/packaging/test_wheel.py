"""The wheel: what is in it, and that what it installs certifies the built-in connectors on its own."""

import configparser
import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = (ROOT / "src" / "automate_connectors", ROOT / "conformance" / "automate_conformance")
#: What the pytest around this one, and its coverage, tell their children.
INHERITED = ("COV", "PYTEST", "PYTHON")


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command as a user's shell would, and return what it says; a failure shows it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(INHERITED)}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=300)  # noqa: S603  # our own commands
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder, cwd=ROOT)
    [built] = folder.glob("*.whl")
    return built


def names_in(wheel: Path) -> set[str]:
    """The files in a wheel."""
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def text_in(wheel: Path, name: str) -> str:
    """A file of the wheel's metadata."""
    with ZipFile(wheel) as archive:
        [path] = [each for each in archive.namelist() if each.endswith(f".dist-info/{name}")]
        return archive.read(path).decode()


def test_the_wheel_holds_two_packages(wheel: Path) -> None:
    """Each whole and typed, and beside them nothing but the metadata: no tests, no benchmarks, no scripts."""
    names = names_in(wheel)
    own = {name for name in names if ".dist-info/" not in name}
    assert {name.partition("/")[0] for name in own} == {source.name for source in SOURCES}
    modules = {
        path.relative_to(source.parent).as_posix()
        for source in SOURCES
        for kind in ("*.py", "*.css", "*.js", "*.json", "*.j2")
        for path in source.rglob(kind)
    }
    assert {name for name in own if not name.startswith("automate_connectors/_cassettes/")} == modules | {
        f"{source.name}/py.typed" for source in SOURCES
    }


def test_the_wheel_holds_the_cassettes_and_not_what_makes_them(wheel: Path) -> None:
    """Every recording of the checkout, byte for byte, and nothing else of that folder."""
    folder, inside = ROOT / "cassettes", "automate_connectors/_cassettes/"
    with ZipFile(wheel) as archive:
        shipped = {
            name.removeprefix(inside): archive.read(name) for name in archive.namelist() if name.startswith(inside)
        }
    assert shipped == {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.glob("*/*.yaml")}
    assert "slack/connect.yaml" in shipped


def test_the_entry_points_name_modules_of_the_wheel(wheel: Path) -> None:
    """Connectors, their cases, the plugin of pytest and the command."""
    points = configparser.ConfigParser()
    points.read_string(text_in(wheel, "entry_points.txt"))
    assert {"automate.connectors", "automate.connector_cases", "console_scripts", "pytest11"} == set(points.sections())
    modules = [
        value.partition(":")[0].replace(".", "/") for section in points.sections() for value in points[section].values()
    ]
    names = names_in(wheel)
    assert [each for each in modules if not {f"{each}.py", f"{each}/__init__.py"} & names] == []


def report_of(folder: Path, connector: str) -> dict[str, object]:
    """What a certification from this folder reported."""
    report: dict[str, object] = json.loads((folder / "certification" / connector / "report.json").read_text())
    return report


@pytest.mark.slow
def test_the_installed_wheel_certifies_the_built_in_connectors(wheel: Path, tmp_path: Path) -> None:
    """In an environment with nothing but the `test` extra, from an empty folder, with the cassettes of the wheel."""
    home, folder = tmp_path / "venv", tmp_path / "empty"
    folder.mkdir()
    venv.create(home, with_pip=True, symlinks=os.name != "nt")
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    run(programs / "python", "-m", "pip", "install", "--quiet", f"{wheel}[test]", cwd=folder)
    where = "from automate_connectors.cassettes.shipped import builtin_cassettes; print(builtin_cassettes('slack'))"
    found = Path(run(programs / "python", "-c", where, cwd=folder).strip())
    assert found.is_relative_to(home)
    assert found.parts[-3:] == ("automate_connectors", "_cassettes", "slack")
    for connector in ("slack", "logging"):
        said = run(programs / "pytest", f"--connector={connector}", cwd=folder)
        report = report_of(folder, connector)
        assert report["certified"] is True
        assert f": certified {report['level']}" in said
    cassettes = report_of(folder, "slack")["cassettes"]
    assert isinstance(cassettes, list)
    assert {Path(each["path"]).parent.as_posix() for each in cassettes} == {"_cassettes/slack"}
