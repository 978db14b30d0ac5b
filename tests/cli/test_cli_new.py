"""``automate-connectors new``: what it writes passes; what it cannot write it refuses, and nothing is overwritten."""

import ast
import json
import os
import re
import socket
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import yaml
from cli.projects import ROOT, new, pytest_in

from automate_connectors.cli import main
from automate_connectors.scaffold.reading import read_document

Capture = pytest.CaptureFixture[str]

QUOTES = ROOT / "tests" / "cli" / "quotes.yaml"
#: What a stranger may put into a document: code, quotes, braces, references in circles, names that Python has.
HOSTILE = '"""\n{{ 7*7 }}\\";__import__("os").abort()#'


def media(schema: Any) -> dict[str, Any]:
    """A JSON body of a schema."""
    return {"content": {"application/json": {"schema": schema}}}


def pets() -> dict[str, Any]:
    """An OpenAPI document with a bit of everything."""
    pet = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "integer"}, "parent": {"$ref": "#/c/pet"}},
    }
    body = {
        "type": "object",
        "required": ["name", "class"],
        "properties": {
            "name": {"type": "string", "minLength": 12},
            "class": {"enum": ["dog", "cat"], "type": "string"},
            "born": {"type": ["null", "string"], "format": "date"},
            "tags": {"type": "array", "items": {"type": "string"}},
            HOSTILE: {"type": "string", "description": HOSTILE},
            "id": {"type": "integer", "readOnly": True},
            "pet_id": {"type": "string"},
        },
    }
    limit = {"name": "limit", "in": "query", "required": True, "schema": {"type": "integer", "minimum": 5}}
    full = {"name": "full", "in": "query", "required": True, "schema": {"type": "boolean"}}
    identifier = {"name": "pet-id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "openapi": "3.0.3",
        "info": {"title": HOSTILE},
        "servers": [{"url": "/relative"}, {"url": "https://pets.example.test/api"}],
        "c": {"pet": pet},
        "components": {"securitySchemes": {"k": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
        "paths": {
            "/pets": {
                "get": {
                    "operationId": "listPets",
                    "parameters": [limit, full],
                    "responses": {"200": media({"type": "array", "items": pet})},
                },
                "post": {
                    "operationId": "connect",
                    "description": HOSTILE,
                    "requestBody": media(body),
                    "responses": {"201": media(pet)},
                },
            },
            "/pets/{pet-id}": {
                "parameters": [identifier],
                "get": {
                    "responses": {
                        "200": media({"allOf": [pet, {"properties": {"age": {"type": "number"}}}]}),
                        "404": {},
                    }
                },
                "put": {
                    "operationId": "request",
                    "requestBody": media(body),
                    "responses": {"200": media({"type": "string"})},
                },
                "delete": {"operationId": "listPets", "responses": {"204": media(pet)}},
            },
            "/{__import__('os').abort(){pet-id}}": {"get": {"responses": {}}},
            "/health": {"get": {"operationId": "health", "responses": {"200": media({"oneOf": [{"type": "object"}]})}}},
            "no-path": {"get": {}},
        },
    }


def paths(given: Any) -> bytes:
    """A document of these paths."""
    return json.dumps({"openapi": "3.1.0", "paths": given}).encode()


def written(folder: Path, document: Any) -> str:
    """A document on disk."""
    file = folder / "spec.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return str(file)


@pytest.mark.slow
def test_a_new_project_passes_its_tests_and_bronze(tmp_path: Path) -> None:
    """At once, warnings being errors; and the rest of the way to Gold is a word in its case."""
    project = new(tmp_path)
    tests = pytest_in(project, "-q")
    assert tests.returncode == 0, tests.stdout + tests.stderr
    certified = pytest_in(project, "--connector=acme_tasks", "--connector-level=gold")
    assert certified.returncode == 0, certified.stdout + certified.stderr
    assert "acme_tasks 0.1.0: certified gold" in certified.stdout
    assert "create_task: exactly-once" in certified.stdout


@pytest.mark.slow
def test_a_draft_of_a_strangers_document_passes_too(tmp_path: Path) -> None:
    """Whatever its texts hold; each text stays a text."""
    project = new(tmp_path, f"--openapi={written(tmp_path, pets())}", name="pets")
    certified = pytest_in(project, "--connector=pets")
    assert certified.returncode == 0, certified.stdout + certified.stderr
    tests = pytest_in(project, "-q")
    assert tests.returncode == 0, tests.stdout + tests.stderr
    for file in project.rglob("*.py"):
        names = {each.id for each in ast.walk(ast.parse(file.read_text())) if isinstance(each, ast.Name)}
        assert "__import__" not in names
    text = (project / "src" / "pets" / "adapter.py").read_text()
    for line in (
        "def list_pets(",
        "def do_connect(",
        "def do_request(",
        "def list_pets_2(",
        'base_url = "https://pets.example.test/api"',
    ):
        assert line in text
    assert 'self.request("GET", "/health")' in text
    assert "-> r.ListPetsResult:" in text


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(b"", id="tasks"),
        pytest.param(QUOTES.read_bytes(), id="quotes"),
        pytest.param(paths({"/a": {"get": {"responses": {}}}}), id="bare"),
    ],
)
def test_the_drafted_code_is_clean(document: bytes, tmp_path: Path) -> None:
    """Formatted, linted and typed as strictly as our own; of a document that says next to nothing too."""
    spec = tmp_path / "spec"
    spec.write_bytes(document)
    project = new(tmp_path, *([f"--openapi={spec}"] if document else []))
    for tool in (["ruff", "format", "--check"], ["ruff", "check"], ["mypy", "--strict", "--cache-dir", os.devnull]):
        command = [sys.executable, "-m", *tool, "src", "tests"]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)  # noqa: S603 - ours
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_a_draft_of_yaml_is_gold_at_once(tmp_path: Path) -> None:
    """Results of every form are what their actions say, under every fault."""
    project = new(tmp_path, f"--openapi={QUOTES}", name="quotes")
    certified = pytest_in(project, "--connector=quotes", "--connector-level=gold")
    assert certified.returncode == 0, certified.stdout + certified.stderr
    assert "quotes 0.1.0: certified gold" in certified.stdout
    report = json.loads((project / "certification" / "quotes" / "report.json").read_text())
    [checked] = [one for one in report["requirements"] if one["id"] == "C12"]
    assert (checked["outcome"], checked["cases"]) == ("pass", 7)


def test_the_toy_service_can_be_started(tmp_path: Path) -> None:
    """It says where it listens, and answers there."""
    project = new(tmp_path)
    command = [sys.executable, "-m", "acme_tasks.toy_service"]
    with subprocess.Popen(command, cwd=project / "src", stdout=subprocess.PIPE, text=True) as service:  # noqa: S603 - ours
        assert service.stdout is not None
        address = service.stdout.readline().strip()
        with urlopen(f"{address}/tasks/t_7", timeout=10) as answer:  # noqa: S310 - loopback
            assert json.load(answer)["title"] == "Water the plants"
        service.terminate()


def test_it_says_what_it_wrote(tmp_path: Path, capsys: Capture) -> None:
    """For machines too."""
    assert main(["new", "acme_tasks", str(tmp_path / "p"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["name"] == "acme_tasks"
    assert "src/acme_tasks/cassettes/create_task.yaml" in told["files"]
    assert ".github/workflows/ci.yml" in told["files"]
    assert "gate dist/" in (tmp_path / "p" / ".github" / "workflows" / "ci.yml").read_text()


def test_the_page_of_a_project_names_what_there_is(tmp_path: Path) -> None:
    """Every target of its Makefile and file that its README names; the key that it has one make is never committed."""
    project = new(tmp_path)
    page = (project / "README.md").read_text(encoding="utf-8")
    makefile = (project / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make (\w+)", page):
        assert f"\n{target}: " in makefile
    for file in re.findall(r"`((?:src|\.github)/[^`]+)`", page):
        assert (project / file).exists()
    workflow = (project / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    for name in ("certification.pub", "CERTIFICATION_KEY"):
        assert name in page
        assert name in workflow
    assert "*.key" in (project / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_an_empty_folder_is_filled_and_another_left_alone(tmp_path: Path, capsys: Capture) -> None:
    """Nothing is overwritten, and no scratch stays behind."""
    (tmp_path / "empty").mkdir()
    assert main(["new", "acme_tasks", str(tmp_path / "empty")]) == 0
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name in ("full", "file"):
        assert main(["new", "acme_tasks", str(tmp_path / name)]) == 1
        assert "is there already" in capsys.readouterr().out
    assert main(["new", "acme_tasks", str(tmp_path / "file" / "below")]) == 1
    assert "cannot be written" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file", "full"]
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine"]


def test_the_folder_that_a_shell_stands_in_is_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is empty: it stays the same folder, and no scratch stays in it."""
    monkeypatch.chdir(tmp_path)
    before = tmp_path.stat().st_ino
    assert main(["new", "acme_tasks", "."]) == 0
    assert tmp_path.stat().st_ino == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".github", ".gitignore", "Makefile", "README.md", "pyproject.toml", "src", "tests",
    ]  # fmt: skip


@pytest.mark.parametrize(("arguments", "status"), [(["--openapi", ""], 2), ([""], 1)])
def test_an_empty_word_is_no_default(
    arguments: list[str], status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As from an unset variable of a script: nothing else is made instead."""
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["new", "acme_tasks", *arguments]) == status
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_the_next_command_can_be_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """A folder's name may hold spaces."""
    monkeypatch.chdir(tmp_path)
    assert main(["new", "acme_tasks", "my tasks"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "next: cd 'my tasks' && make test"


@pytest.mark.parametrize("name", ["Acme", "1a", "a-b", "acme_", "", "a" * 64, "\x1b[2J", "class", "json", "../x"])
def test_an_illegal_name_is_refused(name: str, tmp_path: Path, capsys: Capture) -> None:
    """With what a legal one looks like."""
    assert main(["new", "--", name, str(tmp_path / "p")]) == 1
    out = capsys.readouterr().out
    assert "no project was made" in out
    assert "\x1b" not in out
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"openapi: [3.0.0", "is neither JSON nor YAML"),
        (b"openapi: 3.0.0", "holds no operation"),
        (b"openapi: 3.0.0\nopenapi: 3.0.0", "stands twice"),
        (b"openapi: 3.0.0\n---\nopenapi: 3.0.0", "found a second"),
        (b"openapi: !!python/object/apply:os.abort []", "found the tag"),
        (
            b"a: &a [x, x]\n" + b"".join(b"%c: &%c [%s]\n" % (n + 1, n + 1, b"*%c," % n * 60) for n in range(97, 107)),
            "4 MiB",
        ),
        (b"a:" + b" [" * 1000, "at most 100 levels"),
        (b"a: \xff", "UTF-8"),
        (b"just a sentence", "is no OpenAPI 3 document"),
        (b"", "is no OpenAPI 3 document"),
        (b" " * (16 * 1024**2 + 1), "larger than 16 MiB"),
        (b"[" * 100_000, "is no JSON"),
        (b'{"openapi": 3', "line 1 column 14"),
        (b'{"openapi": "3.0", "x": NaN}', "is no JSON"),
        (b'{"swagger": "2.0"}', "is no OpenAPI 3 document"),
        (b'{"openapi": "3.1.0"}', "holds no operation"),
        (paths({"/a": {"get": 1}, "/b": {"$ref": "http://x/"}, "/c": {"$ref": "#/paths/~1c"}}), "no operation"),
        (paths({"/{a}": {"get": {"parameters": [{"in": "path", "name": "a", "example": "\ud800"}]}}}), "be recorded"),
    ],
)
def test_an_unusable_document_is_refused(content: bytes, said: str, tmp_path: Path, capsys: Capture) -> None:
    """Exit 2, a sentence, and no folder."""
    file = tmp_path / "spec.json"
    file.write_bytes(content)
    assert main(["new", "pets", str(tmp_path / "p"), "--openapi", str(file)]) == 2
    assert said in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == [file]


def test_yaml_is_read_as_the_same_document_in_json(tmp_path: Path) -> None:
    """Every file of the project is the same, but for the time of the recordings."""
    (tmp_path / "spec.yaml").write_text(yaml.safe_dump(pets(), sort_keys=False), encoding="utf-8")
    projects = [
        new(tmp_path / kind, f"--openapi={file}", name="pets")
        for kind, file in (("json", written(tmp_path, pets())), ("yaml", tmp_path / "spec.yaml"))
    ]
    sources = [{path.name: path.read_text() for path in project.rglob("*.py")} for project in projects]
    assert sources[0] == sources[1]


def test_yaml_is_read_as_openapi_means_it(tmp_path: Path) -> None:
    """By YAML 1.2: dates, times and words are texts, keys always, an alias stands for what it names."""
    file = tmp_path / "spec.yml"
    odd = "on: yes, at: 2026-01-01, t: 1:30, i: .inf"
    text = f"openapi: 3.1.0\n200: &a {{{odd}, n: 5, f: 1.5, b: true, z: null, x: !!binary aGk=}}\nb: *a\n"
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    read = read_document(file)
    expected = {
        "on": "yes",
        "at": "2026-01-01",
        "t": "1:30",
        "n": 5,
        "f": 1.5,
        "b": True,
        "z": None,
        "i": ".inf",
        "x": "hi",
    }
    assert read == {"openapi": "3.1.0", "200": expected, "b": expected}
    assert read["200"] is read["b"]


def test_a_document_that_is_not_there_is_named(tmp_path: Path, capsys: Capture) -> None:
    """With the system's reason."""
    assert main(["new", "pets", str(tmp_path / "p"), "--openapi", str(tmp_path / "none.json")]) == 2
    assert "No such file" in capsys.readouterr().out


def test_without_its_templates_library_it_says_what_to_install(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The core does not bring it."""
    monkeypatch.delitem(sys.modules, "automate_connectors.scaffold.openapi", raising=False)
    monkeypatch.setitem(sys.modules, "automate_connectors.scaffold", None)
    assert main(["new", "pets", str(tmp_path / "p")]) == 2
    assert "pip install 'automate-connectors[test]'" in capsys.readouterr().out


@pytest.mark.slow
def test_two_commands_lead_to_bronze(tmp_path: Path) -> None:
    """`new` and, in a fresh environment that has our wheel to install from, `make test`; then `make record`."""
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own build
    assert main(["new", "acme_tasks", str(tmp_path / "acme_tasks")]) == 0
    said = _make(tmp_path, "test", "certify", "LEVEL=gold")
    assert "acme_tasks 0.1.0: certified bronze" in said
    assert "acme_tasks 0.1.0: certified gold" in said
    assert (tmp_path / "acme_tasks" / "certification" / "acme_tasks" / "report.html").is_file()
    _records(tmp_path)


def _records(folder: Path) -> None:
    """`make record` writes every cassette anew, certifies from them, and leaves no service behind."""
    cassettes = folder / "acme_tasks" / "src" / "acme_tasks" / "cassettes"
    before = {path.name: path.read_bytes() for path in cassettes.iterdir()}
    said = _make(folder, "record")
    assert "acme_tasks 0.1.0: certified bronze" in said
    assert [name for name, data in before.items() if (cassettes / name).read_bytes() == data] == []
    address = re.search(r"recording from http://127\.0\.0\.1:(\d+)/v1", said)
    assert address is not None
    assert f":{address[1]}/v1 in place of https://api.tasks.example/v1" in (cassettes / "connect.yaml").read_text()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(address[1])), timeout=5)


def _make(folder: Path, *targets: str) -> str:
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV", "PYTHON", "MAKE"))
    }
    command = ["make", *targets, f"PYTHON={_python(folder)}"]
    done = subprocess.run(  # noqa: S603 - our own Makefile
        command,
        cwd=folder / "acme_tasks",
        env={**own, "PIP_FIND_LINKS": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _python(folder: Path) -> Path:
    """An interpreter that has nothing installed: a virtual environment of its own."""
    home = folder / "python"
    if not home.exists():
        venv.create(home, with_pip=False, symlinks=True)
    return home / "bin" / "python"
